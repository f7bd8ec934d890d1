//! What an operation of the test kit found.
//!
//! Names fields instead of positions. Panics where the host would blame the plugin for what it said.

use crate::row::Row;
use crate::wire::{self, Scalar, Severity};
use crate::{Cell, Hooks, Model};

const CODE_BYTES_MAX: usize = 64;
const MESSAGE_BYTES_MAX: usize = 1024;
const PARAMETERS_MAX: usize = 16;

/// The outcome of an operation of the test kit.
#[derive(Debug)]
pub struct Report<M> {
    /// The record as it would be written.
    pub record: M,
    /// Everything that was found.
    pub violations: Vec<Violation>,
}

/// A reason why a record is refused or doubtful.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Name of the field; none when the record as a whole is meant.
    pub field: Option<&'static str>,
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// What the message was made of.
    pub parameters: Vec<(String, Scalar)>,
    /// Refused or doubtful.
    pub severity: Severity,
}

impl<M: Hooks> Report<M> {
    #[track_caller]
    pub(crate) fn new(row: &Row, violations: Vec<wire::Violation>) -> Self {
        let record = match M::from_cells(row.iter().map(Cell::from)) {
            Ok(record) => record,
            Err(unfit) => panic!("`{}`: {unfit}", M::DEFINITION.name),
        };
        let violations = violations.into_iter().map(named::<M>).collect();
        Self { record, violations }
    }
}

impl<M> Report<M> {
    /// Panics unless the record is accepted. Warnings don't matter.
    #[track_caller]
    pub fn assert_accepted(&self) -> &Self {
        let refusals: Vec<_> = self.of(Severity::Error).collect();
        assert!(refusals.is_empty(), "the record is refused:\n{}", list(&refusals));
        self
    }

    /// Panics unless the record is refused because of `field` with `code`. The field is a name, or `None` for the record
    /// as a whole.
    #[track_caller]
    pub fn assert_refused_with<'a>(&self, field: impl Into<Option<&'a str>>, code: &str) -> &Self {
        self.assert_found(Severity::Error, field.into(), code)
    }

    /// Panics unless there is a warning about `field` with `code`.
    #[track_caller]
    pub fn assert_warned_with<'a>(&self, field: impl Into<Option<&'a str>>, code: &str) -> &Self {
        self.assert_found(Severity::Warning, field.into(), code)
    }

    #[track_caller]
    fn assert_found(&self, severity: Severity, field: Option<&str>, code: &str) -> &Self {
        let found = self.of(severity).any(|violation| violation.field == field && violation.code == code);
        let all: Vec<_> = self.violations.iter().collect();
        let place = field.unwrap_or("the record");
        assert!(found, "nothing says `{code}` about {place}; found:\n{}", list(&all));
        self
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(move |violation| violation.severity == severity)
    }
}

#[track_caller]
fn named<M: Model>(violation: wire::Violation) -> Violation {
    let wire::Violation { field, code, message, parameters, severity, .. } = violation;
    assert!(
        is_code(&code),
        "`{code}` is not a code: lower-case letters, digits, `.` and `-`, beginning with a letter, at most 64 bytes"
    );
    assert!(message.len() <= MESSAGE_BYTES_MAX, "the message of `{code}` has more than {MESSAGE_BYTES_MAX} bytes");
    assert!(parameters.len() <= PARAMETERS_MAX, "`{code}` has more than {PARAMETERS_MAX} parameters");
    let field = field.map(|position| M::DEFINITION.fields[position as usize].name);
    Violation { field, code, message, parameters, severity }
}

fn is_code(code: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    code.len() <= CODE_BYTES_MAX && code.starts_with(|c: char| c.is_ascii_lowercase()) && code.bytes().all(allowed)
}

fn list(violations: &[&Violation]) -> String {
    let lines = violations.iter().map(|violation| {
        let field = violation.field.unwrap_or("record");
        format!("  {field}: {} ({})", violation.code, violation.message)
    });
    match violations {
        [] => "  nothing".to_owned(),
        _ => lines.collect::<Vec<_>>().join("\n"),
    }
}
