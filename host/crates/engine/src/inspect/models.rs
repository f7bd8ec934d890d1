//! Models as inspection shows them: fields with their rules, hooks, what can be done.

use model::{Constraint, Default, FieldDef, IndexDef, Manifest, ModelDef, Role};
use serde::Serialize;
use sql::{OperationKind, example_call};

/// A model.
#[derive(Debug, Clone, Serialize)]
pub struct ModelView {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// One sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its fields, in order.
    pub fields: Vec<FieldView>,
    /// Sets of fields that are unique together.
    pub unique: Vec<Vec<String>>,
    /// Its indexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
    /// Its references, in both directions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<String>,
    /// Its hooks: what they do and on which operations.
    pub hooks: Vec<String>,
    /// What can be done, each with a correct body.
    pub operations: Vec<OperationView>,
}

/// A field.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub field_type: String,
    /// `key`, `required`, `nullable`, `managed: version`, constraints.
    pub notes: Vec<String>,
}

/// An operation.
#[derive(Debug, Clone, Serialize)]
pub struct OperationView {
    /// Its name.
    pub name: &'static str,
    /// A correct body.
    pub example: String,
}

/// Every model of a manifest, in its order.
pub(crate) fn model_views(manifest: &Manifest) -> Vec<ModelView> {
    manifest.models.iter().map(|def| model_view(def, &manifest.models)).collect()
}

fn model_view(def: &ModelDef, models: &[std::sync::Arc<ModelDef>]) -> ModelView {
    let names = |set: &Vec<usize>| set.iter().map(|at| def.fields[*at].name.to_string()).collect();
    let hook = |hook: &model::Hook| {
        let operations = [(hook.on_create, "create"), (hook.on_update, "update"), (hook.on_delete, "delete")];
        let operations: Vec<_> = operations.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
        format!("{} on {}", hook.kind.name(), operations.join(", "))
    };
    ModelView {
        name: def.name.to_string(),
        table: def.table.to_string(),
        description: def.description.clone(),
        fields: def.fields.iter().enumerate().map(|(at, field)| field_view(field, def.is_key(at))).collect(),
        unique: def.unique.iter().map(names).collect(),
        indexes: def.indexes.iter().map(|index| index_text(index, def)).collect(),
        relations: relations(def, models),
        hooks: def.hooks.iter().map(hook).collect(),
        operations: OperationKind::ALL
            .into_iter()
            .map(|kind| OperationView { name: kind.name(), example: example_call(kind, def) })
            .collect(),
    }
}

fn index_text(index: &IndexDef, def: &ModelDef) -> String {
    let name = |at: usize| &def.fields[at].name;
    let sign = |descending: bool| if descending { "-" } else { "" };
    let fields: Vec<String> =
        index.fields.iter().map(|field| format!("{}{}", sign(field.descending), name(field.field))).collect();
    let conditions: Vec<String> =
        index.conditions.iter().map(|(at, condition)| format!("{} {}", name(*at), condition.name())).collect();
    let mut text = if index.unique { "unique " } else { "" }.to_owned() + &fields.join(", ");
    if !conditions.is_empty() {
        text.push_str(&format!(" where {}", conditions.join(" and ")));
    }
    match &index.label {
        Some(label) => format!("{label}: {text}"),
        None => text,
    }
}

fn relations(def: &ModelDef, models: &[std::sync::Arc<ModelDef>]) -> Vec<String> {
    let belongs_to = def.belongs_to.iter().map(|one| {
        let fields: Vec<&str> = one.fields.iter().map(|at| def.fields[*at].name.as_str()).collect();
        let (other, rule) = (&models[one.model].name, one.on_delete.name());
        format!("{} belongs to {other} by {}, on-delete {rule}", one.name, fields.join(", "))
    });
    let has_many = def.has_many.iter().map(|many| {
        let other = &models[many.model];
        format!("{} has many {} by its {}", many.name, other.name, other.belongs_to[many.relation].name)
    });
    belongs_to.chain(has_many).collect()
}

fn field_view(field: &FieldDef, is_key: bool) -> FieldView {
    let mut notes = Vec::new();
    notes.extend(is_key.then(|| "key".to_owned()));
    notes.extend((field.role != Role::Plain).then(|| format!("managed: {}", field.role.name())));
    notes.extend(field.is_required().then(|| "required".to_owned()));
    notes.extend(field.nullable.then(|| "nullable".to_owned()));
    notes.extend(match &field.default {
        Default::None => None,
        Default::Now => Some("default now".to_owned()),
        Default::NewUuid => Some("default new-uuid".to_owned()),
        Default::Sequence => Some("numbered by the database".to_owned()),
        Default::Constant(value) => {
            let mut text = "default ".to_owned();
            model::write_json(value, model::WireOptions { big_int: false }, &mut text);
            Some(text)
        }
    });
    notes.extend((!field.labels.is_empty()).then(|| format!("one of {}", field.labels.join(", "))));
    notes.extend(field.constraints.iter().map(constraint_text));
    notes.extend((field.column != field.name).then(|| format!("column {}", field.column)));
    FieldView { name: field.name.to_string(), field_type: field.field_type.to_string(), notes }
}

fn constraint_text(constraint: &Constraint) -> String {
    fn range<T: std::fmt::Display>(what: &str, min: Option<T>, max: Option<T>) -> String {
        let text = |bound: Option<T>| bound.map_or(String::new(), |bound| bound.to_string());
        format!("{what} {}..{}", text(min), text(max))
    }
    match constraint {
        Constraint::Length { min, max } => range("length", *min, *max),
        Constraint::IntRange { min, max } => range("range", *min, *max),
        Constraint::FloatRange { min, max } => range("range", *min, *max),
        Constraint::DecimalRange { min, max } => range("range", *min, *max),
        Constraint::Pattern(pattern) => format!("pattern {}", pattern.as_str()),
        Constraint::OneOf(texts) => format!("one of {}", texts.join(", ")),
    }
}
