//! What `describe` answers, as a draft that the model crate judges.
//!
//! Conversion only: every text and position is passed on as it is. The one thing that cannot be passed on is a default of a
//! type that no field can have.

use model::{
    ConstraintDraft, DefaultDraft, DefinitionProblem, FieldDraft, FieldType, HookDraft, HookKind, ManifestDraft,
    ModelDraft, Problems, Role, View,
};

use super::bindings::exports::modelhost::plugin::descriptor as wit;
use super::value::{NoSuchType, from_wit};
use crate::text::printable;

pub(super) fn manifest(manifest: wit::Manifest) -> Result<ManifestDraft, Problems> {
    let mut problems = Problems::new();
    let models = manifest.models.into_iter();
    let models = models.map(|model| self::model(model, &mut problems)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(ManifestDraft {
        name: manifest.name,
        version: manifest.version,
        sdk: manifest.sdk,
        wants: manifest.wants,
        models,
    })
}

fn model(model: wit::Model, problems: &mut Problems) -> ModelDraft {
    let name = model.name;
    let fields = model.fields.into_iter();
    ModelDraft {
        fields: fields.map(|field| self::field(&name, field, problems)).collect(),
        table: model.table,
        key: model.key,
        unique: model.unique,
        hooks: model.hooks.into_iter().map(hook).collect(),
        description: model.description,
        name,
    }
}

fn field(model: &str, field: wit::Field, problems: &mut Problems) -> FieldDraft {
    let default = default_value(field.default_value).unwrap_or_else(|NoSuchType { name }| {
        let shown = |text: &str| printable(text.to_owned(), 60);
        problems.push(DefinitionProblem {
            place: format!("model `{}`, field `{}`", shown(model), shown(&field.name)),
            message: format!("the default is a `{name}`, which no field can hold yet"),
            hint: "use a default of the field's type".to_owned(),
        });
        DefaultDraft::None
    });
    FieldDraft {
        default,
        name: field.name,
        field_type: field_type(field.field_type),
        nullable: field.nullable,
        role: role(field.role),
        constraints: field.constraints.into_iter().map(constraint).collect(),
        column: field.column,
        description: field.description,
    }
}

fn default_value(default: wit::DefaultValue) -> Result<DefaultDraft, NoSuchType> {
    Ok(match default {
        wit::DefaultValue::None => DefaultDraft::None,
        wit::DefaultValue::Constant(value) => DefaultDraft::Constant(from_wit(value)?),
        wit::DefaultValue::Now => DefaultDraft::Now,
        wit::DefaultValue::NewUuid => DefaultDraft::NewUuid,
    })
}

fn constraint(constraint: wit::Constraint) -> ConstraintDraft {
    match constraint {
        wit::Constraint::LengthMin(min) => ConstraintDraft::LengthMin(min),
        wit::Constraint::LengthMax(max) => ConstraintDraft::LengthMax(max),
        wit::Constraint::IntMin(min) => ConstraintDraft::IntMin(min),
        wit::Constraint::IntMax(max) => ConstraintDraft::IntMax(max),
        wit::Constraint::FloatMin(min) => ConstraintDraft::FloatMin(min),
        wit::Constraint::FloatMax(max) => ConstraintDraft::FloatMax(max),
        wit::Constraint::Pattern(pattern) => ConstraintDraft::Pattern(pattern),
        wit::Constraint::OneOf(texts) => ConstraintDraft::OneOf(texts),
    }
}

fn field_type(field_type: wit::FieldType) -> FieldType {
    match field_type {
        wit::FieldType::Text => FieldType::Text,
        wit::FieldType::Int => FieldType::Int,
        wit::FieldType::Float => FieldType::Float,
        wit::FieldType::Boolean => FieldType::Boolean,
        wit::FieldType::Timestamp => FieldType::Timestamp,
        wit::FieldType::Uuid => FieldType::Uuid,
        wit::FieldType::Json => FieldType::Json,
    }
}

fn role(role: wit::Role) -> Role {
    match role {
        wit::Role::Plain => Role::Plain,
        wit::Role::CreatedAt => Role::CreatedAt,
        wit::Role::UpdatedAt => Role::UpdatedAt,
        wit::Role::Version => Role::Version,
    }
}

fn hook(hook: wit::Hook) -> HookDraft {
    HookDraft {
        kind: match hook.kind {
            wit::HookKind::Validate => HookKind::Validate,
            wit::HookKind::Normalize => HookKind::Normalize,
        },
        on_create: hook.on_create,
        on_update: hook.on_update,
        on_delete: hook.on_delete,
        view: match hook.view {
            wit::View::Sent => View::Sent,
            wit::View::Whole => View::Whole,
            wit::View::Before => View::Before,
        },
    }
}
