//! One row of the figures: what was measured, beside what, and whether it is good enough.
//!
//! Prints and writes rows; measures nothing. Invariant: a row judges the median of its rounds and shows their spread.

use std::fmt;

use serde_json::{Value, json};

use crate::compare::{Comparison, Spread};

/// A row.
#[derive(Debug)]
pub(crate) struct Figure {
    name: String,
    database: &'static str,
    unit: &'static str,
    ours: Spread,
    bare: Option<Spread>,
    ratio: Option<Spread>,
    difference: Option<Spread>,
    target: Target,
}

/// What a row has to keep to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// Ours is at most so many times the bare one.
    Times(f64),
    /// Ours is at most so much more than the bare one, in the row's unit.
    More(f64),
    /// Ours is at most this.
    AtMost(f64),
    /// Ours is less than this.
    Under(f64),
    /// Ours, a rate, is at least so many times the bare one.
    AtLeast(f64),
    /// Nothing: the row is there to be looked at.
    Nothing,
}

impl Figure {
    /// A row with a bare program beside it.
    pub(crate) fn beside(
        name: impl Into<String>,
        database: &'static str,
        measured: &Comparison,
        target: Target,
    ) -> Self {
        Self {
            name: name.into(),
            database,
            unit: measured.unit(),
            ours: measured.ours(),
            bare: Some(measured.bare()),
            ratio: Some(measured.ratio()),
            difference: Some(measured.difference()),
            target,
        }
    }

    /// A row of its own.
    pub(crate) fn alone(
        name: impl Into<String>,
        database: &'static str,
        (ours, unit): (Spread, &'static str),
        target: Target,
    ) -> Self {
        Self { name: name.into(), database, unit, ours, bare: None, ratio: None, difference: None, target }
    }

    pub(crate) fn holds(&self) -> bool {
        let judged = self.judged().median;
        match self.target {
            Target::Times(max) | Target::More(max) | Target::AtMost(max) => judged <= max,
            Target::Under(limit) => judged < limit,
            Target::AtLeast(min) => judged >= min,
            Target::Nothing => true,
        }
    }

    /// The line above the rows.
    pub(crate) fn heading() -> String {
        format!(
            "{:<36} {:<9} {:>9} {:>9} {:<10} {:>6}  {:<15} {:<16} {}",
            "name", "database", "ours", "bare", "unit", "ratio", "spread", "target", "holds"
        )
    }

    /// For programs.
    pub(crate) fn to_json(&self) -> Value {
        let spread = self.judged();
        json!({
            "name": self.name,
            "database": self.database,
            "ours": rounded(self.ours.median),
            "bare": self.bare.map(|bare| rounded(bare.median)),
            "unit": self.unit,
            "ratio": self.ratio.map(|ratio| rounded(ratio.median)),
            "difference": self.difference.map(|difference| rounded(difference.median)),
            "spread": {"min": rounded(spread.min), "max": rounded(spread.max)},
            "target": self.target.to_text(self.unit),
            "holds": self.holds(),
        })
    }

    /// What the target is about.
    fn judged(&self) -> Spread {
        let judged = match self.target {
            Target::Times(_) | Target::AtLeast(_) => self.ratio,
            Target::More(_) => self.difference,
            Target::AtMost(_) | Target::Under(_) | Target::Nothing => Some(self.ours),
        };
        judged.expect("a row with a bare program has a ratio and a difference")
    }
}

impl Target {
    fn to_text(self, unit: &str) -> String {
        match self {
            Self::Times(max) => format!("<= {max}x"),
            Self::More(max) => format!("<= {max} {unit} more"),
            Self::AtMost(max) => format!("<= {max} {unit}"),
            Self::Under(limit) => format!("< {limit} {unit}"),
            Self::AtLeast(min) => format!(">= {min}x"),
            Self::Nothing => String::new(),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = self.bare.map_or_else(String::new, |bare| format!("{:.1}", bare.median));
        let ratio = self.ratio.map_or_else(String::new, |ratio| format!("{:.2}", ratio.median));
        let Spread { min, max, .. } = self.judged();
        write!(
            f,
            "{:<36} {:<9} {:>9.1} {bare:>9} {:<10} {ratio:>6}  {:<15} {:<16} {}",
            self.name,
            self.database,
            self.ours.median,
            self.unit,
            format!("{min:.2}..{max:.2}"),
            self.target.to_text(self.unit),
            if self.holds() { "yes" } else { "NO" }
        )
    }
}

/// Three digits behind the point are more than the noise leaves.
fn rounded(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}
