//! Declared constraints, checked as the host checks them: the first one that a value breaks is the field's violation.
//!
//! Without `pattern`. The codes are the host's: `length`, `range`, `one-of`.

use crate::definition::{Constraint, FieldDef};
use crate::wire::{Row, Severity, Value, Violation};

pub(crate) fn check(fields: &[FieldDef], row: &Row) -> Vec<Violation> {
    let fields = (0..).zip(fields).zip(row);
    fields
        .filter_map(|((position, field), value)| {
            let constraint = field.constraints.iter().find(|constraint| !holds(constraint, value))?;
            Some(Violation {
                index: 0,
                field: Some(position),
                code: code(constraint).to_owned(),
                message: format!("`{}` breaks {constraint:?}", field.name),
                parameters: Vec::new(),
                severity: Severity::Error,
            })
        })
        .collect()
}

fn holds(constraint: &Constraint, value: &Value) -> bool {
    match (*constraint, value) {
        (Constraint::LengthMin(min), Value::Text(text)) => text.chars().count() >= min as usize,
        (Constraint::LengthMax(max), Value::Text(text)) => text.chars().count() <= max as usize,
        (Constraint::OneOf(texts), Value::Text(text)) => texts.contains(&text.as_str()),
        (Constraint::IntMin(min), Value::Int(int)) => *int >= min,
        (Constraint::IntMax(max), Value::Int(int)) => *int <= max,
        (Constraint::FloatMin(min), Value::Float(float)) => *float >= min,
        (Constraint::FloatMax(max), Value::Float(float)) => *float <= max,
        _ => true,
    }
}

fn code(constraint: &Constraint) -> &'static str {
    match constraint {
        Constraint::LengthMin(_) | Constraint::LengthMax(_) => "length",
        Constraint::IntMin(_) | Constraint::IntMax(_) | Constraint::FloatMin(_) | Constraint::FloatMax(_) => "range",
        Constraint::Pattern(_) => "pattern",
        Constraint::OneOf(_) => "one-of",
    }
}
