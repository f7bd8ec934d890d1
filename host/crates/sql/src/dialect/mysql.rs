//! MySQL and MariaDB: text compares by code point through utf8mb4_bin; what is indexed must say how long it may be.

use model::FieldType;

use super::ColumnType;
use crate::schema::Column;

/// Characters that an indexed utf8mb4 column can have: 3,072 bytes at 4 bytes each.
const INDEXED_LENGTH_MAX: u32 = 768;
/// Characters of a varchar that still leaves room for other columns in a row of 65,535 bytes.
const VARCHAR_LENGTH_MAX: u32 = 1_000;

pub(super) fn placeholder(text: &mut String) {
    text.push('?');
}

/// None for an indexed text without a length that fits.
pub(super) fn column_type(column: &Column) -> Option<ColumnType> {
    const COLLATION: &str = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    Some(match column.field_type {
        FieldType::Text => match (column.length_max, column.is_indexed) {
            (Some(length), true) if length <= INDEXED_LENGTH_MAX => ColumnType::Varchar(length, COLLATION),
            (_, true) => return None,
            (Some(length), false) if length <= VARCHAR_LENGTH_MAX => ColumnType::Varchar(length, COLLATION),
            (_, false) => ColumnType::Plain("longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
        },
        FieldType::Int => ColumnType::Plain("bigint"),
        FieldType::Float => ColumnType::Plain("double"),
        FieldType::Boolean => ColumnType::Plain("boolean"),
        FieldType::Timestamp => ColumnType::Plain("datetime(6)"),
        FieldType::Uuid => ColumnType::Plain("binary(16)"),
        FieldType::Json => ColumnType::Plain("json"),
    })
}
