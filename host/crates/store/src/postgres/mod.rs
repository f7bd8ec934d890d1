//! PostgreSQL through sqlx: one pool for a data source, shared by its namespaces.
//!
//! The pool is this crate's own (`pool.rs`): it tells a full pool from a server that is down, prefers the connection that
//! last served a namespace, and gives a clean connection back without a task. Session settings are fixed when a connection
//! is made, `search_path` among them, and no statement changes one.

mod connect;
mod errors;
mod lock;
mod pool;
mod run;
mod values;

use std::sync::Arc;

use model::NamespaceName;
use sql::Dialect;

use crate::statement_log::Trace;
use crate::url::PostgresTarget;
use crate::{DataSourceSettings, Job, PoolStats, Rows, ServerInfo, StoreError};
use connect::Connector;
use pool::Pool;

pub(crate) use lock::Lock;
pub(crate) use run::Open;

/// The oldest server that the statements work on.
const VERSION_MIN: u32 = 14;

/// A data source on PostgreSQL: a pool.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pool: Arc<Pool>,
}

/// One namespace's view of the pool.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    pool: Arc<Pool>,
    /// Stands for the namespace where connections are chosen.
    affinity: u64,
}

impl Source {
    pub(crate) fn new(target: &PostgresTarget, settings: Arc<DataSourceSettings>) -> Self {
        Self { pool: Pool::new(Connector::new(target, settings)) }
    }

    pub(crate) async fn probe(&self) -> Result<ServerInfo, StoreError> {
        let connector = self.pool.connector();
        let connection = connector.connect().await?;
        // From the greeting, as 150004; a server that doesn't say it is none of the old ones.
        let number = connection.server_version_num().unwrap_or(u32::MAX);
        let (major, minor) = (number / 10_000, number % 10_000);
        connect::close(connection).await;
        match major < VERSION_MIN {
            true => Err(StoreError::TooOld {
                endpoint: connector.endpoint(),
                found: format!("{major}.{minor}"),
                version_min: VERSION_MIN,
            }),
            false => Ok(ServerInfo {
                dialect: Dialect::Postgres,
                version: format!("{major}.{minor}"),
                location: connector.location().to_owned(),
            }),
        }
    }

    pub(crate) fn stats(&self) -> PoolStats {
        self.pool.stats()
    }

    pub(crate) fn database(&self, namespace: &NamespaceName) -> Database {
        Database { pool: Arc::clone(&self.pool), affinity: lock::key(namespace).cast_unsigned() }
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Database {
    pub(crate) fn location(&self) -> &str {
        self.pool.connector().location()
    }

    pub(crate) async fn run(&self, job: Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        run::run(&self.pool, self.affinity, &job, trace).await
    }

    pub(crate) async fn begin(&self, trace: &mut Trace) -> Result<Open, StoreError> {
        run::begin(&self.pool, self.affinity, trace).await
    }

    pub(crate) async fn lock(&self, namespace: &NamespaceName, wait_ms: u64) -> Result<Lock, StoreError> {
        lock::lock(self.pool.connector(), namespace, wait_ms).await
    }

    /// There is no file.
    pub(crate) async fn destroy_file(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Connections belong to all namespaces.
    pub(crate) async fn release(&self) {}
}
