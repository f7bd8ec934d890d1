//! `cargo xtask test`: the whole test suite on every database at hand.
//!
//! It lends the databases and runs cargo; which test wants which database is the tests' own business. Invariant: a
//! database that was not used is named on the terminal, and required ones fail the run before any test starts.

use std::env;

use anyhow::Result;

use crate::databases::{Databases, Need};
use crate::db::Durability;
use crate::shell::Shell;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Passed on to `cargo test`: `-p store some_name -- --nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "CARGO_TEST_ARGUMENTS")]
    rest: Vec<String>,
    /// Whether a database that is missing fails the run and snapshots may be written; CI decides both.
    #[arg(skip)]
    in_ci: bool,
}

impl Arguments {
    pub(crate) fn for_ci() -> Self {
        Self { rest: Vec::new(), in_ci: true }
    }
}

pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> Result<()> {
    let required = arguments.in_ci || env::var("REQUIRE_DATABASES").is_ok_and(|value| value == "1");
    let need = if required { Need::Every } else { Need::AtHand };
    let databases = Databases::open(shell, Durability::ThrowAway, need)?;

    let mut command = shell.cargo();
    command.arg("test");
    if !selects_packages(&arguments.rest) {
        command.arg("--workspace");
    }
    command.args(&arguments.rest);
    databases.lend_to(&mut command);
    if arguments.in_ci {
        command.env("INSTA_UPDATE", "no");
    }
    shell.run(&mut command)
}

/// Whether the caller said which packages to test; cargo would let `--workspace` win over `-p`.
fn selects_packages(arguments: &[String]) -> bool {
    arguments.iter().take_while(|argument| *argument != "--").any(|argument| {
        let long = ["--package", "--workspace", "--all", "--manifest-path"]
            .iter()
            .any(|name| argument == name || argument.starts_with(&format!("{name}=")));
        long || (argument.starts_with("-p") && !argument.starts_with("--"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(line: &str) -> bool {
        let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
        selects_packages(&arguments)
    }

    #[test]
    fn package_arguments_replace_the_workspace() {
        assert!(selects("-p store"));
        assert!(selects("-pstore"));
        assert!(selects("--package=store name"));
        assert!(!selects("some_name --release"));
        assert!(!selects("some_name -- -p"));
    }
}
