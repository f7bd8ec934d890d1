//! How a job runs on a pooled connection.
//!
//! One statement is one round trip once it is prepared. A connection counts as unclean while anything is under way on it,
//! so that a caller that goes away closes it. A lone read that meets a dead connection is run once more; nothing else is.
//! Where the server can't roll back a schema change, a job that has one runs its statements one after the other.

use std::sync::Arc;

use model::NamespaceName;
use sql::Statement;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use super::pool::{Leased, Pool};
use super::{DRIVER_CODE, Driver, errors};
use crate::job::Step;
use crate::statement_log::{Text, Trace};
use crate::transaction::Attempts;
use crate::{Detail, Job, Rows, StoreError};

const BEGIN: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
const SAVEPOINT: &str = "SAVEPOINT attempt";
const RELEASE: &str = "RELEASE SAVEPOINT attempt";
const ROLLBACK_TO: &str = "ROLLBACK TO SAVEPOINT attempt";

/// A transaction, which holds a connection.
#[derive(Debug)]
pub(crate) struct Open<D: Driver> {
    /// None when the transaction is over.
    leased: Option<Leased<D>>,
}

pub(super) async fn run<D: Driver>(
    pool: &Arc<Pool<D>>,
    namespace: &NamespaceName,
    job: &Job,
    trace: &mut Trace,
) -> Result<Vec<Rows>, StoreError> {
    let mut leased = pool.lease(namespace).await?;
    if job.needs_transaction() && (D::ROLLS_BACK_SCHEMA || !job.has_schema_change()) {
        run_fixed(&mut leased, BEGIN, trace).await?;
        let mut open = Open { leased: Some(leased) };
        let answers = open.run_steps(job, trace).await;
        return match answers {
            Ok(answers) => open.commit(trace).await.map(|()| answers),
            Err(error) => Err(error),
        };
    }
    let may_repeat = job.only_reads() && job.all_steps().len() == 1;
    let mut answers = Vec::with_capacity(job.all_steps().len());
    for step in job.all_steps() {
        let answer = match run_step(&mut leased, step, trace).await {
            Err(StoreError::ConnectionLost { .. }) if may_repeat => {
                drop(leased);
                leased = pool.lease_fresh(namespace).await?;
                run_step(&mut leased, step, trace).await?
            }
            answer => answer?,
        };
        answers.push(answer);
    }
    Ok(answers)
}

pub(super) async fn begin<D: Driver>(
    pool: &Arc<Pool<D>>,
    namespace: &NamespaceName,
    trace: &mut Trace,
) -> Result<Open<D>, StoreError> {
    let mut leased = pool.lease(namespace).await?;
    match run_fixed(&mut leased, BEGIN, trace).await {
        // Nothing has happened yet, so that this may start again.
        Err(StoreError::ConnectionLost { .. }) => {
            drop(leased);
            leased = pool.lease_fresh(namespace).await?;
            run_fixed(&mut leased, BEGIN, trace).await?;
        }
        begun => begun?,
    }
    // From here on only the end of the transaction makes the connection clean.
    leased.begin_use();
    Ok(Open { leased: Some(leased) })
}

impl<D: Driver> Open<D> {
    pub(crate) async fn run(&mut self, job: Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        self.run_steps(&job, trace).await
    }

    /// Runs jobs, each so that its failure takes back only its own statements, until one fails.
    pub(crate) async fn attempt_each(&mut self, jobs: Vec<Job>, trace: &mut Trace) -> Attempts {
        let mut answers = Vec::with_capacity(jobs.len());
        for job in &jobs {
            match self.attempt(job, trace).await {
                Ok(answer) => answers.push(answer),
                Err(error) => return Attempts::failed(answers, error),
            }
        }
        Attempts { answers, failed: None, kept: 0 }
    }

    async fn attempt(&mut self, job: &Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        let mut leased = self.leased.take().ok_or(StoreError::TransactionOver)?;
        run_fixed(&mut leased, SAVEPOINT, trace).await?;
        let outcome = run_all(&mut leased, job, trace).await;
        let end = if outcome.is_ok() { RELEASE } else { ROLLBACK_TO };
        // A server that has ended the whole transaction knows no savepoint.
        let goes_on = leased.is_clean() && run_fixed(&mut leased, end, trace).await.is_ok();
        if goes_on {
            leased.begin_use();
            self.leased = Some(leased);
        } else if leased.is_clean() {
            run_fixed(&mut leased, ROLLBACK, trace).await.ok();
        }
        outcome
    }

    async fn run_steps(&mut self, job: &Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        // Taken out: whatever fails, or is dropped in between, ends the transaction.
        let mut leased = self.leased.take().ok_or(StoreError::TransactionOver)?;
        match run_all(&mut leased, job, trace).await {
            Ok(answers) => {
                leased.begin_use();
                self.leased = Some(leased);
                Ok(answers)
            }
            Err(error) => {
                // Where the server still answers, its locks are free when the caller hears of it.
                if leased.is_clean() {
                    run_fixed(&mut leased, ROLLBACK, trace).await.ok();
                }
                Err(error)
            }
        }
    }

    pub(crate) async fn commit(mut self, trace: &mut Trace) -> Result<(), StoreError> {
        let mut leased = self.leased.take().ok_or(StoreError::TransactionOver)?;
        run_fixed(&mut leased, COMMIT, trace).await
    }

    pub(crate) async fn rollback(mut self, trace: &mut Trace) -> Result<(), StoreError> {
        match self.leased.take() {
            Some(mut leased) => run_fixed(&mut leased, ROLLBACK, trace).await,
            // It is rolled back already.
            None => Ok(()),
        }
    }
}

/// Runs the statements of a job inside of a transaction.
async fn run_all<D: Driver>(leased: &mut Leased<D>, job: &Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
    if job.has_schema_change() && !D::ROLLS_BACK_SCHEMA {
        return Err(refused(leased, "a schema change would commit the transaction"));
    }
    let mut answers = Vec::with_capacity(job.all_steps().len());
    for step in job.all_steps() {
        answers.push(run_step(leased, step, trace).await?);
    }
    Ok(answers)
}

async fn run_step<D: Driver>(leased: &mut Leased<D>, step: &Step, trace: &mut Trace) -> Result<Rows, StoreError> {
    if step.is_repeated() {
        return Err(refused(leased, "a server gets many rows in one statement, and no repeats"));
    }
    let (statement, started) = (&step.statement, trace.now());
    let work = async |connection: &mut D::Connection| D::run_statement(connection, statement).await;
    let answer = in_time(leased, Some(statement), work).await;
    let rows = answer.as_ref().map_or(0, |answer| answer.rows.len());
    trace.add(|| Text::Sql(statement.text.clone()), started, rows);
    let answer = answer?;
    step.check(&answer)?;
    Ok(answer)
}

/// Runs one of the texts above.
async fn run_fixed<D: Driver>(leased: &mut Leased<D>, text: &'static str, trace: &mut Trace) -> Result<(), StoreError> {
    let started = trace.now();
    let outcome = in_time(leased, None, async |connection| D::run_fixed(connection, text).await).await;
    trace.add(|| Text::Fixed(text), started, 0);
    outcome
}

/// Why a statement was not even sent.
fn refused<D: Driver>(leased: &Leased<D>, why: &str) -> StoreError {
    let location = leased.driver().address().location().to_owned();
    StoreError::Failed { location, code: DRIVER_CODE.to_owned(), detail: Detail::new(why) }
}

/// Uses the connection; it is clean again when the server has answered, be it with an error.
async fn in_time<D: Driver, T>(
    leased: &mut Leased<D>,
    statement: Option<&Statement>,
    work: impl AsyncFnOnce(&mut D::Connection) -> Result<T, sqlx::Error>,
) -> Result<T, StoreError> {
    let time = leased.driver().address().answer_time();
    let outcome = tokio::time::timeout(time, work(leased.begin_use())).await;
    match outcome {
        Ok(Ok(answer)) => {
            leased.end_use();
            Ok(answer)
        }
        Ok(Err(error)) => {
            if errors::leaves_connection_clean(&error, leased.driver()) {
                leased.end_use();
            }
            Err(errors::statement(error, leased.driver(), statement))
        }
        Err(_) => {
            leased.gave_no_answer();
            Err(errors::timed_out(leased.driver().address()))
        }
    }
}

/// A statement's text. Only here, and below, somebody vouches for one: `sql::SqlText` has no caller's text in it.
pub(crate) fn text(statement: &Statement) -> SqlStr {
    AssertSqlSafe(statement.text.shared()).into_sql_str()
}

/// A text of this crate's own with a number for each `?`: for settings, which have no binds where nothing is prepared.
pub(crate) fn text_with_numbers(text: &'static str, numbers: &[u64]) -> SqlStr {
    let mut numbers = numbers.iter();
    let part = |part: &str| format!("{part}{}", numbers.next().map_or_else(String::new, u64::to_string));
    let text: String = text.split('?').map(part).collect();
    AssertSqlSafe(text).into_sql_str()
}
