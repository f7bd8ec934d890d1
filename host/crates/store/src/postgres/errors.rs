//! What PostgreSQL's errors mean, by SQLSTATE.
//!
//! A message is read in one case only, where the state alone can't tell a missing rule from missing TLS.

use sql::Statement;
use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::server::{Address, Meaning, Said};
use crate::{ConstraintHit, ReferenceHit};

pub(super) fn said(error: &Error, statement: Option<&Statement>, address: &Address) -> Option<Said> {
    let error: &PgDatabaseError = error.as_database_error()?.try_downcast_ref()?;
    Some(Said {
        code: error.code().to_owned(),
        meaning: meaning(error, statement, address),
        ends_connection: matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic),
    })
}

fn meaning(error: &PgDatabaseError, statement: Option<&Statement>, address: &Address) -> Meaning {
    let constraint = error.constraint().map(str::to_owned);
    match error.code() {
        "28000" | "28P01" if demands_tls(error, address) => Meaning::DemandsTls,
        "28000" | "28P01" => Meaning::Stranger,
        "3D000" => Meaning::MissingDatabase,
        "53300" => Meaning::Full,
        "57P01" | "57P02" | "57P03" => Meaning::NotReady,
        "23505" => constraint.map_or(Meaning::Other, |name| Meaning::Duplicate(ConstraintHit::Constraint { name })),
        "23503" => Meaning::Reference(ReferenceHit::of(statement, constraint)),
        "23001" => Meaning::Reference(ReferenceHit::Restricted { constraint }),
        "57014" => Meaning::OutOfTime,
        "55P03" => Meaning::Busy,
        "40P01" | "40001" => Meaning::Deadlock,
        "53100" => Meaning::DiskFull,
        _ => Meaning::Other,
    }
}

/// A server whose rules name only encrypted connections says so only in words, in whatever language it is set to; the words
/// are looked at only when the connection really was not encrypted.
fn demands_tls(error: &PgDatabaseError, address: &Address) -> bool {
    let words = ["no encryption", "SSL off", "encrypted", "SSL required"];
    address.may_be_plain() && words.iter().any(|words| error.message().contains(words))
}
