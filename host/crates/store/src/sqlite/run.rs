//! Which thread a job runs on.
//!
//! A job is tried in place, with a small budget and without waiting for locks. What runs out of it has changed nothing and
//! starts again on a blocking thread, with the statement's full time; what did so twice in a row goes there at once for a
//! while. A write in a transaction can't start again (SQLite rolls everything back when it stops one), so that it goes
//! there at once. Dropping a future stops its statement.

use std::sync::Arc;
use std::time::Duration;

use model::NamespaceName;

use super::connection::{BEGIN, COMMIT, Clock, Failure, Limit, ROLLBACK, Role, SqliteConnection};
use super::errors;
use super::file::{Held, SqliteFile};
use crate::statement_log::Trace;
use crate::transaction::Attempts;
use crate::{Durability, Job, Rows, StoreError};

/// How long a job may keep a thread of the runtime: a hundred reads by key.
const IN_PLACE: Limit = Limit::Whole(Duration::from_millis(1));

/// What comes of a job.
type Outcome = Result<Vec<Rows>, Failure>;

/// A transaction, which holds the file's writer.
#[derive(Debug)]
pub(crate) struct Open {
    /// None when the transaction is over.
    held: Option<Held>,
    namespace: NamespaceName,
}

/// Stops the statement of a future that is dropped.
struct StopOnDrop {
    clock: Option<Arc<Clock>>,
    lease: u64,
}

pub(super) async fn run(
    file: &Arc<SqliteFile>,
    namespace: &NamespaceName,
    job: Job,
    trace: &mut Trace,
) -> Result<Vec<Rows>, StoreError> {
    let role = match job.only_reads() && !job.needs_transaction() {
        true => Role::Reader,
        false => Role::Writer,
    };
    let held = file.take(role, namespace).await?;
    if may_run_in_place(&job, role, file.settings().durability)
        && let Some(outcome) = in_place(&held, &job, SqliteConnection::run, trace)
    {
        if role == Role::Writer {
            held.wrote(namespace);
        }
        return outcome.map_err(|failure| errors::failure(failure, file));
    }
    let (outcome, held) =
        with_full_time(held, trace, move |connection, limit, trace| connection.run(&job, limit, trace)).await?;
    if role == Role::Writer {
        held.wrote(namespace);
    }
    outcome
}

pub(super) async fn begin(
    file: &Arc<SqliteFile>,
    namespace: &NamespaceName,
    trace: &mut Trace,
) -> Result<Open, StoreError> {
    let held = file.take(Role::Writer, namespace).await?;
    let begun = held.connection().run_fixed(BEGIN, trace);
    match begun.map_err(Failure::Driver) {
        Ok(()) => Ok(Open { held: Some(held), namespace: namespace.clone() }),
        Err(failure) if failure.may_pass() => {
            trace.clear();
            let (outcome, held) = with_full_time(held, trace, |connection, _, trace| {
                connection.run_fixed(BEGIN, trace).map_err(Failure::Driver)
            })
            .await?;
            outcome.map(|()| Open { held: Some(held), namespace: namespace.clone() })
        }
        Err(failure) => Err(errors::failure(failure, file)),
    }
}

impl Open {
    pub(crate) async fn run(&mut self, job: Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        // Taken out: whatever fails, or is dropped in between, ends the transaction.
        let held = self.take()?;
        if job.only_reads()
            && let Some(outcome) = in_place(&held, &job, SqliteConnection::run_steps, trace)
        {
            let answers = outcome.map_err(|failure| errors::failure(failure, held.file()))?;
            self.held = Some(held);
            return Ok(answers);
        }
        let (outcome, held) =
            with_full_time(held, trace, move |connection, limit, trace| connection.run_steps(&job, limit, trace))
                .await?;
        if outcome.is_ok() {
            self.held = Some(held);
        }
        outcome
    }

    /// Runs jobs on one thread, each so that its failure takes back only its own statements, until one fails.
    pub(crate) async fn attempt_each(&mut self, jobs: Vec<Job>, trace: &mut Trace) -> Attempts {
        let held = match self.take() {
            Ok(held) => held,
            Err(error) => return Attempts::failed(Vec::new(), error),
        };
        let attempted = with_full_time(held, trace, move |connection, limit, trace| {
            let mut answers = Vec::with_capacity(jobs.len());
            for job in &jobs {
                match connection.attempt(job, limit, trace) {
                    Ok(answer) => answers.push(answer),
                    Err(failed) => return Ok((answers, Some(failed))),
                }
            }
            Ok((answers, None))
        })
        .await;
        match attempted {
            Ok((Ok((answers, failed)), held)) => {
                let (failed, kept) = failed.unzip();
                let failed = failed.map(|failure| errors::failure(failure, held.file()));
                self.held = Some(held);
                Attempts { answers, failed, kept: kept.unwrap_or(0) }
            }
            Ok((Err(error), _)) | Err(error) => Attempts::failed(Vec::new(), error),
        }
    }

    pub(crate) async fn commit(mut self, trace: &mut Trace) -> Result<(), StoreError> {
        let held = self.take()?;
        if held.file().settings().durability == Durability::Normal {
            let committed = held.connection().run_fixed(COMMIT, trace);
            held.wrote(&self.namespace);
            return committed.map_err(|error| errors::driver(error, held.file()));
        }
        let (outcome, held) = with_full_time(held, trace, |connection, _, trace| {
            connection.run_fixed(COMMIT, trace).map_err(Failure::Driver)
        })
        .await?;
        held.wrote(&self.namespace);
        outcome
    }

    pub(crate) async fn rollback(mut self, trace: &mut Trace) -> Result<(), StoreError> {
        match self.take() {
            Ok(held) => {
                let rolled_back = held.connection().run_fixed(ROLLBACK, trace);
                rolled_back.map_err(|error| errors::driver(error, held.file()))
            }
            // It is rolled back already.
            Err(_) => Ok(()),
        }
    }

    fn take(&mut self) -> Result<Held, StoreError> {
        self.held.take().filter(|held| held.connection().is_in_transaction()).ok_or(StoreError::TransactionOver)
    }
}

/// Whether the job can start again, waits for no disk, and may well be done in time.
fn may_run_in_place(job: &Job, role: Role, durability: Durability) -> bool {
    let waits_for_disk = role == Role::Writer && durability == Durability::Full;
    !waits_for_disk && !job.has_schema_change() && !job.has_repeats()
}

/// What comes of the job on this thread; none where it has to start on another one.
fn in_place(
    held: &Held,
    job: &Job,
    run: fn(&SqliteConnection, &Job, Limit, &mut Trace) -> Outcome,
    trace: &mut Trace,
) -> Option<Outcome> {
    let slow = &held.file().slow;
    if slow.sends_away(job) {
        return None;
    }
    match run(held.connection(), job, IN_PLACE, trace) {
        Err(failure) if failure.may_pass() => {
            trace.clear();
            if failure.is_out_of_time() {
                slow.add(job);
            }
            None
        }
        outcome => {
            slow.forget(job);
            Some(outcome)
        }
    }
}

/// Runs something on a blocking thread, where it may take its time and wait for locks.
async fn with_full_time<T: Send + 'static>(
    held: Held,
    trace: &mut Trace,
    work: impl FnOnce(&SqliteConnection, Limit, &mut Trace) -> Result<T, Failure> + Send + 'static,
) -> Result<(Result<T, StoreError>, Held), StoreError> {
    let file = Arc::clone(held.file());
    let limit = Limit::Each(Duration::from_millis(file.settings().statement_ms_max));
    let wait = Duration::from_millis(file.settings().wait_ms_max);
    let mut moved = trace.split();
    let ((outcome, moved), held) = on_blocking_thread(held, move |connection| {
        let outcome =
            connection.wait_for_locks(wait).map_err(Failure::Driver).and_then(|()| work(connection, limit, &mut moved));
        connection.wait_for_locks(Duration::ZERO).ok();
        (outcome, moved)
    })
    .await
    .ok_or_else(|| file.shut_down())?;
    trace.join(moved);
    Ok((outcome.map_err(|failure| errors::failure(failure, &file)), held))
}

/// None when the runtime goes down. A panic goes on in the caller.
pub(super) async fn on_blocking_thread<T: Send + 'static>(
    held: Held,
    work: impl FnOnce(&SqliteConnection) -> T + Send + 'static,
) -> Option<(T, Held)> {
    let clock = held.connection().clock();
    let mut stop = StopOnDrop { lease: clock.current_lease(), clock: Some(Arc::clone(clock)) };
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || {
        let answer = span.in_scope(|| work(held.connection()));
        (answer, held)
    })
    .await;
    stop.clock = None;
    match done {
        Ok(done) => Some(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => None,
        },
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(clock) = &self.clock {
            clock.cancel(self.lease);
        }
    }
}
