//! Where `validate` says what is wrong.
//!
//! Collects; decides nothing. Whether a finding refuses the record is its severity's matter and the host's. Ready-made
//! checks are in `checkers`.

use crate::wire::{Operation, Scalar, Severity, Violation};
use crate::{Field, SeesBefore};

/// The record under judgement, as `validate` gets it beside `self`.
#[derive(Debug)]
pub struct Check<M> {
    operation: Operation,
    before: Option<M>,
    violations: Vec<Violation>,
}

/// A finding that was just made, for adding parameters to it.
#[derive(Debug)]
pub struct Finding<'a>(&'a mut Violation);

impl<M> Check<M> {
    pub(crate) fn new(operation: Operation, before: Option<M>) -> Self {
        Self { operation, before, violations: Vec::new() }
    }

    /// Refuses the record because of one field.
    ///
    /// The code is for programs and stays as it is: `[a-z][a-z0-9.-]*`, at most 64 bytes. The message is one sentence for
    /// people, at most 1 KiB. It must not hold what the caller may not read.
    pub fn refuse(&mut self, field: Field<M>, code: &'static str, message: impl Into<String>) -> Finding<'_> {
        self.note(Some(field), code, message.into(), Severity::Error)
    }

    /// Refuses the record as a whole.
    pub fn refuse_record(&mut self, code: &'static str, message: impl Into<String>) -> Finding<'_> {
        self.note(None, code, message.into(), Severity::Error)
    }

    /// Accepts the record and tells the caller something about one field.
    pub fn warn(&mut self, field: Field<M>, code: &'static str, message: impl Into<String>) -> Finding<'_> {
        self.note(Some(field), code, message.into(), Severity::Warning)
    }

    /// What is being done with the record.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The record as it was; none except in an update. Needs `#[hooks(before)]`.
    pub fn before(&self) -> Option<&M>
    where
        M: SeesBefore,
    {
        self.before.as_ref()
    }

    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    fn note(&mut self, field: Option<Field<M>>, code: &str, message: String, severity: Severity) -> Finding<'_> {
        let field = field.map(Field::position);
        let violation = Violation { index: 0, field, code: code.to_owned(), message, parameters: Vec::new(), severity };
        Finding(self.violations.push_mut(violation))
    }
}

impl Finding<'_> {
    /// Adds a value that the message was made of, so that a caller can write it in another language. At most 16.
    pub fn with(self, name: &str, value: impl Into<Scalar>) -> Self {
        self.0.parameters.push((name.to_owned(), value.into()));
        self
    }
}
