//! How one statement runs on an SQLite connection, once or for each of its repeats.
//!
//! Changes of the schema run once and are never kept prepared.

use model::Row;
use rusqlite::{Connection, Error};
use sql::{Bind, Statement};

use super::connection::{Clock, Failure};
use super::{errors, values};
use crate::Rows;
use crate::job::Access;

pub(super) fn run(connection: &Connection, clock: &Clock, statement: &Statement) -> Result<Rows, Failure> {
    let text = statement.text.as_str();
    let failed = |error| errors::of_statement(error, statement);
    if Access::of(statement) == Access::Schema {
        let mut prepared = connection.prepare(text).map_err(failed)?;
        return run_prepared(connection, clock, &mut prepared, statement);
    }
    let mut prepared = connection.prepare_cached(text).map_err(failed)?;
    run_prepared(connection, clock, &mut prepared, statement)
}

fn run_prepared(
    connection: &Connection,
    clock: &Clock,
    prepared: &mut rusqlite::Statement<'_>,
    statement: &Statement,
) -> Result<Rows, Failure> {
    let mut answer = Rows::default();
    let mut run_once = |binds: &[Bind]| {
        let affected = run_once(connection, prepared, statement, binds, &mut answer.rows);
        affected.map_err(|error| errors::of_statement(error, statement))
    };
    if statement.repeats.is_empty() {
        answer.affected = run_once(&statement.binds)?;
        return Ok(answer);
    }
    for binds in &statement.repeats {
        // Each is too short for SQLite to look at the clock itself.
        if clock.is_over() {
            return Err(Failure::OutOfTime);
        }
        answer.affected_each.push(run_once(binds)?);
    }
    answer.affected = answer.affected_each.iter().sum();
    Ok(answer)
}

/// Adds the rows, and answers how many were written.
fn run_once(
    connection: &Connection,
    prepared: &mut rusqlite::Statement<'_>,
    statement: &Statement,
    binds: &[Bind],
    rows: &mut Vec<Row>,
) -> Result<u64, Error> {
    values::bind(prepared, binds)?;
    if statement.columns.is_empty() {
        prepared.raw_execute()?;
    } else {
        let mut found = prepared.raw_query();
        while let Some(row) = found.next()? {
            rows.push(values::row(row, &statement.columns)?);
        }
    }
    // Other statements leave the number of the one before.
    Ok(match Access::of(statement) {
        Access::Write => connection.changes(),
        Access::Read | Access::Schema => 0,
    })
}
