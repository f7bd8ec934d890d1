//! The databases of a run: SQLite, and one database on each server that the environment names.
//!
//! Who measures asks here what differs between them: the name in a row, the data source's URL, the placement, the threads to
//! give a core to. Invariant: a server's database is this run's own and is dropped at the end. Families of rows share it, so
//! that each has namespaces of its own names.

mod mysql;
mod postgres;

use std::path::Path;

use anyhow::Result;
use engine::Placement;

use crate::hosted;
pub(crate) use mysql::{Mysql, session};
pub(crate) use postgres::Postgres;

/// A kind of database, in the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
    Mysql,
}

/// Where records are in this run.
pub(crate) enum Database {
    /// Each family of rows has files of its own.
    Sqlite,
    Postgres(Postgres),
    Mysql(Mysql),
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// As rows name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// The variable by which `cargo xtask bench` tells where the server is.
    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("MODELHOST_TEST_POSTGRES"),
            Self::Mysql => Some("MODELHOST_TEST_MYSQL"),
        }
    }

    /// Why there is nothing to measure on.
    pub(crate) fn missing(self) -> String {
        let variable = self.variable().unwrap_or_default();
        format!("every row on {}: {variable} is not set; `cargo xtask bench` sets it", self.name())
    }
}

impl Database {
    /// None where no server is named.
    pub(crate) async fn open(kind: Kind) -> Result<Option<Self>> {
        let Some(variable) = kind.variable() else { return Ok(Some(Self::Sqlite)) };
        let server = std::env::var(variable).unwrap_or_default();
        Ok(match kind {
            _ if server.is_empty() => None,
            Kind::Sqlite => Some(Self::Sqlite),
            Kind::Postgres => Some(Self::Postgres(Postgres::create(&server).await?)),
            Kind::Mysql => Some(Self::Mysql(Mysql::create(&server).await?)),
        })
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Sqlite => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
            Self::Mysql(_) => Kind::Mysql,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// The version, and what it does with what is committed: a figure without that says little.
    pub(crate) fn version(&self) -> String {
        match self {
            Self::Sqlite => format!("SQLite {}", rusqlite::version()),
            Self::Postgres(postgres) => postgres.version().to_owned(),
            Self::Mysql(mysql) => mysql.version().to_owned(),
        }
    }

    /// Of the data source, with the password.
    pub(crate) fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => hosted::sqlite_url(folder),
            Self::Postgres(postgres) => postgres.url().to_owned(),
            Self::Mysql(mysql) => mysql.url().to_owned(),
        }
    }

    /// On MySQL a schema would be a database beside this run's own.
    pub(crate) fn placement(&self) -> Placement {
        match self {
            Self::Sqlite => Placement::Own,
            Self::Postgres(_) => Placement::Schema,
            Self::Mysql(_) => Placement::Prefix,
        }
    }

    /// The server's threads that work for this run; none where there is no server.
    pub(crate) async fn threads(&self) -> Result<Vec<u32>> {
        match self {
            Self::Sqlite => Ok(Vec::new()),
            Self::Postgres(postgres) => postgres.processes().await,
            Self::Mysql(mysql) => mysql.threads().await,
        }
    }

    pub(crate) async fn discard(self) -> Result<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres(postgres) => postgres.discard().await,
            Self::Mysql(mysql) => mysql.discard().await,
        }
    }
}
