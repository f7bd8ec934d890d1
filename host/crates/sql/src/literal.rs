//! Constants in the text of a column's DEFAULT, where nothing can be bound.
//!
//! Only values whose text cannot mean anything else: numbers by their digits, bytes as hex, printable texts without a
//! backslash, quoted. Whatever else a default is, it cannot fill rows that are there.

use model::{FieldType, Value, format_date, format_time, format_timestamp};

use crate::Dialect;
use crate::dialect::INTEGER_DIGITS;
use crate::statement::Builder;

/// Whether every dialect can write the value as a constant.
pub(crate) fn is_writable(field_type: FieldType, value: &Value) -> bool {
    match (field_type, value) {
        (FieldType::Decimal(digits), Value::Decimal(_)) => digits.precision <= INTEGER_DIGITS,
        (FieldType::Text, Value::Text(text)) | (FieldType::Enum, Value::Enum(text)) => {
            !text.contains('\\') && !text.chars().any(char::is_control)
        }
        (FieldType::Float, Value::Float(float)) => is_short(*float),
        (FieldType::Int, Value::Int(_))
        | (FieldType::Boolean, Value::Boolean(_))
        | (FieldType::Timestamp, Value::Timestamp(_))
        | (FieldType::Date, Value::Date(_))
        | (FieldType::Time, Value::Time(_))
        | (FieldType::Uuid, Value::Uuid(_)) => true,
        _ => false,
    }
}

/// Whether the digits are few enough that no parser rounds them: SQLite reads long ones inexactly. A literal zero has no sign.
fn is_short(float: f64) -> bool {
    let text = format!("{float:?}");
    !text.contains('e') && text.len() <= 15 && (float != 0.0 || float.is_sign_positive())
}

/// Writes a value that [`is_writable`].
pub(crate) fn write_literal(sql: &mut Builder, value: &Value) {
    let dialect = sql.dialect();
    match (dialect, value) {
        (_, Value::Int(int)) => sql.digits(&int.to_string()),
        (_, Value::Float(float)) => sql.digits(&format!("{float:?}")),
        (Dialect::Sqlite, Value::Boolean(boolean)) => sql.push(if *boolean { "1" } else { "0" }),
        (_, Value::Boolean(boolean)) => sql.push(if *boolean { "TRUE" } else { "FALSE" }),
        (Dialect::Sqlite, Value::Decimal(decimal)) => sql.digits(&decimal.units().to_string()),
        (_, Value::Decimal(decimal)) => sql.digits(&decimal.to_string()),
        (Dialect::Sqlite, Value::Timestamp(int) | Value::Time(int)) => sql.digits(&int.to_string()),
        (Dialect::Sqlite, Value::Date(days)) => sql.digits(&days.to_string()),
        (Dialect::Postgres, Value::Timestamp(us)) => sql.quoted_text(&format_timestamp(*us)),
        // MySQL's sessions are in UTC, and its literals have no zone.
        (Dialect::Mysql, Value::Timestamp(us)) => sql.quoted_text(format_timestamp(*us).trim_end_matches('Z')),
        (_, Value::Date(days)) => sql.quoted_text(&format_date(*days)),
        (_, Value::Time(us)) => sql.quoted_text(&format_time(*us)),
        (Dialect::Postgres, Value::Uuid(uuid)) => sql.quoted_text(&uuid.hyphenated().to_string()),
        (_, Value::Uuid(uuid)) => sql.push("X").quoted_text(&uuid.simple().to_string()),
        (_, Value::Text(text) | Value::Enum(text)) => sql.quoted_text(text),
        _ => unreachable!("only what is writable is written"),
    };
}
