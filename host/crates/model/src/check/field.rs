//! Judging one field: its type, its default, its role, its constraints.

use std::collections::HashSet;

use super::check_description;
use crate::constraint::check_constraints;
use crate::definition_problem::{Scope, quoted};
use crate::vector::has_dimensions;
use crate::{
    DECIMAL_PRECISION_MAX, Default, DefaultDraft, FieldDef, FieldDraft, FieldType, ItemType, Role,
    VECTOR_DIMENSIONS_MAX, Value, ValueError,
};

/// Characters of one label, at most: MySQL keeps it in a column of that width, which an index can hold.
pub(crate) const LABEL_LENGTH_MAX: usize = 100;

pub(super) fn check_field(scope: &mut Scope<'_>, draft: &FieldDraft) -> Option<FieldDef> {
    let name = scope.ident("field name", &draft.name);
    let column = match &draft.column {
        Some(column) => scope.ident("column name", column),
        None => name.clone(),
    };
    let was = draft.was.as_ref().and_then(|was| scope.ident("earlier column name", was));
    check_description(scope, &draft.description);
    let wanted = match draft.role {
        Role::Plain => None,
        Role::CreatedAt | Role::UpdatedAt => Some(FieldType::Timestamp),
        Role::Version => Some(FieldType::Int),
    };
    if wanted.is_some_and(|wanted| wanted != draft.field_type || draft.nullable) {
        let wanted = wanted.map_or("", FieldType::name);
        let message = format!("role {} on a field of type {}", draft.role.name(), type_text(draft));
        scope.problem(message, format!("declare the field as {wanted}, not nullable"));
    }
    check_type(scope, draft);
    let default = check_default(scope, draft);
    let constraints = check_constraints(draft.field_type, &draft.constraints, &mut |message, hint| {
        scope.problem(message, hint);
    });
    Some(FieldDef {
        name: name?,
        column: column?,
        was,
        field_type: draft.field_type,
        labels: draft.labels.clone(),
        nullable: draft.nullable,
        role: draft.role,
        default: default?,
        constraints,
        description: draft.description.clone(),
    })
}

fn check_default(scope: &mut Scope<'_>, draft: &FieldDraft) -> Option<Default> {
    if draft.role != Role::Plain && draft.default != DefaultDraft::None {
        scope.problem("a default on a field that the host writes", "remove the default");
        return None;
    }
    match (&draft.default, draft.field_type) {
        (DefaultDraft::None, _) => Some(Default::None),
        (DefaultDraft::Now, FieldType::Timestamp) => Some(Default::Now),
        (DefaultDraft::NewUuid, FieldType::Uuid) => Some(Default::NewUuid),
        (DefaultDraft::Sequence, FieldType::Int) => Some(Default::Sequence),
        (DefaultDraft::Constant(value), field_type) if value.is_some() && field_type.holds(value) => {
            match value.check().and_then(|()| check_label(&draft.labels, value)) {
                Ok(()) => Some(Default::Constant(value.clone())),
                Err(error) => {
                    scope.problem(format!("default: {error}"), "give a value that the type can hold");
                    None
                }
            }
        }
        (default, field_type) => {
            let found = match default {
                DefaultDraft::Now => "now",
                DefaultDraft::NewUuid => "new-uuid",
                DefaultDraft::Sequence => "sequence",
                DefaultDraft::Constant(value) => &value.shape(),
                DefaultDraft::None => "none",
            };
            let message = format!("default of another type: {found} for a field of type {field_type}");
            scope.problem(message, format!("give a default of type {field_type}, or none"));
            None
        }
    }
}

/// Digits of a decimal, dimensions of a vector and labels of an enum, where the type has them.
fn check_type(scope: &mut Scope<'_>, draft: &FieldDraft) {
    if let FieldType::Decimal(digits) | FieldType::List(ItemType::Decimal(digits)) = draft.field_type
        && !digits.is_sound()
    {
        let hint = format!("give a precision of 1 to {DECIMAL_PRECISION_MAX} and a scale of at most the precision");
        scope.problem(format!("type {digits}"), hint);
    }
    if let FieldType::Vector(dimensions) = draft.field_type
        && !has_dimensions(dimensions)
    {
        scope.problem(format!("type {}", draft.field_type), format!("give 1 to {VECTOR_DIMENSIONS_MAX} dimensions"));
    }
    let is_enum = matches!(draft.field_type, FieldType::Enum | FieldType::List(ItemType::Enum));
    if is_enum && draft.labels.is_empty() {
        scope.problem("an enum without labels", "name at least one");
    }
    let mut seen = HashSet::new();
    for (at, label) in draft.labels.iter().enumerate() {
        let length = label.chars().count();
        if length == 0 || length > LABEL_LENGTH_MAX || label.chars().any(|c| c.is_control() || c == '\\') {
            let hint = format!("write 1 to {LABEL_LENGTH_MAX} printable characters without a backslash");
            scope.problem(format!("label {}", quoted(label, at)), hint);
        } else if !seen.insert(label) {
            scope.problem(format!("label {} twice", quoted(label, at)), "name it once");
        }
    }
}

fn check_label(labels: &[String], value: &Value) -> Result<(), ValueError> {
    match value {
        Value::Enum(text) if !labels.contains(text) => {
            Err(ValueError { expected: "a label".to_owned(), found: quoted(text, 0), hint: None })
        }
        Value::List(items) => items.iter().try_for_each(|item| check_label(labels, item)),
        _ => Ok(()),
    }
}

pub(super) fn type_text(field: &FieldDraft) -> String {
    let nullable = if field.nullable { "nullable " } else { "" };
    format!("{nullable}{}", field.field_type)
}
