//! Values in PostgreSQL's binary format, written and read without anything in between.
//!
//! A bind says its type even when it is null. JSON, lists and vectors cross as text, which the statement casts; dates and timestamps
//! count from 2000. Nothing is coerced on the way back, except that a smaller integer or float of the catalog's fits the
//! larger one.

use model::{FieldType, Row, Value, read_list, write_list, write_vector};
use sql::Bind;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgRow, PgTypeInfo, PgValueRef};
use sqlx::types::chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::types::{Decimal, Uuid};
use sqlx::{Arguments, Encode, Postgres, Row as _, Type, ValueRef};

use super::numeric;

/// 2000-01-01, from where PostgreSQL counts, in days since 1970.
const EPOCH_DAYS: i32 = 10_957;
/// 2000-01-01T00:00:00Z, from where PostgreSQL counts, in microseconds since 1970.
const EPOCH_US: i64 = 946_684_800_000_000;

/// A bind as a parameter.
struct Parameter<'a>(&'a Bind);

/// One argument for each bind.
pub(super) fn arguments(binds: &[Bind]) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    arguments.reserve(binds.len(), binds.len() * 16);
    for bind in binds {
        arguments.add(Parameter(bind)).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// The row, one value for each declared column.
pub(super) fn row(row: &PgRow, columns: &[FieldType]) -> Result<Row, sqlx::Error> {
    let mut values = Vec::with_capacity(columns.len());
    for (at, field_type) in columns.iter().enumerate() {
        let found = row.try_get_raw(at)?;
        let value = value(*field_type, &found).ok_or_else(|| sqlx::Error::ColumnDecode {
            index: at.to_string(),
            source: format!("{} where {field_type} was declared", found.type_info()).into(),
        })?;
        values.push(value);
    }
    Ok(values)
}

fn value(field_type: FieldType, found: &PgValueRef<'_>) -> Option<Value> {
    if found.is_null() {
        return Some(Value::Null);
    }
    let bytes = found.as_bytes().ok()?;
    match field_type {
        FieldType::Text => text(bytes).map(Value::Text),
        FieldType::Enum => text(bytes).map(Value::Enum),
        FieldType::Int => int(bytes).map(Value::Int),
        FieldType::Float => match bytes.len() {
            4 => Some(Value::Float(f64::from(f32::from_be_bytes(bytes.try_into().ok()?)))),
            _ => Some(Value::Float(f64::from_be_bytes(bytes.try_into().ok()?))),
        },
        FieldType::Boolean => match bytes {
            [0] => Some(Value::Boolean(false)),
            [1] => Some(Value::Boolean(true)),
            _ => None,
        },
        FieldType::Decimal(digits) => numeric::read(digits, bytes).map(Value::Decimal),
        FieldType::Timestamp => {
            let us = i64::from_be_bytes(bytes.try_into().ok()?);
            us.checked_add(EPOCH_US).map(Value::Timestamp)
        }
        FieldType::Date => {
            let days = i32::from_be_bytes(bytes.try_into().ok()?);
            days.checked_add(EPOCH_DAYS).map(Value::Date)
        }
        FieldType::Time => Some(Value::Time(i64::from_be_bytes(bytes.try_into().ok()?))),
        FieldType::Uuid => Uuid::from_slice(bytes).ok().map(Value::Uuid),
        FieldType::Bytes => Some(Value::Bytes(bytes.to_vec())),
        FieldType::Json => json(bytes).map(Value::Json),
        FieldType::List(item) => read_list(item, &json(bytes)?).map(Value::List),
        FieldType::Vector(dimensions) => vector(dimensions, bytes).map(Value::Vector),
    }
}

/// The dimensions and an unused number, 16 bits each, then the floats.
fn vector(dimensions: u16, bytes: &[u8]) -> Option<Vec<f32>> {
    let (head, floats) = bytes.split_first_chunk::<4>()?;
    let (floats, []) = floats.as_chunks::<4>() else { return None };
    let is_declared = head[..2] == dimensions.to_be_bytes() && floats.len() == usize::from(dimensions);
    is_declared.then(|| floats.iter().copied().map(f32::from_be_bytes).collect())
}

/// jsonb has its version before the text; json is the text.
fn json(bytes: &[u8]) -> Option<String> {
    text(bytes.strip_prefix(&[1]).unwrap_or(bytes))
}

fn int(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        2 => Some(i64::from(i16::from_be_bytes(bytes.try_into().ok()?))),
        4 => Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?))),
        _ => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

impl Type<Postgres> for Parameter<'_> {
    fn type_info() -> PgTypeInfo {
        <str as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Parameter<'_> {
    fn produces(&self) -> Option<PgTypeInfo> {
        let field_type = self.0.field_type();
        Some(if self.0.value().is_some() { type_info(field_type) } else { array_type_info(field_type) })
    }

    fn size_hint(&self) -> usize {
        let of_list = || self.0.values().into_iter().flatten().map(Value::size_bytes).sum();
        self.0.value().map_or_else(of_list, Value::size_bytes)
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match (self.0.value(), self.0.values()) {
            (Some(value), _) => Ok(write(value, buffer)),
            (None, values) => {
                let values: Vec<&Value> = values.into_iter().flatten().collect();
                write_array(self.0.field_type(), &values, buffer)?;
                Ok(IsNull::No)
            }
        }
    }
}

fn write(value: &Value, buffer: &mut Vec<u8>) -> IsNull {
    match value {
        Value::Absent | Value::Null => return IsNull::Yes,
        Value::Boolean(boolean) => buffer.push(u8::from(*boolean)),
        Value::Int(int) | Value::Time(int) => buffer.extend_from_slice(&int.to_be_bytes()),
        Value::Float(float) => buffer.extend_from_slice(&float.to_be_bytes()),
        Value::Decimal(decimal) => numeric::write(*decimal, buffer),
        Value::Text(text) | Value::Json(text) | Value::Enum(text) => buffer.extend_from_slice(text.as_bytes()),
        Value::Bytes(bytes) => buffer.extend_from_slice(bytes),
        Value::Uuid(uuid) => buffer.extend_from_slice(uuid.as_bytes()),
        Value::Timestamp(us) => {
            buffer.extend_from_slice(&us.saturating_sub(EPOCH_US).to_be_bytes());
        }
        Value::Date(days) => {
            buffer.extend_from_slice(&days.saturating_sub(EPOCH_DAYS).to_be_bytes());
        }
        Value::List(items) => buffer.extend_from_slice(write_list(items).as_bytes()),
        Value::Vector(numbers) => buffer.extend_from_slice(write_vector(numbers).as_bytes()),
    }
    IsNull::No
}

/// One dimension, from 1: its flags, the elements' type, length and lower bound, then each element with its length.
fn write_array(field_type: FieldType, values: &[&Value], buffer: &mut Vec<u8>) -> Result<(), BoxDynError> {
    let has_nulls = values.iter().any(|value| matches!(value, Value::Null | Value::Absent));
    buffer.extend_from_slice(&1_i32.to_be_bytes());
    buffer.extend_from_slice(&i32::from(has_nulls).to_be_bytes());
    buffer.extend_from_slice(&oid(field_type).to_be_bytes());
    buffer.extend_from_slice(&i32::try_from(values.len())?.to_be_bytes());
    buffer.extend_from_slice(&1_i32.to_be_bytes());
    for value in values {
        let start = buffer.len();
        buffer.extend_from_slice(&[0; 4]);
        let length = match write(value, buffer) {
            IsNull::Yes => -1,
            IsNull::No => i32::try_from(buffer.len() - start - 4)?,
        };
        buffer[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

fn type_info(field_type: FieldType) -> PgTypeInfo {
    match field_type {
        FieldType::Text | FieldType::Enum | FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => {
            <str as Type<Postgres>>::type_info()
        }
        FieldType::Int => <i64 as Type<Postgres>>::type_info(),
        FieldType::Float => <f64 as Type<Postgres>>::type_info(),
        FieldType::Boolean => <bool as Type<Postgres>>::type_info(),
        FieldType::Decimal(_) => <Decimal as Type<Postgres>>::type_info(),
        FieldType::Timestamp => <DateTime<Utc> as Type<Postgres>>::type_info(),
        FieldType::Date => <NaiveDate as Type<Postgres>>::type_info(),
        FieldType::Time => <NaiveTime as Type<Postgres>>::type_info(),
        FieldType::Uuid => <Uuid as Type<Postgres>>::type_info(),
        FieldType::Bytes => <[u8] as Type<Postgres>>::type_info(),
    }
}

fn array_type_info(field_type: FieldType) -> PgTypeInfo {
    match field_type {
        FieldType::Text | FieldType::Enum | FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => {
            <Vec<String> as Type<Postgres>>::type_info()
        }
        FieldType::Int => <Vec<i64> as Type<Postgres>>::type_info(),
        FieldType::Float => <Vec<f64> as Type<Postgres>>::type_info(),
        FieldType::Boolean => <Vec<bool> as Type<Postgres>>::type_info(),
        FieldType::Decimal(_) => <Vec<Decimal> as Type<Postgres>>::type_info(),
        FieldType::Timestamp => <Vec<DateTime<Utc>> as Type<Postgres>>::type_info(),
        FieldType::Date => <Vec<NaiveDate> as Type<Postgres>>::type_info(),
        FieldType::Time => <Vec<NaiveTime> as Type<Postgres>>::type_info(),
        FieldType::Uuid => <Vec<Uuid> as Type<Postgres>>::type_info(),
        FieldType::Bytes => <Vec<Vec<u8>> as Type<Postgres>>::type_info(),
    }
}

/// The number of the type in `pg_type`; fixed for built-in types.
fn oid(field_type: FieldType) -> u32 {
    match field_type {
        FieldType::Text | FieldType::Enum | FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => 25,
        FieldType::Int => 20,
        FieldType::Float => 701,
        FieldType::Boolean => 16,
        FieldType::Decimal(_) => 1700,
        FieldType::Timestamp => 1184,
        FieldType::Date => 1082,
        FieldType::Time => 1083,
        FieldType::Uuid => 2950,
        FieldType::Bytes => 17,
    }
}
