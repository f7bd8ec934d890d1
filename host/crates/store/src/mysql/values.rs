//! Values in MySQL's binary format, through the driver's own types where they are exact.
//!
//! Decimals cross as their digits, JSON, lists and vectors as text. A column must be of the declared kind, except that a smaller
//! integer or float fits the larger one; a boolean is an integer of 0 or 1.

use model::{FieldType, Row, Value, read_list, read_vector, write_list, write_vector};
use sql::Bind;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::mysql::types::MySqlTime;
use sqlx::mysql::{MySqlArguments, MySqlRow, MySqlTypeInfo, MySqlValueRef};
use sqlx::types::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use sqlx::types::{Decimal, Json, Uuid};
use sqlx::{Arguments, Decode, Encode, MySql, Row as _, Type, ValueRef};

const US: i64 = 1_000_000;

/// A value as a parameter, of the type.
struct Parameter<'a>(FieldType, &'a Value);

/// One argument for each bind.
pub(super) fn arguments(binds: &[Bind]) -> Result<MySqlArguments, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    arguments.reserve(binds.len(), binds.len() * 16);
    for bind in binds {
        let added = match bind.value() {
            Some(value) => arguments.add(Parameter(bind.field_type(), value)),
            None => Err("a list as one bind".into()),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// The row, one value for each declared column.
pub(super) fn row(row: &MySqlRow, columns: &[FieldType]) -> Result<Row, sqlx::Error> {
    let mut values = Vec::with_capacity(columns.len());
    for (at, field_type) in columns.iter().enumerate() {
        let found = row.try_get_raw(at)?;
        let type_info = found.type_info().into_owned();
        let value = value(*field_type, found, &type_info).ok_or_else(|| sqlx::Error::ColumnDecode {
            index: at.to_string(),
            source: format!("{type_info} where {field_type} was declared").into(),
        })?;
        values.push(value);
    }
    Ok(values)
}

fn value(field_type: FieldType, found: MySqlValueRef<'_>, of: &MySqlTypeInfo) -> Option<Value> {
    if found.is_null() {
        return Some(Value::Null);
    }
    match field_type {
        FieldType::Text => text(found, of).map(|text| Value::Text(text.to_owned())),
        FieldType::Enum => text(found, of).map(|text| Value::Enum(text.to_owned())),
        FieldType::Json => json(found, of).map(|text| Value::Json(text.to_owned())),
        FieldType::List(item) => read_list(item, json(found, of)?).map(Value::List),
        FieldType::Vector(dimensions) => read_vector(dimensions, json(found, of)?).map(Value::Vector),
        FieldType::Int => int(found, of).map(Value::Int),
        FieldType::Boolean => match int(found, of)? {
            0 => Some(Value::Boolean(false)),
            1 => Some(Value::Boolean(true)),
            _ => None,
        },
        FieldType::Float => decoded::<f64>(found, of).map(Value::Float),
        FieldType::Decimal(digits) => {
            let is_decimal = <Decimal as Type<MySql>>::compatible(of);
            let text = is_decimal.then(|| <&str as Decode<MySql>>::decode(found).ok())??;
            digits.parse(text).ok().map(Value::Decimal)
        }
        FieldType::Timestamp => {
            let time: NaiveDateTime = decoded(found, of)?;
            Some(Value::Timestamp(time.and_utc().timestamp_micros()))
        }
        FieldType::Date => decoded::<NaiveDate>(found, of).map(|date| Value::Date(date.to_epoch_days())),
        FieldType::Time => {
            // The servers keep spans of time in it too.
            let time = decoded::<MySqlTime>(found, of).filter(MySqlTime::is_valid_time_of_day)?;
            let minutes = i64::from(time.hours()) * 60 + i64::from(time.minutes());
            let seconds = minutes * 60 + i64::from(time.seconds());
            Some(Value::Time(seconds * US + i64::from(time.microseconds())))
        }
        FieldType::Uuid => bytes(found, of).and_then(|bytes| Uuid::from_slice(bytes).ok()).map(Value::Uuid),
        FieldType::Bytes => bytes(found, of).map(|bytes| Value::Bytes(bytes.to_vec())),
    }
}

/// Of a column that holds the type, or nothing.
fn decoded<'r, T: Decode<'r, MySql> + Type<MySql>>(found: MySqlValueRef<'r>, of: &MySqlTypeInfo) -> Option<T> {
    T::compatible(of).then(|| T::decode(found).ok())?
}

fn int(found: MySqlValueRef<'_>, of: &MySqlTypeInfo) -> Option<i64> {
    match <i64 as Type<MySql>>::compatible(of) {
        true => decoded(found, of),
        // What the servers' catalogs hold.
        false => decoded::<u64>(found, of).and_then(|int| i64::try_from(int).ok()),
    }
}

fn text<'r>(found: MySqlValueRef<'r>, of: &MySqlTypeInfo) -> Option<&'r str> {
    decoded(found, of)
}

/// MySQL has a type for it, MariaDB keeps a text.
fn json<'r>(found: MySqlValueRef<'r>, of: &MySqlTypeInfo) -> Option<&'r str> {
    <Json<()> as Type<MySql>>::compatible(of).then(|| <&str as Decode<MySql>>::decode(found).ok())?
}

/// The servers send a text as bytes of a character set.
fn bytes<'r>(found: MySqlValueRef<'r>, of: &MySqlTypeInfo) -> Option<&'r [u8]> {
    let is_text = <str as Type<MySql>>::compatible(of);
    (!is_text).then(|| decoded(found, of))?
}

impl Type<MySql> for Parameter<'_> {
    fn type_info() -> MySqlTypeInfo {
        <str as Type<MySql>>::type_info()
    }
}

impl Encode<'_, MySql> for Parameter<'_> {
    fn produces(&self) -> Option<MySqlTypeInfo> {
        Some(type_info(self.0))
    }

    fn size_hint(&self) -> usize {
        self.1.size_bytes()
    }

    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        match self.1 {
            Value::Absent | Value::Null => Ok(IsNull::Yes),
            Value::Boolean(boolean) => encode(boolean, buffer),
            Value::Int(int) => encode(int, buffer),
            Value::Float(float) => encode(float, buffer),
            Value::Decimal(decimal) => encode(&decimal.to_string(), buffer),
            Value::Text(text) | Value::Json(text) | Value::Enum(text) => encode(&text.as_str(), buffer),
            Value::Bytes(bytes) => encode(&bytes.as_slice(), buffer),
            Value::Uuid(uuid) => encode(uuid, buffer),
            Value::Timestamp(us) => {
                let time = DateTime::from_timestamp_micros(*us).ok_or("a timestamp out of range")?;
                encode(&time.naive_utc(), buffer)
            }
            Value::Date(days) => encode(&NaiveDate::from_epoch_days(*days).ok_or("a date out of range")?, buffer),
            Value::Time(us) => encode(&time_of_day(*us).ok_or("a time out of range")?, buffer),
            Value::List(items) => encode(&write_list(items), buffer),
            Value::Vector(numbers) => encode(&write_vector(numbers), buffer),
        }
    }
}

fn encode<'q, T: Encode<'q, MySql>>(value: &T, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
    value.encode_by_ref(buffer)
}

fn time_of_day(us: i64) -> Option<NaiveTime> {
    let (seconds, us) = (us.div_euclid(US), us.rem_euclid(US));
    let nanoseconds = u32::try_from(us * 1_000).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(seconds).ok()?, nanoseconds)
}

fn type_info(field_type: FieldType) -> MySqlTypeInfo {
    match field_type {
        FieldType::Text | FieldType::Enum | FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => {
            <str as Type<MySql>>::type_info()
        }
        FieldType::Int => <i64 as Type<MySql>>::type_info(),
        FieldType::Float => <f64 as Type<MySql>>::type_info(),
        FieldType::Boolean => <bool as Type<MySql>>::type_info(),
        FieldType::Decimal(_) => <Decimal as Type<MySql>>::type_info(),
        FieldType::Timestamp => <NaiveDateTime as Type<MySql>>::type_info(),
        FieldType::Date => <NaiveDate as Type<MySql>>::type_info(),
        FieldType::Time => <NaiveTime as Type<MySql>>::type_info(),
        FieldType::Uuid => <Uuid as Type<MySql>>::type_info(),
        FieldType::Bytes => <[u8] as Type<MySql>>::type_info(),
    }
}
