//! Database servers: one pool for a data source, shared by its namespaces.
//!
//! Everything that PostgreSQL and MySQL have in common stands here, and what differs is a [`Driver`]. The pool is this
//! crate's own (`pool.rs`): it tells a full pool from a server that is down, prefers the connection that last served a
//! namespace, and gives a clean connection back without a task. Session settings are fixed when a connection is made, and
//! no statement changes one.

mod address;
mod connect;
mod errors;
mod lock;
mod pool;
mod run;

use std::fmt::Debug;
use std::sync::Arc;

use model::NamespaceName;
use sql::{Dialect, Statement};

use crate::statement_log::Trace;
use crate::{Job, PoolStats, Rows, ServerInfo, StoreError};
use pool::Pool;

pub(crate) use address::Address;
pub(crate) use errors::{DRIVER_CODE, Meaning, Said};
pub(crate) use lock::{Lock, lock_key};
pub(crate) use run::{Open, text, text_with_numbers};

/// What a server's driver is asked for. Exactly two implement it.
pub(crate) trait Driver: Debug + Send + Sync + Sized + 'static {
    /// The language that is spoken there.
    const DIALECT: Dialect;

    /// Whether a table that was made in a transaction is gone when the transaction is rolled back.
    const ROLLS_BACK_SCHEMA: bool;

    /// Can be asked whether it is alive, and closed.
    type Connection: sqlx::Connection + Debug;

    /// Where the server is and what is allowed there.
    fn address(&self) -> &Address;

    /// How long a statement waits for a lock that another one holds.
    fn lock_wait_ms(&self) -> u64;

    /// Makes a connection and fixes its settings.
    fn open(&self) -> impl Future<Output = Result<(Self::Connection, Version), sqlx::Error>> + Send;

    /// How many connections the server takes from users like this one.
    fn connections_max(connection: &mut Self::Connection) -> impl Future<Output = Result<i64, sqlx::Error>> + Send;

    /// Takes the namespace's lock for the session, when nobody has it.
    fn try_lock(
        &self,
        connection: &mut Self::Connection,
        namespace: &NamespaceName,
    ) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;

    /// Runs a text of this crate's own.
    fn run_fixed(
        connection: &mut Self::Connection,
        text: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Runs a statement of `sql`.
    fn run_statement(
        connection: &mut Self::Connection,
        statement: &Statement,
    ) -> impl Future<Output = Result<Rows, sqlx::Error>> + Send;

    /// What the server said; none when it said nothing, because the network or the driver failed.
    fn said(&self, error: &sqlx::Error, statement: Option<&Statement>) -> Option<Said>;
}

/// What runs at the other end of a connection.
#[derive(Debug)]
pub(crate) struct Version {
    /// As the server writes it.
    pub(crate) text: String,
    /// The oldest that the statements work on, where this one is older.
    pub(crate) needed: Option<&'static str>,
}

/// A data source on a server: a pool.
#[derive(Debug)]
pub(crate) struct Source<D: Driver> {
    pool: Arc<Pool<D>>,
}

/// One namespace's view of the pool.
#[derive(Debug)]
pub(crate) struct Database<D: Driver> {
    pool: Arc<Pool<D>>,
    namespace: NamespaceName,
}

impl<D: Driver> Source<D> {
    pub(crate) fn new(driver: D) -> Self {
        Self { pool: Pool::new(driver) }
    }

    pub(crate) async fn probe(&self) -> Result<ServerInfo, StoreError> {
        let driver = self.pool.driver();
        let (mut connection, version) = connect::connect(driver).await?;
        let found = D::connections_max(&mut connection).await.map_err(|error| errors::statement(error, driver, None));
        connect::close(connection).await;
        let connections_max = u32::try_from(found?).unwrap_or(0);
        self.pool.found_connections_max(connections_max);
        Ok(ServerInfo {
            dialect: D::DIALECT,
            version: version.text,
            location: driver.address().location().to_owned(),
            connections_max: Some(connections_max),
        })
    }

    pub(crate) fn fit(&self, shared_by: usize) -> usize {
        self.pool.fit(shared_by)
    }

    pub(crate) fn stats(&self) -> PoolStats {
        self.pool.stats()
    }

    pub(crate) fn database(&self, namespace: &NamespaceName) -> Database<D> {
        Database { pool: Arc::clone(&self.pool), namespace: namespace.clone() }
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

impl<D: Driver> Database<D> {
    pub(crate) fn location(&self) -> &str {
        self.pool.driver().address().location()
    }

    pub(crate) async fn run(&self, job: Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        run::run(&self.pool, &self.namespace, &job, trace).await
    }

    pub(crate) async fn begin(&self, trace: &mut Trace) -> Result<Open<D>, StoreError> {
        run::begin(&self.pool, &self.namespace, trace).await
    }

    pub(crate) async fn lock(&self, wait_ms: u64) -> Result<Lock<D>, StoreError> {
        lock::lock(self.pool.driver(), &self.namespace, wait_ms).await
    }

    /// There is no file.
    pub(crate) async fn destroy_file(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Connections belong to all namespaces.
    pub(crate) async fn release(&self) {}
}

impl<D: Driver> Clone for Source<D> {
    fn clone(&self) -> Self {
        Self { pool: Arc::clone(&self.pool) }
    }
}

impl<D: Driver> Clone for Database<D> {
    fn clone(&self) -> Self {
        Self { pool: Arc::clone(&self.pool), namespace: self.namespace.clone() }
    }
}
