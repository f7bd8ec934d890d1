//! SQLite, in place: no worker thread between a caller and its row.
//!
//! A namespace's database is a file (or memory) with one writer and a few readers. Short statements run on the thread that
//! asks, long ones and those that must wait for the disk or a lock on a blocking thread. Waiting callers never hold a
//! thread.

mod connection;
mod errors;
mod file;
mod files;
mod functions;
mod lane;
mod lock;
mod log;
mod private;
mod run;
mod slow;
mod statement;
mod values;

use std::sync::Arc;

use model::NamespaceName;
use sql::Dialect;

use crate::statement_log::Trace;
use crate::{DataSourceSettings, Job, PoolStats, Rows, ServerInfo, StoreError};
use file::SqliteFile;
use files::Files;

pub(crate) use lock::Lock;
pub(crate) use run::Open;

/// A data source on SQLite: a registry of files.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    files: Arc<Files>,
}

/// One namespace's database: a file or memory.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    file: Arc<SqliteFile>,
    namespace: NamespaceName,
}

impl Source {
    pub(crate) fn new(settings: Arc<DataSourceSettings>) -> Self {
        Self { files: Files::new(settings) }
    }

    pub(crate) async fn probe(&self) -> Result<ServerInfo, StoreError> {
        self.files.probe().await?;
        Ok(ServerInfo {
            dialect: Dialect::Sqlite,
            version: rusqlite::version().to_owned(),
            location: self.files.settings().url.to_string(),
            connections_max: None,
        })
    }

    pub(crate) fn stats(&self) -> PoolStats {
        self.files.stats()
    }

    pub(crate) fn database(&self, namespace: &NamespaceName) -> Database {
        Database { file: self.files.file(namespace), namespace: namespace.clone() }
    }

    pub(crate) async fn close(&self) {
        self.files.close().await;
    }
}

impl Database {
    pub(crate) fn location(&self) -> &str {
        self.file.location()
    }

    pub(crate) async fn run(&self, job: Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        run::run(&self.file, &self.namespace, job, trace).await
    }

    pub(crate) async fn begin(&self, trace: &mut Trace) -> Result<Open, StoreError> {
        run::begin(&self.file, &self.namespace, trace).await
    }

    pub(crate) async fn lock(&self, wait_ms: u64) -> Result<Lock, StoreError> {
        lock::lock(&self.file, &self.namespace, wait_ms).await
    }

    pub(crate) async fn destroy_file(&self) -> Result<bool, StoreError> {
        self.file.destroy().await
    }

    pub(crate) async fn release(&self) {
        self.file.close_idle().await;
    }
}
