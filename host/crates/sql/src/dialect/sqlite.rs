//! SQLite: STRICT tables, booleans as 0 and 1, times as integers, uuids as 16 bytes, JSON and lists as checked text,
//! vectors as 4 bytes for each float.
//!
//! A float stands in a column of type ANY: a REAL column keeps whole numbers as integers, and so has no -0.0. A decimal of
//! at most 18 digits is an integer, counted in its last digit; a longer one is 16 bytes whose order is that of the numbers.

use std::fmt::Write;

use model::{DecimalType, FieldType};

use super::ColumnType;

/// Digits that 64 bits hold in every case.
pub(crate) const INTEGER_DIGITS: u8 = 18;

pub(super) fn placeholder(position: usize, text: &mut String) {
    write!(text, "?{position}").expect("writing to a string");
}

pub(super) fn column_type(field_type: FieldType) -> ColumnType {
    match field_type {
        FieldType::Text | FieldType::Enum => ColumnType::Plain("TEXT COLLATE BINARY"),
        FieldType::Int | FieldType::Timestamp | FieldType::Date | FieldType::Time => ColumnType::Plain("INTEGER"),
        FieldType::Decimal(DecimalType { precision, .. }) if precision <= INTEGER_DIGITS => {
            ColumnType::Plain("INTEGER")
        }
        FieldType::Decimal(_) | FieldType::Uuid => ColumnType::Exactly("BLOB", 16),
        FieldType::Vector(dimensions) => ColumnType::Exactly("BLOB", 4 * u32::from(dimensions)),
        FieldType::Float => ColumnType::Checked("ANY", " CHECK (typeof(", ") IN ('real', 'null'))"),
        FieldType::Boolean => ColumnType::Checked("INTEGER", " CHECK (", " IN (0, 1))"),
        FieldType::Bytes => ColumnType::Plain("BLOB"),
        FieldType::Json | FieldType::List(_) => ColumnType::Checked("TEXT", " CHECK (json_valid(", "))"),
    }
}
