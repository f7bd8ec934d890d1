//! Replaces what differs from run to run in a text that is compared.
//!
//! Only what can't be the same twice: ids, times, ports, folders, digests. Invariant: a text is replaced as a whole, so
//! that a wrong one does not look right.

use regex::Regex;

/// Patterns of what the program makes itself, and what stands for each.
const PATTERNS: [(&str, &str); 9] = [
    (r"mh_[0-9a-f]{12}_[0-9a-f]{64}", "[key]"),
    (r"\b[0-9a-f]{64}\b", "[digest]"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[uuid]"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "[time]"),
    (r"\b(key|plugin) `[0-9a-f]{12}`", "$1 `[id]`"),
    (r"\bplugin(:?) [0-9a-f]{12}\b", "plugin$1 [id]"),
    (r"\bbyte \d+ of \d+", "byte [n] of [n]"),
    (r"\blongest_holder_ms \d+", "longest_holder_ms [n]"),
    (r"\b(127\.0\.0\.1|0\.0\.0\.0):\d{5}\b", "$1:[port]"),
];

/// What is replaced by what.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    texts: Vec<(String, String)>,
}

impl Filters {
    /// What the program makes itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces a text before the patterns are looked for.
    pub fn hide(mut self, text: &str, replacement: &str) -> Self {
        self.texts.push((text.to_owned(), replacement.to_owned()));
        self
    }

    /// The text as it is compared.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (found, replacement) in &self.texts {
            text = text.replace(found, replacement);
        }
        for (pattern, replacement) in PATTERNS {
            let pattern = Regex::new(pattern).expect("the patterns are constant");
            text = pattern.replace_all(&text, replacement).into_owned();
        }
        text
    }
}
