//! Single changes to a schema, each with its risk.
//!
//! The risks are those of small tables: the size of a table does not raise them. That a table has no rows lowers them.

use std::fmt;

use model::{FieldType, Ident};
use sql::{Column, Index, Reference, Table, UniqueIndex};

/// One change.
#[derive(Debug, Clone, PartialEq)]
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
        /// Whether the table has no rows.
        is_empty: bool,
    },
    /// An index on a table that is there.
    AddIndex {
        /// The table.
        table: Ident,
        /// The index.
        index: Index,
        /// Whether the table has no rows.
        is_empty: bool,
    },
    /// A reference of a table that is there.
    AddReference {
        /// The table.
        table: Ident,
        /// The reference.
        reference: Reference,
    },
    /// Another name of a table.
    RenameTable {
        /// Its name.
        from: Ident,
        /// What it should be.
        to: Ident,
    },
    /// Another name of a column.
    RenameColumn {
        /// The table.
        table: Ident,
        /// Its name.
        from: Ident,
        /// What it should be.
        to: Ident,
    },
    /// A column that no field has any more.
    DropColumn {
        /// The table.
        table: Ident,
        /// The column.
        column: Column,
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
    /// A column that is as wide as its longest text, where a database has such columns.
    ChangeLength {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
        /// What it should hold; none for any.
        length_max: Option<u32>,
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
    /// Other texts that an enum may be.
    ChangeLabels {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
        /// The texts that are no longer among them.
        removed: Vec<String>,
    },
    /// Another key.
    ChangeKey {
        /// The table.
        table: Ident,
        /// The key.
        from: Vec<Ident>,
        /// What it should be.
        to: Vec<Ident>,
    },
    /// A key that the database starts or stops to number.
    ChangeSequence {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
        /// What it should be.
        is_sequence: bool,
    },
    /// A unique index that no model declares any more.
    DropUnique {
        /// The table.
        table: Ident,
        /// The index.
        index: UniqueIndex,
    },
    /// An index that no model declares any more.
    DropIndex {
        /// The table.
        table: Ident,
        /// The index.
        index: Index,
    },
    /// A reference that no model declares any more.
    DropReference {
        /// The table.
        table: Ident,
        /// The reference.
        reference: Reference,
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
            Self::CreateTable(_) | Self::AddUnique { is_empty: true, .. } | Self::AddIndex { is_empty: true, .. } => {
                Risk::Low
            }
            Self::AddColumn { column, .. } if column.nullable || column.fill.is_some() => Risk::Low,
            Self::AddColumn { .. } => Risk::Critical,
            Self::AddIndex { .. } | Self::DropUnique { .. } | Self::DropIndex { .. } | Self::DropReference { .. } => {
                Risk::Medium
            }
            Self::ChangeNullable { nullable: true, .. } => Risk::Medium,
            Self::ChangeLabels { removed, .. } if removed.is_empty() => Risk::Medium,
            Self::AddUnique { .. }
            | Self::AddReference { .. }
            | Self::RenameTable { .. }
            | Self::RenameColumn { .. }
            | Self::ChangeNullable { .. }
            | Self::ChangeLabels { .. }
            | Self::ChangeLength { .. }
            | Self::ChangeSequence { .. } => Risk::High,
            Self::DropColumn { .. } | Self::ChangeType { .. } | Self::ChangeKey { .. } | Self::DropTable { .. } => {
                Risk::Critical
            }
        }
    }

    /// What it needs before it may run.
    pub fn consent(&self) -> Consent {
        match self {
            Self::CreateTable(_) | Self::AddUnique { is_empty: true, .. } | Self::AddIndex { is_empty: true, .. } => {
                Consent::None
            }
            Self::AddColumn { column, .. } if column.nullable || column.fill.is_some() => Consent::None,
            Self::DropColumn { .. } | Self::ChangeType { .. } | Self::DropTable { .. } => Consent::Loss,
            Self::AddColumn { .. }
            | Self::AddUnique { .. }
            | Self::AddIndex { .. }
            | Self::AddReference { .. }
            | Self::RenameTable { .. }
            | Self::RenameColumn { .. }
            | Self::ChangeNullable { .. }
            | Self::ChangeLabels { .. }
            | Self::ChangeLength { .. }
            | Self::ChangeKey { .. }
            | Self::ChangeSequence { .. }
            | Self::DropUnique { .. }
            | Self::DropIndex { .. }
            | Self::DropReference { .. } => Consent::Approval,
        }
    }

    /// Why it has that risk.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::CreateTable(_) => "nothing that is there is touched",
            Self::AddColumn { column, .. } if column.nullable => "existing rows read null",
            Self::AddColumn { column, .. } if column.fill.is_some() => "existing rows get its default",
            Self::AddColumn { .. } => "existing rows would have no value for it",
            Self::AddUnique { is_empty: true, .. } | Self::AddIndex { is_empty: true, .. } => "the table has no rows",
            Self::AddUnique { .. } => {
                "it fails when existing rows have equal values, and blocks writes while it is built"
            }
            Self::AddIndex { .. } => "it blocks writes while it is built",
            Self::AddReference { .. } => {
                "it fails when existing rows refer to nothing, and blocks writes while it looks"
            }
            Self::RenameTable { .. } | Self::RenameColumn { .. } => {
                "whoever uses the old name, the generation that serves included, no longer finds it"
            }
            Self::DropColumn { .. } => "the column's values are lost",
            Self::ChangeType { .. } => "values that the new type can't hold are lost",
            Self::ChangeNullable { nullable: true, .. } => "readers that expect a value can meet null",
            Self::ChangeNullable { .. } => "it fails when existing rows are null",
            Self::ChangeLabels { removed, .. } if removed.is_empty() => "its check is made anew, which reads every row",
            Self::ChangeLabels { .. } => "it fails when existing rows have a label that is removed",
            Self::ChangeLength { .. } => "it fails when existing values are longer, and can copy the table",
            Self::ChangeSequence { .. } => "the table is made anew",
            Self::ChangeKey { .. } => "whoever refers to a record by its key no longer finds it",
            Self::DropUnique { .. } => "equal values become possible",
            Self::DropIndex { .. } => "queries that use it read whole tables",
            Self::DropReference { .. } => "rows that refer to nothing become possible",
            Self::DropTable { .. } => "all of its rows are lost",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTable(table) => write_table(table, f),
            Self::AddColumn { table, column } => {
                write!(f, "add column {table}.{} {} {}", column.name, column.field_type, null_word(column))
            }
            Self::AddUnique { table, index, .. } => {
                write!(f, "add unique ({}) to {table}", names(&index.columns))
            }
            Self::AddIndex { table, index, .. } => write!(f, "add {} ({}) to {table}", index_word(index), index.on),
            Self::AddReference { table, reference } => write!(f, "add reference of {table}: {}", reference.to),
            Self::DropIndex { table, index } => write!(f, "drop {} ({}) of {table}", index_word(index), index.on),
            Self::DropReference { table, reference } => write!(f, "drop reference of {table}: {}", reference.to),
            Self::ChangeLabels { table, column, removed } if removed.is_empty() => {
                write!(f, "add labels to column {table}.{column}")
            }
            Self::ChangeLabels { table, column, removed } => {
                write!(f, "change the labels of column {table}.{column}, without {}", removed.join(", "))
            }
            Self::ChangeLength { table, column, length_max: Some(max) } => {
                write!(f, "let column {table}.{column} hold a length of {max}")
            }
            Self::ChangeLength { table, column, length_max: None } => {
                write!(f, "let column {table}.{column} hold any length")
            }
            Self::ChangeSequence { table, column, is_sequence } => {
                let by = if *is_sequence { "the database" } else { "callers" };
                write!(f, "let {by} number column {table}.{column}")
            }
            Self::RenameTable { from, to } => write!(f, "rename table {from} to {to}"),
            Self::RenameColumn { table, from, to } => write!(f, "rename column {table}.{from} to {to}"),
            Self::DropColumn { table, column } => write!(f, "drop column {table}.{}", column.name),
            Self::ChangeType { table, column, from, to } => {
                write!(f, "change column {table}.{column} from {from} to {to}")
            }
            Self::ChangeNullable { table, column, nullable } => {
                let to = if *nullable { "nullable" } else { "not null" };
                write!(f, "make column {table}.{column} {to}")
            }
            Self::ChangeKey { table, from, to } => {
                write!(f, "change the key of {table} from {} to {}", names(from), names(to))
            }
            Self::DropUnique { table, index } => {
                write!(f, "drop unique ({}) of {table}", names(&index.columns))
            }
            Self::DropTable { table } => write!(f, "drop table {table}"),
        }
    }
}

fn write_table(table: &Table, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let columns = table.columns.len();
    let s = if columns == 1 { "" } else { "s" };
    write!(f, "create table {} with {columns} column{s}", table.name)?;
    table.unique.iter().try_for_each(|index| write!(f, ", unique ({})", names(&index.columns)))?;
    table.indexes.iter().try_for_each(|index| write!(f, ", {} ({})", index_word(index), index.on))?;
    table.references.iter().try_for_each(|reference| write!(f, ", reference {}", reference.to))
}

fn null_word(column: &Column) -> &'static str {
    match (column.nullable, &column.fill) {
        (true, _) => "nullable",
        (false, Some(_)) => "not null with a default",
        (false, None) => "not null",
    }
}

fn names(columns: &[Ident]) -> String {
    columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

fn index_word(index: &Index) -> &'static str {
    if index.on.unique { "unique index" } else { "index" }
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
