//! `cargo xtask load`: real data through the host's own operations into every database, and what each then holds.
//!
//! It drives the built program as a user does and keeps nothing: the namespaces are destroyed at the end. Invariant: exit
//! code 0 means that every record of the file is in every database that was asked for, as the file has it.

mod chinook;
mod contents;
mod database;
mod host;
mod report;

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::databases::{Databases, Need};
use crate::db::Durability;
use crate::shell::Shell;
use chinook::Input;
use contents::Contents;
use database::Database;
use host::{Host, Profile, Program};
use report::Report;

#[derive(clap::Subcommand)]
pub(crate) enum Task {
    /// Load Chinook, a music shop of 15,607 rows in 11 tables, into the models of plugins/music
    ///
    /// Every row goes through `bulk_create` with all rules, on SQLite, PostgreSQL and MariaDB. Prints rows, seconds and a
    /// hash for each table, and fails when a database holds anything but what the file says. Servers are found or started
    /// as for `cargo xtask test`.
    Music(Arguments),
}

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder with chinook.json: one object with an array of rows for each of the 11 tables
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,
    /// Load into this database, and not into all of them; may be repeated
    #[arg(long = "database", value_name = "DATABASE")]
    databases: Vec<Database>,
    /// Use the program as it is compiled for users, not for tests
    #[arg(long)]
    release: bool,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(shell: &Shell, task: &Task) -> Result<()> {
    match task {
        Task::Music(arguments) => music(shell, arguments),
    }
}

fn music(shell: &Shell, arguments: &Arguments) -> Result<()> {
    let Some(folder) = &arguments.from else {
        bail!("say where the data is; {}", chinook::wanted());
    };
    let inputs = chinook::read(folder)?;
    let program = Program::build(shell, arguments.profile())?;
    let component = host::component(shell, "music")?;

    let databases = arguments.databases();
    let kinds: Vec<_> = databases.iter().filter_map(|database| database.kind()).collect();
    let servers = Databases::open_some(shell, &kinds, Durability::ThrowAway, Need::Every)?;
    let sources: Vec<(&str, String)> = databases.iter().map(|database| source(*database, &servers)).collect();
    let host = Host::start(shell, &program, &sources)?;
    let runs = databases.iter().map(|database| (*database, database.load(&host, &component, &inputs))).collect();

    let report = Report::new(inputs.iter().map(expected).collect(), runs);
    match arguments.json {
        true => println!("{:#}", report.json()),
        false => print!("{}", report.text()),
    }
    report.verdict().inspect_err(|_| eprintln!("the host's log is {}", host.log().display()))?;
    host.end()
}

impl Arguments {
    /// Each once, in the order in which the table shows them.
    fn databases(&self) -> Vec<Database> {
        let is_asked_for = |database: &Database| self.databases.is_empty() || self.databases.contains(database);
        Database::ALL.into_iter().filter(is_asked_for).collect()
    }

    fn profile(&self) -> Profile {
        if self.release { Profile::Release } else { Profile::Dev }
    }
}

/// A data source, named as its database.
fn source(database: Database, servers: &Databases) -> (&'static str, String) {
    let url = database.kind().and_then(|kind| servers.url(kind));
    (database.name(), url.unwrap_or_else(|| "sqlite:data/{namespace}.db".to_owned()))
}

/// A model's name and what every database has to hold of it.
fn expected(input: &Input) -> (String, Contents) {
    (input.model.clone(), Contents::of(input.by_key()))
}
