//! What differs between databases, one file for each.
//!
//! An enum and a `match`, so that a further dialect is a list of compiler errors. What a dialect can't do is an error, never
//! a panic and never left out.

mod mysql;
mod postgres;
mod sqlite;

use model::FieldType;

use crate::schema::Column;

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

    /// Whether an UPDATE can answer with the row it wrote.
    pub fn returns_from_update(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => true,
            Self::Mysql => false,
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

/// A column type in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// The whole text.
    Plain(&'static str),
    /// `varchar(n)` and what follows.
    Varchar(u32, &'static str),
    /// A type and the check its column needs, on both sides of the column's name.
    Checked(&'static str, &'static str, &'static str),
}
