//! Values in both directions.
//!
//! Into the guest texts are borrowed, not copied. Out of it every case of the contract is accepted as a case; whether it
//! fits a field is judged by who knows the field.

use model::Value;
use uuid::Uuid;

use super::bindings::modelhost::plugin::types;
use crate::text::printable;

/// A value of the contract that the model has no type for yet.
pub(super) struct NoSuchType {
    pub(super) name: &'static str,
}

pub(super) fn to_wit(value: &Value) -> types::ValueParam<'_> {
    match value {
        Value::Absent => types::ValueParam::Absent,
        Value::Null => types::ValueParam::Null,
        Value::Boolean(boolean) => types::ValueParam::Boolean(*boolean),
        Value::Int(int) => types::ValueParam::Int(*int),
        Value::Float(float) => types::ValueParam::Float(*float),
        Value::Text(text) => types::ValueParam::Text(text),
        Value::Uuid(uuid) => {
            let (high, low) = uuid.as_u64_pair();
            types::ValueParam::Uuid(types::Uuid { high, low })
        }
        Value::Timestamp(us) => types::ValueParam::TimestampUs(*us),
        Value::Json(json) => types::ValueParam::Json(json),
    }
}

pub(super) fn from_wit(value: types::ValueResult) -> Result<Value, NoSuchType> {
    let none = |name| Err(NoSuchType { name });
    Ok(match value {
        types::ValueResult::Absent => Value::Absent,
        types::ValueResult::Null => Value::Null,
        types::ValueResult::Boolean(boolean) => Value::Boolean(boolean),
        types::ValueResult::Int(int) => Value::Int(int),
        types::ValueResult::Float(float) => Value::Float(float),
        types::ValueResult::Text(text) => Value::Text(text),
        types::ValueResult::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::ValueResult::TimestampUs(us) => Value::Timestamp(us),
        types::ValueResult::Json(json) => Value::Json(json),
        types::ValueResult::Decimal(_) => return none("decimal"),
        types::ValueResult::Bytes(_) => return none("bytes"),
        types::ValueResult::Date(_) => return none("date"),
        types::ValueResult::TimeUs(_) => return none("time-us"),
        types::ValueResult::Enumeration(_) => return none("enumeration"),
        types::ValueResult::Vector(_) => return none("vector"),
        types::ValueResult::Items(_) => return none("items"),
    })
}

/// A parameter of a violation: for messages, so what has no type of its own is told as text or number.
pub(super) fn parameter(scalar: types::ScalarResult, bytes_max: usize) -> Value {
    let text = |text: String| Value::Text(printable(text, bytes_max));
    match scalar {
        types::ScalarResult::Null => Value::Null,
        types::ScalarResult::Boolean(boolean) => Value::Boolean(boolean),
        types::ScalarResult::Int(int) => Value::Int(int),
        types::ScalarResult::Float(float) if float.is_finite() => Value::Float(float),
        types::ScalarResult::Float(float) => text(float.to_string()),
        types::ScalarResult::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::ScalarResult::TimestampUs(us) => match Value::Timestamp(us).check() {
            Ok(()) => Value::Timestamp(us),
            Err(_) => text(format!("{us} us")),
        },
        types::ScalarResult::Date(days) => Value::Int(days.into()),
        types::ScalarResult::TimeUs(us) => Value::Int(us),
        types::ScalarResult::Bytes(bytes) => text(format!("{} bytes", bytes.len())),
        types::ScalarResult::Decimal(said)
        | types::ScalarResult::Text(said)
        | types::ScalarResult::Enumeration(said) => text(said),
    }
}
