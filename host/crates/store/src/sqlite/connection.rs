//! One SQLite connection: its settings, its clock, and how a job runs on it.
//!
//! Everything here blocks; who may call it on which thread is decided in `run.rs`. After a failure no transaction is open.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::{FieldType, Row};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::values;
use crate::job::Access;
use crate::statement_log::{Text, Trace};
use crate::{DataSourceSettings, Durability, Job, Rows, StoreError};

pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";

/// Steps of SQLite's machine between two looks at the clock: 10 to 50 us.
const STEPS_PER_LOOK: i32 = 1_000;

/// SQLite counts milliseconds in 32 bits.
const BUSY_MAX: Duration = Duration::from_millis(i32::MAX as u64);

const EVERY: &str = "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";
const NORMAL: &str = "PRAGMA synchronous = NORMAL;";
const FULL: &str = "PRAGMA synchronous = FULL;";
/// Checkpoints run beside the writer (`file.rs`); it does its own only when those fall behind.
const WRITER: &str = "PRAGMA wal_autocheckpoint = 4000;";
/// What is taken for a read and isn't fails instead of writing.
const READER: &str = "PRAGMA query_only = ON;";
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(PASSIVE);";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
}

/// A connection. Lives on one thread at a time.
#[derive(Debug)]
pub(super) struct SqliteConnection {
    raw: Connection,
    clock: Arc<Clock>,
}

/// When the running statement has to stop. Read by SQLite while a statement runs, set from other threads.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    deadline_us: AtomicU64,
    /// Counts who had the connection.
    lease: AtomicU64,
    /// The lease whose caller went away.
    cancelled: AtomicU64,
}

/// How long a job may run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// The whole job.
    Whole(Duration),
    /// Each of its statements.
    Each(Duration),
}

/// Why a job didn't run.
#[derive(Debug)]
pub(super) enum Failure {
    Driver(rusqlite::Error),
    Store(StoreError),
    /// The time was over between two statements.
    OutOfTime,
}

impl Failure {
    /// Whether the job may succeed where it has more time and may wait for locks.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Driver(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::OperationInterrupted | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ),
            Self::Store(_) => false,
            Self::OutOfTime => true,
        }
    }
}

impl SqliteConnection {
    /// Opens a file, which is made when there is none; memory without a path.
    pub(super) fn open(
        path: Option<&Path>,
        role: Role,
        settings: &DataSourceSettings,
    ) -> Result<Self, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let raw = match path {
            Some(path) => Connection::open_with_flags(path, flags)?,
            None => Connection::open_in_memory_with_flags(flags)?,
        };
        let wait = Duration::from_millis(settings.wait_ms_max);
        raw.busy_timeout(wait.min(BUSY_MAX))?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        // A misspelt column in double quotes is an error, not a text.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        raw.execute_batch(EVERY)?;
        raw.execute_batch(match settings.durability {
            Durability::Normal => NORMAL,
            Durability::Full => FULL,
        })?;
        raw.execute_batch(match role {
            Role::Reader => READER,
            Role::Writer => WRITER,
        })?;
        raw.set_prepared_statement_cache_capacity(settings.statement_cache_max);
        raw.busy_timeout(Duration::ZERO)?;
        let clock = Arc::new(Clock {
            started: Instant::now(),
            deadline_us: AtomicU64::new(u64::MAX),
            lease: AtomicU64::new(1),
            cancelled: AtomicU64::new(0),
        });
        let watched = Arc::clone(&clock);
        raw.progress_handler(STEPS_PER_LOOK, Some(move || watched.is_over()))?;
        Ok(Self { raw, clock })
    }

    pub(super) fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }

    /// How long the next statements wait for a lock of somebody else.
    pub(super) fn wait_for_locks(&self, at_most: Duration) -> Result<(), rusqlite::Error> {
        self.raw.busy_timeout(at_most.min(BUSY_MAX))
    }

    /// Runs a job, in a transaction of its own where it needs one.
    pub(super) fn run(&self, job: &Job, limit: Limit, trace: &mut Trace) -> Result<Vec<Rows>, Failure> {
        if !job.needs_transaction() {
            return self.run_steps(job, limit, trace);
        }
        self.run_fixed(BEGIN, trace).map_err(Failure::Driver)?;
        let outcome = self.run_steps(job, limit, trace).and_then(|rows| {
            let committed = self.run_fixed(COMMIT, trace);
            committed.map(|()| rows).map_err(Failure::Driver)
        });
        if outcome.is_err() {
            self.clean_up();
        }
        outcome
    }

    /// Runs a job's statements as they are.
    pub(super) fn run_steps(&self, job: &Job, limit: Limit, trace: &mut Trace) -> Result<Vec<Rows>, Failure> {
        if let Limit::Whole(time) = limit {
            self.clock.allow(time);
        }
        let mut answers = Vec::with_capacity(job.all_steps().len());
        for (at, step) in job.all_steps().iter().enumerate() {
            match limit {
                Limit::Each(time) => self.clock.allow(time),
                Limit::Whole(_) if at > 0 && self.clock.is_over() => {
                    return Err(Failure::OutOfTime);
                }
                Limit::Whole(_) => {}
            }
            let started = trace.now();
            let answer = self.run_statement(&step.statement);
            let rows = answer.as_ref().map_or(0, |answer| answer.rows.len());
            trace.add(|| Text::Sql(step.statement.text.clone()), started, rows);
            let answer = answer.map_err(Failure::Driver)?;
            step.check(&answer).map_err(Failure::Store)?;
            answers.push(answer);
        }
        Ok(answers)
    }

    /// Runs one of the texts above.
    pub(super) fn run_fixed(&self, text: &'static str, trace: &mut Trace) -> Result<(), rusqlite::Error> {
        let started = trace.now();
        // Only what is between them has a deadline.
        self.clock.allow(Duration::MAX);
        let outcome = self.raw.prepare_cached(text).and_then(|mut prepared| prepared.raw_execute());
        trace.add(|| Text::Fixed(text), started, 0);
        outcome.map(|_| ())
    }

    pub(super) fn is_in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    /// Ends what a caller left open. False when that fails, and the connection must not be used again.
    pub(super) fn clean_up(&self) -> bool {
        // A caller that went away must not stop the rollback.
        self.clock.lease();
        self.raw.is_autocommit() || self.raw.execute_batch(ROLLBACK).is_ok()
    }

    /// Moves what is committed from the log into the file, as far as that hinders nobody.
    pub(super) fn checkpoint(&self) -> Result<(), rusqlite::Error> {
        self.clock.allow(Duration::MAX);
        self.raw.execute_batch(CHECKPOINT)
    }

    fn run_statement(&self, statement: &sql::Statement) -> Result<Rows, rusqlite::Error> {
        let access = Access::of(statement);
        if access == Access::Schema {
            let mut prepared = self.raw.prepare(statement.text.as_str())?;
            return self.run_prepared(&mut prepared, statement, access);
        }
        let mut prepared = self.raw.prepare_cached(statement.text.as_str())?;
        self.run_prepared(&mut prepared, statement, access)
    }

    fn run_prepared(
        &self,
        prepared: &mut rusqlite::Statement<'_>,
        statement: &sql::Statement,
        access: Access,
    ) -> Result<Rows, rusqlite::Error> {
        values::bind(prepared, &statement.binds)?;
        let mut answer = Rows::default();
        let changes_before = self.raw.total_changes();
        match step(prepared, &statement.columns, &mut answer.rows) {
            // SQLite looks at the clock once more after it has committed, when every row is here: what it interrupts then
            // has happened, and whoever is told otherwise does it again.
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
                    && self.raw.is_autocommit()
                    && self.raw.total_changes() != changes_before => {}
            stepped => stepped?,
        }
        // Other statements leave the number of the one before.
        if access == Access::Write {
            answer.affected = self.raw.changes();
        }
        Ok(answer)
    }
}

/// Runs a statement to its end; its rows.
fn step(
    prepared: &mut rusqlite::Statement<'_>,
    columns: &[FieldType],
    rows: &mut Vec<Row>,
) -> Result<(), rusqlite::Error> {
    if columns.is_empty() {
        return prepared.raw_execute().map(|_| ());
    }
    let mut found = prepared.raw_query();
    while let Some(row) = found.next()? {
        rows.push(values::row(row, columns)?);
    }
    Ok(())
}

impl Clock {
    /// Starts a lease: nobody who had the connection before can stop it.
    pub(super) fn lease(&self) {
        self.deadline_us.store(u64::MAX, Ordering::Relaxed);
        self.lease.fetch_add(1, Ordering::Relaxed);
    }

    /// The lease that runs.
    pub(super) fn current_lease(&self) -> u64 {
        self.lease.load(Ordering::Relaxed)
    }

    /// Stops what runs under a lease, and nothing else.
    pub(super) fn cancel(&self, lease: u64) {
        self.cancelled.store(lease, Ordering::Relaxed);
    }

    fn allow(&self, time: Duration) {
        let until = self.started.elapsed().saturating_add(time);
        let until_us = u64::try_from(until.as_micros()).unwrap_or(u64::MAX);
        self.deadline_us.store(until_us, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        let deadline = Duration::from_micros(self.deadline_us.load(Ordering::Relaxed));
        self.started.elapsed() >= deadline || self.cancelled.load(Ordering::Relaxed) == self.current_lease()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataSourceUrl;
    use crate::statement_log::StatementLog;
    use model::{NamespaceName, Value};
    use sql::{Bind, SqlText, Statement};

    fn run(connection: &SqliteConnection, text: &'static str, number: i64, limit: Limit) -> Result<Vec<Rows>, Failure> {
        let binds = match number {
            0 => Vec::new(),
            number => vec![Bind::One(FieldType::Int, Value::Int(number))],
        };
        let columns = if text.starts_with("CREATE") { Vec::new() } else { vec![FieldType::Int] };
        let job = Job::one(Statement { text: SqlText::fixed(text), binds, columns: columns.into() });
        let log = StatementLog::new(NamespaceName::new("test").expect("a name"), "test".into());
        connection.run(&job, limit, &mut log.trace())
    }

    /// Whoever is told so runs it again.
    #[test]
    fn a_write_that_ran_out_of_time_has_not_happened() {
        let url = DataSourceUrl::parse("sqlite::memory:", Path::new("")).expect("a URL");
        let settings = DataSourceSettings::new("test", url);
        let connection = SqliteConnection::open(None, Role::Writer, &settings).expect("memory");
        let (enough, nothing) = (Limit::Whole(Duration::MAX), Limit::Whole(Duration::ZERO));
        run(&connection, "CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT", 0, enough).expect("a table");
        let mut stopped = 0;
        // The clock is looked at now and then, so that most of them pass.
        for number in 1..=20_000 {
            match run(&connection, "INSERT INTO t VALUES (?1) RETURNING n", number, nothing) {
                Ok(answers) => assert_eq!((answers[0].rows.len(), answers[0].affected), (1, 1)),
                Err(_) => {
                    stopped += 1;
                    let found = run(&connection, "SELECT n FROM t WHERE n = ?1", number, enough).expect("an answer");
                    assert!(found[0].rows.is_empty(), "insert {number} was stopped and has happened");
                }
            }
        }
        assert!(stopped > 0, "no insert ran out of time");
    }
}
