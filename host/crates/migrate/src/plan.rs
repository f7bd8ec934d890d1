//! Migration plans: changes in an order that works, as text for people and as statements.

use model::Ident;
use sql::{
    DerivedName, Dialect, LiveTable, Place, PlanError, Statement, create_place, drop_column, drop_index,
    drop_reference, drop_table,
};

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

    /// The part of the plan whose statements are among the first so many of [`MigrationPlan::statements`].
    pub fn begun(mut self, statements: usize, place: &Place, dialect: Dialect) -> Result<Self, PlanError> {
        let mut before = 0;
        let mut kept = Vec::new();
        for change in std::mem::take(&mut self.changes) {
            if change.consent() != Consent::None {
                continue;
            }
            let own = change.statements(place, dialect)?.map_or(0, |statements| statements.len());
            if before < statements {
                kept.push(change);
            }
            before += own;
        }
        // References come behind everything else, each a statement of its own where there are any.
        let mut references = statements.saturating_sub(before);
        for change in &mut kept {
            if let Change::CreateTable(table) = change {
                let count = table.references.len().min(references);
                table.references.truncate(count);
                references -= count;
            }
        }
        Ok(Self { changes: kept })
    }

    /// The plan without what is not there of it, as somebody finds it who did not see it run.
    #[must_use]
    pub fn made(mut self, live: &[LiveTable], names: &[String], place: &Place) -> Self {
        let table = |name: &Ident| live.iter().find(|live| live.name == place.table(name.as_str()).1);
        let is_there = |name: &DerivedName| names.iter().any(|there| there == name.as_str());
        self.changes.retain_mut(|change| match change {
            Change::CreateTable(made) => {
                made.references.retain(|reference| is_there(&reference.name));
                table(&made.name).is_some()
            }
            Change::AddColumn { table: of, column } => {
                table(of).is_some_and(|live| live.has_column(column.name.as_str()))
            }
            Change::AddUnique { index, .. } => is_there(&index.name),
            Change::AddIndex { index, .. } => is_there(&index.name),
            _ => false,
        });
        self
    }

    /// What takes back the statements that ran, the last one first, where a database doesn't do that by itself.
    pub fn undo(&self, place: &Place, dialect: Dialect) -> Vec<Statement> {
        let applied = || self.changes.iter().rev().filter(|change| change.consent() == Consent::None);
        let references = applied().flat_map(|change| match change {
            Change::CreateTable(table) => table.references.iter().map(|one| (one, &table.name)).collect(),
            _ => Vec::new(),
        });
        let references = references.filter_map(|(one, table)| drop_reference(one, table, place, dialect));
        let rest = applied().filter_map(|change| {
            Some(match change {
                Change::CreateTable(table) => drop_table(&table.name, place, dialect),
                Change::AddColumn { table, column } => drop_column(&column.name, table, place, dialect),
                Change::AddUnique { table, index, .. } => drop_index(&index.name, table, place, dialect),
                Change::AddIndex { table, index, .. } => drop_index(&index.name, table, place, dialect),
                _ => return None,
            })
        });
        references.chain(rest).collect()
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
