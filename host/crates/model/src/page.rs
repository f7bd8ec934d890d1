//! The page behind each error code.

use crate::Code;

/// What `modelhost explain CODE` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// What the code means, in one or two sentences.
    pub meaning: &'static str,
}

impl Code {
    /// The page of the code.
    pub fn page(self) -> Page {
        Page { meaning: "" }
    }
}
