//! Rows become structs and structs become rows.
//!
//! A row is positional and full width; a struct needs every field that is not an `Option`. What a row lacks is an
//! [`Unfit`], never an invented value. Does not look at constraints.

use std::fmt;

use crate::definition::{FieldDef, ModelDef};
use crate::wire::{Row, Value};
use crate::{Json, Timestamp, Uuid};

/// A struct that stands for a record. Made by `#[derive(Model)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "write `#[derive(Model)]` above `struct {Self}`"
)]
pub trait Model: Sized {
    /// What the host is told about the model.
    const DEFINITION: ModelDef;

    /// The struct for a row; the error says which field of the row does not fit.
    fn from_row(row: Row) -> Result<Self, Unfit>;

    /// The row for the struct.
    fn into_row(self) -> Row;
}

/// A Rust type that a field can have.
pub trait FieldValue: Sized {
    /// The type's value, or the value given when it is another type's. `absent` and `null` are never a value of a type
    /// that is not an `Option`.
    fn from_value(value: Value) -> Result<Self, Value>;

    /// The value as it crosses.
    fn into_value(self) -> Value;
}

/// Why a row is not a record of the struct.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfit {
    /// The caller did not send a field that it must send, or sent null. The host refuses such a record itself.
    Lacking(&'static str),
    /// The host left out a field that it fills: a default, a key, a managed field, or any field of a stored record.
    NotFilled(&'static str),
    /// A field holds a value of another type, which is named.
    Mistyped(&'static str, &'static str),
    /// The row has another number of values than the model has fields.
    Width(usize),
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacking(field) => write!(formatter, "the record lacks `{field}`"),
            Self::NotFilled(field) => write!(formatter, "the host did not fill `{field}`"),
            Self::Mistyped(field, found) => {
                write!(formatter, "`{field}` holds {found}, which is another type")
            }
            Self::Width(width) => write!(formatter, "the row has {width} values"),
        }
    }
}

impl std::error::Error for Unfit {}

/// Reads a row field by field, in the order of the definition.
#[derive(Debug)]
pub struct Reader {
    values: std::vec::IntoIter<Value>,
    fields: std::slice::Iter<'static, FieldDef>,
}

impl Reader {
    /// Begins with the first field of the model.
    pub fn new<M: Model>(row: Row) -> Result<Self, Unfit> {
        let fields = M::DEFINITION.fields;
        if row.len() != fields.len() {
            return Err(Unfit::Width(row.len()));
        }
        Ok(Self { values: row.into_iter(), fields: fields.iter() })
    }

    /// The next field.
    #[allow(clippy::should_implement_trait, reason = "fields differ in type: this is no iterator")]
    pub fn next<T: FieldValue>(&mut self) -> Result<T, Unfit> {
        let field = self.fields.next().expect("the derive reads as many fields as it defines");
        let value = self.values.next().expect("the width was compared in `new`");
        T::from_value(value).map_err(|value| match value {
            Value::Null => Unfit::Lacking(field.name),
            Value::Absent if field.is_sent() => Unfit::Lacking(field.name),
            Value::Absent => Unfit::NotFilled(field.name),
            other => Unfit::Mistyped(field.name, case_name(&other)),
        })
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Absent | Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

/// The contract's word for the case that a value is. Never the value: it may be somebody's secret, and printing every kind
/// of value would make each plugin 40 KiB larger.
fn case_name(value: &Value) -> &'static str {
    match value {
        Value::Absent => "absent",
        Value::Null => "null",
        Value::Boolean(_) => "boolean",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Decimal(_) => "decimal",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
        Value::Uuid(_) => "uuid",
        Value::TimestampUs(_) => "timestamp-us",
        Value::Date(_) => "date",
        Value::TimeUs(_) => "time-us",
        Value::Json(_) => "json",
        Value::Enumeration(_) => "enumeration",
        Value::Vector(_) => "vector",
        Value::Items(_) => "items",
    }
}

/// A type for each case: the value inside, and the case around it.
macro_rules! field_value {
    ($($type:ty, $case:ident, $from:expr, $into:expr;)*) => {$(
        impl FieldValue for $type {
            fn from_value(value: Value) -> Result<Self, Value> {
                match value {
                    Value::$case(inner) => Ok($from(inner)),
                    other => Err(other),
                }
            }

            fn into_value(self) -> Value {
                Value::$case($into(self))
            }
        }
    )*};
}

field_value! {
    String, Text, std::convert::identity, std::convert::identity;
    i64, Int, std::convert::identity, std::convert::identity;
    f64, Float, std::convert::identity, std::convert::identity;
    bool, Boolean, std::convert::identity, std::convert::identity;
    Timestamp, TimestampUs, Timestamp::from_micros, Timestamp::micros;
    Uuid, Uuid, Uuid::from, Into::into;
    Json, Json, Json, |json: Json| json.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::Model;

    #[derive(Model, Debug, PartialEq)]
    struct Everything {
        #[field(key)]
        number: i64,
        text: String,
        float: f64,
        flag: bool,
        at: Timestamp,
        id: Uuid,
        json: Json,
        note: Option<String>,
        #[field(created_at)]
        made: Timestamp,
    }

    fn row() -> Row {
        vec![
            Value::Int(7),
            Value::Text("a".to_owned()),
            Value::Float(0.5),
            Value::Boolean(true),
            Value::TimestampUs(1),
            Value::Uuid(Uuid::from_u128(2).into()),
            Value::Json("{}".to_owned()),
            Value::Null,
            Value::TimestampUs(3),
        ]
    }

    #[test]
    fn every_type_survives_the_crossing() {
        let record = Everything::from_row(row()).expect("fits");
        assert_eq!(record.note, None);
        assert_eq!(record.into_row(), row());
    }

    #[test]
    fn says_what_does_not_fit() {
        let with = |position: usize, value: Value| {
            let mut row = row();
            row[position] = value;
            Everything::from_row(row)
        };
        assert_eq!(with(1, Value::Absent), Err(Unfit::Lacking("text")));
        assert_eq!(with(1, Value::Null), Err(Unfit::Lacking("text")));
        assert_eq!(with(8, Value::Absent), Err(Unfit::NotFilled("made")));
        assert_eq!(with(0, Value::Boolean(true)), Err(Unfit::Mistyped("number", "boolean")));
        assert_eq!(with(7, Value::Absent).map(|record| record.note), Ok(None));
        assert_eq!(Everything::from_row(vec![Value::Null]), Err(Unfit::Width(1)));
    }
}
