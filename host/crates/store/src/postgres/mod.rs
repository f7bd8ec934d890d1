//! PostgreSQL through sqlx.
//!
//! What is shared with other servers is in `server/`; here is how its connections are made, what its errors mean and how
//! values cross. All settings of a session travel with the first message, `search_path` among them.

mod connect;
mod errors;
mod lock;
mod numeric;
mod statement;
mod values;

use model::NamespaceName;
use sql::{Dialect, Statement};
use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Error, Executor};

use crate::Rows;
use crate::server::{self, Address, Driver, Said, Version};

pub(crate) use connect::Postgres;

/// A data source on PostgreSQL.
pub(crate) type Source = server::Source<Postgres>;
/// One namespace's view of it.
pub(crate) type Database = server::Database<Postgres>;
/// A namespace's lock.
pub(crate) type Lock = server::Lock<Postgres>;
/// A transaction.
pub(crate) type Open = server::Open<Postgres>;

/// The server's connections without those that it keeps back for some users; the second kind is newer than the oldest
/// server.
const CONNECTIONS_MAX: &str = "SELECT current_setting('max_connections')::int8 \
    - current_setting('superuser_reserved_connections')::int8 \
    - coalesce(current_setting('reserved_connections', true), '0')::int8";

impl Driver for Postgres {
    const DIALECT: Dialect = Dialect::Postgres;
    const ROLLS_BACK_SCHEMA: bool = true;
    type Connection = PgConnection;

    fn address(&self) -> &Address {
        &self.address
    }

    fn lock_wait_ms(&self) -> u64 {
        self.address.settings().wait_ms_max
    }

    async fn open(&self) -> Result<(PgConnection, Version), Error> {
        let connection = self.options.0.connect().await?;
        let version = connect::version(&connection);
        Ok((connection, version))
    }

    async fn connections_max(connection: &mut PgConnection) -> Result<i64, Error> {
        sqlx::query_scalar(CONNECTIONS_MAX).fetch_one(connection).await
    }

    async fn try_lock(&self, connection: &mut PgConnection, namespace: &NamespaceName) -> Result<bool, Error> {
        lock::try_lock(connection, namespace).await
    }

    async fn run_fixed(connection: &mut PgConnection, text: &'static str) -> Result<(), Error> {
        connection.execute(text).await.map(|_| ())
    }

    async fn run_statement(connection: &mut PgConnection, statement: &Statement) -> Result<Rows, Error> {
        statement::run(connection, statement).await
    }

    fn said(&self, error: &Error, statement: Option<&Statement>) -> Option<Said> {
        errors::said(error, statement, &self.address)
    }
}
