//! Values in both directions.
//!
//! Into the guest texts are borrowed, not copied; what the contract spells otherwise than the host keeps it (decimals as
//! digits, lists as scalars) is spelled once for the whole batch. Out of it every case of the contract is accepted as a
//! case; whether it fits a field is judged by who knows the field.

use model::{FieldType, Value, plain_document};
use uuid::Uuid;

use super::bindings::modelhost::plugin::types;
use crate::text::printable;

/// A value of the contract that does not become one of the model's.
pub(super) struct NoSuchValue {
    /// The case, or the digits that the type does not hold.
    pub(super) found: String,
}

/// The digits of the decimals in a batch of values, in their order.
#[derive(Default)]
pub(super) struct Digits {
    plain: Vec<String>,
    /// Those inside of lists.
    listed: Vec<String>,
}

/// The items of the lists in a batch of values, in their order.
pub(super) type Items<'a> = Vec<Vec<types::ScalarParam<'a>>>;

impl Digits {
    pub(super) fn of(values: &[&Value]) -> Self {
        let mut digits = Self::default();
        for value in values {
            match value {
                Value::Decimal(decimal) => digits.plain.push(decimal.to_string()),
                Value::List(items) => digits.listed.extend(items.iter().filter_map(|item| match item {
                    Value::Decimal(decimal) => Some(decimal.to_string()),
                    _ => None,
                })),
                _ => {}
            }
        }
        digits
    }

    pub(super) fn items<'a>(&'a self, values: &[&'a Value]) -> Items<'a> {
        let mut digits = self.listed.iter();
        let lists = values.iter().filter_map(|value| match value {
            Value::List(items) => Some(items),
            _ => None,
        });
        lists.map(|items| items.iter().map(|item| scalar(item, &mut digits)).collect()).collect()
    }

    pub(super) fn values<'a>(&'a self, values: &[&'a Value], items: &'a Items<'a>) -> Vec<types::ValueParam<'a>> {
        let (mut digits, mut items) = (self.plain.iter(), items.iter());
        values.iter().map(|value| to_wit(value, &mut digits, &mut items)).collect()
    }
}

fn to_wit<'a>(
    value: &'a Value,
    digits: &mut std::slice::Iter<'a, String>,
    items: &mut std::slice::Iter<'a, Vec<types::ScalarParam<'a>>>,
) -> types::ValueParam<'a> {
    match value {
        Value::Absent => types::ValueParam::Absent,
        Value::Null => types::ValueParam::Null,
        Value::Boolean(boolean) => types::ValueParam::Boolean(*boolean),
        Value::Int(int) => types::ValueParam::Int(*int),
        Value::Float(float) => types::ValueParam::Float(*float),
        Value::Decimal(_) => types::ValueParam::Decimal(digits.next().expect("spelled for every decimal")),
        Value::Text(text) => types::ValueParam::Text(text),
        Value::Bytes(bytes) => types::ValueParam::Bytes(bytes),
        Value::Uuid(uuid) => types::ValueParam::Uuid(uuid_to_wit(*uuid)),
        Value::Timestamp(us) => types::ValueParam::TimestampUs(*us),
        Value::Date(days) => types::ValueParam::Date(*days),
        Value::Time(us) => types::ValueParam::TimeUs(*us),
        Value::Json(json) => types::ValueParam::Json(json),
        Value::Enum(label) => types::ValueParam::Enumeration(label),
        Value::Vector(numbers) => types::ValueParam::Vector(numbers),
        Value::List(_) => types::ValueParam::Items(items.next().expect("spelled for every list")),
    }
}

fn scalar<'a>(value: &'a Value, digits: &mut std::slice::Iter<'a, String>) -> types::ScalarParam<'a> {
    match value {
        Value::Boolean(boolean) => types::ScalarParam::Boolean(*boolean),
        Value::Int(int) => types::ScalarParam::Int(*int),
        Value::Float(float) => types::ScalarParam::Float(*float),
        Value::Decimal(_) => types::ScalarParam::Decimal(digits.next().expect("spelled for every decimal")),
        Value::Text(text) => types::ScalarParam::Text(text),
        Value::Bytes(bytes) => types::ScalarParam::Bytes(bytes),
        Value::Uuid(uuid) => types::ScalarParam::Uuid(uuid_to_wit(*uuid)),
        Value::Timestamp(us) => types::ScalarParam::TimestampUs(*us),
        Value::Date(days) => types::ScalarParam::Date(*days),
        Value::Time(us) => types::ScalarParam::TimeUs(*us),
        Value::Enum(label) => types::ScalarParam::Enumeration(label),
        // No list holds these.
        Value::Absent | Value::Null | Value::Json(_) | Value::List(_) | Value::Vector(_) => types::ScalarParam::Null,
    }
}

fn uuid_to_wit(uuid: Uuid) -> types::Uuid {
    let (high, low) = uuid.as_u64_pair();
    types::Uuid { high, low }
}

/// The value as one of a field of that type; only decimals and lists need to know it.
pub(super) fn from_wit(value: types::ValueResult, field_type: FieldType) -> Result<Value, NoSuchValue> {
    Ok(match value {
        types::ValueResult::Absent => Value::Absent,
        types::ValueResult::Null => Value::Null,
        types::ValueResult::Boolean(boolean) => Value::Boolean(boolean),
        types::ValueResult::Int(int) => Value::Int(int),
        types::ValueResult::Float(float) => Value::Float(float),
        types::ValueResult::Text(text) => Value::Text(text),
        types::ValueResult::Bytes(bytes) => Value::Bytes(bytes),
        types::ValueResult::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::ValueResult::TimestampUs(us) => Value::Timestamp(us),
        types::ValueResult::Date(days) => Value::Date(days),
        types::ValueResult::TimeUs(us) => Value::Time(us),
        // One that is no document is judged with the other values.
        types::ValueResult::Json(json) => Value::Json(plain_document(&json).unwrap_or(json)),
        types::ValueResult::Enumeration(label) => Value::Enum(label),
        types::ValueResult::Decimal(digits) => decimal(digits, field_type)?,
        types::ValueResult::Vector(numbers) => Value::Vector(numbers),
        types::ValueResult::Items(items) => {
            let item_type = match field_type {
                FieldType::List(item) => FieldType::from(item),
                other => other,
            };
            Value::List(items.into_iter().map(|item| item_from_wit(item, item_type)).collect::<Result<_, _>>()?)
        }
    })
}

fn item_from_wit(item: types::ScalarResult, field_type: FieldType) -> Result<Value, NoSuchValue> {
    Ok(match item {
        types::ScalarResult::Null => Value::Null,
        types::ScalarResult::Boolean(boolean) => Value::Boolean(boolean),
        types::ScalarResult::Int(int) => Value::Int(int),
        types::ScalarResult::Float(float) => Value::Float(float),
        types::ScalarResult::Decimal(digits) => decimal(digits, field_type)?,
        types::ScalarResult::Text(text) => Value::Text(text),
        types::ScalarResult::Bytes(bytes) => Value::Bytes(bytes),
        types::ScalarResult::Uuid(uuid) => Value::Uuid(Uuid::from_u64_pair(uuid.high, uuid.low)),
        types::ScalarResult::TimestampUs(us) => Value::Timestamp(us),
        types::ScalarResult::Date(days) => Value::Date(days),
        types::ScalarResult::TimeUs(us) => Value::Time(us),
        types::ScalarResult::Enumeration(label) => Value::Enum(label),
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
