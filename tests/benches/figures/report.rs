//! The rows as they come, and what is asked for.
//!
//! Prints a row when it is there, because a run takes minutes. Invariant: what was not measured is said.

use std::path::Path;

use anyhow::{Context, Result};

use crate::figure::Figure;

/// The rows so far.
#[derive(Debug)]
pub(crate) struct Report {
    /// Only rows whose name has this in it.
    only: Option<String>,
    rows: Vec<Figure>,
    missing: Vec<String>,
}

impl Report {
    pub(crate) fn new(only: Option<String>) -> Self {
        Self { only, rows: Vec::new(), missing: Vec::new() }
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| name.contains(only))
    }

    /// Those whose rows are asked for.
    pub(crate) fn wanted<T: Copy>(&self, all: impl IntoIterator<Item = T>, name: fn(T) -> &'static str) -> Vec<T> {
        all.into_iter().filter(|one| self.wants(name(*one))).collect()
    }

    pub(crate) fn add(&mut self, row: Figure) {
        if self.rows.is_empty() {
            println!("{}", Figure::heading());
        }
        println!("{row}");
        self.rows.push(row);
    }

    /// Rows that can't be measured here, and why.
    pub(crate) fn miss(&mut self, why: String) {
        println!("!!! MISSING: {why}");
        self.missing.push(why);
    }

    /// One array, one row on each line.
    pub(crate) fn write_json(&self, file: &Path) -> Result<()> {
        let rows: Vec<String> = self.rows.iter().map(|row| row.to_json().to_string()).collect();
        std::fs::write(file, format!("[\n{}\n]\n", rows.join(",\n"))).with_context(|| file.display().to_string())
    }

    /// The last lines.
    pub(crate) fn conclude(&self) -> Conclusion {
        let failing = self.rows.iter().filter(|row| !row.holds()).count();
        println!("\n{} rows, of which {failing} do not hold their target", self.rows.len());
        for why in &self.missing {
            println!("!!! MISSING: {why}");
        }
        Conclusion { all_hold: failing == 0, all_there: self.missing.is_empty() }
    }
}

/// How it went.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conclusion {
    pub(crate) all_hold: bool,
    pub(crate) all_there: bool,
}
