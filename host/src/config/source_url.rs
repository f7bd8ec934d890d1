//! The URL of a database: judged once, and held so that it cannot be printed with its password.
//!
//! It opens nothing. Invariants: `Display` and `Debug` are redacted, [`SourceUrl::expose`] is the only way to the whole
//! text, and a URL names its database: nothing is filled in.

mod judge;
mod redaction;

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

pub(super) use judge::{WrongUrl, judge};
pub(crate) use redaction::redact;

/// The kind of database that a URL leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A SQLite file, or a database in memory.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The URL of a data source. Prints itself without its password.
#[derive(Clone)]
pub(crate) struct SourceUrl {
    scheme: Scheme,
    text: SecretString,
    shown: String,
}

impl SourceUrl {
    /// A judged URL. A SQLite file is taken from `folder` when its path is relative.
    pub(super) fn parse(text: &str, folder: &Path) -> Result<Self, WrongUrl> {
        let text = text.trim();
        let scheme = judge(text)?;
        let whole = match (scheme, text.strip_prefix("sqlite:")) {
            (Scheme::Sqlite, Some(file)) if file != ":memory:" => {
                format!("sqlite:{}", folder.join(file).display())
            }
            _ => text.to_owned(),
        };
        Ok(Self { scheme, shown: redact(&whole), text: whole.into() })
    }

    /// The kind of database.
    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The whole URL, with its password: for the driver only.
    pub(crate) fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// Whether the database lives in memory.
    pub(crate) fn is_memory(&self) -> bool {
        self.expose() == "sqlite::memory:"
    }

    /// The SQLite file, still with its `{namespace}`.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let file = self.expose().strip_prefix("sqlite:")?;
        (!self.is_memory()).then(|| PathBuf::from(file))
    }
}

impl std::fmt::Display for SourceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Debug for SourceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SourceUrl").field(&self.shown).finish()
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
        assert_eq!(url.to_string(), "postgres://app:***@db.internal/orders?sslmode=require");
        assert_eq!(format!("{url:?}"), r#"SourceUrl("postgres://app:***@db.internal/orders?sslmode=require")"#);
        assert!(url.expose().contains("hunter2"));
    }

    #[test]
    fn takes_files_from_the_folder_of_the_configuration() {
        let url = parse("sqlite:data/{namespace}.db");
        assert_eq!(url.expose(), "sqlite:/etc/modelhost/data/{namespace}.db");
        assert_eq!(url.file(), Some(PathBuf::from("/etc/modelhost/data/{namespace}.db")));
        assert_eq!(parse("sqlite:/var/lib/x.db").expose(), "sqlite:/var/lib/x.db");
        let memory = parse("sqlite::memory:");
        assert!(memory.is_memory() && memory.file().is_none());
    }
}
