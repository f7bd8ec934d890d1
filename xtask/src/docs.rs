//! `cargo xtask docs`: the API's documentation without warnings, and the error catalogue as the program prints it.
//!
//! It writes no documentation of its own. Invariant: docs/errors.md is generated text; `--fix` is the only way in which
//! it changes.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::Shell;

const CATALOGUE: &str = "docs/errors.md";

/// Fails when rustdoc warns or the catalogue is out of date.
pub(crate) fn check(shell: &Shell) -> Result<()> {
    rustdoc(shell)?;
    let expected = catalogue(shell)?;
    let path = shell.root().join(CATALOGUE);
    let found = fs::read_to_string(&path).unwrap_or_default();
    if let Some(difference) = first_difference(&found, &expected) {
        bail!(
            "{CATALOGUE} is not what `cargo run -p modelhost -- explain --markdown` prints: \
             {difference}; type `cargo xtask docs --fix`"
        );
    }
    Ok(())
}

/// Writes the catalogue, then checks the rest.
pub(crate) fn fix(shell: &Shell) -> Result<()> {
    let text = catalogue(shell)?;
    let path = shell.root().join(CATALOGUE);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text).with_context(|| format!("writing {CATALOGUE}"))?;
    eprintln!("wrote {CATALOGUE}");
    rustdoc(shell)
}

fn rustdoc(shell: &Shell) -> Result<()> {
    let mut doc = shell.cargo();
    doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    shell.run(&mut doc)
}

fn catalogue(shell: &Shell) -> Result<String> {
    let mut explain = shell.cargo();
    explain.args(["run", "--quiet", "--package", "modelhost", "--"]);
    shell.output(explain.args(["explain", "--markdown"]))
}

/// The first line that differs, in words; `None` when the texts are equal.
fn first_difference(found: &str, expected: &str) -> Option<String> {
    if found == expected {
        return None;
    }
    let (mut found, mut expected) = (found.lines(), expected.lines());
    for number in 1.. {
        return Some(match (found.next(), expected.next()) {
            (Some(left), Some(right)) if left == right => continue,
            (Some(left), Some(right)) => {
                format!("line {number} is `{left}`, expected `{right}`")
            }
            (Some(left), None) => format!("line {number} `{left}` is too much"),
            (None, Some(right)) => format!("line {number} is missing: `{right}`"),
            (None, None) => "the line ends differ".to_owned(),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_line_that_differs() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        insta::assert_snapshot!(
            first_difference("a\nb\n", "a\nc\n").expect("they differ"),
            @"line 2 is `b`, expected `c`"
        );
        insta::assert_snapshot!(
            first_difference("a\n", "a\nc\n").expect("they differ"),
            @"line 2 is missing: `c`"
        );
        assert!(first_difference("a", "a\n").is_some());
    }
}
