//! SQLite: STRICT tables, booleans as 0 and 1, timestamps as microseconds, uuids as 16 bytes, JSON as checked text.

use std::fmt::Write;

use model::FieldType;

use super::ColumnType;

pub(super) fn placeholder(position: usize, text: &mut String) {
    write!(text, "?{position}").expect("writing to a string");
}

pub(super) fn column_type(field_type: FieldType) -> ColumnType {
    match field_type {
        FieldType::Text => ColumnType::Plain("TEXT COLLATE BINARY"),
        FieldType::Int | FieldType::Timestamp => ColumnType::Plain("INTEGER"),
        FieldType::Float => ColumnType::Plain("REAL"),
        FieldType::Boolean => ColumnType::Checked("INTEGER", " CHECK (", " IN (0, 1))"),
        FieldType::Uuid => ColumnType::Checked("BLOB", " CHECK (length(", ") = 16)"),
        FieldType::Json => ColumnType::Checked("TEXT", " CHECK (json_valid(", "))"),
    }
}
