//! Violations: reasons why a record is refused or doubtful.
//!
//! The same type whether a declared constraint, a guest or the database found it, so that a caller has one shape to read.
//! It never carries another record's values.

use crate::Value;

/// A reason why a record is refused or doubtful.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Position of the record in the batch.
    pub index: usize,
    /// Position of the field; none when the record as a whole is meant.
    pub field: Option<usize>,
    /// Stable, for programs.
    pub code: String,
    /// One sentence, for people.
    pub message: String,
    /// What the message was made of.
    pub parameters: Vec<(String, Value)>,
    /// Refused or doubtful.
    pub severity: Severity,
}

/// How a violation is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The record is refused.
    Error,
    /// The record is accepted and the caller is told.
    Warning,
}

impl Severity {
    /// The word for it in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}
