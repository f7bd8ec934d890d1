//! What SQLite's errors mean.
//!
//! Text of the driver goes into the operator's detail; of it only the names in a unique violation are read.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use rusqlite::ffi::{
    SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_TRIGGER, SQLITE_CONSTRAINT_UNIQUE,
};
use sql::Statement;

use super::connection::Failure;
use super::file::SqliteFile;
use crate::{ConstraintHit, Detail, ReferenceHit, StoreError};

/// Code for what is not an error of SQLite itself: a value of another type, a wrong number of binds.
const DRIVER_CODE: &str = "driver";

pub(super) fn failure(failure: Failure, file: &SqliteFile) -> StoreError {
    match failure {
        Failure::Driver(error) => driver(error, file),
        Failure::Store(error) => error,
        Failure::OutOfTime => timed_out(file),
    }
}

/// Why a statement didn't run. Of a reference SQLite says nothing but that one was hit, so that the statement is asked.
pub(super) fn of_statement(error: rusqlite::Error, statement: &Statement) -> Failure {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return Failure::Driver(error);
    };
    // A rule that restricts is a trigger inside, and is told by its text from a trigger that somebody wrote.
    let is_restriction = message.as_deref() == Some("FOREIGN KEY constraint failed");
    match code.extended_code {
        SQLITE_CONSTRAINT_FOREIGNKEY => Failure::Store(StoreError::Reference(ReferenceHit::of(Some(statement), None))),
        SQLITE_CONSTRAINT_TRIGGER if is_restriction => {
            Failure::Store(StoreError::Reference(ReferenceHit::Restricted { constraint: None }))
        }
        _ => Failure::Driver(error),
    }
}

pub(super) fn driver(error: rusqlite::Error, file: &SqliteFile) -> StoreError {
    let detail = Detail::new(&error);
    // A text that SQLite does not take, such as one that names a column which somebody dropped, is an error of its own.
    let code = match &error {
        rusqlite::Error::SqlInputError { error, .. } => Some(error),
        error => error.sqlite_error(),
    };
    let Some(code) = code else {
        return StoreError::Failed { location: file.location().to_owned(), code: DRIVER_CODE.to_owned(), detail };
    };
    match code.code {
        ErrorCode::OperationInterrupted => timed_out(file),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            StoreError::Busy { location: file.location().to_owned(), wait_ms: file.settings().wait_ms_max, detail }
        }
        ErrorCode::DiskFull => StoreError::DiskFull { location: file.location().to_owned(), detail },
        ErrorCode::CannotOpen
        | ErrorCode::NotADatabase
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::SystemIoFailure
        | ErrorCode::FileLockingProtocolFailed => {
            StoreError::File { path: file.path().map_or_else(PathBuf::new, ToOwned::to_owned), detail }
        }
        ErrorCode::ConstraintViolation => match unique(&error, code.extended_code) {
            Some(hit) => StoreError::Unique(hit),
            None => failed(file, code.extended_code, detail),
        },
        _ => failed(file, code.extended_code, detail),
    }
}

pub(super) fn system(error: &std::io::Error, path: PathBuf) -> StoreError {
    StoreError::File { path, detail: Detail::new(error) }
}

fn failed(file: &SqliteFile, code: i32, detail: Detail) -> StoreError {
    StoreError::Failed { location: file.location().to_owned(), code: code.to_string(), detail }
}

fn timed_out(file: &SqliteFile) -> StoreError {
    StoreError::TimedOut { data_source: file.settings().name.clone(), ms: file.settings().statement_ms_max }
}

/// Reads `UNIQUE constraint failed: t.a, t.b`, the only place where SQLite says which index it was.
fn unique(error: &rusqlite::Error, extended_code: i32) -> Option<ConstraintHit> {
    let is_unique = [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY].contains(&extended_code);
    let rusqlite::Error::SqliteFailure(_, Some(message)) = error else {
        return None;
    };
    let names = message.strip_prefix("UNIQUE constraint failed: ")?;
    let pairs: Vec<(&str, &str)> = names.split(", ").map(|name| name.split_once('.')).collect::<Option<_>>()?;
    let (table, _) = *pairs.first()?;
    is_unique.then(|| ConstraintHit::Columns {
        table: table.to_owned(),
        columns: pairs.iter().map(|(_, column)| (*column).to_owned()).collect(),
    })
}
