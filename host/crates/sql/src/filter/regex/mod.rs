//! Regular expressions that mean the same everywhere.
//!
//! The databases' own languages differ (`\b`, `.` and a newline, `\d` and Unicode), so a pattern is read here, refused where
//! it has anything outside of the published subset, and written anew for each database from the tree: every set of
//! characters as explicit ranges, every character but letters and digits as an escape. Whoever runs the pattern decides
//! nothing.
//!
//! The size is bounded after repeats are written out, because PostgreSQL needs seconds for a short pattern of nested counts.

mod parse;
mod print;
mod size;

use std::fmt;
use std::sync::OnceLock;

use regex_syntax::hir::ClassUnicode;

use crate::Dialect;

pub(super) use parse::Refusal;
pub(super) use print::escape;

/// Bytes of a pattern as written, at most: it is parsed before its size is known.
pub const REGEX_BYTES_MAX: usize = 1_000;
/// Characters, and ranges of characters in classes, after repeats are written out, at most: MariaDB compiles to no more than
/// 64 KiB, and a class takes 40 bytes and more.
pub const REGEX_SIZE_MAX: usize = 1_000;
/// Ways from one character of a pattern to the next after repeats are written out, at most: PostgreSQL compiles 20,000 in
/// about 100 ms and 500,000 in 15 seconds.
pub const REGEX_STEPS_MAX: usize = 20_000;
/// Bytes that a compiled pattern takes in memory, at most. The limits above keep it under a tenth of this.
const COMPILED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A pattern that a text matches somewhere, or not at all.
#[derive(Clone)]
pub struct Regex {
    root: Node,
    compiled: OnceLock<regex::Regex>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    /// Nothing, which is everywhere.
    Empty,
    /// Before the first character.
    Start,
    /// Behind the last character.
    End,
    /// One of these characters; never none.
    Class(ClassUnicode),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
    },
}

impl Regex {
    /// Reads a pattern; with `folds`, characters that differ in case only are equal.
    pub(super) fn parse(pattern: &str, case: super::like::Case) -> Result<Self, Refusal> {
        Ok(Self { root: parse::parse(pattern, case)?, compiled: OnceLock::new() })
    }

    /// Whether the pattern is somewhere in the text; takes linear time.
    pub fn is_match(&self, text: &str) -> bool {
        let compile =
            || compile_regex(&self.to_text(Dialect::Sqlite)).expect("a pattern that was read is within the limits");
        self.compiled.get_or_init(compile).is_match(text)
    }

    /// The pattern in a database's language.
    pub(super) fn to_text(&self, dialect: Dialect) -> String {
        print::to_text(&self.root, dialect)
    }

    /// A pattern that matches every text which this one does not match.
    pub(super) fn to_complement(&self) -> String {
        format!("(?s)\\A(?!.*?{})", print::to_group(&self.root, Dialect::Mysql))
    }
}

/// The engine behind SQLite's `REGEXP`, for a text that [`crate::render`] bound.
pub fn compile_regex(text: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(text).size_limit(COMPILED_BYTES_MAX).build()
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

/// What it means, whether or not it was used already.
impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regex({:?})", self.to_text(Dialect::Sqlite))
    }
}
