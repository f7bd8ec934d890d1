//! `cargo xtask ci`: what must pass before a change is taken.
//!
//! It only orders the steps; each is a command of its own. Invariant: snapshots are compared and never written here
//! (INSTA_UPDATE=no), and no database may be left out.

use anyhow::Result;

use crate::shell::Shell;
use crate::steps::Steps;
use crate::{deps, docs, test, tidy};

pub(crate) fn run(shell: &Shell) -> Result<()> {
    let mut steps = Steps::default();
    let result = all(shell, &mut steps);
    println!("\n{}", steps.table());
    result
}

fn all(shell: &Shell, steps: &mut Steps) -> Result<()> {
    steps.run("fmt", || shell.run(shell.cargo().args(["fmt", "--all", "--", "--check"])))?;
    steps.run("clippy", || {
        let mut clippy = shell.cargo();
        clippy.args(["clippy", "--workspace", "--all-targets"]);
        shell.run(clippy.args(["--", "-D", "warnings"]))
    })?;
    steps.run("deps", || deps::run(shell))?;
    steps.run("tidy", || tidy::run(shell))?;
    steps.run("test", || test::run(shell, &test::Arguments::for_ci()))?;
    // After the tests, which build the program that it asks.
    steps.run("docs", || docs::check(shell))
}
