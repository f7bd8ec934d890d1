//! Transactions: several jobs that all happen or none, with decisions in between.
//!
//! All databases behave alike: the first statement that fails ends the transaction, and dropping one rolls it back. A
//! transaction holds a connection (on SQLite the file's only writer) for as long as it lives.

use std::sync::Arc;

use crate::statement_log::{StatementLog, Trace};
use crate::{Job, Rows, StoreError, mysql, postgres, sqlite};

/// A transaction. Dropped, it is rolled back.
#[derive(Debug)]
pub struct Transaction {
    log: Arc<StatementLog>,
    open: Open,
}

/// What came of several jobs.
#[derive(Debug)]
pub struct Attempts {
    /// What those answered that ran, in their order.
    pub answers: Vec<Vec<Rows>>,
    /// Why the next one did not; none when all ran.
    pub failed: Option<StoreError>,
    /// Rows of the one that failed that are written nevertheless, or left out: on SQLite, where it only repeats statements,
    /// those of the runs before the one that failed.
    pub kept: u64,
}

impl Attempts {
    pub(crate) fn failed(answers: Vec<Vec<Rows>>, error: StoreError) -> Self {
        Self { answers, failed: Some(error), kept: 0 }
    }
}

#[derive(Debug)]
pub(crate) enum Open {
    Sqlite(sqlite::Open),
    Postgres(postgres::Open),
    Mysql(mysql::Open),
}

impl Transaction {
    pub(crate) fn new(log: Arc<StatementLog>, open: Open) -> Self {
        Self { log, open }
    }

    /// Runs a job in the transaction. After an error nothing more can run in it, and `commit` fails. On MySQL a schema change
    /// is such an error: it would commit what ran before.
    pub async fn run(&mut self, job: Job) -> Result<Vec<Rows>, StoreError> {
        let mut trace = self.log.trace();
        let outcome = match &mut self.open {
            Open::Sqlite(open) => open.run(job, &mut trace).await,
            Open::Postgres(open) => open.run(job, &mut trace).await,
            Open::Mysql(open) => open.run(job, &mut trace).await,
        };
        self.log.write(trace);
        outcome
    }

    /// Runs a job that repeats nothing: when it fails, only it is taken back, and the transaction goes on where the database
    /// lets it.
    pub async fn attempt(&mut self, job: Job) -> Result<Vec<Rows>, StoreError> {
        let Attempts { mut answers, failed, .. } = self.attempt_each(vec![job]).await;
        failed.map_or_else(|| Ok(answers.pop().unwrap_or_default()), Err)
    }

    /// Runs jobs one after the other until one fails, of which then only [`Attempts::kept`] stays. On SQLite they all run on
    /// one thread.
    pub async fn attempt_each(&mut self, jobs: Vec<Job>) -> Attempts {
        let mut trace = self.log.trace();
        let attempts = match &mut self.open {
            Open::Sqlite(open) => open.attempt_each(jobs, &mut trace).await,
            Open::Postgres(open) => open.attempt_each(jobs, &mut trace).await,
            Open::Mysql(open) => open.attempt_each(jobs, &mut trace).await,
        };
        self.log.write(trace);
        attempts
    }

    /// Makes everything happen.
    pub async fn commit(self) -> Result<(), StoreError> {
        let mut trace = self.log.trace();
        let outcome = match self.open {
            Open::Sqlite(open) => open.commit(&mut trace).await,
            Open::Postgres(open) => open.commit(&mut trace).await,
            Open::Mysql(open) => open.commit(&mut trace).await,
        };
        self.log.write(trace);
        outcome
    }

    /// Makes nothing happen, and waits until the database knows.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let mut trace: Trace = self.log.trace();
        let outcome = match self.open {
            Open::Sqlite(open) => open.rollback(&mut trace).await,
            Open::Postgres(open) => open.rollback(&mut trace).await,
            Open::Mysql(open) => open.rollback(&mut trace).await,
        };
        self.log.write(trace);
        outcome
    }
}

impl From<sqlite::Open> for Open {
    fn from(open: sqlite::Open) -> Self {
        Self::Sqlite(open)
    }
}

impl From<postgres::Open> for Open {
    fn from(open: postgres::Open) -> Self {
        Self::Postgres(open)
    }
}

impl From<mysql::Open> for Open {
    fn from(open: mysql::Open) -> Self {
        Self::Mysql(open)
    }
}
