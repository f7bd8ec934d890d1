//! What the statements of a plan make, one thing for each statement, as a journal keeps it.
//!
//! Whoever finds a journal after a crash knows the names of what may be there, and nothing else of the plan.

use std::fmt;

use model::{Ident, NamespaceName};
use sql::{DerivedName, Dialect, LiveTable, Place, Statement, drop_column, drop_index, drop_reference, drop_table};

use crate::{Change, Consent, MigrationPlan};

/// One thing that a statement makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A table.
    Table(Ident),
    /// A column.
    Column {
        /// The table.
        table: Ident,
        /// The column.
        column: Ident,
        /// Whether the rows that were there got a value.
        filled: bool,
    },
    /// An index.
    Index {
        /// The table.
        table: Ident,
        /// Its name.
        name: DerivedName,
    },
    /// A reference.
    Reference {
        /// The table.
        table: Ident,
        /// Its name.
        name: DerivedName,
    },
}

impl MigrationPlan {
    /// What each of the plan's statements makes ([`MigrationPlan::statements`]).
    pub fn makes(&self, dialect: Dialect) -> Vec<Made> {
        let applied = || self.changes.iter().filter(|change| change.consent() == Consent::None);
        let mut made = Vec::new();
        for change in applied() {
            match change {
                Change::CreateTable(table) => {
                    made.push(Made::Table(table.name.clone()));
                    let unique = table.unique.iter().map(|index| &index.name);
                    let names = unique.chain(table.indexes.iter().map(|index| &index.name));
                    made.extend(names.map(|name| Made::Index { table: table.name.clone(), name: name.clone() }));
                }
                Change::AddColumn { table, column } => made.push(Made::Column {
                    table: table.clone(),
                    column: column.name.clone(),
                    filled: column.fill.is_some(),
                }),
                Change::AddUnique { table, index, .. } => {
                    made.push(Made::Index { table: table.clone(), name: index.name.clone() });
                }
                Change::AddIndex { table, index, .. } => {
                    made.push(Made::Index { table: table.clone(), name: index.name.clone() });
                }
                _ => {}
            }
        }
        if dialect != Dialect::Sqlite {
            for change in applied() {
                let Change::CreateTable(table) = change else { continue };
                let names = table.references.iter().map(|reference| &reference.name);
                made.extend(names.map(|name| Made::Reference { table: table.name.clone(), name: name.clone() }));
            }
        }
        made
    }
}

impl Made {
    /// A line of a journal.
    pub fn to_line(&self) -> String {
        match self {
            Self::Table(table) => format!("table {table}"),
            Self::Column { table, column, filled: false } => format!("column {table} {column}"),
            Self::Column { table, column, filled: true } => format!("filled-column {table} {column}"),
            Self::Index { table, name } => format!("index {table} {}", name.as_str()),
            Self::Reference { table, name } => format!("reference {table} {}", name.as_str()),
        }
    }

    /// What a line stands for.
    pub fn from_line(line: &str, namespace: &NamespaceName) -> Option<Self> {
        let ident = |word: &str| Ident::new(word).ok();
        let name = |word: &str| DerivedName::read(word, namespace);
        Some(match line.split(' ').collect::<Vec<_>>()[..] {
            ["table", table] => Self::Table(ident(table)?),
            ["column", table, column] => Self::Column { table: ident(table)?, column: ident(column)?, filled: false },
            ["filled-column", table, column] => {
                Self::Column { table: ident(table)?, column: ident(column)?, filled: true }
            }
            ["index", table, index] => Self::Index { table: ident(table)?, name: name(index)? },
            ["reference", table, reference] => Self::Reference { table: ident(table)?, name: name(reference)? },
            _ => return None,
        })
    }

    /// Whether the database has it.
    pub fn is_there(&self, live: &[LiveTable], names: &[String], place: &Place) -> bool {
        let table = |name: &Ident| LiveTable::named(name, place, live);
        match self {
            Self::Table(name) => table(name).is_some(),
            Self::Column { table: of, column, .. } => table(of).is_some_and(|live| live.has_column(column.as_str())),
            Self::Index { name, .. } | Self::Reference { name, .. } => names.iter().any(|there| there == name.as_str()),
        }
    }

    /// The statement that takes it back.
    pub fn undo(&self, place: &Place, dialect: Dialect) -> Option<Statement> {
        match self {
            Self::Table(table) => Some(drop_table(table, place, dialect)),
            Self::Column { table, column, .. } => Some(drop_column(column, table, place, dialect)),
            Self::Index { table, name } => Some(drop_index(name, table, place, dialect)),
            Self::Reference { table, name } => drop_reference(name, table, place, dialect),
        }
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(f, "table {table}"),
            Self::Column { table, column, .. } => write!(f, "column {table}.{column}"),
            Self::Index { table, name } => write!(f, "index {} of {table}", name.as_str()),
            Self::Reference { table, name } => write!(f, "reference {} of {table}", name.as_str()),
        }
    }
}
