//! A JSON document as text.
//!
//! The SDK neither parses nor writes JSON: a plugin that looks inside brings the library of its choice. The host refuses
//! what is not one document.

use std::fmt;

/// One JSON document, as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Json(pub String);

impl Json {
    /// The document's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
