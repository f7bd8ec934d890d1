//! What is wrong with a manifest, collected under the place where it is.
//!
//! Not for values and requests, which have errors of their own. Every text of a plugin that ends up here is escaped and
//! cut, and there are never more than [`PROBLEMS_MAX`] problems.

use crate::{Ident, IdentError};

/// Everything that is wrong with a manifest.
pub type Problems = Vec<DefinitionProblem>;

/// One thing that is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct DefinitionProblem {
    /// `model `customer`, field `email``.
    pub place: String,
    /// What was found.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Problems that are told at once, at most: nobody reads more, and 40,000 wrong fields would fill the memory.
const PROBLEMS_MAX: usize = 100;

/// Collects problems under a place.
pub(crate) struct Scope<'a> {
    problems: &'a mut Problems,
    place: String,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(problems: &'a mut Problems, place: impl Into<String>) -> Self {
        Self { problems, place: place.into() }
    }

    /// A place beside this one.
    pub(crate) fn at(&mut self, place: impl Into<String>) -> Scope<'_> {
        Scope::new(self.problems, place)
    }

    /// A place in this one.
    pub(crate) fn within(&mut self, place: &str) -> Scope<'_> {
        let place = format!("{}, {place}", self.place);
        self.at(place)
    }

    pub(crate) fn problem(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            let (message, hint) = (message.into(), hint.into());
            self.problems.push(DefinitionProblem { place: self.place.clone(), message, hint });
        }
    }

    /// Refuses more than `max` of something.
    pub(crate) fn at_most(&mut self, max: usize, what: &str, found: usize, hint: &str) {
        if found > max {
            self.problem(format!("{found} {what}, at most {max} are allowed"), hint);
        }
    }

    pub(crate) fn ident(&mut self, what: &str, name: &str) -> Option<Ident> {
        match Ident::new(name) {
            Ok(ident) => Some(ident),
            Err(error) => {
                self.problem(format!("{what}: {error}"), name_hint(&error));
                None
            }
        }
    }
}

/// The name as far as it can be printed, or the position where there is none.
pub(crate) fn quoted(name: &str, position: usize) -> String {
    if name.is_empty() {
        return format!("number {position}");
    }
    let text: String = name.chars().take(64).flat_map(char::escape_debug).collect();
    format!("`{text}`")
}

fn name_hint(error: &IdentError) -> String {
    match error.closest() {
        Some(closest) => format!("write `{closest}`"),
        None => format!("write a-z, 0-9 and `_`, a letter first, at most {} bytes", Ident::BYTES_MAX),
    }
}
