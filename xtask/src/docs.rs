//! `cargo xtask docs`: the API's documentation without warnings, and the generated pages as the program prints them.
//!
//! It writes no documentation of its own. Invariant: a generated page is what the program prints; `--fix` is the only way
//! in which it changes.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::Shell;

/// A page that the program prints.
struct Page {
    path: &'static str,
    arguments: &'static [&'static str],
    /// What stands above it.
    head: &'static str,
}

const PAGES: [Page; 3] = [
    Page { path: "docs/errors.md", arguments: &["explain", "--markdown"], head: "" },
    Page {
        path: "docs/configuration.md",
        arguments: &["config", "show", "--reference"],
        head: "# Configuration\n\nThe tables are what `modelhost config show --reference` prints; \
               [operating.md](operating.md#configuration) says where values\ncome from and which one wins.\n\n",
    },
    Page {
        path: "docs/capabilities.md",
        arguments: &["capabilities", "--markdown"],
        head: "# Capabilities\n\nWhat each database does by itself (native), what the host reaches by other means \
               (emulated), and what it refuses before any\nstatement runs (unsupported). The table is what `modelhost \
               capabilities --markdown` prints, from the one that the code itself\nasks \
               (`host/crates/sql/src/capability.rs`).\n\n",
    },
];

/// Builds the program that prints the pages.
pub(crate) fn build(shell: &Shell) -> Result<()> {
    shell.run(shell.cargo().args(["build", "--package", "modelhost"]))
}

/// Fails when rustdoc warns or a page is out of date. The program must be built.
pub(crate) fn check(shell: &Shell) -> Result<()> {
    rustdoc(shell)?;
    let mut outdated = Vec::new();
    for page in &PAGES {
        let found = fs::read_to_string(shell.root().join(page.path)).unwrap_or_default();
        if let Some(difference) = first_difference(&found, &page.printed(shell)?) {
            outdated.push(format!("{} is not what `{}` prints: {difference}", page.path, page.command()));
        }
    }
    match outdated.is_empty() {
        true => Ok(()),
        false => bail!("{}; type `cargo xtask docs --fix`", outdated.join("; ")),
    }
}

/// Writes the pages, then checks the rest.
pub(crate) fn fix(shell: &Shell) -> Result<()> {
    for page in &PAGES {
        let text = page.printed(shell)?;
        let path = shell.root().join(page.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).with_context(|| format!("writing {}", page.path))?;
        eprintln!("wrote {}", page.path);
    }
    rustdoc(shell)
}

impl Page {
    fn printed(&self, shell: &Shell) -> Result<String> {
        let mut program = shell.cargo();
        program.args(["run", "--quiet", "--package", "modelhost", "--"]);
        Ok(self.head.to_owned() + &shell.output(program.args(self.arguments))?)
    }

    fn command(&self) -> String {
        format!("modelhost {}", self.arguments.join(" "))
    }
}

fn rustdoc(shell: &Shell) -> Result<()> {
    let mut doc = shell.cargo();
    doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    shell.run(&mut doc)
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
