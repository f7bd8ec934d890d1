//! The databases that a run of tests or benchmarks may use.
//!
//! It finds or starts them and tells on the terminal which ones; it installs nothing. Invariant: what was started here
//! is stopped when the value is dropped, and what somebody else started is left alone.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};

use crate::db::{Durability, Kind, Lifetime, Record, Server};
use crate::shell::Shell;

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
    found: Vec<(Kind, Source)>,
}

enum Source {
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
        Self::open_some(shell, &Kind::ALL, durability, need)
    }

    /// Those of some kinds only.
    pub(crate) fn open_some(shell: &Shell, kinds: &[Kind], durability: Durability, need: Need) -> Result<Self> {
        let mut found = Vec::new();
        let mut absent = Vec::new();
        for kind in kinds {
            match Source::at_hand(shell, *kind, durability)? {
                Some(source) => found.push((*kind, source)),
                None => absent.push(*kind),
            }
        }
        let mut missing = Vec::new();
        for (kind, server) in Server::start_all(&absent, durability, Lifetime::Child) {
            match server {
                Ok(server) => found.push((kind, Source::Started(server))),
                Err(error) => {
                    eprintln!("!!! database: {} is NOT used: {error:#}", kind.name());
                    missing.push(kind.name());
                }
            }
        }
        for (kind, source) in &found {
            eprintln!("database: {}, {}", kind.name(), source.origin(*kind));
        }
        if need == Need::Every && !missing.is_empty() {
            bail!("this run needs every database, and has no {}; type `cargo xtask db install`", missing.join(", no "));
        }
        Ok(Self { found })
    }

    /// Where a database is, with its password.
    pub(crate) fn url(&self, kind: Kind) -> Option<String> {
        self.found.iter().find(|(found, _)| *found == kind).map(|(_, source)| source.url())
    }

    /// Tells a command where the databases are.
    pub(crate) fn lend_to(&self, command: &mut Command) {
        for kind in Kind::ALL {
            command.env_remove(kind.variable());
        }
        for (kind, source) in &self.found {
            command.env(kind.variable(), source.url());
        }
    }
}

impl Source {
    /// What needs no start. A durable server serves tests too, only more slowly.
    fn at_hand(shell: &Shell, kind: Kind, durability: Durability) -> Result<Option<Self>> {
        if let Ok(url) = env::var(kind.variable())
            && !url.is_empty()
        {
            return Ok(Some(Self::Given(url)));
        }
        let record = Record::read(shell, kind)?.filter(|record| {
            let serves = record.durability == durability || durability == Durability::ThrowAway;
            serves && record.is_running()
        });
        Ok(record.map(Self::Running))
    }

    fn url(&self) -> String {
        match self {
            Self::Given(url) => url.clone(),
            Self::Running(record) => record.url.clone(),
            Self::Started(server) => server.url(),
        }
    }

    fn origin(&self, kind: Kind) -> String {
        match self {
            Self::Given(_) => format!("from {}", kind.variable()),
            Self::Running(record) => format!("of `db up`, port {}", record.port),
            Self::Started(server) => format!("started for this run, {}", server.description()),
        }
    }
}
