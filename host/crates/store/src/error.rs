//! Why a database did not do what was asked.
//!
//! Variants hold facts; what the driver said is kept apart in [`Detail`], which only an operator's log asks for. Passwords
//! are in neither. What to do about each is in `error_text.rs`.

use std::path::PathBuf;

use sql::{Dialect, Statement};

use crate::{Expect, Holder};

/// Why a database did not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// The server is there or not, and takes no connection.
    #[error("`{}` at {}:{} {refusal}", .endpoint.data_source, .endpoint.host, .endpoint.port)]
    Refused {
        /// Where.
        endpoint: Box<Endpoint>,
        /// How.
        refusal: Refusal,
        /// What the driver said.
        detail: Detail,
    },
    /// The host's name leads nowhere.
    #[error("the host `{}` of data source `{}` has no address", .endpoint.host, .endpoint.data_source)]
    UnknownHost {
        /// Where.
        endpoint: Box<Endpoint>,
        /// What the driver said.
        detail: Detail,
    },
    /// The server doesn't accept user and password.
    #[error("{}:{} refuses user `{}` of data source `{}`", .endpoint.host, .endpoint.port, .endpoint.user, .endpoint.data_source)]
    AuthFailed {
        /// Where.
        endpoint: Box<Endpoint>,
        /// What the driver said.
        detail: Detail,
    },
    /// The server has no such database.
    #[error("{}:{} has no database `{}`", .endpoint.host, .endpoint.port, .endpoint.database)]
    MissingDatabase {
        /// Where.
        endpoint: Box<Endpoint>,
        /// What the driver said.
        detail: Detail,
    },
    /// Server and URL don't agree on TLS.
    #[error("{}:{} {problem}", .endpoint.host, .endpoint.port)]
    Tls {
        /// Where.
        endpoint: Box<Endpoint>,
        /// On what they don't agree.
        problem: TlsProblem,
        /// What the driver said.
        detail: Detail,
    },
    /// The server is older than what the statements need.
    #[error("{}:{} runs version {found}, at least {version_min} is needed", .endpoint.host, .endpoint.port)]
    TooOld {
        /// Where.
        endpoint: Box<Endpoint>,
        /// Its version.
        found: String,
        /// The oldest that works.
        version_min: &'static str,
    },
    /// All connections were in use for as long as a caller may wait.
    #[error("no connection of data source `{data_source}` became free within {wait_ms} ms")]
    PoolExhausted {
        /// The data source.
        data_source: String,
        /// Connections that are open.
        size: usize,
        /// Connections that are in use.
        in_use: usize,
        /// Callers that wait, this one left out.
        waiting: usize,
        /// How long this one waited.
        wait_ms: u64,
        /// Who has a connection for longest.
        longest: Option<Holder>,
    },
    /// A statement ran for as long as it may.
    #[error("a statement on data source `{data_source}` ran longer than {ms} ms")]
    TimedOut {
        /// The data source.
        data_source: String,
        /// How long it may run.
        ms: u64,
    },
    /// The connection ended in the middle of a statement; whether a write happened is not known.
    #[error("the connection to {location} was lost")]
    ConnectionLost {
        /// Which database, redacted.
        location: String,
        /// What the driver said.
        detail: Detail,
    },
    /// The data source was closed: the host is going down.
    #[error("data source `{data_source}` is closed")]
    Closed {
        /// The data source.
        data_source: String,
    },
    /// The namespace was destroyed while the job was made.
    #[error("namespace `{namespace}` was destroyed")]
    Retired {
        /// The namespace.
        namespace: String,
    },
    /// Transactions waited for each other in a circle, and the database gave this one up.
    #[error("{location} gave the transaction up, because it and another one waited for each other")]
    Deadlock {
        /// Which database, redacted.
        location: String,
        /// What the driver said.
        detail: Detail,
    },
    /// Somebody else holds what the statement needs: a file's write lock, a row, or a conflicting transaction.
    #[error("{location} is busy: another transaction held a lock for longer than {wait_ms} ms")]
    Busy {
        /// Which database, redacted.
        location: String,
        /// How long this one waited at most.
        wait_ms: u64,
        /// What the driver said.
        detail: Detail,
    },
    /// There is no room for what was written, and it has not happened.
    #[error("the disk of {location} is full")]
    DiskFull {
        /// Which database, redacted.
        location: String,
        /// What the driver said.
        detail: Detail,
    },
    /// A file can't be used as a database.
    #[error("the database file `{}` can't be used", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the driver or the system said.
        detail: Detail,
    },
    /// The database refused a statement for a reason that callers can't influence.
    #[error("{location} answered with an error (code {code})")]
    Failed {
        /// Which database, redacted.
        location: String,
        /// The database's own code: an SQLSTATE, or SQLite's number.
        code: String,
        /// What the driver said.
        detail: Detail,
    },
    /// Somebody else migrates the namespace.
    #[error("another session holds the lock of namespace `{namespace}` for longer than {wait_ms} ms")]
    Locked {
        /// The namespace.
        namespace: String,
        /// How long this one waited.
        wait_ms: u64,
    },
    /// A unique index has this value already. The engine says which field it is.
    #[error("a unique index refused the record")]
    Unique(ConstraintHit),
    /// A record and another one that it refers to do not go together. The engine says which relation it is.
    #[error("{0}")]
    Reference(ReferenceHit),
    /// A statement found another number of rows than it must. The engine says what that means.
    #[error("a statement answered {found} rows, expected {expected}")]
    Unexpected {
        /// What it must find.
        expected: Expect,
        /// What it found.
        found: u64,
    },
    /// A statement of the transaction failed before: the transaction is rolled back and takes no more.
    #[error("the transaction is over, because one of its statements failed")]
    TransactionOver,
}

/// A server and who wants what there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The data source's name.
    pub data_source: String,
    /// The kind of server.
    pub dialect: Dialect,
    /// Name, address or socket folder.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User.
    pub user: String,
    /// Database.
    pub database: String,
}

/// How a server takes no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing listens there.
    NobodyThere,
    /// Nothing answered in time, or no way leads there.
    NoAnswer {
        /// How long it may take.
        ms: u64,
    },
    /// The server has as many connections as it takes.
    Full,
    /// The server starts or stops.
    NotReady,
    /// What listens there broke off, or does not speak as a server of the kind does.
    BrokeOff {
        /// The kind that it should be.
        dialect: Dialect,
    },
}

/// On what server and URL don't agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsProblem {
    /// The server takes only TLS, the URL forbids it.
    ServerDemands,
    /// The URL demands TLS, the server has none.
    ServerLacks,
    /// Both want it, and the handshake fails.
    Handshake,
}

/// Which unique index refused a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintHit {
    /// PostgreSQL and MySQL: the index by its name.
    Constraint {
        /// The name.
        name: String,
    },
    /// MySQL: the table's key, which has no name of its own there.
    Key,
    /// SQLite: the index by its columns.
    Columns {
        /// The table, with the namespace's prefix where it has one.
        table: String,
        /// In the order of the index.
        columns: Vec<String>,
    },
}

/// How a record and another one that it refers to do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceHit {
    /// A write refers to a record that is not there.
    #[error("a record refers to another one that does not exist")]
    Missing {
        /// The constraint's name; SQLite doesn't tell.
        constraint: Option<String>,
    },
    /// A record can't go, because others refer to it.
    #[error("other records refer to the record")]
    Restricted {
        /// The constraint's name; SQLite doesn't tell.
        constraint: Option<String>,
    },
}

impl ReferenceHit {
    /// What it is where the database doesn't tell: a key never changes, so that only who deletes takes away what others
    /// refer to.
    pub(crate) fn of(statement: Option<&Statement>, constraint: Option<String>) -> Self {
        let is_delete = statement.is_some_and(|statement| statement.text.as_str().starts_with("DELETE"));
        match is_delete {
            true => Self::Restricted { constraint },
            false => Self::Missing { constraint },
        }
    }
}

/// What a driver said. For the operator's log only, so that it has no `Display`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    pub(crate) fn new(text: impl ToString) -> Self {
        Self(text.to_string())
    }

    /// The text, without the password, should a driver ever repeat it.
    pub(crate) fn without(text: impl ToString, password: Option<&str>) -> Self {
        match password {
            Some(password) if !password.is_empty() => Self(text.to_string().replace(password, "***")),
            Some(_) | None => Self::new(text),
        }
    }

    /// The text.
    pub fn for_operator(&self) -> &str {
        &self.0
    }
}

impl StoreError {
    /// Whether the same job may go well later, without anybody's doing.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::UnknownHost { .. }
            | Self::PoolExhausted { .. }
            | Self::TimedOut { .. }
            | Self::ConnectionLost { .. }
            | Self::Deadlock { .. }
            | Self::Busy { .. }
            | Self::DiskFull { .. }
            | Self::Locked { .. } => true,
            Self::AuthFailed { .. }
            | Self::MissingDatabase { .. }
            | Self::Tls { .. }
            | Self::TooOld { .. }
            | Self::Closed { .. }
            | Self::Retired { .. }
            | Self::File { .. }
            | Self::Failed { .. }
            | Self::Unique(_)
            | Self::Reference(_)
            | Self::Unexpected { .. }
            | Self::TransactionOver => false,
        }
    }

    /// Whether the same call may well succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::PoolExhausted { .. }
            | Self::TimedOut { .. }
            | Self::ConnectionLost { .. }
            | Self::Busy { .. }
            | Self::Deadlock { .. }
            | Self::Retired { .. }
            | Self::Locked { .. } => true,
            Self::UnknownHost { .. }
            | Self::AuthFailed { .. }
            | Self::MissingDatabase { .. }
            | Self::Tls { .. }
            | Self::TooOld { .. }
            | Self::Closed { .. }
            | Self::File { .. }
            | Self::DiskFull { .. }
            | Self::Failed { .. }
            | Self::Unique(_)
            | Self::Reference(_)
            | Self::Unexpected { .. }
            | Self::TransactionOver => false,
        }
    }

    /// What the driver said, for the operator's log.
    pub fn for_operator(&self) -> Option<&str> {
        match self {
            Self::Refused { detail, .. }
            | Self::UnknownHost { detail, .. }
            | Self::AuthFailed { detail, .. }
            | Self::MissingDatabase { detail, .. }
            | Self::Tls { detail, .. }
            | Self::ConnectionLost { detail, .. }
            | Self::Busy { detail, .. }
            | Self::Deadlock { detail, .. }
            | Self::File { detail, .. }
            | Self::DiskFull { detail, .. }
            | Self::Failed { detail, .. } => Some(detail.for_operator()),
            Self::TooOld { .. }
            | Self::PoolExhausted { .. }
            | Self::TimedOut { .. }
            | Self::Closed { .. }
            | Self::Retired { .. }
            | Self::Locked { .. }
            | Self::Unique(_)
            | Self::Reference(_)
            | Self::Unexpected { .. }
            | Self::TransactionOver => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_that_repeats_the_password_is_not_repeated() {
        let detail = Detail::without("no way in with 'se cret'", Some("se cret"));
        assert_eq!(detail.for_operator(), "no way in with '***'");
        assert_eq!(Detail::without("abc", Some("")).for_operator(), "abc");
    }

    #[test]
    fn what_the_driver_said_is_for_the_operator_only() {
        let error = StoreError::Failed {
            location: "sqlite:/x.db".to_owned(),
            code: "1".to_owned(),
            detail: Detail::new("no such table: t"),
        };
        let problem = model::Problem::of(&error);
        assert!(!format!("{problem:?}").contains("no such table"));
        assert_eq!(error.for_operator(), Some("no such table: t"));
    }

    #[test]
    fn an_error_is_small_enough_to_be_handed_around() {
        assert!(size_of::<StoreError>() <= 96, "{}", size_of::<StoreError>());
    }
}
