//! What differs between databases, one file for each.
//!
//! An enum and a `match`, so that a further dialect is a list of compiler errors. What a dialect can't do is an error, never
//! a panic and never left out.

mod mysql;
mod postgres;
mod sqlite;

pub(crate) use sqlite::INTEGER_DIGITS;

use model::{DecimalType, FieldType, Row, Value};

use crate::schema::Column;
use crate::{Feature, Support};

/// A database's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.37 and newer (STRICT tables, RETURNING).
    Sqlite,
    /// PostgreSQL 14 and newer.
    Postgres,
    /// MySQL 8 and MariaDB 10.6 and newer.
    Mysql,
}

impl Dialect {
    /// Every dialect, in the order of the snapshots.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Mysql, Self::Sqlite];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// Whether the database does it by itself.
    pub fn has(self, feature: Feature) -> bool {
        feature.on(self) == Support::Native
    }

    /// How long an indexed column may be, where there is a limit.
    pub(crate) fn indexed_length_max(self, field_type: FieldType) -> u32 {
        match self {
            Self::Sqlite | Self::Postgres => u32::MAX,
            Self::Mysql => mysql::indexed_length_max(field_type),
        }
    }

    /// What makes the database number a column.
    pub(crate) fn sequence(self) -> &'static str {
        match self {
            // A key of one INTEGER column is SQLite's row number.
            Self::Sqlite => "",
            Self::Postgres => " GENERATED ALWAYS AS IDENTITY",
            Self::Mysql => " AUTO_INCREMENT",
        }
    }

    pub(crate) fn quote(self) -> char {
        match self {
            Self::Sqlite | Self::Postgres => '"',
            Self::Mysql => '`',
        }
    }

    pub(crate) fn placeholder(self, position: usize, text: &mut String) {
        match self {
            Self::Sqlite => sqlite::placeholder(position, text),
            Self::Postgres => postgres::placeholder(position, text),
            Self::Mysql => mysql::placeholder(text),
        }
    }

    /// The column's type with collation; none when the dialect can't hold it as declared.
    pub(crate) fn column_type(self, column: &Column) -> Option<ColumnType> {
        match self {
            Self::Sqlite => Some(sqlite::column_type(column.field_type)),
            Self::Postgres => Some(postgres::column_type(column.field_type)),
            Self::Mysql => mysql::column_type(column),
        }
    }

    /// What has to stand around a placeholder so that it is read as the type.
    pub(crate) fn cast(self, field_type: FieldType) -> &'static str {
        match self {
            Self::Sqlite | Self::Mysql => "",
            Self::Postgres => postgres::cast(field_type),
        }
    }
}

impl Dialect {
    /// Makes of a record's values what the database keeps of them, so that an answer says no more than the next read: MariaDB
    /// has no sign of zero from 10.11.19 on, and what it has is what MySQL gets.
    pub fn keep(self, row: &mut Row) {
        if self == Self::Mysql {
            row.iter_mut().filter(|value| **value == Value::Float(0.0)).for_each(|value| *value = Value::Float(0.0));
        }
    }

    /// The type of a placeholder for a list of such values; only PostgreSQL binds one.
    pub(crate) fn array(self, field_type: FieldType) -> &'static str {
        match self {
            Self::Sqlite | Self::Mysql => "",
            Self::Postgres => postgres::array(field_type),
        }
    }
}

/// A column type in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// The whole text.
    Plain(&'static str),
    /// A type with a length, and what follows.
    Sized(&'static str, u32, &'static str),
    /// A type with digits.
    Digits(&'static str, DecimalType),
    /// A type and the check its column needs, on both sides of the column's name.
    Checked(&'static str, &'static str, &'static str),
    /// A type of bytes and how many of them a value has, which a check asks.
    Exactly(&'static str, u32),
}
