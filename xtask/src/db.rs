//! `cargo xtask db`: throw-away database servers, on loopback, for tests and benchmarks.
//!
//! It never touches a server that it did not start. Invariant: everything it makes lies in one folder for each server,
//! which a record in `target/db` names, and goes away with `db down`.

mod account;
mod folder;
mod install;
mod installed;
mod kind;
mod mariadb;
mod postgres;
mod process;
mod record;
mod server;

use anyhow::{Result, bail};

pub(crate) use installed::Installed;
pub(crate) use kind::Kind;
pub(crate) use record::Record;
pub(crate) use server::{Durability, Lifetime, Server};

use crate::shell::Shell;
use crate::steps;

#[derive(clap::Subcommand)]
pub(crate) enum Task {
    /// Install the servers that are missing, PostgreSQL and MariaDB (Debian and Ubuntu; needs root or sudo)
    ///
    /// Nothing is done for a server whose programs are on PATH or in its distribution's folders.
    Install,
    /// Start a throw-away PostgreSQL and MariaDB on free loopback ports; fine when they already run
    ///
    /// Prints a line for each: `postgres URL`, `mysql URL`. Password authentication, no TLS, superuser `modelhost`. They
    /// run until `cargo xtask db down`.
    Up {
        /// Keep what is committed also when the machine stops (fsync on), as benchmarks need
        #[arg(long)]
        durable: bool,
    },
    /// Stop them and remove their files; fine when they don't run
    Down,
    /// Print which run and their URLs, as `up` does; exit code 1 unless all run
    Status,
}

pub(crate) fn run(shell: &Shell, task: &Task) -> Result<()> {
    match task {
        Task::Install => steps::alone("db install", || install::run(shell)),
        Task::Up { durable: true } => steps::alone("db up", || up(shell, Durability::Durable)),
        Task::Up { durable: false } => steps::alone("db up", || up(shell, Durability::ThrowAway)),
        Task::Down => steps::alone("db down", || down(shell)),
        Task::Status => status(shell),
    }
}

fn up(shell: &Shell, durability: Durability) -> Result<()> {
    let mut absent = Vec::new();
    for kind in Kind::ALL {
        match running(shell, kind)? {
            Some(record) if record.durability == durability => tell(&record),
            Some(record) => {
                let word = record.durability.word();
                bail!("a {word} {} is running; type `cargo xtask db down` first", kind.title());
            }
            None => absent.push(kind),
        }
    }
    let mut failures = Vec::new();
    for (kind, server) in Server::start_all(&absent, durability, Lifetime::Detached) {
        match server.and_then(|server| leave(shell, server)) {
            Ok(record) => tell(&record),
            Err(error) => failures.push(format!("{}: {error:#}", kind.title())),
        }
    }
    all_or(failures)
}

fn down(shell: &Shell) -> Result<()> {
    let mut failures = Vec::new();
    for kind in Kind::ALL {
        if let Err(error) = stop(shell, kind) {
            failures.push(format!("{}: {error:#}", kind.title()));
        }
    }
    all_or(failures)
}

fn status(shell: &Shell) -> Result<()> {
    let mut failures = Vec::new();
    for kind in Kind::ALL {
        match Record::read(shell, kind)? {
            Some(record) if record.is_running() => tell(&record),
            Some(record) => {
                failures.push(format!("the {} of {} no longer runs", kind.title(), record.folder.display()));
            }
            None => failures.push(format!("no {} was started", kind.title())),
        }
    }
    if !failures.is_empty() {
        failures.push("type `cargo xtask db up`".to_owned());
    }
    all_or(failures)
}

fn stop(shell: &Shell, kind: Kind) -> Result<()> {
    let Some(record) = Record::read(shell, kind)? else {
        eprintln!("no {} to stop", kind.title());
        return Ok(());
    };
    discard(shell, &record)?;
    eprintln!("stopped {}, and removed {}", kind.title(), record.folder.display());
    Ok(())
}

/// The server of an earlier `db up`, and nothing of it when it is gone.
fn running(shell: &Shell, kind: Kind) -> Result<Option<Record>> {
    match Record::read(shell, kind)? {
        Some(record) if record.is_running() => Ok(Some(record)),
        Some(record) => {
            eprintln!("the {} of {} is gone; removing its files", kind.title(), record.folder.display());
            discard(shell, &record)?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Until the record is written the server stops with its value, so that none runs unrecorded.
fn leave(shell: &Shell, server: Server) -> Result<Record> {
    let record = server.record();
    record.write(shell)?;
    server.leave_running();
    Ok(record)
}

/// Stops what a record names, as far as it still runs, and removes its files and the record.
fn discard(shell: &Shell, record: &Record) -> Result<()> {
    folder::check_ours(&record.folder)?;
    process::stop(record.kind, &record.folder)?;
    folder::remove(&record.folder)?;
    record.remove(shell)
}

fn tell(record: &Record) {
    let Record { kind, port, url, durability, .. } = record;
    eprintln!("{} ({}) runs on port {port} until `cargo xtask db down`", kind.title(), durability.word());
    println!("{} {url}", kind.name());
}

fn all_or(failures: Vec<String>) -> Result<()> {
    if failures.is_empty() { Ok(()) } else { bail!("{}", failures.join("\n")) }
}
