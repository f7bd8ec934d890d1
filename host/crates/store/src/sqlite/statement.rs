//! How one statement runs on an SQLite connection, once or for each of its repeats.
//!
//! Changes of the schema run once and are never kept prepared.

use std::cell::Cell;

use rusqlite::{Connection, Error};
use sql::Statement;

use super::connection::{Clock, Failure};
use super::{errors, values};
use crate::Rows;
use crate::job::Access;

/// Runs it; `repeated` counts the rows of the runs that succeeded.
pub(super) fn run(
    connection: &Connection,
    clock: &Clock,
    repeated: &Cell<u64>,
    statement: &Statement,
) -> Result<Rows, Failure> {
    let text = statement.text.as_str();
    let failed = |error| errors::of_statement(error, statement);
    if Access::of(statement) == Access::Schema {
        let mut prepared = connection.prepare(text).map_err(failed)?;
        return run_prepared(connection, clock, repeated, &mut prepared, statement);
    }
    let mut prepared = connection.prepare_cached(text).map_err(failed)?;
    run_prepared(connection, clock, repeated, &mut prepared, statement)
}

fn run_prepared(
    connection: &Connection,
    clock: &Clock,
    repeated: &Cell<u64>,
    prepared: &mut rusqlite::Statement<'_>,
    statement: &Statement,
) -> Result<Rows, Failure> {
    let failed = |error| errors::of_statement(error, statement);
    let mut answer = Rows::default();
    let Some(repeats) = &statement.repeats else {
        values::bind(prepared, &statement.binds).map_err(failed)?;
        run_bound(connection, prepared, statement, &mut answer).map_err(failed)?;
        return Ok(answer);
    };
    for rows in repeats.runs() {
        // Each is too short for SQLite to look at the clock itself.
        if clock.is_over() {
            return Err(Failure::OutOfTime);
        }
        values::bind_fields(prepared, rows, &repeats.fields).map_err(failed)?;
        run_bound(connection, prepared, statement, &mut answer).map_err(failed)?;
        repeated.set(repeated.get() + rows.len() as u64);
    }
    Ok(answer)
}

/// Adds what it answers and how many rows it wrote.
fn run_bound(
    connection: &Connection,
    prepared: &mut rusqlite::Statement<'_>,
    statement: &Statement,
    answer: &mut Rows,
) -> Result<(), Error> {
    if statement.columns.is_empty() {
        prepared.raw_execute()?;
    } else {
        let mut found = prepared.raw_query();
        while let Some(row) = found.next()? {
            answer.rows.push(values::row(row, &statement.columns)?);
        }
    }
    // Other statements leave the number of the one before.
    if Access::of(statement) == Access::Write {
        answer.affected += connection.changes();
    }
    Ok(())
}
