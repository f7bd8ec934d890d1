//! The databases that a run of tests or benchmarks may use.
//!
//! It finds or starts them and tells on the terminal which ones; it installs nothing. Invariant: what was started here
//! is stopped when the value is dropped, and what somebody else started is left alone.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};

use crate::db::{Durability, Installed, Record, Server};
use crate::shell::Shell;

/// The variable by which tests and benchmarks learn where PostgreSQL is.
const POSTGRES_VARIABLE: &str = "MODELHOST_TEST_POSTGRES";

/// Whether a run may go on without a database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A missing database fails the run.
    Every,
    /// A missing database is named and left out.
    AtHand,
}

/// What a run may use besides SQLite, which is built in.
pub(crate) struct Databases {
    postgres: Option<Postgres>,
}

enum Postgres {
    /// The caller's own, from the environment.
    Given(String),
    /// The one of `cargo xtask db up`.
    Running(Record),
    /// Started for this run; stops when it is dropped.
    Started(Server),
}

impl Databases {
    pub(crate) fn open(shell: &Shell, durability: Durability, need: Need) -> Result<Self> {
        eprintln!("database: sqlite, built in");
        let postgres = match postgres(shell, durability) {
            Ok(postgres) => {
                eprintln!("database: postgres, {}", postgres.origin());
                Some(postgres)
            }
            Err(error) => {
                eprintln!("!!! database: postgres is NOT used: {error:#}");
                eprintln!("!!! to have it, type: cargo xtask db install");
                None
            }
        };
        if need == Need::Every && postgres.is_none() {
            bail!("postgres is missing and this run needs every database; type `cargo xtask db install`");
        }
        Ok(Self { postgres })
    }

    /// Tells a command where the databases are.
    pub(crate) fn lend_to(&self, command: &mut Command) {
        match &self.postgres {
            Some(postgres) => command.env(POSTGRES_VARIABLE, postgres.url()),
            None => command.env_remove(POSTGRES_VARIABLE),
        };
    }
}

impl Postgres {
    fn url(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::Running(record) => &record.url,
            Self::Started(server) => server.url(),
        }
    }

    fn origin(&self) -> String {
        match self {
            Self::Given(_) => format!("from {POSTGRES_VARIABLE}"),
            Self::Running(record) => format!("of `db up`, port {}", record.port),
            Self::Started(server) => {
                format!("started for this run, {}", server.description())
            }
        }
    }
}

fn postgres(shell: &Shell, durability: Durability) -> Result<Postgres> {
    if let Ok(url) = env::var(POSTGRES_VARIABLE)
        && !url.is_empty()
    {
        return Ok(Postgres::Given(url));
    }
    if let Some(record) = Record::read(shell)?
        && record.is_running()
        && (record.durability == durability || durability == Durability::ThrowAway)
    {
        return Ok(Postgres::Running(record));
    }
    let installed = Installed::find()?;
    Ok(Postgres::Started(Server::start_child(&installed, durability)?))
}
