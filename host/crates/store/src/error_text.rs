//! What to tell a reader about each error: its code, its facts, what to do.
//!
//! Only facts of the variants are used; a driver's text never gets here.

use std::fmt;

use model::{Code, Describe};
use sql::Dialect;

use crate::{Endpoint, Holder, Refusal, StoreError, TlsProblem};

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
            Self::Busy { .. } | Self::Deadlock { .. } => Code::DatabaseBusy,
            Self::Retired { .. } => Code::NamespaceUnknown,
            Self::DiskFull { .. } => Code::DatabaseDiskFull,
            Self::File { .. } => Code::DatabaseFile,
            Self::TooOld { .. } | Self::Failed { .. } => Code::DatabaseFailed,
            Self::Locked { .. } => Code::SchemaLocked,
            Self::Unique(_) | Self::Reference(_) => Code::RecordRefused,
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
            Self::AuthFailed { endpoint, .. } => auth_failed(endpoint),
            Self::MissingDatabase { endpoint, .. } => {
                vec![create_database(endpoint), "check the database's name in the URL of the data source".to_owned()]
            }
            Self::Tls { problem, endpoint, .. } => tls(*problem, endpoint.dialect),
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
            Self::Retired { .. } => list(&["make the namespace again, or call another one"]),
            Self::Deadlock { .. } => list(&["try again", "write the same records in the same order everywhere"]),
            Self::Busy { .. } => list(&["try again", "look for another program that holds a transaction open"]),
            Self::DiskFull { .. } => list(&[
                "make room on the disk, then try again: nothing of this write has happened",
                "look for logs and old files beside the database",
            ]),
            Self::File { .. } => list(&[
                "check that the folder exists, that this user may write there and that the disk is not full",
                "check that the file is an SQLite database",
            ]),
            Self::Failed { .. } => list(&["look into the host's log: it holds what the database said"]),
            Self::Locked { .. } => list(&["wait until the other deployment is done, then try again"]),
            Self::Unique(_) | Self::Reference(_) | Self::Unexpected { .. } | Self::TransactionOver => Vec::new(),
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
            Self::PoolExhausted { data_source, size, in_use, waiting, wait_ms, longest } => {
                let mut facts = vec![
                    ("data_source", data_source.clone()),
                    ("size", size.to_string()),
                    ("in_use", in_use.to_string()),
                    ("waiting", waiting.to_string()),
                    ("wait_ms", wait_ms.to_string()),
                ];
                if let Some(Holder { namespace, ms }) = longest {
                    facts.push(("longest_holder", namespace.to_string()));
                    facts.push(("longest_holder_ms", ms.to_string()));
                }
                facts
            }
            Self::TimedOut { data_source, ms } => {
                vec![("data_source", data_source.clone()), ("ms", ms.to_string())]
            }
            Self::Closed { data_source } => vec![("data_source", data_source.clone())],
            Self::Retired { namespace } => vec![("namespace", namespace.clone())],
            Self::ConnectionLost { location, .. }
            | Self::Busy { location, .. }
            | Self::Deadlock { location, .. }
            | Self::DiskFull { location, .. } => {
                vec![("database", location.clone())]
            }
            Self::Failed { location, code, .. } => {
                vec![("database", location.clone()), ("database_code", code.clone())]
            }
            Self::File { path, .. } => vec![("path", path.display().to_string())],
            Self::Locked { namespace, wait_ms } => {
                vec![("namespace", namespace.clone()), ("wait_ms", wait_ms.to_string())]
            }
            Self::Unique(_) | Self::Reference(_) | Self::Unexpected { .. } | Self::TransactionOver => Vec::new(),
        }
    }
}

fn auth_failed(endpoint: &Endpoint) -> Vec<String> {
    let grant = match endpoint.dialect {
        Dialect::Mysql => "check what the server grants to this user from this address, and whether only with TLS",
        Dialect::Postgres | Dialect::Sqlite => "check the server's pg_hba.conf for this user, database and address",
    };
    vec![
        format!("check user and password in the URL of data source `{}`", endpoint.data_source),
        "in a password write `@` as %40, `:` as %3A and `/` as %2F".to_owned(),
        grant.to_owned(),
    ]
}

fn create_database(endpoint: &Endpoint) -> String {
    let Endpoint { host, port, database, .. } = endpoint;
    match endpoint.dialect {
        Dialect::Mysql => format!("create it: CREATE DATABASE `{database}`"),
        Dialect::Postgres | Dialect::Sqlite => format!("create it: createdb -h {host} -p {port} {database}"),
    }
}

fn tls(problem: TlsProblem, dialect: Dialect) -> Vec<String> {
    let (mode, root_certificate) = match dialect {
        Dialect::Mysql => ("ssl-mode", "ssl-ca"),
        Dialect::Postgres | Dialect::Sqlite => ("sslmode", "sslrootcert"),
    };
    match problem {
        TlsProblem::ServerDemands => vec![format!("add ?{mode}=require to the URL of the data source")],
        TlsProblem::ServerLacks => vec![
            "turn on ssl on the server".to_owned(),
            format!("on a trusted network, write ?{mode}=disable in the URL of the data source"),
        ],
        TlsProblem::Handshake => vec![format!(
            "check that the file of {root_certificate} exists and that the server's certificate names this host"
        )],
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
        Refusal::BrokeOff { dialect: Dialect::Mysql } => {
            &["check that a MySQL or MariaDB server listens there, and not another program"]
        }
        Refusal::BrokeOff { .. } => &["check that a PostgreSQL server listens there, and not another program"],
    };
    let Endpoint { host, port, .. } = endpoint;
    let test = match endpoint.dialect {
        Dialect::Mysql => format!("try it: mysqladmin -h {host} -P {port} status"),
        Dialect::Postgres | Dialect::Sqlite => format!("try it: pg_isready -h {host} -p {port}"),
    };
    texts.iter().map(|text| (*text).to_owned()).chain([test]).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyThere => f.write_str("refuses connections: nothing listens there"),
            Self::NoAnswer { ms } => write!(f, "gave no answer within {ms} ms"),
            Self::Full => f.write_str("has no connection left"),
            Self::NotReady => f.write_str("is starting up or shutting down"),
            Self::BrokeOff { dialect: Dialect::Mysql } => {
                f.write_str("takes connections and does not answer as MySQL does")
            }
            Self::BrokeOff { .. } => f.write_str("takes connections and does not answer as PostgreSQL does"),
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
