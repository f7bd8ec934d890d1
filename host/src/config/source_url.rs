//! The URL of a database: judged once, and held so that it cannot be printed with its password.
//!
//! It opens nothing; the engine has the last word on what a URL is, this adds the corrections. Invariants: `Display` and
//! `Debug` are redacted, and nothing is filled in.

mod judge;
mod redaction;

use std::path::{Path, PathBuf};

use engine::DataSourceUrl;

pub(super) use judge::{WrongUrl, judge};
pub(crate) use redaction::redact;

/// The kind of database that a URL leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A SQLite file, or a database in memory.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
    /// A MySQL or MariaDB server.
    Mysql,
}

/// The URL of a data source. Prints itself without its password.
#[derive(Clone)]
pub(crate) struct SourceUrl {
    scheme: Scheme,
    parsed: DataSourceUrl,
}

impl SourceUrl {
    /// A judged URL. Files are taken from `folder` where their paths are relative.
    pub(super) fn parse(text: &str, folder: &Path) -> Result<Self, WrongUrl> {
        let text = text.trim();
        let scheme = judge(text)?;
        let parsed = DataSourceUrl::parse(text, folder).map_err(|error| WrongUrl::of(&error))?;
        Ok(Self { scheme, parsed })
    }

    /// The kind of database.
    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The URL as the engine takes it, with every file's path absolute.
    pub(crate) fn parsed(&self) -> &DataSourceUrl {
        &self.parsed
    }

    /// Whether the database lives in memory.
    pub(crate) fn is_memory(&self) -> bool {
        *self.parsed() == DataSourceUrl::sqlite_memory()
    }

    /// The SQLite file, still with its `{namespace}`.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let url = self.parsed().to_string();
        let file = url.strip_prefix("sqlite:")?;
        (!self.is_memory()).then(|| PathBuf::from(file))
    }
}

impl std::fmt::Display for SourceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parsed.fmt(f)
    }
}

impl std::fmt::Debug for SourceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SourceUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> SourceUrl {
        SourceUrl::parse(text, Path::new("/etc/modelhost")).expect("the URL is good")
    }

    #[test]
    fn never_prints_its_password() {
        let url = parse("postgres://app:hunter2@db.internal/orders?sslmode=require");
        assert_eq!(url.to_string(), "postgres://app:***@db.internal:5432/orders?sslmode=require");
        assert_eq!(format!("{url:?}"), "SourceUrl(postgres://app:***@db.internal:5432/orders?sslmode=require)");
        let url = parse("mariadb://app:hunter2@db.internal/orders?ssl-mode=require");
        assert_eq!(url.to_string(), "mysql://app:***@db.internal:3306/orders?ssl-mode=require");
    }

    #[test]
    fn takes_files_from_the_folder_of_the_configuration() {
        let url = parse("sqlite:data/{namespace}.db");
        assert_eq!(url.to_string(), "sqlite:/etc/modelhost/data/{namespace}.db");
        assert_eq!(url.file(), Some(PathBuf::from("/etc/modelhost/data/{namespace}.db")));
        assert_eq!(parse("sqlite:/var/lib/x.db").to_string(), "sqlite:/var/lib/x.db");
        let memory = parse("sqlite::memory:");
        assert!(memory.is_memory() && memory.file().is_none());
    }
}
