//! The outside SQLite client: looks into a file without asking the host.
//!
//! It opens the file as any other program would. Invariant: it waits for no lock longer than it takes the host to commit.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// A connection of an outside program.
#[track_caller]
pub fn sqlite_open(file: &Path) -> Connection {
    assert!(file.is_file(), "{} is not there", file.display());
    let connection = Connection::open(file).expect("the file opens");
    connection.busy_timeout(Duration::from_secs(10)).expect("a timeout");
    connection
}

/// Runs statements.
#[track_caller]
pub fn sqlite_execute(file: &Path, statements: &str) {
    sqlite_open(file).execute_batch(statements).unwrap_or_else(|error| panic!("{error}: {statements}"));
}

/// The rows of a query, their columns joined by a blank.
#[track_caller]
pub fn sqlite_texts(file: &Path, query: &str) -> Vec<String> {
    let connection = sqlite_open(file);
    let mut statement = connection.prepare(query).unwrap_or_else(|error| panic!("{error}: {query}"));
    let width = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        (0..width).map(|at| row.get_ref(at).map(text)).collect::<Result<Vec<_>, _>>().map(|texts| texts.join(" "))
    };
    let rows = statement.query_map([], row).expect("the query runs");
    rows.collect::<Result<_, _>>().expect("the rows are read")
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(int) => int.to_string(),
        ValueRef::Real(float) => float.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
