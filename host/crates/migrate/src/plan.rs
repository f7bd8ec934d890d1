//! Migration plans: changes in an order that works, as text for people and as statements.

use sql::{Dialect, Place, PlanError, Statement, add_column, create_index, create_place, create_table};

use crate::{Change, Consent, Risk};

/// What has to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationPlan {
    /// In the order in which they run.
    pub changes: Vec<Change>,
}

impl MigrationPlan {
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

    /// The statements of the changes that need no consent, in order.
    pub fn statements(&self, place: &Place, dialect: Dialect) -> Result<Vec<Statement>, PlanError> {
        let mut statements: Vec<Statement> = create_place(place, dialect).into_iter().collect();
        for change in &self.changes {
            match change {
                Change::CreateTable(table) => {
                    statements.push(create_table(table, place, dialect)?);
                    let indexes = table.unique.iter();
                    statements.extend(indexes.map(|index| create_index(index, &table.name, place, dialect)));
                }
                Change::AddColumn { table, column } if column.nullable => {
                    statements.push(add_column(column, table, place, dialect)?);
                }
                Change::AddColumn { .. }
                | Change::AddUnique { .. }
                | Change::DropColumn { .. }
                | Change::ChangeType { .. }
                | Change::ChangeNullable { .. }
                | Change::ChangeKey { .. }
                | Change::DropUnique { .. }
                | Change::DropTable { .. } => {}
            }
        }
        Ok(statements)
    }
}
