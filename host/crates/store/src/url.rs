//! The URL of a data source, which can't leak its password.
//!
//! `Display` and `Debug` write `***` for it; only the connection to a server asks for the real one. Nothing is taken from
//! the environment and no part has a default that could pick a database. Paths are absolute from here on.

use std::fmt;
use std::path::{Path, PathBuf};

use model::{NamespaceName, closest};
use sql::Dialect;

use crate::{UrlError, url_parse};

pub(crate) const PLACEHOLDER: &str = "{namespace}";

/// Where a data source is.
///
/// ```
/// use std::path::Path;
/// use modelhost_store::DataSourceUrl;
///
/// let url = DataSourceUrl::parse("postgres://me:secret@db.example/crm", Path::new("/srv")).unwrap();
/// assert_eq!(url.to_string(), "postgres://me:***@db.example:5432/crm");
///
/// let url = DataSourceUrl::parse("sqlite:data/{namespace}.db", Path::new("/srv")).unwrap();
/// assert_eq!(url.to_string(), "sqlite:/srv/data/{namespace}.db");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DataSourceUrl(Target);

/// What a URL leads to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    SqliteMemory,
    /// Absolute; may hold the placeholder.
    SqliteFile(PathBuf),
    Postgres(Box<ServerTarget>),
    Mysql(Box<ServerTarget>),
}

/// A database on a server and how to reach it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ServerTarget {
    /// A name, an address, or the path of a socket: with PostgreSQL its folder, with MySQL itself.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Option<Password>,
    pub(crate) database: String,
    pub(crate) tls: Option<TlsMode>,
    pub(crate) root_certificate: Option<PathBuf>,
    pub(crate) client_certificate: Option<PathBuf>,
    pub(crate) client_key: Option<PathBuf>,
}

/// A password; prints as `***`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(String);

/// How much a connection insists on TLS: the words of PostgreSQL's `sslmode`, for every server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl DataSourceUrl {
    /// Reads a URL; relative paths start at `base`.
    pub fn parse(text: &str, base: &Path) -> Result<Self, UrlError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once(':').ok_or(UrlError::NoScheme)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        if scheme.is_empty() || scheme.len() > 20 || !scheme.chars().all(is_word) {
            return Err(UrlError::NoScheme);
        }
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => url_parse::sqlite(rest, base).map(Self),
            "postgres" | "postgresql" => url_parse::postgres(rest, base).map(Self),
            "mysql" | "mariadb" => url_parse::mysql(rest, base).map(Self),
            written => {
                let known = ["sqlite", "postgres", "postgresql", "mysql", "mariadb"];
                let meant = closest(written, known);
                Err(UrlError::UnknownScheme {
                    scheme: scheme.to_owned(),
                    closest: known.into_iter().find(|known| Some(*known) == meant),
                })
            }
        }
    }

    /// The URL of one SQLite file.
    pub fn sqlite_file(path: impl Into<PathBuf>) -> Self {
        Self(Target::SqliteFile(path.into()))
    }

    /// The URL of SQLite databases in memory, one for each namespace.
    pub fn sqlite_memory() -> Self {
        Self(Target::SqliteMemory)
    }

    /// The word before the colon.
    pub fn scheme(&self) -> &'static str {
        match self.0 {
            Target::SqliteMemory | Target::SqliteFile(_) => "sqlite",
            Target::Postgres(_) => "postgres",
            Target::Mysql(_) => "mysql",
        }
    }

    /// The language that is spoken there.
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Target::SqliteMemory | Target::SqliteFile(_) => Dialect::Sqlite,
            Target::Postgres(_) => Dialect::Postgres,
            Target::Mysql(_) => Dialect::Mysql,
        }
    }

    /// The server, as `host:port`; none for a file.
    pub fn server(&self) -> Option<String> {
        match &self.0 {
            Target::SqliteMemory | Target::SqliteFile(_) => None,
            Target::Postgres(target) | Target::Mysql(target) => Some(format!("{}:{}", target.host, target.port)),
        }
    }

    /// Whether each namespace has a database of its own here: by `{namespace}` in the path, or in memory.
    pub fn is_per_namespace(&self) -> bool {
        match &self.0 {
            Target::SqliteMemory => true,
            Target::SqliteFile(path) => path.to_string_lossy().contains(PLACEHOLDER),
            Target::Postgres(_) | Target::Mysql(_) => false,
        }
    }

    /// The URL with `{namespace}` replaced.
    pub fn for_namespace(&self, namespace: &NamespaceName) -> Self {
        match &self.0 {
            Target::SqliteFile(path) if self.is_per_namespace() => {
                let path = path.to_string_lossy();
                Self::sqlite_file(path.replace(PLACEHOLDER, namespace.as_str()))
            }
            Target::SqliteMemory | Target::SqliteFile(_) | Target::Postgres(_) | Target::Mysql(_) => self.clone(),
        }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.0
    }
}

impl Password {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The password itself. Only for the connection, and to keep it out of what a driver says.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl ServerTarget {
    /// `prefer` when the URL doesn't say, as everywhere with both servers; what goes through a socket stays on the machine.
    pub(crate) fn tls_mode(&self) -> TlsMode {
        self.tls.unwrap_or(if self.is_socket() { TlsMode::Disable } else { TlsMode::Prefer })
    }

    fn tls_parameter(&self, name: &str) -> String {
        self.tls.map_or_else(String::new, |mode| format!("?{name}={}", mode.name()))
    }

    pub(crate) fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }
}

impl TlsMode {
    pub(crate) const EXPECTED: &'static str = "disable, prefer, require, verify-ca or verify-full";

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Disable, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull]
            .into_iter()
            .find(|mode| mode.name() == text)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

impl fmt::Display for DataSourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::SqliteMemory => f.write_str("sqlite::memory:"),
            Target::SqliteFile(path) => write!(f, "sqlite:{}", path.display()),
            Target::Postgres(target) => write!(f, "postgres://{target}{}", target.tls_parameter("sslmode")),
            Target::Mysql(target) => write!(f, "mysql://{target}{}", target.tls_parameter("ssl-mode")),
        }
    }
}

/// What stands between scheme and parameters.
impl fmt::Display for ServerTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user)?;
        if self.password.is_some() {
            f.write_str(":***")?;
        }
        match self.host.contains(':') {
            true => write!(f, "@[{}]:{}/{}", self.host, self.port, self.database),
            false => write!(f, "@{}:{}/{}", self.host, self.port, self.database),
        }
    }
}

impl fmt::Debug for DataSourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Debug for ServerTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
