//! `cargo xtask`: the project's own commands, the ones that a contributor and CI type.
//!
//! It checks, starts throw-away database servers, makes skeletons, loads real data and measures. It never installs system
//! packages except in `db install`, and no part of the product is built from it. Invariant: every command ends with exit
//! code 0 only when all that it promised was done.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the terminal is what this program is for")]

mod bench;
mod bless;
mod ci;
mod databases;
mod db;
mod deps;
mod docs;
mod load;
mod new;
mod shell;
mod steps;
mod test;
mod tidy;
mod wit;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use shell::Shell;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "The project's own commands", version)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything CI runs: fmt, clippy, deps, tidy, test with REQUIRE_DATABASES=1, docs
    ///
    /// Stops at the first step that fails and prints the minutes of each step.
    Ci,
    /// `cargo test --workspace` on every database that is running or can be started
    ///
    /// Uses the PostgreSQL of MODELHOST_TEST_POSTGRES, else the one of `cargo xtask db up`, else starts a throw-away one
    /// from installed binaries and stops it afterwards; the same for MariaDB and MODELHOST_TEST_MYSQL. A database that
    /// can't be used is named; with REQUIRE_DATABASES=1 that is a failure.
    Test(test::Arguments),
    /// Throw-away database servers for tests and benchmarks
    #[command(subcommand)]
    Db(db::Task),
    /// Check which crate may name which (the arrow table), and where drivers and wasmtime may be named
    Deps,
    /// Check the rules of the repository that no compiler knows: sizes, names, statics, links, frozen contracts
    ///
    /// All findings are printed at once. Exceptions stand in xtask/tidy-allow.toml, each with its reason.
    Tidy,
    /// Check that `cargo doc` has no warnings and that docs/errors.md and docs/configuration.md are what the program prints
    Docs {
        /// Write the generated pages instead of comparing them
        #[arg(long)]
        fix: bool,
    },
    /// Make the skeleton of a plugin, an operation or a decision
    #[command(subcommand)]
    New(new::Task),
    /// Measure the figures against bare drivers, on SQLite and durable throw-away servers
    Bench {
        /// Write the rows as JSON to this file too
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// For the bench itself: --only TEXT, --on DATABASE, --forms
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Load real data into every database through the host's own operations, and compare what each then holds
    #[command(subcommand)]
    Load(load::Task),
    /// Run one package's tests and accept what its snapshots now say; read the diff afterwards
    Bless(bless::Arguments),
    /// The contract in wit/
    #[command(subcommand)]
    Wit(wit::Task),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let shell = Shell::here()?;
    match task {
        Task::Ci => ci::run(&shell),
        Task::Test(arguments) => steps::alone("test", || test::run(&shell, &arguments)),
        Task::Db(task) => db::run(&shell, &task),
        Task::Deps => steps::alone("deps", || deps::run(&shell)),
        Task::Tidy => steps::alone("tidy", || tidy::run(&shell)),
        Task::Docs { fix: true } => steps::alone("docs", || docs::build(&shell).and_then(|()| docs::fix(&shell))),
        Task::Docs { fix: false } => steps::alone("docs", || docs::build(&shell).and_then(|()| docs::check(&shell))),
        Task::New(task) => new::run(&shell, &task),
        Task::Bench { json, arguments } => steps::alone("bench", || bench::run(&shell, json.as_deref(), &arguments)),
        Task::Load(task) => steps::alone("load", || load::run(&shell, &task)),
        Task::Bless(arguments) => steps::alone("bless", || bless::run(&shell, &arguments)),
        Task::Wit(task) => wit::run(&shell, &task),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn command_tree_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
