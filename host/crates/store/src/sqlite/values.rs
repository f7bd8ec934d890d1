//! Values as SQLite holds them: booleans 0 and 1, dates in days, times in microseconds, uuids as 16 bytes, JSON and lists as
//! text.
//!
//! A decimal is an integer where every one of its type fits, otherwise 16 bytes that sort as the numbers do. Nothing is
//! coerced on the way back: a column that holds another type than declared is an error.

use model::{Decimal, DecimalType, FieldType, Row, Value, read_list, write_list};
use rusqlite::types::{Null, ValueRef};
use sql::Bind;
use uuid::Uuid;

/// Digits that always fit into SQLite's integers.
const INTEGER_PRECISION_MAX: u8 = 18;
/// With it flipped, the bytes of a negative number sort before those of a positive one.
const SIGN: u128 = 1 << 127;

/// Binds one value for each placeholder.
pub(super) fn bind(prepared: &mut rusqlite::Statement<'_>, binds: &[Bind]) -> Result<(), rusqlite::Error> {
    check_count(prepared, binds.len())?;
    for (at, bind) in binds.iter().enumerate() {
        let Some(value) = bind.value() else {
            let error = "a list as one bind".into();
            return Err(rusqlite::Error::ToSqlConversionFailure(error));
        };
        bind_value(prepared, at + 1, bind.field_type(), value)?;
    }
    Ok(())
}

/// Binds some fields of each record.
pub(super) fn bind_fields(
    prepared: &mut rusqlite::Statement<'_>,
    rows: &[Row],
    fields: &[(usize, FieldType)],
) -> Result<(), rusqlite::Error> {
    check_count(prepared, rows.len() * fields.len())?;
    let cells = rows.iter().flat_map(|row| fields.iter().map(|(field, field_type)| (*field_type, &row[*field])));
    for (place, (field_type, value)) in cells.enumerate() {
        bind_value(prepared, place + 1, field_type, value)?;
    }
    Ok(())
}

/// Binds a value for a column of the type.
fn bind_value(
    prepared: &mut rusqlite::Statement<'_>,
    place: usize,
    field_type: FieldType,
    value: &Value,
) -> Result<(), rusqlite::Error> {
    match (field_type, value) {
        (_, Value::Absent | Value::Null) => prepared.raw_bind_parameter(place, Null),
        (_, Value::Boolean(boolean)) => prepared.raw_bind_parameter(place, boolean),
        (_, Value::Int(int) | Value::Timestamp(int) | Value::Time(int)) => prepared.raw_bind_parameter(place, int),
        (_, Value::Date(days)) => prepared.raw_bind_parameter(place, days),
        (_, Value::Float(float)) => prepared.raw_bind_parameter(place, float),
        (_, Value::Text(text) | Value::Json(text) | Value::Enum(text)) => {
            prepared.raw_bind_parameter(place, text.as_str())
        }
        (_, Value::Bytes(bytes)) => prepared.raw_bind_parameter(place, bytes.as_slice()),
        (_, Value::Uuid(uuid)) => prepared.raw_bind_parameter(place, uuid.as_bytes()),
        (FieldType::Decimal(digits), Value::Decimal(decimal)) if digits.holds(*decimal) => {
            match i64::try_from(decimal.units()) {
                Ok(units) if is_integer(digits) => prepared.raw_bind_parameter(place, units),
                Ok(_) | Err(_) => prepared.raw_bind_parameter(place, to_sortable(decimal.units())),
            }
        }
        (field_type, Value::Decimal(decimal)) => {
            let error = format!("{decimal} where {field_type} was declared");
            Err(rusqlite::Error::ToSqlConversionFailure(error.into()))
        }
        (_, Value::List(items)) => prepared.raw_bind_parameter(place, write_list(items)),
        (_, Value::Vector(numbers)) => {
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            prepared.raw_bind_parameter(place, bytes)
        }
    }
}

fn check_count(prepared: &rusqlite::Statement<'_>, binds: usize) -> Result<(), rusqlite::Error> {
    match prepared.parameter_count() {
        wanted if wanted == binds => Ok(()),
        wanted => Err(rusqlite::Error::InvalidParameterCount(binds, wanted)),
    }
}

/// The row, one value for each declared column.
pub(super) fn row(row: &rusqlite::Row<'_>, columns: &[FieldType]) -> Result<Row, rusqlite::Error> {
    let mut values = Vec::with_capacity(columns.len());
    for (at, field_type) in columns.iter().enumerate() {
        let found = row.get_ref(at)?;
        let value = value(*field_type, found)
            .ok_or_else(|| rusqlite::Error::InvalidColumnType(at, field_type.name().to_owned(), found.data_type()))?;
        values.push(value);
    }
    Ok(values)
}

fn value(field_type: FieldType, found: ValueRef<'_>) -> Option<Value> {
    match (field_type, found) {
        (_, ValueRef::Null) => Some(Value::Null),
        (FieldType::Text, ValueRef::Text(bytes)) => text(bytes).map(Value::Text),
        (FieldType::Enum, ValueRef::Text(bytes)) => text(bytes).map(Value::Enum),
        (FieldType::Json, ValueRef::Text(bytes)) => text(bytes).map(Value::Json),
        (FieldType::List(item), ValueRef::Text(bytes)) => read_list(item, &text(bytes)?).map(Value::List),
        (FieldType::Int, ValueRef::Integer(int)) => Some(Value::Int(int)),
        (FieldType::Timestamp, ValueRef::Integer(us)) => Some(Value::Timestamp(us)),
        (FieldType::Date, ValueRef::Integer(days)) => i32::try_from(days).ok().map(Value::Date),
        (FieldType::Time, ValueRef::Integer(us)) => Some(Value::Time(us)),
        (FieldType::Boolean, ValueRef::Integer(0)) => Some(Value::Boolean(false)),
        (FieldType::Boolean, ValueRef::Integer(1)) => Some(Value::Boolean(true)),
        (FieldType::Float, ValueRef::Real(float)) => Some(Value::Float(float)),
        (FieldType::Decimal(digits), ValueRef::Integer(units)) if is_integer(digits) => {
            decimal(digits, i128::from(units))
        }
        (FieldType::Decimal(digits), ValueRef::Blob(bytes)) if !is_integer(digits) => {
            decimal(digits, from_sortable(bytes.try_into().ok()?))
        }
        (FieldType::Uuid, ValueRef::Blob(bytes)) => Uuid::from_slice(bytes).ok().map(Value::Uuid),
        (FieldType::Vector(dimensions), ValueRef::Blob(bytes)) => vector(dimensions, bytes).map(Value::Vector),
        (FieldType::Bytes, ValueRef::Blob(bytes)) => Some(Value::Bytes(bytes.to_vec())),
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// 4 bytes for each float, the lowest first.
fn vector(dimensions: u16, bytes: &[u8]) -> Option<Vec<f32>> {
    let (floats, []) = bytes.as_chunks::<4>() else { return None };
    (floats.len() == usize::from(dimensions)).then(|| floats.iter().copied().map(f32::from_le_bytes).collect())
}

fn is_integer(digits: DecimalType) -> bool {
    digits.precision <= INTEGER_PRECISION_MAX
}

fn decimal(digits: DecimalType, units: i128) -> Option<Value> {
    let decimal = Decimal::new(units, digits.scale);
    digits.holds(decimal).then_some(Value::Decimal(decimal))
}

/// Bytes that sort as the numbers do.
fn to_sortable(units: i128) -> [u8; 16] {
    (units.cast_unsigned() ^ SIGN).to_be_bytes()
}

fn from_sortable(bytes: [u8; 16]) -> i128 {
    (u128::from_be_bytes(bytes) ^ SIGN).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_of_decimals_sort_as_the_numbers_do(one: i128, other: i128, cut in 0_u32..127) {
            let (one, other) = (one >> cut, other);
            prop_assert_eq!(from_sortable(to_sortable(one)), one);
            prop_assert_eq!(to_sortable(one).cmp(&to_sortable(other)), one.cmp(&other));
        }
    }
}
