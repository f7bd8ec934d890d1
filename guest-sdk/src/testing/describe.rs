//! A model in words: what the host will be told, for a snapshot in a plugin's tests.
//!
//! Made from the very description that crosses, so that it can't say something else.

use std::fmt::Write;

use crate::Hooks;
use crate::wire::{Constraint, DefaultValue, Field, FieldType, Hook, HookKind, Model, Role, Value, View};

/// The model as text: its key, one line for each field, one for each hook.
pub fn describe<M: Hooks>() -> String {
    let model = M::DEFINITION.to_wire(M::DECLARED);
    let mut text = String::new();
    let lines = headline(&model).into_iter().chain(fields(&model)).chain(model.hooks.iter().map(hook));
    for line in lines {
        writeln!(text, "{line}").expect("a text takes every line");
    }
    text
}

fn headline(model: &Model) -> Vec<String> {
    let name = |position: &u32| model.fields[*position as usize].name.as_str();
    let table = model.table.as_ref().map(|table| format!(" in {table}")).unwrap_or_default();
    let mut lines = vec![format!("{}{table}: key {}", model.name, name(&model.key))];
    lines.extend(model.unique.iter().map(|set| {
        let names: Vec<_> = set.iter().map(name).collect();
        format!("  unique {}", names.join(" "))
    }));
    lines
}

fn fields(model: &Model) -> Vec<String> {
    let width = model.fields.iter().map(|field| field.name.len()).max().unwrap_or_default();
    model.fields.iter().map(|field| format!("  {:width$} {}", field.name, facts(field).join(", "))).collect()
}

fn facts(field: &Field) -> Vec<String> {
    let null = if field.nullable { " or null" } else { "" };
    let mut facts = vec![format!("{}{null}", type_name(field.field_type))];
    facts.extend(match field.role {
        Role::Plain => None,
        Role::CreatedAt => Some("created-at".to_owned()),
        Role::UpdatedAt => Some("updated-at".to_owned()),
        Role::Version => Some("version".to_owned()),
    });
    facts.extend(match &field.default_value {
        DefaultValue::None => None,
        DefaultValue::Now => Some("default now".to_owned()),
        DefaultValue::NewUuid => Some("default new-uuid".to_owned()),
        DefaultValue::Constant(value) => Some(format!("default {}", literal(value))),
    });
    facts.extend(field.constraints.iter().map(rule));
    facts.extend(field.column.as_ref().map(|column| format!("column {column}")));
    facts
}

fn type_name(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text => "text",
        FieldType::Int => "int",
        FieldType::Float => "float",
        FieldType::Boolean => "boolean",
        FieldType::Timestamp => "timestamp",
        FieldType::Uuid => "uuid",
        FieldType::Json => "json",
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Json(text) => text.clone(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        other => format!("{other:?}"),
    }
}

fn rule(constraint: &Constraint) -> String {
    match constraint {
        Constraint::LengthMin(min) => format!("length-min {min}"),
        Constraint::LengthMax(max) => format!("length-max {max}"),
        Constraint::IntMin(min) => format!("int-min {min}"),
        Constraint::IntMax(max) => format!("int-max {max}"),
        Constraint::FloatMin(min) => format!("float-min {min}"),
        Constraint::FloatMax(max) => format!("float-max {max}"),
        Constraint::Pattern(pattern) => format!("pattern {pattern}"),
        Constraint::OneOf(texts) => format!("one-of {}", texts.join(" ")),
    }
}

fn hook(hook: &Hook) -> String {
    let kind = match hook.kind {
        HookKind::Validate => "validate",
        HookKind::Normalize => "normalize",
    };
    let moments = [(hook.on_create, " create"), (hook.on_update, " update"), (hook.on_delete, " delete")];
    let moments: String = moments.iter().filter(|(is_on, _)| *is_on).map(|(_, moment)| *moment).collect();
    let view = match hook.view {
        View::Sent => "sent",
        View::Whole => "whole",
        View::Before => "before",
    };
    format!("{kind} on{moments}, sees {view}")
}
