//! `cargo xtask db`: throw-away database servers, on loopback, for tests and benchmarks.
//!
//! It never touches a server that it did not start. Invariant: everything it makes lies in one folder of its own, which
//! `target/db` names, and goes away with `db down`.

mod account;
mod install;
mod installed;
mod record;
mod server;

use anyhow::{Context, Result, bail};

pub(crate) use installed::Installed;
pub(crate) use record::Record;
pub(crate) use server::{Durability, Server};

use crate::shell::Shell;
use crate::steps;

#[derive(clap::Subcommand)]
pub(crate) enum Task {
    /// Install the servers that are missing (Debian and Ubuntu; needs root or sudo)
    ///
    /// Nothing is done for a server whose programs are on PATH or in its distribution's folder.
    Install,
    /// Start a throw-away PostgreSQL on a free loopback port and print its URL; fine when it already runs
    ///
    /// Password authentication, no TLS, superuser `modelhost`. It runs until `cargo xtask db down`.
    Up {
        /// Keep what is committed also when the machine stops (fsync on), as benchmarks need
        #[arg(long)]
        durable: bool,
    },
    /// Stop it and remove its files; fine when it doesn't run
    Down,
    /// Print whether it runs and its URL; exit code 1 when it doesn't
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
    if let Some(record) = Record::read(shell)? {
        if record.is_running() {
            if record.durability != durability {
                bail!("a {} PostgreSQL is running; type `cargo xtask db down` first", record.durability.word());
            }
            eprintln!("PostgreSQL already runs, {}", record.durability.word());
            println!("{}", record.url);
            return Ok(());
        }
        eprintln!("the PostgreSQL of {} is gone; starting a new one", record.folder.display());
        discard(shell, &record)?;
    }
    let installed = Installed::find().context("type `cargo xtask db install`")?;
    let server = Server::start_detached(&installed, durability)?;
    let description = server.description();
    // Until the record is written the server stops with this value, so that none runs unrecorded.
    let record = server.record();
    record.write(shell)?;
    server.leave_running();
    eprintln!("{description} runs until `cargo xtask db down`");
    println!("{}", record.url);
    Ok(())
}

fn down(shell: &Shell) -> Result<()> {
    let Some(record) = Record::read(shell)? else {
        eprintln!("nothing to stop");
        return Ok(());
    };
    discard(shell, &record)?;
    eprintln!("stopped, and removed {}", record.folder.display());
    Ok(())
}

fn status(shell: &Shell) -> Result<()> {
    match Record::read(shell)? {
        Some(record) if record.is_running() => {
            eprintln!("PostgreSQL runs, {}", record.durability.word());
            println!("{}", record.url);
            Ok(())
        }
        Some(record) => bail!("the PostgreSQL of {} no longer runs; type `cargo xtask db up`", record.folder.display()),
        None => bail!("no PostgreSQL was started; type `cargo xtask db up`"),
    }
}

/// Stops what a record names, as far as it still runs, and removes its files and the record.
fn discard(shell: &Shell, record: &Record) -> Result<()> {
    server::stop_and_remove(&record.folder, Installed::find().ok().as_ref())?;
    Record::remove(shell)
}
