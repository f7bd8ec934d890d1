//! How one statement runs on a PostgreSQL connection.
//!
//! Changes of the schema run once: without binds they take the simple protocol, and they are never kept prepared.

use futures_util::TryStreamExt;
use sql::Statement;
use sqlx::postgres::PgConnection;
use sqlx::{Either, Error, Executor};

use super::values;
use crate::Rows;
use crate::job::Access;
use crate::server;

pub(super) async fn run(connection: &mut PgConnection, statement: &Statement) -> Result<Rows, Error> {
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
            Either::Left(done) if access == Access::Write => answer.affected += done.rows_affected(),
            Either::Left(_) => {}
            Either::Right(row) => answer.rows.push(values::row(&row, &statement.columns)?),
        }
    }
    Ok(answer)
}
