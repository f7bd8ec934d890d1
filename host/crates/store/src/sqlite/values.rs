//! Values as SQLite holds them: booleans 0 and 1, timestamps in microseconds, uuids as 16 bytes, JSON as text.
//!
//! Nothing is coerced on the way back: a column that holds another type than declared is an error.

use model::{FieldType, Row, Value};
use rusqlite::types::{Null, ToSql, ToSqlOutput, ValueRef};
use sql::Bind;
use uuid::Uuid;

/// A value as a parameter.
struct Parameter<'a>(&'a Value);

/// Binds one value for each placeholder.
pub(super) fn bind(prepared: &mut rusqlite::Statement<'_>, binds: &[Bind]) -> Result<(), rusqlite::Error> {
    if prepared.parameter_count() != binds.len() {
        return Err(rusqlite::Error::InvalidParameterCount(binds.len(), prepared.parameter_count()));
    }
    for (at, bind) in binds.iter().enumerate() {
        match bind {
            Bind::One(_, value) => prepared.raw_bind_parameter(at + 1, Parameter(value))?,
            Bind::List(..) => {
                let error = "a list as one bind".into();
                return Err(rusqlite::Error::ToSqlConversionFailure(error));
            }
        }
    }
    Ok(())
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
        (FieldType::Json, ValueRef::Text(bytes)) => text(bytes).map(Value::Json),
        (FieldType::Int, ValueRef::Integer(int)) => Some(Value::Int(int)),
        (FieldType::Timestamp, ValueRef::Integer(us)) => Some(Value::Timestamp(us)),
        (FieldType::Boolean, ValueRef::Integer(0)) => Some(Value::Boolean(false)),
        (FieldType::Boolean, ValueRef::Integer(1)) => Some(Value::Boolean(true)),
        (FieldType::Float, ValueRef::Real(float)) => Some(Value::Float(float)),
        (FieldType::Uuid, ValueRef::Blob(bytes)) => Uuid::from_slice(bytes).ok().map(Value::Uuid),
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, rusqlite::Error> {
        let borrowed = |value| Ok(ToSqlOutput::Borrowed(value));
        match self.0 {
            Value::Absent | Value::Null => Ok(ToSqlOutput::from(Null)),
            Value::Boolean(boolean) => borrowed(ValueRef::Integer(i64::from(*boolean))),
            Value::Int(int) | Value::Timestamp(int) => borrowed(ValueRef::Integer(*int)),
            Value::Float(float) => borrowed(ValueRef::Real(*float)),
            Value::Text(text) | Value::Json(text) => borrowed(ValueRef::Text(text.as_bytes())),
            Value::Uuid(uuid) => borrowed(ValueRef::Blob(uuid.as_bytes())),
        }
    }
}
