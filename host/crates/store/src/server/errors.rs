//! What errors of a server, of the network and of a driver mean.
//!
//! A driver says what its server's codes stand for; how that becomes an error of the store is decided here, once. Of the
//! drivers' own words only fixed English ones are read, where they have no code.

use std::io::ErrorKind;

use sql::Statement;
use sqlx::Error;

use super::{Address, Driver};
use crate::{ConstraintHit, ReferenceHit, Refusal, StoreError, TlsProblem};

/// Code for what is not an error of the server: a value of another type, a broken protocol.
pub(crate) const DRIVER_CODE: &str = "driver";

/// What a server said.
#[derive(Debug)]
pub(crate) struct Said {
    /// Its own code.
    pub(crate) code: String,
    pub(crate) meaning: Meaning,
    /// Whether it takes no further statement on this connection.
    pub(crate) ends_connection: bool,
}

/// What a server's error means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// User and password are not accepted.
    Stranger,
    MissingDatabase,
    DemandsTls,
    /// It has as many connections as it takes.
    Full,
    /// It starts or stops.
    NotReady,
    Duplicate(ConstraintHit),
    Reference(ReferenceHit),
    /// The statement ran for as long as it may.
    OutOfTime,
    /// A lock that another one holds, a deadlock, a conflict of serializable transactions.
    Busy,
    /// Transactions waited for each other.
    Deadlock,
    /// It has no room for what was written.
    DiskFull,
    /// The statement is larger than what it takes, so that it has not happened.
    TooLarge,
    Other,
}

/// Why no connection came about.
pub(super) async fn connecting<D: Driver>(error: Error, driver: &D) -> StoreError {
    let address = driver.address();
    let (endpoint, detail) = (address.endpoint(), address.detail(&error));
    let refused = |refusal| StoreError::Refused { endpoint: endpoint.clone(), refusal, detail: detail.clone() };
    let tls = |problem| StoreError::Tls { endpoint: endpoint.clone(), problem, detail: detail.clone() };
    let broke_off = Refusal::BrokeOff { dialect: D::DIALECT };
    let Some(said) = driver.said(&error, None) else {
        let no_answer = Refusal::NoAnswer { ms: address.settings().connect_ms_max };
        return match &error {
            Error::Tls(_) if lacks_tls(&error) => tls(TlsProblem::ServerLacks),
            Error::Tls(_) => tls(TlsProblem::Handshake),
            Error::Io(io) => match io.kind() {
                ErrorKind::ConnectionRefused => refused(Refusal::NobodyThere),
                // A socket that is not there; otherwise it is a certificate.
                ErrorKind::NotFound if address.target().is_socket() => refused(Refusal::NobodyThere),
                ErrorKind::InvalidData | ErrorKind::NotFound => tls(TlsProblem::Handshake),
                ErrorKind::TimedOut
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable
                | ErrorKind::AddrNotAvailable => refused(no_answer),
                _ if has_no_address(address).await => StoreError::UnknownHost { endpoint, detail },
                _ => refused(broke_off),
            },
            Error::Protocol(_) => refused(broke_off),
            _ => statement(error, driver, None),
        };
    };
    match said.meaning {
        Meaning::Stranger => StoreError::AuthFailed { endpoint, detail },
        Meaning::MissingDatabase => StoreError::MissingDatabase { endpoint, detail },
        Meaning::DemandsTls => tls(TlsProblem::ServerDemands),
        Meaning::Full => refused(Refusal::Full),
        Meaning::NotReady => refused(Refusal::NotReady),
        Meaning::Duplicate(_)
        | Meaning::Reference(_)
        | Meaning::OutOfTime
        | Meaning::Busy
        | Meaning::Deadlock
        | Meaning::DiskFull
        | Meaning::TooLarge
        | Meaning::Other => StoreError::Failed { location: address.location().to_owned(), code: said.code, detail },
    }
}

/// Why a statement failed on a connection.
pub(super) fn statement<D: Driver>(error: Error, driver: &D, statement: Option<&Statement>) -> StoreError {
    let address = driver.address();
    let detail = address.detail(&error);
    let location = || address.location().to_owned();
    let Some(said) = driver.said(&error, statement) else {
        return match matches!(error, Error::Io(_)) {
            true => StoreError::ConnectionLost { location: location(), detail },
            false => StoreError::Failed { location: location(), code: DRIVER_CODE.to_owned(), detail },
        };
    };
    match said.meaning {
        Meaning::Duplicate(hit) => StoreError::Unique(hit),
        Meaning::Reference(hit) => StoreError::Reference(hit),
        Meaning::OutOfTime => timed_out(address),
        Meaning::Deadlock => StoreError::Deadlock { location: location(), detail },
        Meaning::DiskFull => StoreError::DiskFull { location: location(), detail },
        Meaning::Busy => StoreError::Busy { location: location(), wait_ms: driver.lock_wait_ms(), detail },
        Meaning::TooLarge => StoreError::Failed { location: location(), code: said.code, detail },
        _ if said.ends_connection => StoreError::ConnectionLost { location: location(), detail },
        _ => StoreError::Failed { location: location(), code: said.code, detail },
    }
}

pub(super) fn timed_out(address: &Address) -> StoreError {
    let settings = address.settings();
    StoreError::TimedOut { data_source: settings.name.clone(), ms: settings.statement_ms_max }
}

/// Whether the server answered with an error and waits for the next statement.
pub(super) fn leaves_connection_clean<D: Driver>(error: &Error, driver: &D) -> bool {
    driver.said(error, None).is_some_and(|said| !said.ends_connection)
}

/// The drivers' words for a server that answers the question for TLS with no.
fn lacks_tls(error: &Error) -> bool {
    error.to_string().contains("server does not support TLS")
}

/// The system's resolver has no error kind of its own, so that it is asked again.
async fn has_no_address(address: &Address) -> bool {
    let target = address.target();
    if target.is_socket() {
        return false;
    }
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    found.map_or(true, |mut addresses| addresses.next().is_none())
}
