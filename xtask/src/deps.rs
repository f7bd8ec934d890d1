//! `cargo xtask deps`: walls between crates, read from `cargo metadata` instead of from good intentions.
//!
//! It sees manifests, not source (names in source are `tidy`'s). Invariant: everything wrong is reported at once, each
//! with what was found, what is expected and why.

mod arrows;
mod drivers;
mod graph;
mod versions;

use std::fmt;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::Shell;
use graph::Graph;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// The manifest.
    place: String,
    found: String,
    expected: String,
    why: &'static str,
}

pub(crate) fn run(shell: &Shell) -> Result<()> {
    let mut metadata = shell.cargo();
    metadata.args(["metadata", "--format-version", "1"]);
    let graph = Graph::parse(&shell.output(&mut metadata)?)?;
    let mut findings = arrows::check(&graph);
    findings.extend(drivers::check(&graph));
    let root = manifest(shell, "Cargo.toml")?;
    for path in ["guest-sdk/Cargo.toml", "guest-sdk/macros/Cargo.toml"] {
        findings.extend(versions::check(path, &manifest(shell, path)?, &root));
    }
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}\n");
    }
    match findings.len() {
        0 => {
            eprintln!("{} crates keep to the arrow table", graph.packages().len());
            Ok(())
        }
        count => bail!("{count} findings; the table is in xtask/src/deps/arrows.rs"),
    }
}

fn manifest(shell: &Shell, path: &str) -> Result<toml::Table> {
    let text = fs::read_to_string(shell.root().join(path)).with_context(|| path.to_owned())?;
    toml::from_str(&text).with_context(|| path.to_owned())
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.place)?;
        writeln!(formatter, "  found     {}", self.found)?;
        writeln!(formatter, "  expected  {}", self.expected)?;
        write!(formatter, "  why       {}", self.why)
    }
}
