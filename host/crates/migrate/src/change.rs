//! Single changes to a schema, each with its risk.
//!
//! The risks are those of small tables: the size of a table does not raise them.

use std::fmt;

use model::{FieldType, Ident};
use sql::{Column, Table, UniqueIndex};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A table that is not there yet, with its indexes.
    CreateTable(Table),
    /// A column that is not there yet.
    AddColumn {
        /// The table.
        table: Ident,
        /// The column.
        column: Column,
    },
    /// A unique index on a table that is there.
    AddUnique {
        /// The table.
        table: Ident,
        /// The index.
        index: UniqueIndex,
    },
    /// A column that no field has any more.
    DropColumn {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
    },
    /// A column that holds another type.
    ChangeType {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
        /// What it holds.
        from: FieldType,
        /// What it should hold.
        to: FieldType,
    },
    /// A column that may or may not be null.
    ChangeNullable {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
        /// What it should be.
        nullable: bool,
    },
    /// Another key column.
    ChangeKey {
        /// The table.
        table: Ident,
        /// The key.
        from: Ident,
        /// What it should be.
        to: Ident,
    },
    /// A unique index that no model declares any more.
    DropUnique {
        /// The table.
        table: Ident,
        /// Its columns.
        columns: Vec<Ident>,
    },
    /// A table that no model has any more.
    DropTable {
        /// The table.
        table: Ident,
    },
}

/// How much can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Nothing that is there is touched.
    Low,
    /// It can fail or slow others down.
    Medium,
    /// It can fail on the rows that are there, or stop readers.
    High,
    /// Data is lost.
    Critical,
}

/// What a change needs before it may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Nothing: activation applies it.
    None,
    /// An approved plan.
    Approval,
    /// An approval that names what is lost.
    Loss,
}

impl Change {
    /// How much can go wrong.
    pub fn risk(&self) -> Risk {
        match self {
            Self::CreateTable(_) => Risk::Low,
            Self::AddColumn { column, .. } if column.nullable => Risk::Low,
            Self::AddColumn { .. } => Risk::Critical,
            Self::DropUnique { .. } => Risk::Medium,
            Self::ChangeNullable { nullable: true, .. } => Risk::Medium,
            Self::AddUnique { .. } | Self::ChangeNullable { .. } => Risk::High,
            Self::DropColumn { .. } | Self::ChangeType { .. } | Self::ChangeKey { .. } | Self::DropTable { .. } => {
                Risk::Critical
            }
        }
    }

    /// What it needs before it may run.
    pub fn consent(&self) -> Consent {
        match self {
            Self::CreateTable(_) => Consent::None,
            Self::AddColumn { column, .. } if column.nullable => Consent::None,
            Self::DropColumn { .. } | Self::ChangeType { .. } | Self::DropTable { .. } => Consent::Loss,
            Self::AddColumn { .. }
            | Self::AddUnique { .. }
            | Self::ChangeNullable { .. }
            | Self::ChangeKey { .. }
            | Self::DropUnique { .. } => Consent::Approval,
        }
    }

    /// Why it has that risk.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::CreateTable(_) => "nothing that is there is touched",
            Self::AddColumn { column, .. } if column.nullable => "existing rows read null",
            Self::AddColumn { .. } => "existing rows would have no value for it",
            Self::AddUnique { .. } => {
                "it fails when existing rows have equal values, and blocks writes while it is built"
            }
            Self::DropColumn { .. } => "the column's values are lost",
            Self::ChangeType { .. } => "values that the new type can't hold are lost",
            Self::ChangeNullable { nullable: true, .. } => "readers that expect a value can meet null",
            Self::ChangeNullable { .. } => "it fails when existing rows are null",
            Self::ChangeKey { .. } => "whoever refers to a record by its key no longer finds it",
            Self::DropUnique { .. } => "equal values become possible",
            Self::DropTable { .. } => "all of its rows are lost",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |columns: &[Ident]| columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ");
        match self {
            Self::CreateTable(table) => {
                let columns = table.columns.len();
                let s = if columns == 1 { "" } else { "s" };
                write!(f, "create table {} with {columns} column{s}", table.name)?;
                table.unique.iter().try_for_each(|index| write!(f, ", unique ({})", names(&index.columns)))
            }
            Self::AddColumn { table, column } => {
                let nullable = if column.nullable { "nullable" } else { "not null" };
                write!(f, "add column {table}.{} {} {nullable}", column.name, column.field_type)
            }
            Self::AddUnique { table, index } => {
                write!(f, "add unique ({}) to {table}", names(&index.columns))
            }
            Self::DropColumn { table, column } => write!(f, "drop column {table}.{column}"),
            Self::ChangeType { table, column, from, to } => {
                write!(f, "change column {table}.{column} from {from} to {to}")
            }
            Self::ChangeNullable { table, column, nullable } => {
                let to = if *nullable { "nullable" } else { "not null" };
                write!(f, "make column {table}.{column} {to}")
            }
            Self::ChangeKey { table, from, to } => {
                write!(f, "change the key of {table} from {from} to {to}")
            }
            Self::DropUnique { table, columns } => {
                write!(f, "drop unique ({}) of {table}", names(columns))
            }
            Self::DropTable { table } => write!(f, "drop table {table}"),
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}
