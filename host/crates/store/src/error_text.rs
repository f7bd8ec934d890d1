//! What to tell a reader about each error: its code, its facts, what to do.
//!
//! Only facts of the variants are used; a driver's text never gets here.

use std::fmt;

use model::{Code, Describe};

use crate::{Endpoint, Refusal, StoreError, TlsProblem};

impl Describe for StoreError {
    fn code(&self) -> Code {
        match self {
            Self::Refused { .. } => Code::DatabaseRefused,
            Self::UnknownHost { .. } => Code::DatabaseUnknownHost,
            Self::AuthFailed { .. } => Code::DatabaseAuthFailed,
            Self::MissingDatabase { .. } => Code::DatabaseMissing,
            Self::Tls { .. } => Code::DatabaseTlsRequired,
            Self::PoolExhausted { .. } => Code::DatabasePoolExhausted,
            Self::TimedOut { .. } => Code::DatabaseTimeout,
            Self::ConnectionLost { .. } | Self::Closed { .. } => Code::DatabaseConnectionLost,
            Self::Busy { .. } => Code::DatabaseBusy,
            Self::File { .. } => Code::DatabaseFile,
            Self::TooOld { .. } | Self::Failed { .. } => Code::DatabaseFailed,
            Self::Locked { .. } => Code::SchemaLocked,
            Self::Unique(_) => Code::RecordRefused,
            Self::Unexpected { .. } | Self::TransactionOver => Code::HostBug,
        }
    }

    fn solutions(&self) -> Vec<String> {
        let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        match self {
            Self::Refused { refusal, endpoint, .. } => refused(*refusal, endpoint),
            Self::UnknownHost { .. } => list(&[
                "check the host's spelling in the URL of the data source",
                "check that the name resolves on this machine",
            ]),
            Self::AuthFailed { endpoint, .. } => vec![
                format!("check user and password in the URL of data source `{}`", endpoint.data_source),
                "in a password write `@` as %40, `:` as %3A and `/` as %2F".to_owned(),
                "check the server's pg_hba.conf for this user, database and address".to_owned(),
            ],
            Self::MissingDatabase { endpoint, .. } => vec![
                format!("create it: createdb -h {} -p {} {}", endpoint.host, endpoint.port, endpoint.database),
                "check the database's name in the URL of the data source".to_owned(),
            ],
            Self::Tls { problem, .. } => list(tls(*problem)),
            Self::TooOld { version_min, .. } => {
                vec![format!("upgrade the server to {version_min} or newer")]
            }
            Self::PoolExhausted { .. } => list(&[
                "try again: this is load, not a fault",
                "raise connections_max of the data source, if the database allows more",
                "look for statements and transactions that take long",
            ]),
            Self::TimedOut { .. } => {
                list(&["narrow the filter or ask for a smaller page", "raise statement_ms_max of the data source"])
            }
            Self::ConnectionLost { .. } => {
                list(&["try again; read first whether a write has happened", "look into the server's log"])
            }
            Self::Closed { .. } => list(&["start the host again"]),
            Self::Busy { .. } => list(&["try again", "look for another program that holds a transaction open"]),
            Self::File { .. } => list(&[
                "check that the folder exists, that this user may write there and that the disk is not full",
                "check that the file is an SQLite database",
            ]),
            Self::Failed { .. } => list(&["look into the host's log: it holds what the database said"]),
            Self::Locked { .. } => list(&["wait until the other deployment is done, then try again"]),
            Self::Unique(_) | Self::Unexpected { .. } | Self::TransactionOver => Vec::new(),
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Refused { endpoint, .. }
            | Self::UnknownHost { endpoint, .. }
            | Self::AuthFailed { endpoint, .. }
            | Self::MissingDatabase { endpoint, .. }
            | Self::Tls { endpoint, .. }
            | Self::TooOld { endpoint, .. } => vec![
                ("data_source", endpoint.data_source.clone()),
                ("host", endpoint.host.clone()),
                ("port", endpoint.port.to_string()),
                ("user", endpoint.user.clone()),
                ("database", endpoint.database.clone()),
            ],
            Self::PoolExhausted { data_source, size, in_use, waiting, wait_ms } => vec![
                ("data_source", data_source.clone()),
                ("size", size.to_string()),
                ("in_use", in_use.to_string()),
                ("waiting", waiting.to_string()),
                ("wait_ms", wait_ms.to_string()),
            ],
            Self::TimedOut { data_source, ms } => {
                vec![("data_source", data_source.clone()), ("ms", ms.to_string())]
            }
            Self::Closed { data_source } => vec![("data_source", data_source.clone())],
            Self::ConnectionLost { location, .. } | Self::Busy { location, .. } => {
                vec![("database", location.clone())]
            }
            Self::Failed { location, code, .. } => {
                vec![("database", location.clone()), ("database_code", code.clone())]
            }
            Self::File { path, .. } => vec![("path", path.display().to_string())],
            Self::Locked { namespace, wait_ms } => {
                vec![("namespace", namespace.clone()), ("wait_ms", wait_ms.to_string())]
            }
            Self::Unique(_) | Self::Unexpected { .. } | Self::TransactionOver => Vec::new(),
        }
    }
}

fn tls(problem: TlsProblem) -> &'static [&'static str] {
    match problem {
        TlsProblem::ServerDemands => &["add ?sslmode=require to the URL of the data source"],
        TlsProblem::ServerLacks => {
            &["turn on ssl on the server", "on a trusted network, write ?sslmode=disable in the URL of the data source"]
        }
        TlsProblem::Handshake => {
            &["check that the file of sslrootcert exists and that the server's certificate names this host"]
        }
    }
}

fn refused(refusal: Refusal, endpoint: &Endpoint) -> Vec<String> {
    let texts: &[&str] = match refusal {
        Refusal::NobodyThere => &["start the database server", "check host and port in the URL of the data source"],
        Refusal::NoAnswer { .. } => {
            &["check host and port in the URL of the data source", "check that no firewall is in between"]
        }
        Refusal::Full => &[
            "lower connections_max of the data source, or raise max_connections of the server",
            "look for other programs that hold connections",
        ],
        Refusal::NotReady => &["wait until the server is up, then try again"],
        Refusal::BrokeOff => &["check that a PostgreSQL server listens there, and not another program"],
    };
    let test = format!("try it: pg_isready -h {} -p {}", endpoint.host, endpoint.port);
    texts.iter().map(|text| (*text).to_owned()).chain([test]).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyThere => f.write_str("refuses connections: nothing listens there"),
            Self::NoAnswer { ms } => write!(f, "gave no answer within {ms} ms"),
            Self::Full => f.write_str("has no connection left"),
            Self::NotReady => f.write_str("is starting up or shutting down"),
            Self::BrokeOff => f.write_str("takes connections and does not answer as PostgreSQL does"),
        }
    }
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServerDemands => "takes only connections with TLS, and the URL has none",
            Self::ServerLacks => "has no TLS, and the URL demands it",
            Self::Handshake => "and this host don't agree on TLS",
        })
    }
}
