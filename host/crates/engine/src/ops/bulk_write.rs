//! Writing batches of records that were judged.
//!
//! One batch is one statement, or what a database needs instead; several are one transaction with a savepoint for each, so
//! that the record that was refused can still be found.

use std::sync::Arc;

use model::{Row, Value};
use sql::{Dialect, OnConflict, Plan, Returning, ignores_conflicts};
use store::{Job, Rows, StoreError, Transaction};

use super::refusal;
use crate::request::Request;
use crate::{EngineError, RefusedRecord};

/// What came of some of the records.
#[derive(Default)]
pub(super) struct Written {
    pub(super) created: u64,
    /// Those that were written, where they were asked for.
    pub(super) rows: Vec<Row>,
}

/// Batches that are written together: all of them happen when it is finished, none when it is dropped before.
pub(super) struct Writing {
    transaction: Transaction,
    written: Written,
    /// The batch before, until it is freed.
    done: Option<Plan>,
}

impl Writing {
    pub(super) async fn begin(request: &Request) -> Result<Self, EngineError> {
        let transaction = request.generation.store.begin().await?;
        Ok(Self { transaction, written: Written::default(), done: None })
    }

    /// Writes a batch whose first record has the position `start` in the call. Freeing a batch takes a tenth of the time of
    /// writing one, so that the one before is freed meanwhile.
    pub(super) async fn write(&mut self, request: &Request, plan: Plan, start: usize) -> Result<(), EngineError> {
        let before = self.done.take();
        let write = write_in(request, &mut self.transaction, &plan, start);
        let (now, ()) = tokio::join!(write, async { drop(before) });
        self.done = Some(plan);
        self.written.add(now?);
        Ok(())
    }

    pub(super) async fn finish(self) -> Result<Written, EngineError> {
        self.transaction.commit().await?;
        Ok(self.written)
    }

    pub(super) async fn give_up(self) {
        self.transaction.rollback().await.ok();
    }
}

impl Written {
    pub(super) fn add(&mut self, other: Self) {
        self.created += other.created;
        self.rows.extend(other.rows);
    }
}

/// One batch by itself: a statement is atomic without a transaction around it.
pub(super) async fn write_one(request: &Request, plan: &Plan, start: usize) -> Result<Written, EngineError> {
    if skips_by_halves(request, plan) {
        let mut transaction = request.generation.store.begin().await?;
        let written = write_in(request, &mut transaction, plan, start).await?;
        transaction.commit().await?;
        return Ok(written);
    }
    let statements = request.model.texts.statements(plan, request.def());
    match request.generation.store.run(super::job(statements)).await {
        Ok(answers) => Ok(read(request, plan, answers)),
        Err(error) if is_refusal(&error) => {
            let transaction = request.generation.store.begin().await?;
            Err(first_refused(request, transaction, plan, start, error).await)
        }
        Err(error) => Err(error.into()),
    }
}

async fn write_in(
    request: &Request,
    transaction: &mut Transaction,
    plan: &Plan,
    start: usize,
) -> Result<Written, EngineError> {
    let statements = request.model.texts.statements(plan, request.def());
    match transaction.attempt(Job::atomic(statements)).await {
        Ok(answers) => Ok(read(request, plan, answers)),
        Err(StoreError::Unique(_)) if skips_by_halves(request, plan) => {
            Box::pin(write_halves(request, transaction, plan, start)).await
        }
        Err(error) if is_refusal(&error) => Err(first_refused_in(request, transaction, plan, start, error).await),
        Err(error) => Err(error.into()),
    }
}

/// Where a database can't leave out what is there already, the batch is halved until what is left is one record.
async fn write_halves(
    request: &Request,
    transaction: &mut Transaction,
    plan: &Plan,
    start: usize,
) -> Result<Written, EngineError> {
    let Plan::BulkCreate { rows, on_conflict, returning } = plan else { return Ok(Written::default()) };
    if rows.len() <= 1 {
        return Ok(Written::default());
    }
    let (left, right) = rows.split_at(rows.len() / 2);
    let mut written = Written::default();
    for (start, half) in [(start, left), (start + left.len(), right)] {
        let plan = Plan::BulkCreate { rows: Arc::new(half.to_vec()), on_conflict: *on_conflict, returning: *returning };
        written.add(write_in(request, transaction, &plan, start).await?);
    }
    Ok(written)
}

fn skips_by_halves(request: &Request, plan: &Plan) -> bool {
    let Plan::BulkCreate { on_conflict, returning, .. } = plan else { return false };
    let is_mysql = request.generation.store.dialect() == Dialect::Mysql;
    is_mysql && *on_conflict == OnConflict::Skip && !ignores_conflicts(request.def(), *on_conflict, *returning)
}

fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Unique(_) | StoreError::Reference(_))
}

async fn first_refused(
    request: &Request,
    mut transaction: Transaction,
    plan: &Plan,
    start: usize,
    error: StoreError,
) -> EngineError {
    let error = first_refused_in(request, &mut transaction, plan, start, error).await;
    transaction.rollback().await.ok();
    error
}

/// Which record of a batch was refused: they are written one by one, and nothing of it stays.
async fn first_refused_in(
    request: &Request,
    transaction: &mut Transaction,
    plan: &Plan,
    start: usize,
    error: StoreError,
) -> EngineError {
    let Plan::BulkCreate { rows, on_conflict, .. } = plan else { return error.into() };
    let mut found = (error, None);
    for (at, row) in rows.iter().enumerate() {
        let statements = request.model.texts.statements(&Plan::Create { row: row.clone() }, request.def());
        let answer = match on_conflict {
            OnConflict::Error => transaction.run(Job::atomic(statements)).await,
            OnConflict::Skip => transaction.attempt(Job::atomic(statements)).await,
        };
        match answer {
            Ok(_) => {}
            // What is there already is left out, and not what was refused.
            Err(StoreError::Unique(_)) if *on_conflict == OnConflict::Skip => {}
            Err(error) => {
                found = (error, Some((at, row)));
                break;
            }
        }
    }
    let (error, place) = found;
    match refusal::violation(request, &error, place.map(|(_, row)| row)).await {
        Ok(Some(mut violation)) => {
            violation.index = start + place.map_or(0, |(at, _)| at);
            EngineError::Refused(RefusedRecord { def: request.model.def.clone(), violations: vec![violation] })
        }
        Ok(None) => error.into(),
        Err(error) => error,
    }
}

/// What the statements of a batch wrote.
fn read(request: &Request, plan: &Plan, answers: Vec<Rows>) -> Written {
    let Plan::BulkCreate { rows, returning, .. } = plan else { return Written::default() };
    let created = answers.iter().map(|answer| answer.affected).sum();
    if *returning == Returning::Count {
        return Written { created, rows: Vec::new() };
    }
    let returned: Vec<Row> = answers.iter().flat_map(|answer| answer.rows.iter().cloned()).collect();
    if !returned.is_empty() || created == 0 {
        return Written { created, rows: returned };
    }
    // The database answers no rows: what was sent is what was written, but for the keys that it numbered.
    let mut rows = rows.to_vec();
    if let Some(key) = request.def().sequence() {
        let numbers = answers.iter().flat_map(|answer| {
            let first = answer.generated.unwrap_or(0);
            (0..answer.affected).map(move |at| first + at as i64)
        });
        rows.iter_mut().zip(numbers).for_each(|(row, number)| row[key] = Value::Int(number));
    }
    Written { created, rows }
}
