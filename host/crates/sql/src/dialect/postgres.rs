//! PostgreSQL: text compares by code point through the collation "C".

use std::fmt::Write;

use model::FieldType;

use super::ColumnType;

pub(super) fn placeholder(position: usize, text: &mut String) {
    write!(text, "${position}").expect("writing to a string");
}

pub(super) fn column_type(field_type: FieldType) -> ColumnType {
    ColumnType::Plain(match field_type {
        FieldType::Decimal(digits) => return ColumnType::Digits("numeric", digits),
        FieldType::Vector(dimensions) => return ColumnType::Sized("vector", dimensions.into(), ""),
        FieldType::Text | FieldType::Enum => "text COLLATE \"C\"",
        FieldType::Int => "bigint",
        FieldType::Float => "double precision",
        FieldType::Boolean => "boolean",
        FieldType::Timestamp => "timestamptz",
        FieldType::Date => "date",
        FieldType::Time => "time",
        FieldType::Uuid => "uuid",
        FieldType::Bytes => "bytea",
        FieldType::Json | FieldType::List(_) => "jsonb",
    })
}

/// Drivers bind typed values, so that only what crosses as text, JSON and vectors, must say what it is.
pub(super) fn cast(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Json | FieldType::List(_) => "::jsonb",
        FieldType::Vector(_) => "::vector",
        _ => "",
    }
}

/// The type of a bind that holds a list of such values.
pub(super) fn array(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text | FieldType::Enum | FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => "::text[]",
        FieldType::Int => "::bigint[]",
        FieldType::Float => "::double precision[]",
        FieldType::Boolean => "::boolean[]",
        FieldType::Decimal(_) => "::numeric[]",
        FieldType::Timestamp => "::timestamptz[]",
        FieldType::Date => "::date[]",
        FieldType::Time => "::time[]",
        FieldType::Uuid => "::uuid[]",
        FieldType::Bytes => "::bytea[]",
    }
}
