//! Declared constraints, checked as the host checks them: the first one that a value breaks is the field's violation.
//!
//! Without `pattern`. The codes are the host's: `length`, `range`, `one-of`.

use crate::Decimal;
use crate::definition::{Constraint, FieldDef};
use crate::row::Row;
use crate::wire::{Severity, Value, Violation};

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
    match *constraint {
        Constraint::LengthMin(min) => length(value).is_none_or(|length| length >= min as usize),
        Constraint::LengthMax(max) => length(value).is_none_or(|length| length <= max as usize),
        Constraint::IntMin(min) => whole(value).is_none_or(|int| int >= min),
        Constraint::IntMax(max) => whole(value).is_none_or(|int| int <= max),
        Constraint::DecimalMin(min) => pair(value, min).is_none_or(|(decimal, min)| decimal >= min),
        Constraint::DecimalMax(max) => pair(value, max).is_none_or(|(decimal, max)| decimal <= max),
        Constraint::FloatMin(min) => float(value).is_none_or(|float| float >= min),
        Constraint::FloatMax(max) => float(value).is_none_or(|float| float <= max),
        Constraint::OneOf(texts) => text(value).is_none_or(|text| texts.contains(&text)),
        Constraint::Pattern(_) => true,
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Text(text) => Some(text.chars().count()),
        Value::Bytes(bytes) => Some(bytes.len()),
        Value::Items(items) => Some(items.len()),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(whole) | Value::TimestampUs(whole) | Value::TimeUs(whole) => Some(*whole),
        Value::Date(days) => Some(i64::from(*days)),
        _ => None,
    }
}

/// A decimal and its bound.
fn pair(value: &Value, bound: &str) -> Option<(Decimal, Decimal)> {
    match value {
        Value::Decimal(digits) => digits.parse().ok().zip(bound.parse().ok()),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn code(constraint: &Constraint) -> &'static str {
    match constraint {
        Constraint::LengthMin(_) | Constraint::LengthMax(_) => "length",
        Constraint::IntMin(_)
        | Constraint::IntMax(_)
        | Constraint::DecimalMin(_)
        | Constraint::DecimalMax(_)
        | Constraint::FloatMin(_)
        | Constraint::FloatMax(_) => "range",
        Constraint::Pattern(_) => "pattern",
        Constraint::OneOf(_) => "one-of",
    }
}
