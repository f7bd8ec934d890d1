//! MySQL and MariaDB through sqlx.
//!
//! What is shared with other servers is in `server/`; here is how connections are made, what errors mean and how values
//! cross. Two things the servers can't: a schema change is never rolled back, and MySQL stops only a SELECT that runs too
//! long. Any other statement there is given up by closing its connection, and may still come about.

mod connect;
mod errors;
mod lock;
mod statement;
mod values;

use model::NamespaceName;
use sql::{Dialect, Statement};
use sqlx::mysql::MySqlConnection;
use sqlx::{Error, Executor};

use crate::Rows;
use crate::server::{self, Address, Driver, Said, Version};

pub(crate) use connect::Mysql;

/// A data source on MySQL.
pub(crate) type Source = server::Source<Mysql>;
/// One namespace's view of it.
pub(crate) type Database = server::Database<Mysql>;
/// A namespace's lock.
pub(crate) type Lock = server::Lock<Mysql>;
/// A transaction.
pub(crate) type Open = server::Open<Mysql>;

/// The server's connections without the one that it keeps for its administrator, or what this user may have of them.
const CONNECTIONS_MAX: &str = "SELECT CAST(LEAST(@@max_connections - 1, \
    IF(@@max_user_connections > 0, @@max_user_connections, @@max_connections)) AS SIGNED)";

impl Driver for Mysql {
    const DIALECT: Dialect = Dialect::Mysql;
    const ROLLS_BACK_SCHEMA: bool = false;
    type Connection = MySqlConnection;

    fn address(&self) -> &Address {
        &self.address
    }

    fn lock_wait_ms(&self) -> u64 {
        self.lock_wait_seconds.saturating_mul(1_000)
    }

    async fn open(&self) -> Result<(MySqlConnection, Version), Error> {
        connect::open(self).await
    }

    async fn connections_max(connection: &mut MySqlConnection) -> Result<i64, Error> {
        sqlx::query_scalar(CONNECTIONS_MAX).fetch_one(connection).await
    }

    async fn try_lock(&self, connection: &mut MySqlConnection, namespace: &NamespaceName) -> Result<bool, Error> {
        lock::try_lock(connection, &self.address.target().database, namespace).await
    }

    async fn run_fixed(connection: &mut MySqlConnection, text: &'static str) -> Result<(), Error> {
        connection.execute(text).await.map(|_| ())
    }

    async fn run_statement(connection: &mut MySqlConnection, statement: &Statement) -> Result<Rows, Error> {
        statement::run(connection, statement).await
    }

    fn said(&self, error: &Error, _statement: Option<&Statement>) -> Option<Said> {
        errors::said(error, &self.address)
    }
}
