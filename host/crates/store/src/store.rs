//! One namespace's view of its data source.
//!
//! Runs jobs, lends transactions and takes the namespace's lock. It doesn't know what a statement means; the place is kept
//! here only for whoever renders statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::NamespaceName;
use sql::{Dialect, Place};

use crate::statement_log::StatementLog;
use crate::{Job, Rows, SessionLock, StoreError, Transaction, mysql, postgres, sqlite};

/// One namespace's view of its data source. Clones are the same view.
#[derive(Debug, Clone)]
pub struct Store {
    place: Arc<Place>,
    log: Arc<StatementLog>,
    database: Database,
    is_retired: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite(sqlite::Database),
    Postgres(postgres::Database),
    Mysql(mysql::Database),
}

impl Store {
    pub(crate) fn new(namespace: NamespaceName, place: Place, data_source: &str, database: Database) -> Self {
        let log = Arc::new(StatementLog::new(namespace, data_source.into()));
        Self { place: Arc::new(place), log, database, is_retired: Arc::default() }
    }

    /// Refuses every job from here on, whoever has a clone: the namespace is gone, and one that is called the same may come.
    pub fn retire(&self) {
        self.is_retired.store(true, Ordering::Relaxed);
    }

    /// Takes jobs again: the namespace is still there.
    pub fn resume(&self) {
        self.is_retired.store(false, Ordering::Relaxed);
    }

    fn check_retired(&self) -> Result<(), StoreError> {
        match self.is_retired.load(Ordering::Relaxed) {
            true => Err(StoreError::Retired { namespace: self.namespace().to_string() }),
            false => Ok(()),
        }
    }

    /// Whose view it is.
    pub fn namespace(&self) -> &NamespaceName {
        self.log.namespace()
    }

    /// The language to render statements in.
    pub fn dialect(&self) -> Dialect {
        match &self.database {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::Postgres(_) => Dialect::Postgres,
            Database::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Where the namespace's tables are.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Which database this is and where in it, redacted.
    pub fn location(&self) -> String {
        let database = match &self.database {
            Database::Sqlite(database) => database.location(),
            Database::Postgres(database) => database.location(),
            Database::Mysql(database) => database.location(),
        };
        match &*self.place {
            Place::Own => database.to_owned(),
            Place::Schema(namespace) => match self.dialect() {
                Dialect::Mysql => format!("{database}, database {namespace}"),
                Dialect::Sqlite | Dialect::Postgres => format!("{database}, schema {namespace}"),
            },
            Place::Prefix(namespace) => format!("{database}, tables {namespace}__*"),
        }
    }

    /// Runs a job; one answer for each statement.
    ///
    /// When the future is dropped the job may have happened or not, and its connection is never lent again in between.
    pub async fn run(&self, job: Job) -> Result<Vec<Rows>, StoreError> {
        self.check_retired()?;
        let mut trace = self.log.trace();
        let outcome = match &self.database {
            Database::Sqlite(database) => database.run(job, &mut trace).await,
            Database::Postgres(database) => database.run(job, &mut trace).await,
            Database::Mysql(database) => database.run(job, &mut trace).await,
        };
        self.log.write(trace);
        outcome
    }

    /// Begins a transaction. On SQLite it holds the file's only writer from the start.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        self.check_retired()?;
        let mut trace = self.log.trace();
        let outcome = match &self.database {
            Database::Sqlite(database) => database.begin(&mut trace).await.map(Into::into),
            Database::Postgres(database) => database.begin(&mut trace).await.map(Into::into),
            Database::Mysql(database) => database.begin(&mut trace).await.map(Into::into),
        };
        self.log.write(trace);
        Ok(Transaction::new(Arc::clone(&self.log), outcome?))
    }

    /// Takes the namespace's lock, which no other session can have at the same time, in this process or another one.
    pub async fn lock(&self, wait_ms: u64) -> Result<SessionLock, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.lock(wait_ms).await.map(Into::into),
            Database::Postgres(database) => database.lock(wait_ms).await.map(Into::into),
            Database::Mysql(database) => database.lock(wait_ms).await.map(Into::into),
        }
    }

    /// Statements that ran since this view was made, `BEGIN` and `COMMIT` among them.
    pub fn statements(&self) -> u64 {
        self.log.count()
    }

    /// Removes the namespace's own file with everything in it. False when it has none, and its tables must be dropped.
    pub async fn destroy_file(&self) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.destroy_file().await,
            Database::Postgres(database) => database.destroy_file().await,
            Database::Mysql(database) => database.destroy_file().await,
        }
    }

    /// Closes the connections that only this namespace uses; they are opened again when they are needed.
    pub async fn release(&self) {
        match &self.database {
            Database::Sqlite(database) => database.release().await,
            Database::Postgres(database) => database.release().await,
            Database::Mysql(database) => database.release().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a request holds across an await must be able to change threads.
    #[test]
    fn everything_can_change_threads() {
        fn is_send<T: Send>(_: impl FnOnce(Store, Transaction) -> T) {}
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Store>();
        is_shared::<crate::DataSource>();
        is_shared::<StoreError>();
        is_send(|_, transaction| transaction);
        is_send(|store, _| async move { store.begin().await.map(drop) });
        is_send(|store, _| async move { store.lock(0).await.map(drop) });
        is_send(|store, _| async move { store.destroy_file().await });
        is_send(|store, mut transaction| async move {
            let job = Job::atomic(Vec::new());
            transaction.run(job.clone()).await?;
            transaction.commit().await?;
            store.run(job).await
        });
    }
}
