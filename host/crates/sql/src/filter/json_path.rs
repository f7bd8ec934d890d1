//! Paths into JSON documents: `meta.address.city` is the key `city` of the object at key `address` of the field `meta`.
//!
//! A step is a key of an object and nothing else: it addresses no item of a list. Its characters are those that every
//! database reads alike, so that a path needs no escapes; it is bound like a value all the same.

/// Steps of a path, at most: documents nest no deeper on MariaDB, which reads 32 levels.
pub const PATH_STEPS_MAX: usize = 16;
/// Characters of one step, at most.
const STEP_LENGTH_MAX: usize = 100;

/// A place in the document of a json field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath {
    /// Position of the field.
    pub(super) field: usize,
    /// Keys, from the outside in; never empty.
    steps: Vec<String>,
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathProblem {
    TooManySteps(usize),
    Step(&'static str, String),
}

impl JsonPath {
    pub(super) fn parse(field: usize, text: &str) -> Result<Self, PathProblem> {
        let steps: Vec<&str> = text.split('.').collect();
        if steps.len() > PATH_STEPS_MAX {
            return Err(PathProblem::TooManySteps(steps.len()));
        }
        for step in &steps {
            check(step).map_err(|problem| PathProblem::Step(problem, (*step).to_owned()))?;
        }
        Ok(Self { field, steps: steps.into_iter().map(str::to_owned).collect() })
    }

    /// The keys, from the outside in.
    pub fn steps(&self) -> &[String] {
        &self.steps
    }

    /// The path as SQLite and MySQL read it: `$."address"."city"`.
    pub(super) fn quoted(&self) -> String {
        self.steps.iter().fold("$".to_owned(), |path, step| format!("{path}.\"{step}\""))
    }
}

fn check(step: &str) -> Result<(), &'static str> {
    if step.is_empty() || step.chars().nth(STEP_LENGTH_MAX).is_some() {
        return Err("is not of 1 to 100 characters");
    }
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    if !step.chars().all(is_plain) {
        return Err("has a character that is no letter, digit, `_`, `-` or space");
    }
    // MariaDB finds no key that begins so.
    if step.starts_with('-') {
        return Err("begins with `-`");
    }
    // PostgreSQL would take it for a position in a list.
    let digits = step.trim().trim_start_matches('-');
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is a number: items of lists have no path");
    }
    Ok(())
}
