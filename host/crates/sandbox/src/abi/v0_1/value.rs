//! Values that a guest answers.
//!
//! Every case of the contract is accepted as a case; whether it fits a field is judged by who knows the field.

use model::{FieldType, Value, plain_document};
use uuid::Uuid;

use super::bindings::modelhost::plugin::types;
use crate::text::printable;

/// A value of the contract that does not become one of the model's.
pub(super) struct NoSuchValue {
    /// The case, or the digits that the type does not hold.
    pub(super) found: String,
}

/// The value as one of a field of that type; only decimals and lists need to know it.
pub(super) fn from_wit(value: types::Value, field_type: FieldType) -> Result<Value, NoSuchValue> {
    Ok(match value {
        types::Value::Absent => Value::Absent,
        types::Value::Null => Value::Null,
        types::Value::Boolean(boolean) => Value::Boolean(boolean),
        types::Value::Int(int) => Value::Int(int),
        types::Value::Float(float) => Value::Float(float),
        types::Value::Text(text) => Value::Text(text),
        types::Value::Bytes(bytes) => Value::Bytes(bytes),
        types::Value::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::Value::TimestampUs(us) => Value::Timestamp(us),
        types::Value::Date(days) => Value::Date(days),
        types::Value::TimeUs(us) => Value::Time(us),
        // One that is no document is judged with the other values.
        types::Value::Json(json) => Value::Json(plain_document(&json).unwrap_or(json)),
        types::Value::Enumeration(label) => Value::Enum(label),
        types::Value::Decimal(digits) => decimal(digits, field_type)?,
        types::Value::Vector(numbers) => Value::Vector(numbers),
        types::Value::Items(items) => {
            let item_type = match field_type {
                FieldType::List(item) => FieldType::from(item),
                other => other,
            };
            Value::List(items.into_iter().map(|item| item_from_wit(item, item_type)).collect::<Result<_, _>>()?)
        }
    })
}

fn item_from_wit(item: types::Scalar, field_type: FieldType) -> Result<Value, NoSuchValue> {
    Ok(match item {
        types::Scalar::Null => Value::Null,
        types::Scalar::Boolean(boolean) => Value::Boolean(boolean),
        types::Scalar::Int(int) => Value::Int(int),
        types::Scalar::Float(float) => Value::Float(float),
        types::Scalar::Decimal(digits) => decimal(digits, field_type)?,
        types::Scalar::Text(text) => Value::Text(text),
        types::Scalar::Bytes(bytes) => Value::Bytes(bytes),
        types::Scalar::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::Scalar::TimestampUs(us) => Value::Timestamp(us),
        types::Scalar::Date(days) => Value::Date(days),
        types::Scalar::TimeUs(us) => Value::Time(us),
        types::Scalar::Enumeration(label) => Value::Enum(label),
    })
}

fn decimal(digits: String, field_type: FieldType) -> Result<Value, NoSuchValue> {
    match field_type {
        FieldType::Decimal(of) => of
            .parse(&digits)
            .map(Value::Decimal)
            .map_err(|_| NoSuchValue { found: format!("decimal {}", printable(digits, 60)) }),
        _ => Err(NoSuchValue { found: "decimal".to_owned() }),
    }
}

/// A parameter of a violation: for messages, so what has no type of its own is told as text or number.
pub(super) fn parameter(scalar: types::Scalar, bytes_max: usize) -> Value {
    let text = |text: String| Value::Text(printable(text, bytes_max));
    match scalar {
        types::Scalar::Null => Value::Null,
        types::Scalar::Boolean(boolean) => Value::Boolean(boolean),
        types::Scalar::Int(int) => Value::Int(int),
        types::Scalar::Float(float) if float.is_finite() => Value::Float(float),
        types::Scalar::Float(float) => text(float.to_string()),
        types::Scalar::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::Scalar::TimestampUs(us) => match Value::Timestamp(us).check() {
            Ok(()) => Value::Timestamp(us),
            Err(_) => text(format!("{us} us")),
        },
        types::Scalar::Date(days) => Value::Int(days.into()),
        types::Scalar::TimeUs(us) => Value::Int(us),
        types::Scalar::Bytes(bytes) => text(format!("{} bytes", bytes.len())),
        types::Scalar::Decimal(said) | types::Scalar::Text(said) | types::Scalar::Enumeration(said) => text(said),
    }
}
