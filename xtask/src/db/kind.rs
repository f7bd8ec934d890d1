//! Which database servers there are.
//!
//! Each has a file of its own with what only it knows (`postgres.rs`, `mariadb.rs`: the same functions in the same
//! order); this is the one place that chooses between them. Invariant: whatever asks "which one?" is a match here, so
//! that the compiler lists what a third server needs.

use std::path::PathBuf;

use anyhow::Result;

use super::installed::Version;
use super::process::Signal;
use super::server::Server;
use super::{mariadb, postgres};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mariadb,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Postgres, Self::Mariadb];

    /// The dialect, as URLs and the product say it: MariaDB speaks MySQL's.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mysql",
        }
    }

    /// The product, as people call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
        }
    }

    /// The variable by which tests and benchmarks learn where the server is.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "MODELHOST_TEST_POSTGRES",
            Self::Mariadb => "MODELHOST_TEST_MYSQL",
        }
    }

    /// The package of Debian and Ubuntu.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::Mariadb => "mariadb-server",
        }
    }

    /// How other systems get it.
    pub(super) fn elsewhere(self) -> &'static str {
        match self {
            Self::Postgres => "Fedora: `dnf install postgresql-server`, macOS: `brew install postgresql@17`",
            Self::Mariadb => "Fedora: `dnf install mariadb-server`, macOS: `brew install mariadb`",
        }
    }

    /// The programs without which no server can be made, each with all its names. The first is the server itself.
    pub(super) fn programs(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Postgres => postgres::PROGRAMS,
            Self::Mariadb => mariadb::PROGRAMS,
        }
    }

    /// The first names of its programs, for people.
    pub(super) fn program_names(self) -> String {
        let names: Vec<String> = self.programs().iter().map(|names| format!("`{}`", names[0])).collect();
        names.join(", ")
    }

    /// The oldest version that the project supports.
    pub(super) fn floor(self) -> Version {
        match self {
            Self::Postgres => postgres::FLOOR,
            Self::Mariadb => mariadb::FLOOR,
        }
    }

    /// Where its programs may be, PATH first. Those of one installation lie in the folders of one element.
    pub(super) fn places(self) -> Vec<Vec<PathBuf>> {
        match self {
            Self::Postgres => postgres::places(),
            Self::Mariadb => mariadb::places(),
        }
    }

    /// The version in what the server prints about itself.
    pub(super) fn version(self, text: &str) -> Option<Version> {
        match self {
            Self::Postgres => postgres::version(text),
            Self::Mariadb => mariadb::version(text),
        }
    }

    /// Makes a server's data folder.
    pub(super) fn make_data(self, server: &Server) -> Result<()> {
        match self {
            Self::Postgres => postgres::make_data(server),
            Self::Mariadb => mariadb::make_data(server),
        }
    }

    /// What the server's program is started with.
    pub(super) fn arguments(self, server: &Server) -> Vec<String> {
        match self {
            Self::Postgres => postgres::arguments(server),
            Self::Mariadb => mariadb::arguments(server),
        }
    }

    /// Whether a server that was launched takes connections of our user.
    pub(super) fn is_ready(self, server: &Server) -> bool {
        match self {
            Self::Postgres => postgres::is_ready(server),
            Self::Mariadb => mariadb::is_ready(server),
        }
    }

    /// The database that a URL names, which exists from the start.
    pub(super) fn database(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => mariadb::DATABASE,
        }
    }

    /// The file in a server's folder whose first line is its process.
    pub(super) fn pid_file(self) -> &'static str {
        match self {
            Self::Postgres => postgres::PID_FILE,
            Self::Mariadb => mariadb::PID_FILE,
        }
    }

    /// What stops a server without waiting for its clients, and what does so at any price.
    pub(super) fn stop_signals(self) -> [Signal; 2] {
        match self {
            Self::Postgres => [Signal::Interrupt, Signal::Quit],
            Self::Mariadb => [Signal::Terminate, Signal::Kill],
        }
    }
}
