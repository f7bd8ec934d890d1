//! What only PostgreSQL knows: how an outside client connects, asks and drops a database.
//!
//! Which database it is and who may have it is `server`'s. Invariant: the same functions in the same order as in `mysql`.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Result, Row};

use crate::ServerDatabase;
use crate::server::{Server, ServerSession};

/// A fresh database on PostgreSQL; none where there is no server to be had.
pub fn postgres() -> Option<ServerDatabase> {
    Server::Postgres.database()
}

pub(crate) async fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::connect(url).await
}

pub(crate) async fn execute(connection: &mut PgConnection, statements: &str) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await.map(|_| ())
}

/// Every column comes as text, whatever its type: the simple protocol has no other form.
pub(crate) async fn texts(connection: &mut PgConnection, query: &str) -> Result<Vec<Vec<Option<String>>>> {
    let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await?;
    rows.iter().map(|row| (0..row.len()).map(|at| row.try_get_unchecked(at)).collect()).collect()
}

pub(crate) fn drop_database(session: &mut ServerSession, name: &str) {
    session.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
}
