//! Migration plans: changes in an order that works, as text for people and as statements.

use sql::{
    Dialect, Place, PlanError, Statement, add_column, add_reference, create_index, create_place, create_table,
    create_unique_index, drop_column, drop_reference, drop_table,
};

use crate::{Change, Consent, Risk};

/// What has to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationPlan {
    /// In the order in which they run.
    pub changes: Vec<Change>,
}

impl MigrationPlan {
    /// The plan without what a database needs no change for: only MySQL's columns are as wide as the longest value.
    #[must_use]
    pub fn on(mut self, dialect: Dialect) -> Self {
        self.changes.retain(|change| match change {
            Change::ChangeLength { .. } => dialect == Dialect::Mysql,
            _ => true,
        });
        self
    }

    /// Whether nothing has to change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes that activation may not apply by itself.
    pub fn refused(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.consent() != Consent::None)
    }

    /// The highest risk of all changes.
    pub fn risk(&self) -> Risk {
        self.changes.iter().map(Change::risk).max().unwrap_or(Risk::Low)
    }

    /// One line for each change: what, risk, consent, why.
    pub fn to_text(&self) -> String {
        let line = |(at, change): (usize, &Change)| {
            let consent = match change.consent() {
                Consent::None => "applied by a deploy",
                Consent::Approval => "not applied by a deploy: it needs an approved plan",
                Consent::Loss => "not applied by a deploy: it needs a consent that names what is lost",
            };
            format!("{}. {change}\n   risk {}: {}; {consent}", at + 1, change.risk(), change.reason())
        };
        self.changes.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The statements of the changes that need no consent, in order: tables, then what refers from one to another.
    pub fn statements(&self, place: &Place, dialect: Dialect) -> Result<Vec<Statement>, PlanError> {
        let mut statements: Vec<Statement> = create_place(place, dialect).into_iter().collect();
        let mut references = Vec::new();
        for change in &self.changes {
            match change {
                Change::CreateTable(table) => {
                    statements.push(create_table(table, place, dialect)?);
                    let unique = table.unique.iter();
                    statements.extend(unique.map(|index| create_unique_index(index, &table.name, place, dialect)));
                    for index in &table.indexes {
                        statements.push(create_index(index, &table.name, place, dialect)?);
                    }
                    let of_table = table.references.iter();
                    references.extend(of_table.filter_map(|one| add_reference(one, &table.name, place, dialect)));
                }
                change if change.consent() != Consent::None => {}
                Change::AddColumn { table, column } => statements.push(add_column(column, table, place, dialect)?),
                _ => {}
            }
        }
        statements.extend(references);
        Ok(statements)
    }

    /// What takes back the statements that ran, the last one first, where a database doesn't do that by itself.
    pub fn undo(&self, place: &Place, dialect: Dialect) -> Vec<Statement> {
        let mut references = Vec::new();
        let mut tables = Vec::new();
        for change in self.changes.iter().rev() {
            match change {
                Change::CreateTable(table) => {
                    let of_table = table.references.iter();
                    references.extend(of_table.filter_map(|one| drop_reference(one, &table.name, place, dialect)));
                    tables.push(drop_table(&table.name, place, dialect));
                }
                Change::AddColumn { table, column } if change.consent() == Consent::None => {
                    tables.push(drop_column(&column.name, table, place, dialect));
                }
                _ => {}
            }
        }
        references.into_iter().chain(tables).collect()
    }
}
