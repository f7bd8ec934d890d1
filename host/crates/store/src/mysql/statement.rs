//! How one statement runs on a MySQL connection.
//!
//! Everything with binds or rows is prepared, so that values cross in the binary format and none is converted. Changes of
//! the schema run once, as plain texts where they can, and are never kept prepared.

use futures_util::TryStreamExt;
use sql::Statement;
use sqlx::mysql::{MySqlConnection, MySqlDatabaseError};
use sqlx::{Connection, Either, Error, Executor};

use super::values;
use crate::Rows;
use crate::job::Access;
use crate::server;

/// The server keeps no further statement prepared, for whomever it kept the others.
const TOO_MANY_PREPARED: u16 = 1461;

pub(super) async fn run(connection: &mut MySqlConnection, statement: &Statement) -> Result<Rows, Error> {
    match run_once(connection, statement).await {
        Err(error) if is_full_of_prepared(&error) => {
            connection.clear_cached_statements().await?;
            run_once(connection, statement).await
        }
        answer => answer,
    }
}

async fn run_once(connection: &mut MySqlConnection, statement: &Statement) -> Result<Rows, Error> {
    let access = Access::of(statement);
    let mut answer = Rows::default();
    let text = server::text(statement);
    if access == Access::Schema && statement.binds.is_empty() && statement.columns.is_empty() {
        connection.execute(text).await?;
        return Ok(answer);
    }
    let query = sqlx::query_with(text, values::arguments(&statement.binds)?).persistent(access != Access::Schema);
    let mut found = connection.fetch_many(query);
    while let Some(item) = found.try_next().await? {
        match item {
            Either::Left(done) if access == Access::Write => {
                answer.affected += done.rows_affected();
                // 0 where none was made.
                answer.generated = i64::try_from(done.last_insert_id()).ok().filter(|key| *key != 0);
            }
            Either::Left(_) => {}
            Either::Right(row) => answer.rows.push(values::row(&row, &statement.columns)?),
        }
    }
    Ok(answer)
}

fn is_full_of_prepared(error: &Error) -> bool {
    let error = error.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    error.is_some_and(|error| error.number() == TOO_MANY_PREPARED)
}
