//! Jobs: whole pieces of work for a database, so that it can decide how to run them.
//!
//! A job is one statement, or several that all happen or none. It is complete before it starts; whoever must look at rows
//! before deciding what comes next holds a [`crate::Transaction`].

use std::fmt;

use model::Row;
use sql::Statement;

use crate::StoreError;

/// Work for a database.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    steps: Vec<Step>,
    is_atomic: bool,
}

/// One statement of a job and what it has to find.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What to run.
    pub statement: Statement,
    /// How many rows it may answer or change.
    pub expect: Expect,
}

/// How many rows a statement may answer; of one that answers none, how many it may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Any number.
    Any,
    /// None or one.
    AtMostOne,
    /// One.
    ExactlyOne,
}

/// What a statement answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The rows, as wide as the statement's columns.
    pub rows: Vec<Row>,
    /// Rows that were written; 0 for a statement that only reads.
    pub affected: u64,
    /// The first key that the database made for what was inserted; only of MySQL, where no statement can answer it.
    pub generated: Option<i64>,
}

/// What a statement does to a database, by its first word. The texts are `sql`'s own, so that the word is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Changes nothing, and may run twice.
    Read,
    /// Writes rows.
    Write,
    /// Everything else: tables, indexes, schemas. Runs once, so that keeping it prepared is a waste.
    Schema,
}

impl Job {
    /// One statement, without a transaction around it.
    pub fn one(statement: Statement) -> Self {
        let step = Step { statement, expect: Expect::Any };
        Self { steps: vec![step], is_atomic: false }
    }

    /// Statements that all happen or none. On MySQL, which takes back no schema change, a job that has one runs as far as it
    /// can.
    pub fn atomic(statements: Vec<Statement>) -> Self {
        let step = |statement| Step { statement, expect: Expect::Any };
        Self::steps(statements.into_iter().map(step).collect())
    }

    /// Statements that all happen or none; when one finds what it must not, none happens.
    pub fn steps(steps: Vec<Step>) -> Self {
        Self { steps, is_atomic: true }
    }

    /// What the last statement has to find.
    ///
    /// A write that is a job of its own has happened when the count is known; make it [`Job::atomic`] where it must not.
    #[must_use]
    pub fn expecting(mut self, expect: Expect) -> Self {
        if let Some(step) = self.steps.last_mut() {
            step.expect = expect;
        }
        self
    }

    pub(crate) fn all_steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it needs `BEGIN` and `COMMIT`: one statement whose count doesn't matter is atomic by itself, unless it is
    /// repeated.
    pub(crate) fn needs_transaction(&self) -> bool {
        match self.steps.as_slice() {
            [] => false,
            [step] => step.is_repeated() || (self.is_atomic && step.expect != Expect::Any),
            _ => self.is_atomic,
        }
    }

    pub(crate) fn only_reads(&self) -> bool {
        self.steps.iter().all(|step| Access::of(&step.statement) == Access::Read)
    }

    pub(crate) fn has_repeats(&self) -> bool {
        self.steps.iter().any(Step::is_repeated)
    }

    pub(crate) fn has_schema_change(&self) -> bool {
        self.steps.iter().any(|step| Access::of(&step.statement) == Access::Schema)
    }
}

impl Step {
    /// Whether the statement runs once for each of several rows of binds.
    pub(crate) fn is_repeated(&self) -> bool {
        self.statement.repeats.is_some()
    }

    /// Whether the answer is what was expected.
    pub(crate) fn check(&self, rows: &Rows) -> Result<(), StoreError> {
        let found = match self.statement.columns.is_empty() {
            true => rows.affected,
            false => rows.rows.len() as u64,
        };
        let fits = match self.expect {
            Expect::Any => true,
            Expect::AtMostOne => found <= 1,
            Expect::ExactlyOne => found == 1,
        };
        match fits {
            true => Ok(()),
            false => Err(StoreError::Unexpected { expected: self.expect, found }),
        }
    }
}

impl Access {
    pub(crate) fn of(statement: &Statement) -> Self {
        let text = statement.text.as_str();
        match text.split_ascii_whitespace().next() {
            Some("SELECT") => Self::Read,
            Some("INSERT" | "UPDATE" | "DELETE" | "WITH") => Self::Write,
            Some(_) | None => Self::Schema,
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any number of rows",
            Self::AtMostOne => "at most one row",
            Self::ExactlyOne => "exactly one row",
        })
    }
}
