//! How a job runs on a pooled connection.
//!
//! One statement is one round trip once it is prepared. A connection counts as unclean while anything is under way on it,
//! so that a caller that goes away closes it. A lone read that meets a dead connection is run once more; nothing else is.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sql::Statement;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Either, Executor, SqlSafeStr, SqlStr};

use super::pool::{Leased, Pool};
use super::{errors, values};
use crate::job::{Access, Step};
use crate::statement_log::{Text, Trace};
use crate::{Job, Rows, StoreError};

const BEGIN: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// A transaction, which holds a connection.
#[derive(Debug)]
pub(crate) struct Open {
    /// None when the transaction is over.
    leased: Option<Leased>,
}

pub(super) async fn run(
    pool: &Arc<Pool>,
    affinity: u64,
    job: &Job,
    trace: &mut Trace,
) -> Result<Vec<Rows>, StoreError> {
    let mut leased = pool.lease(affinity).await?;
    if job.needs_transaction() {
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
                leased = pool.lease_fresh(affinity).await?;
                run_step(&mut leased, step, trace).await?
            }
            answer => answer?,
        };
        answers.push(answer);
    }
    Ok(answers)
}

pub(super) async fn begin(pool: &Arc<Pool>, affinity: u64, trace: &mut Trace) -> Result<Open, StoreError> {
    let mut leased = pool.lease(affinity).await?;
    match run_fixed(&mut leased, BEGIN, trace).await {
        // Nothing has happened yet, so that this may start again.
        Err(StoreError::ConnectionLost { .. }) => {
            drop(leased);
            leased = pool.lease_fresh(affinity).await?;
            run_fixed(&mut leased, BEGIN, trace).await?;
        }
        begun => begun?,
    }
    // From here on only the end of the transaction makes the connection clean.
    leased.begin_use();
    Ok(Open { leased: Some(leased) })
}

impl Open {
    pub(crate) async fn run(&mut self, job: Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        self.run_steps(&job, trace).await
    }

    async fn run_steps(&mut self, job: &Job, trace: &mut Trace) -> Result<Vec<Rows>, StoreError> {
        // Taken out: whatever fails, or is dropped in between, ends the transaction.
        let mut leased = self.leased.take().ok_or(StoreError::TransactionOver)?;
        let mut answers = Vec::with_capacity(job.all_steps().len());
        for step in job.all_steps() {
            match run_step(&mut leased, step, trace).await {
                Ok(answer) => answers.push(answer),
                Err(error) => {
                    // Where the server still answers, its locks are free when the caller hears of it.
                    if leased.is_clean() {
                        run_fixed(&mut leased, ROLLBACK, trace).await.ok();
                    }
                    return Err(error);
                }
            }
        }
        leased.begin_use();
        self.leased = Some(leased);
        Ok(answers)
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

async fn run_step(leased: &mut Leased, step: &Step, trace: &mut Trace) -> Result<Rows, StoreError> {
    let started = trace.now();
    let answer = in_time(leased, async |connection| run_statement(connection, &step.statement).await).await;
    let rows = answer.as_ref().map_or(0, |answer| answer.rows.len());
    trace.add(|| Text::Sql(step.statement.text.clone()), started, rows);
    let answer = answer?;
    step.check(&answer)?;
    Ok(answer)
}

/// Runs one of the texts above.
async fn run_fixed(leased: &mut Leased, text: &'static str, trace: &mut Trace) -> Result<(), StoreError> {
    let started = trace.now();
    let outcome = in_time(leased, async |connection| connection.execute(text).await.map(|_| ())).await;
    trace.add(|| Text::Fixed(text), started, 0);
    outcome
}

/// Uses the connection; it is clean again when the server has answered, be it with an error.
async fn in_time<T>(
    leased: &mut Leased,
    work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, StoreError> {
    let time = leased.connector().answer_time();
    let outcome = tokio::time::timeout(time, work(leased.begin_use())).await;
    match outcome {
        Ok(Ok(answer)) => {
            leased.end_use();
            Ok(answer)
        }
        Ok(Err(error)) => {
            if errors::leaves_connection_clean(&error) {
                leased.end_use();
            }
            Err(errors::statement(error, leased.connector()))
        }
        Err(_) => {
            leased.gave_no_answer();
            Err(errors::timed_out(leased.connector()))
        }
    }
}

async fn run_statement(connection: &mut PgConnection, statement: &Statement) -> Result<Rows, sqlx::Error> {
    let access = Access::of(statement);
    let mut answer = Rows::default();
    if access == Access::Schema && statement.binds.is_empty() && statement.columns.is_empty() {
        connection.execute(text(statement)).await?;
        return Ok(answer);
    }
    let query =
        sqlx::query_with(text(statement), values::arguments(&statement.binds)?).persistent(access != Access::Schema);
    let mut found = connection.fetch_many(query);
    while let Some(item) = found.try_next().await? {
        match item {
            Either::Left(done) if access == Access::Write => {
                answer.affected += done.rows_affected();
            }
            Either::Left(_) => {}
            Either::Right(row) => answer.rows.push(values::row(&row, &statement.columns)?),
        }
    }
    Ok(answer)
}

/// The only place that vouches for a text: `sql::SqlText` has no caller's text in it.
fn text(statement: &Statement) -> SqlStr {
    AssertSqlSafe(statement.text.shared()).into_sql_str()
}
