//! What `describe` answers, as a draft that the model crate judges.
//!
//! Conversion only: every text and position is passed on as it is. The one thing that cannot be passed on is a default of a
//! type that no field can have.

use model::{
    BelongsToDraft, ConstraintDraft, DecimalType, DefaultDraft, DefinitionProblem, DeleteRule, FieldDraft, FieldType,
    HasManyDraft, HookDraft, HookKind, IndexCondition, IndexDraft, ItemType, ManifestDraft, ModelDraft, Problems, Role,
    View,
};

use super::bindings::exports::modelhost::plugin::descriptor as wit;
use super::value::{NoSuchValue, from_wit};
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
        was: model.was,
        indexes: model.indexes.into_iter().map(index).collect(),
        belongs_to: model.belongs_to.into_iter().map(belongs_to).collect(),
        has_many: model.has_many.into_iter().map(has_many).collect(),
        hooks: model.hooks.into_iter().map(hook).collect(),
        description: model.description,
        name,
    }
}

fn field(model: &str, field: wit::Field, problems: &mut Problems) -> FieldDraft {
    let (field_type, labels) = self::field_type(field.field_type);
    let default = default_value(field.default_value, field_type).unwrap_or_else(|NoSuchValue { found }| {
        let shown = |text: &str| printable(text.to_owned(), 60);
        problems.push(DefinitionProblem {
            place: format!("model `{}`, field `{}`", shown(model), shown(&field.name)),
            message: format!("the default is a {found}, which the field cannot hold"),
            hint: "use a default of the field's type".to_owned(),
        });
        DefaultDraft::None
    });
    FieldDraft {
        default,
        name: field.name,
        field_type,
        labels,
        nullable: field.nullable,
        role: role(field.role),
        constraints: field.constraints.into_iter().map(constraint).collect(),
        column: field.column,
        was: field.was,
        description: field.description,
    }
}

fn default_value(default: wit::DefaultValue, field_type: FieldType) -> Result<DefaultDraft, NoSuchValue> {
    Ok(match default {
        wit::DefaultValue::None => DefaultDraft::None,
        wit::DefaultValue::Constant(value) => DefaultDraft::Constant(from_wit(value, field_type)?),
        wit::DefaultValue::Now => DefaultDraft::Now,
        wit::DefaultValue::NewUuid => DefaultDraft::NewUuid,
        wit::DefaultValue::Sequence => DefaultDraft::Sequence,
    })
}

fn constraint(constraint: wit::Constraint) -> ConstraintDraft {
    match constraint {
        wit::Constraint::LengthMin(min) => ConstraintDraft::LengthMin(min),
        wit::Constraint::LengthMax(max) => ConstraintDraft::LengthMax(max),
        wit::Constraint::IntMin(min) => ConstraintDraft::IntMin(min),
        wit::Constraint::IntMax(max) => ConstraintDraft::IntMax(max),
        wit::Constraint::DecimalMin(min) => ConstraintDraft::DecimalMin(min),
        wit::Constraint::DecimalMax(max) => ConstraintDraft::DecimalMax(max),
        wit::Constraint::FloatMin(min) => ConstraintDraft::FloatMin(min),
        wit::Constraint::FloatMax(max) => ConstraintDraft::FloatMax(max),
        wit::Constraint::Pattern(pattern) => ConstraintDraft::Pattern(pattern),
        wit::Constraint::OneOf(texts) => ConstraintDraft::OneOf(texts),
    }
}

/// The type, and the labels of an enum.
fn field_type(field_type: wit::FieldType) -> (FieldType, Vec<String>) {
    let plain = match field_type {
        wit::FieldType::Text => FieldType::Text,
        wit::FieldType::Int => FieldType::Int,
        wit::FieldType::Float => FieldType::Float,
        wit::FieldType::Boolean => FieldType::Boolean,
        wit::FieldType::Decimal(digits) => FieldType::Decimal(decimal_type(digits)),
        wit::FieldType::Timestamp => FieldType::Timestamp,
        wit::FieldType::Date => FieldType::Date,
        wit::FieldType::Time => FieldType::Time,
        wit::FieldType::Uuid => FieldType::Uuid,
        wit::FieldType::Bytes => FieldType::Bytes,
        wit::FieldType::Json => FieldType::Json,
        wit::FieldType::Enumeration(labels) => return (FieldType::Enum, labels),
        wit::FieldType::Items(wit::ItemType::Enumeration(labels)) => return (FieldType::List(ItemType::Enum), labels),
        wit::FieldType::Items(item) => FieldType::List(item_type(item)),
        wit::FieldType::Vector(dimensions) => FieldType::Vector(dimensions),
    };
    (plain, Vec::new())
}

fn item_type(item: wit::ItemType) -> ItemType {
    match item {
        wit::ItemType::Text => ItemType::Text,
        wit::ItemType::Int => ItemType::Int,
        wit::ItemType::Float => ItemType::Float,
        wit::ItemType::Boolean => ItemType::Boolean,
        wit::ItemType::Decimal(digits) => ItemType::Decimal(decimal_type(digits)),
        wit::ItemType::Timestamp => ItemType::Timestamp,
        wit::ItemType::Date => ItemType::Date,
        wit::ItemType::Time => ItemType::Time,
        wit::ItemType::Uuid => ItemType::Uuid,
        wit::ItemType::Bytes => ItemType::Bytes,
        wit::ItemType::Enumeration(_) => ItemType::Enum,
    }
}

fn decimal_type(digits: wit::DecimalType) -> DecimalType {
    DecimalType { precision: digits.precision, scale: digits.scale }
}

fn index(index: wit::Index) -> IndexDraft {
    let condition = |condition| match condition {
        wit::IndexCondition::IsNull => IndexCondition::IsNull,
        wit::IndexCondition::IsNotNull => IndexCondition::IsNotNull,
        wit::IndexCondition::IsTrue => IndexCondition::IsTrue,
        wit::IndexCondition::IsFalse => IndexCondition::IsFalse,
    };
    IndexDraft {
        name: index.name,
        fields: index.fields.iter().map(|field| (field.field, field.descending)).collect(),
        conditions: index.conditions.into_iter().map(|(field, is)| (field, condition(is))).collect(),
        unique: index.unique,
    }
}

fn belongs_to(relation: wit::BelongsTo) -> BelongsToDraft {
    BelongsToDraft {
        name: relation.name,
        model: relation.model,
        fields: relation.fields,
        on_delete: match relation.on_delete {
            wit::DeleteRule::Restrict => DeleteRule::Restrict,
            wit::DeleteRule::Cascade => DeleteRule::Cascade,
            wit::DeleteRule::SetNull => DeleteRule::SetNull,
        },
    }
}

fn has_many(relation: wit::HasMany) -> HasManyDraft {
    HasManyDraft { name: relation.name, model: relation.model, relation: relation.relation }
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
