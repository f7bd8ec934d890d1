//! MySQL and MariaDB: text compares by code point, trailing spaces included; what is indexed must say how long it may be.
//!
//! The collation has another name on each of the two: a comment that only one of them executes names it.

use model::FieldType;

use super::ColumnType;
use crate::schema::Column;

/// Characters that an indexed utf8mb4 column can have: 3,072 bytes at 4 bytes each.
const INDEXED_LENGTH_MAX: u32 = 768;
/// Bytes that an indexed column can have.
const INDEXED_BYTES_MAX: u32 = 3_072;
/// Characters of a varchar that still leaves room for other columns in a row of 65,535 bytes.
const VARCHAR_LENGTH_MAX: u32 = 255;
/// Characters of an enum's label.
const LABEL_LENGTH: u32 = 100;

const COLLATION: &str = " CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */";
const LONGTEXT: &str = "longtext CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */";

pub(super) fn placeholder(text: &mut String) {
    text.push('?');
}

/// How long an indexed column of the type may be.
pub(super) fn indexed_length_max(field_type: FieldType) -> u32 {
    if field_type == FieldType::Bytes { INDEXED_BYTES_MAX } else { INDEXED_LENGTH_MAX }
}

/// None for an indexed text or bytes without a length that fits.
pub(super) fn column_type(column: &Column) -> Option<ColumnType> {
    Some(match column.field_type {
        FieldType::Text => match (column.length_max, column.is_indexed) {
            (Some(length), true) if length <= INDEXED_LENGTH_MAX => ColumnType::Sized("varchar", length, COLLATION),
            (_, true) => return None,
            (Some(length), false) if length <= VARCHAR_LENGTH_MAX => ColumnType::Sized("varchar", length, COLLATION),
            (_, false) => ColumnType::Plain(LONGTEXT),
        },
        FieldType::Bytes => match (column.length_max, column.is_indexed) {
            (Some(length), true) if length <= INDEXED_BYTES_MAX => ColumnType::Sized("varbinary", length, ""),
            (_, true) => return None,
            (_, false) => ColumnType::Plain("longblob"),
        },
        FieldType::Enum => ColumnType::Sized("varchar", LABEL_LENGTH, COLLATION),
        FieldType::Decimal(digits) => ColumnType::Digits("decimal", digits),
        FieldType::Int => ColumnType::Plain("bigint"),
        FieldType::Float => ColumnType::Plain("double"),
        FieldType::Boolean => ColumnType::Plain("boolean"),
        FieldType::Timestamp => ColumnType::Plain("datetime(6)"),
        FieldType::Date => ColumnType::Plain("date"),
        FieldType::Time => ColumnType::Plain("time(6)"),
        FieldType::Uuid => ColumnType::Plain("binary(16)"),
        FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => ColumnType::Plain("json"),
    })
}
