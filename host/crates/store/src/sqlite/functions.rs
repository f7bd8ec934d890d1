//! What SQLite lacks for filters, as functions of ours: `regexp`, which is behind its operator `REGEXP`, and `json_number`.
//!
//! Both depend on their arguments alone. They answer null for null, as SQLite's own functions do.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

/// Registers the functions on a connection.
pub(super) fn register(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("regexp", 2, flags, regexp)?;
    connection.create_scalar_function("json_number", 1, flags, json_number)
}

/// `regexp(pattern, text)`: whether the pattern is somewhere in the text. Compiled once for a statement.
fn regexp(context: &Context<'_>) -> Result<Option<bool>, Error> {
    let regex = context.get_or_create_aux(0, |pattern| -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
        Ok(sql::compile_regex(pattern.as_str()?)?)
    })?;
    match context.get_raw(1) {
        ValueRef::Null => Ok(None),
        text => Ok(Some(regex.is_match(text.as_str()?))),
    }
}

/// `json_number(text)`: the number that the JSON text is, as the nearest float; null for every other text. SQLite's own
/// conversion is off by one place for one number of a dozen with many digits.
fn json_number(context: &Context<'_>) -> Result<Option<f64>, Error> {
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        text => Ok(text.as_str()?.parse().ok()),
    }
}
