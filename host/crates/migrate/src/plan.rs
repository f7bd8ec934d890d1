//! Migration plans: changes in an order that works, as text for people and as statements.

use model::Ident;
use sql::{Dialect, Place, PlanError, Statement, create_place};

use crate::{Change, Consent, Risk};

/// What has to change.
#[derive(Debug, Clone, PartialEq)]
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

    /// Two lines for each change: what; risk, why, and whether a deploy applies it.
    pub fn to_text(&self) -> String {
        self.lines(|change| match change.consent() {
            Consent::None => "; applied by a deploy",
            Consent::Approval => "; not applied by a deploy: it needs an approved plan",
            Consent::Loss => "; not applied by a deploy: it needs a consent that names what is lost",
        })
    }

    /// As [`MigrationPlan::to_text`], where deploys apply nothing.
    pub fn to_text_by_hand(&self) -> String {
        self.lines(|_| "")
    }

    fn lines(&self, end: impl Fn(&Change) -> &'static str) -> String {
        let line = |(at, change): (usize, &Change)| {
            format!("{}. {change}\n   risk {}: {}{}", at + 1, change.risk(), change.reason(), end(change))
        };
        self.changes.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The plan, knowing which tables have no rows: an index on such a table is as harmless as on a new one.
    #[must_use]
    pub fn with_empty(mut self, empty: &[Ident]) -> Self {
        for change in &mut self.changes {
            if let Change::AddUnique { table, is_empty, .. } | Change::AddIndex { table, is_empty, .. } = change {
                *is_empty = empty.contains(table);
            }
        }
        self
    }

    /// The tables of which it matters whether they have rows.
    pub fn asks_about(&self) -> Vec<&Ident> {
        let table = |change| match change {
            &Change::AddUnique { ref table, .. } | &Change::AddIndex { ref table, .. } => Some(table),
            _ => None,
        };
        let mut tables: Vec<&Ident> = self.changes.iter().filter_map(table).collect();
        tables.sort();
        tables.dedup();
        tables
    }

    /// The statements of the changes that need no consent, in order: tables, then what refers from one to another. The place
    /// itself is there already.
    pub fn statements(&self, place: &Place, dialect: Dialect) -> Result<Vec<Statement>, PlanError> {
        let mut statements = Vec::new();
        let applied = || self.changes.iter().filter(|change| change.consent() == Consent::None);
        for change in applied() {
            statements.extend(change.statements(place, dialect)?.unwrap_or_default());
        }
        statements.extend(applied().flat_map(|change| change.references(place, dialect)));
        Ok(statements)
    }

    /// The plan as SQL, for whoever runs it by hand. A change that no single statement makes is a comment.
    pub fn to_sql(&self, place: &Place, dialect: Dialect) -> String {
        let mut lines = Vec::new();
        let mut add = |statement: Statement| lines.push(format!("{};", statement.text.as_str()));
        create_place(place, dialect).into_iter().for_each(&mut add);
        let mut unable = Vec::new();
        for change in &self.changes {
            match change.statements(place, dialect) {
                Ok(Some(statements)) => statements.into_iter().for_each(&mut add),
                Ok(None) | Err(_) => unable.push(format!("-- {change}: no single statement does that here")),
            }
        }
        self.changes.iter().flat_map(|change| change.references(place, dialect)).for_each(&mut add);
        lines.extend(unable);
        lines.join("\n")
    }
}
