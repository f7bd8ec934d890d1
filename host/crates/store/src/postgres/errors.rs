//! What PostgreSQL's errors mean.
//!
//! Decided by SQLSTATE and by the kind of an I/O error. A message is read in one case only, where the state alone can't
//! tell a missing rule from missing TLS.

use std::io::ErrorKind;

use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use super::connect::Connector;
use crate::url::{Password, TlsMode};
use crate::{ConstraintHit, Detail, Refusal, StoreError, TlsProblem};

/// Code for what is not an error of the server: a value of another type, a broken protocol.
const DRIVER_CODE: &str = "driver";

/// Why no connection came about.
pub(super) async fn connecting(error: Error, connector: &Connector) -> StoreError {
    let endpoint = connector.endpoint();
    let detail = detail(&error, connector);
    let ms = connector.settings().connect_ms_max;
    let refused = |refusal| StoreError::Refused { endpoint: endpoint.clone(), refusal, detail: detail.clone() };
    let tls = |problem| StoreError::Tls { endpoint: endpoint.clone(), problem, detail: detail.clone() };
    if let Some(error) = server_error(&error) {
        return match error.code() {
            "28000" | "28P01" if demands_tls(error, connector) => tls(TlsProblem::ServerDemands),
            "28000" | "28P01" => StoreError::AuthFailed { endpoint, detail },
            "3D000" => StoreError::MissingDatabase { endpoint, detail },
            "53300" => refused(Refusal::Full),
            "57P01" | "57P02" | "57P03" => refused(Refusal::NotReady),
            code => StoreError::Failed { location: connector.location().to_owned(), code: code.to_owned(), detail },
        };
    }
    match &error {
        Error::Tls(_) if lacks_tls(&error) => tls(TlsProblem::ServerLacks),
        Error::Tls(_) => tls(TlsProblem::Handshake),
        Error::Io(io) => match io.kind() {
            ErrorKind::ConnectionRefused => refused(Refusal::NobodyThere),
            // A socket that is not there; otherwise it is a certificate.
            ErrorKind::NotFound if is_socket(connector) => refused(Refusal::NobodyThere),
            ErrorKind::InvalidData | ErrorKind::NotFound => tls(TlsProblem::Handshake),
            ErrorKind::TimedOut
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::AddrNotAvailable => refused(Refusal::NoAnswer { ms }),
            _ if has_no_address(connector).await => StoreError::UnknownHost { endpoint, detail },
            _ => refused(Refusal::BrokeOff),
        },
        Error::Protocol(_) => refused(Refusal::BrokeOff),
        _ => statement(error, connector),
    }
}

/// Why a statement failed on a connection.
pub(super) fn statement(error: Error, connector: &Connector) -> StoreError {
    let detail = detail(&error, connector);
    let location = || connector.location().to_owned();
    let failed = |code: &str, detail| StoreError::Failed { location: location(), code: code.to_owned(), detail };
    let Some(server) = server_error(&error) else {
        return match is_lost(&error) {
            true => StoreError::ConnectionLost { location: location(), detail },
            false => failed(DRIVER_CODE, detail),
        };
    };
    match server.code() {
        "23505" => match server.constraint() {
            Some(name) => StoreError::Unique(ConstraintHit::Constraint { name: name.to_owned() }),
            None => failed(server.code(), detail),
        },
        "57014" => timed_out(connector),
        // A lock that another one holds, a deadlock, a conflict of serializable transactions.
        "55P03" | "40P01" | "40001" => {
            StoreError::Busy { location: location(), wait_ms: connector.settings().wait_ms_max, detail }
        }
        _ if is_lost(&error) => StoreError::ConnectionLost { location: location(), detail },
        code => failed(code, detail),
    }
}

pub(super) fn timed_out(connector: &Connector) -> StoreError {
    StoreError::TimedOut { data_source: connector.settings().name.clone(), ms: connector.settings().statement_ms_max }
}

/// Whether the connection is gone.
pub(super) fn is_lost(error: &Error) -> bool {
    match server_error(error) {
        Some(error) => matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic),
        None => matches!(error, Error::Io(_)),
    }
}

/// Whether the server answered with an error and waits for the next statement.
pub(super) fn leaves_connection_clean(error: &Error) -> bool {
    server_error(error).is_some() && !is_lost(error)
}

fn server_error(error: &Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// A server whose rules name only encrypted connections says so only in words, in whatever language it is set to; the words
/// are looked at only when the connection really was not encrypted.
fn demands_tls(error: &PgDatabaseError, connector: &Connector) -> bool {
    let may_be_plain = matches!(connector.target().tls_mode(), TlsMode::Disable | TlsMode::Prefer);
    let words = ["no encryption", "SSL off", "encrypted", "SSL required"];
    may_be_plain && words.iter().any(|words| error.message().contains(words))
}

/// The driver's own words for a server that answers the question for TLS with no.
fn lacks_tls(error: &Error) -> bool {
    error.to_string().contains("server does not support TLS")
}

/// The system's resolver has no error kind of its own, so that it is asked again.
async fn has_no_address(connector: &Connector) -> bool {
    let target = connector.target();
    if is_socket(connector) {
        return false;
    }
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    found.map_or(true, |mut addresses| addresses.next().is_none())
}

fn is_socket(connector: &Connector) -> bool {
    connector.target().host.starts_with('/')
}

fn detail(error: &Error, connector: &Connector) -> Detail {
    let password = connector.target().password.as_ref().map(Password::expose);
    Detail::without(error, password)
}
