//! Data sources: databases as the host owns them, shared by namespaces.
//!
//! An enum over three: each database is a module with the same functions in the same order. Making a data source does no
//! I/O; connections are opened when they are needed and closed by [`DataSource::close`] or with the last clone.

use std::sync::Arc;

use model::NamespaceName;
use sql::{Dialect, Place};

use crate::mysql::Mysql;
use crate::postgres::Postgres;
use crate::store::Database;
use crate::url::Target;
use crate::{DataSourceSettings, DataSourceUrl, Holder, Store, StoreError, mysql, postgres, sqlite};

/// A database of the host. Clones share connections.
#[derive(Debug, Clone)]
pub struct DataSource {
    settings: Arc<DataSourceSettings>,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Sqlite(sqlite::Source),
    Postgres(postgres::Source),
    Mysql(mysql::Source),
}

/// What answers at a data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// The language.
    pub dialect: Dialect,
    /// The version, as the server writes it.
    pub version: String,
    /// Where it is, redacted.
    pub location: String,
    /// Connections that the server takes from users like this one; none where there is no server.
    pub connections_max: Option<u32>,
}

/// How many connections there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolStats {
    /// Open.
    pub size: usize,
    /// Open and in use.
    pub in_use: usize,
    /// Callers that wait for one.
    pub waiting: usize,
    /// As many as there may be.
    pub max: usize,
    /// Who has one for longest.
    pub longest: Option<Holder>,
}

impl DataSource {
    /// A data source; nothing is opened yet.
    pub fn new(settings: DataSourceSettings) -> Self {
        let settings = Arc::new(settings);
        let source = match settings.url.target() {
            Target::SqliteMemory | Target::SqliteFile(_) => Source::Sqlite(sqlite::Source::new(Arc::clone(&settings))),
            Target::Postgres(target) => {
                Source::Postgres(postgres::Source::new(Postgres::new(target, Arc::clone(&settings))))
            }
            Target::Mysql(target) => Source::Mysql(mysql::Source::new(Mysql::new(target, Arc::clone(&settings)))),
        };
        Self { settings, source }
    }

    /// What configuration calls it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Where it is.
    pub fn url(&self) -> &DataSourceUrl {
        &self.settings.url
    }

    /// The language that is spoken there.
    pub fn dialect(&self) -> Dialect {
        self.settings.url.dialect()
    }

    /// Finds out whether it can be used, on a connection of its own.
    pub async fn probe(&self) -> Result<ServerInfo, StoreError> {
        match &self.source {
            Source::Sqlite(source) => source.probe().await,
            Source::Postgres(source) => source.probe().await,
            Source::Mysql(source) => source.probe().await,
        }
    }

    /// Gives up places of the pool until as many data sources of this size as share the server find room there, by what
    /// the last probe found. The places from then on, at least one.
    ///
    /// A place that is in use is kept: call it before the first job. Without a server it changes nothing.
    pub fn fit(&self, shared_by: usize) -> usize {
        match &self.source {
            Source::Sqlite(_) => self.settings.connections_max as usize,
            Source::Postgres(source) => source.fit(shared_by),
            Source::Mysql(source) => source.fit(shared_by),
        }
    }

    /// How many connections there are now.
    pub fn stats(&self) -> PoolStats {
        match &self.source {
            Source::Sqlite(source) => source.stats(),
            Source::Postgres(source) => source.stats(),
            Source::Mysql(source) => source.stats(),
        }
    }

    /// One namespace's view; nothing is opened yet.
    pub fn store(&self, namespace: NamespaceName, place: Place) -> Store {
        let database = match &self.source {
            Source::Sqlite(source) => Database::Sqlite(source.database(&namespace)),
            Source::Postgres(source) => Database::Postgres(source.database(&namespace)),
            Source::Mysql(source) => Database::Mysql(source.database(&namespace)),
        };
        Store::new(namespace, place, &self.settings.name, database)
    }

    /// Closes what is idle at once and what is in use when it comes back. Whoever asks afterwards gets an error.
    pub async fn close(&self) {
        match &self.source {
            Source::Sqlite(source) => source.close().await,
            Source::Postgres(source) => source.close().await,
            Source::Mysql(source) => source.close().await,
        }
    }
}

impl PoolStats {
    /// Those of two pools together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            size: self.size + other.size,
            in_use: self.in_use + other.in_use,
            waiting: self.waiting + other.waiting,
            max: self.max + other.max,
            longest: [self.longest, other.longest].into_iter().flatten().max_by_key(|holder| holder.ms),
        }
    }

    /// What a caller hears for whom no connection became free.
    pub(crate) fn exhausted(self, settings: &DataSourceSettings) -> StoreError {
        StoreError::PoolExhausted {
            data_source: settings.name.clone(),
            size: self.size,
            in_use: self.in_use,
            waiting: self.waiting,
            wait_ms: settings.wait_ms_max,
            longest: self.longest,
        }
    }
}
