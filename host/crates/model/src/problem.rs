//! Problems: errors as data, for whoever has to act on them.
//!
//! A [`Problem`] holds only what its reader may see. What only the operator may read (a driver's text, SQL) stays in the
//! error it came from and goes to the log.

use crate::{Blame, Code};

/// An error that can tell a reader what to do.
pub trait Describe: std::error::Error {
    /// The stable code.
    fn code(&self) -> Code;

    /// What to do or to type instead, most likely first.
    fn solutions(&self) -> Vec<String> {
        Vec::new()
    }

    /// Named facts: `("model", "customer")`.
    fn context(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// A corrected input, where one can be computed.
    fn example(&self) -> Option<String> {
        None
    }
}

/// An error as its reader sees it. A value, not an error type: renderers turn it into text and JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// Named facts.
    pub context: Vec<(String, String)>,
    /// Why, outermost first.
    pub cause: Vec<String>,
    /// What to do, most likely first.
    pub solutions: Vec<String>,
    /// A corrected input.
    pub example: Option<String>,
    /// Where several things are wrong at once: each of them. Empty when this is the only one.
    pub parts: Vec<Problem>,
}

impl Problem {
    /// The problem that an error describes, with its causes.
    pub fn of(error: &dyn Describe) -> Self {
        let mut cause = Vec::new();
        let mut source = error.source();
        while let Some(inner) = source {
            cause.push(inner.to_string());
            source = inner.source();
        }
        Self {
            code: error.code(),
            message: error.to_string(),
            context: error.context().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            cause,
            solutions: error.solutions(),
            example: error.example(),
            parts: Vec::new(),
        }
    }

    /// A problem that only has a message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            context: Vec::new(),
            cause: Vec::new(),
            solutions: Vec::new(),
            example: None,
            parts: Vec::new(),
        }
    }

    /// One problem for several things that are wrong at once: the first one's code, all of them as parts.
    ///
    /// # Panics
    /// When `parts` is empty: then nothing is wrong.
    pub fn several(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let code = parts.first().expect("at least one problem").code;
        Self { message: format!("{} things are wrong", parts.len()), parts, ..Self::new(code, String::new()) }
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        self.code.blame()
    }

    /// With one more fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.context.push((name.to_owned(), value.into()));
        self
    }

    /// With one more way out.
    #[must_use]
    pub fn solution(mut self, text: impl Into<String>) -> Self {
        self.solutions.push(text.into());
        self
    }
}
