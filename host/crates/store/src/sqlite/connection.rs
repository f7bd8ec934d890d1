//! One SQLite connection: its settings, its clock, and how a job runs on it.
//!
//! Everything here blocks; who may call it on which thread is decided in `run.rs`. After a failure no transaction is open.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{log, statement};
use crate::job::Step;
use crate::statement_log::{Text, Trace};
use crate::{DataSourceSettings, Durability, Job, Rows, StoreError};

pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
const SAVEPOINT: &str = "SAVEPOINT attempt";
const RELEASE: &str = "RELEASE attempt";
const ROLLBACK_TO: &str = "ROLLBACK TO attempt";

/// Steps of SQLite's machine between two looks at the clock: 10 to 50 us.
const STEPS_PER_LOOK: i32 = 1_000;

/// SQLite counts milliseconds in 32 bits.
const BUSY_MAX: Duration = Duration::from_millis(i32::MAX as u64);

const EVERY: &str = "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";
const NORMAL: &str = "PRAGMA synchronous = NORMAL;";
const FULL: &str = "PRAGMA synchronous = FULL;";
/// What is taken for a read and isn't fails instead of writing.
const READER: &str = "PRAGMA query_only = ON;";

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
    /// Rows that repeated statements wrote, or left out, so far.
    repeated: Cell<u64>,
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
    /// Whether the time was over.
    pub(super) fn is_out_of_time(&self) -> bool {
        match self {
            Self::Driver(error) => error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted),
            Self::Store(_) => false,
            Self::OutOfTime => true,
        }
    }

    /// Whether the job may succeed where it has more time and may wait for locks.
    pub(super) fn may_pass(&self) -> bool {
        let waits = |error: &rusqlite::Error| {
            matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
        };
        self.is_out_of_time() || matches!(self, Self::Driver(error) if waits(error))
    }
}

impl SqliteConnection {
    /// Opens a file that is there; memory without a path.
    pub(super) fn open(
        path: Option<&Path>,
        role: Role,
        settings: &DataSourceSettings,
    ) -> Result<Self, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
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
            Role::Writer => log::WRITER,
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
        super::functions::register(&raw)?;
        raw.progress_handler(STEPS_PER_LOOK, Some(move || watched.is_over()))?;
        // SQLite looks at the clock once more after it has committed. From the commit on nobody may stop a statement: whoever
        // is told that it was stopped does it again.
        let committing = Arc::clone(&clock);
        raw.commit_hook(Some(move || {
            committing.lease();
            false
        }))?;
        Ok(Self { raw, clock, repeated: Cell::new(0) })
    }

    pub(super) fn raw(&self) -> &Connection {
        &self.raw
    }

    /// Before what has no time limit.
    pub(super) fn begin_without_deadline(&self) {
        self.clock.allow(Duration::MAX);
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
            let answer = statement::run(&self.raw, &self.clock, &self.repeated, &step.statement);
            let rows = answer.as_ref().map_or(0, |answer| answer.rows.len());
            trace.add(|| Text::Sql(step.statement.text.clone()), started, rows);
            let answer = answer?;
            step.check(&answer).map_err(Failure::Store)?;
            answers.push(answer);
        }
        Ok(answers)
    }

    /// Runs a job in an open transaction so that its failure takes back only its own statements; answers with the failure how
    /// many rows stay nevertheless. Statements that are repeated have no savepoint: it would cost a sixth more, because what
    /// is needed to take everything back grows with each run. One that fails takes back its last run by itself.
    pub(super) fn attempt(&self, job: &Job, limit: Limit, trace: &mut Trace) -> Result<Vec<Rows>, (Failure, u64)> {
        if job.all_steps().iter().all(Step::is_repeated) {
            let before = self.repeated.get();
            return self.run_steps(job, limit, trace).map_err(|failure| (failure, self.repeated.get() - before));
        }
        let driver = |error| (Failure::Driver(error), 0);
        self.run_fixed(SAVEPOINT, trace).map_err(driver)?;
        let outcome = self.run_steps(job, limit, trace).map_err(|failure| (failure, 0));
        if outcome.is_err() && self.run_fixed(ROLLBACK_TO, trace).is_err() {
            return outcome;
        }
        self.run_fixed(RELEASE, trace).map_err(driver)?;
        outcome
    }

    /// Runs one of the texts above.
    pub(super) fn run_fixed(&self, text: &'static str, trace: &mut Trace) -> Result<(), rusqlite::Error> {
        let started = trace.now();
        // Only what is between them has a deadline.
        self.begin_without_deadline();
        let outcome = self.raw.prepare_cached(text).and_then(|mut prepared| prepared.raw_execute());
        trace.add(|| Text::Fixed(text), started, 0);
        outcome.map(|_| ())
    }

    /// Rows that were written so far, also those that were taken back.
    pub(super) fn rows_changed(&self) -> u64 {
        self.raw.total_changes()
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
}

impl Clock {
    /// Starts a lease without a deadline: nobody who had the connection before can stop it.
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

    pub(super) fn is_over(&self) -> bool {
        let deadline = Duration::from_micros(self.deadline_us.load(Ordering::Relaxed));
        self.started.elapsed() >= deadline || self.cancelled.load(Ordering::Relaxed) == self.current_lease()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataSourceUrl;
    use crate::statement_log::StatementLog;
    use model::{FieldType, NamespaceName};
    use sql::{SqlText, Statement};

    const ENOUGH: Limit = Limit::Whole(Duration::MAX);
    const SETUP: &str = "CREATE TABLE t (n INTEGER PRIMARY KEY, m INTEGER) STRICT; INSERT INTO t VALUES (1, 0), (2, 0)";

    /// What stops a statement at a look.
    #[derive(Debug, Clone, Copy)]
    enum Stop {
        Deadline,
        Caller,
    }

    fn memory() -> SqliteConnection {
        let url = DataSourceUrl::parse("sqlite::memory:", Path::new("")).expect("a URL");
        let connection = SqliteConnection::open(None, Role::Writer, &DataSourceSettings::new("test", url));
        let connection = connection.expect("memory");
        connection.raw.execute_batch(SETUP).expect("a table");
        connection
    }

    fn run(connection: &SqliteConnection, text: &'static str, limit: Limit) -> Result<Rows, Failure> {
        let columns = if text.contains("RETURNING") { vec![FieldType::Int] } else { Vec::new() };
        let job = Job::one(Statement {
            text: SqlText::fixed(text),
            binds: Vec::new(),
            repeats: None,
            columns: columns.into(),
        });
        let log = StatementLog::new(NamespaceName::new("test").expect("a name"), "test".into());
        connection.run(&job, limit, &mut log.trace()).map(|mut answers| answers.remove(0))
    }

    /// Everything that is stored.
    fn stored(connection: &SqliteConnection) -> String {
        connection.clock.lease();
        let text = "SELECT group_concat(n || '=' || m) || (SELECT group_concat(name) FROM sqlite_schema) FROM t";
        connection.raw.query_row(text, [], |row| row.get(0)).expect("a text")
    }

    /// Looks at the clock as often as SQLite can, and has run out of time after some of them. The looks so far.
    fn look_always(connection: &SqliteConnection, passed: u64, stop: Stop) -> Arc<AtomicU64> {
        let (clock, looks) = (Arc::clone(connection.clock()), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&looks);
        let look = move || {
            let before = counted.fetch_add(1, Ordering::Relaxed);
            if matches!(stop, Stop::Caller) && before == passed {
                clock.cancel(1);
            }
            before >= passed && clock.is_over()
        };
        connection.raw.progress_handler(1, Some(look)).expect("a handler");
        looks
    }

    /// Runs a statement that is stopped after so many looks, and again when it was. The looks that it took, and whether it was.
    fn run_and_retry(text: &'static str, passed: u64, stop: Stop, done: &(String, u64)) -> (u64, bool) {
        let connection = memory();
        let before = stored(&connection);
        // Whoever has the connection from now on has lease 1.
        connection.clock.lease.store(1, Ordering::Relaxed);
        let looks = look_always(&connection, passed, stop);
        let limit = match stop {
            Stop::Deadline => Limit::Whole(Duration::ZERO),
            Stop::Caller => ENOUGH,
        };
        let outcome = run(&connection, text, limit);
        let looks = looks.load(Ordering::Relaxed);
        connection.raw.progress_handler(STEPS_PER_LOOK, None::<fn() -> bool>).expect("no handler");
        let was_stopped = outcome.is_err();
        let answer = outcome.or_else(|failure| {
            assert!(failure.may_pass(), "{text}: {failure:?}");
            assert_eq!(stored(&connection), before, "{text}: it was stopped after {passed} looks and has happened");
            run(&connection, text, ENOUGH)
        });
        let answer = answer.unwrap_or_else(|failure| panic!("{text}, {passed} looks: {failure:?}"));
        assert_eq!((stored(&connection), answer.affected), *done, "{text}, {passed} looks");
        (looks, was_stopped)
    }

    #[test]
    fn a_write_that_is_stopped_at_any_look_has_not_happened_and_any_other_has_happened_once() {
        for text in [
            "INSERT INTO t VALUES (3, 0)",
            "INSERT INTO t VALUES (3, 0), (4, 0) RETURNING n",
            "UPDATE t SET m = m + 1",
            "UPDATE t SET m = m + 1 WHERE n = 1 RETURNING m",
            "DELETE FROM t WHERE n = 2",
            "DELETE FROM t WHERE n = 2 RETURNING n",
            "DELETE FROM t WHERE n = 9",
            "CREATE TABLE u (n INTEGER) STRICT",
        ] {
            let connection = memory();
            let answer = run(&connection, text, ENOUGH).expect(text);
            let done = (stored(&connection), answer.affected);
            for stop in [Stop::Deadline, Stop::Caller] {
                let mut stopped = 0;
                for passed in 0.. {
                    let (looks, was_stopped) = run_and_retry(text, passed, stop, &done);
                    stopped += u64::from(was_stopped);
                    if looks <= passed {
                        break;
                    }
                }
                assert!(stopped > 0, "{text}: never stopped by {stop:?}");
            }
        }
    }
}
