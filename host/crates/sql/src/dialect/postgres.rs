//! PostgreSQL: text compares by code point through the collation "C".

use std::fmt::Write;

use model::FieldType;

use super::ColumnType;

pub(super) fn placeholder(position: usize, text: &mut String) {
    write!(text, "${position}").expect("writing to a string");
}

pub(super) fn column_type(field_type: FieldType) -> ColumnType {
    ColumnType::Plain(match field_type {
        FieldType::Text => "text COLLATE \"C\"",
        FieldType::Int => "bigint",
        FieldType::Float => "double precision",
        FieldType::Boolean => "boolean",
        FieldType::Timestamp => "timestamptz",
        FieldType::Uuid => "uuid",
        FieldType::Json => "jsonb",
    })
}

/// Drivers bind typed values, so that only JSON, which crosses as text, must say what it is.
pub(super) fn cast(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Json => "::jsonb",
        FieldType::Text
        | FieldType::Int
        | FieldType::Float
        | FieldType::Boolean
        | FieldType::Timestamp
        | FieldType::Uuid => "",
    }
}
