//! Bulk create: records are judged batch by batch, then written in the form that the database likes best.
//!
//! All of them or none, or each batch by itself, as asked. Every record that the host or the guest refuses is told with its
//! position; a database tells of the first one. No connection is held while the guest runs.

use std::sync::Arc;

use model::{Row, Value, Violation};
use sandbox::Session;
use sql::{BULK_ERRORS_MAX, BulkCreate, Dialect, OnConflict, Plan, Returning, Scope};
use store::{Job, Rows, StoreError, Transaction};

use super::{Outcome, refusal};
use crate::request::Request;
use crate::{EngineError, RefusedRecord, hooks};

/// A batch of which nothing was written.
#[derive(Debug)]
pub struct FailedBatch {
    /// Position of its first record.
    pub start: usize,
    /// How many records it has.
    pub len: usize,
    /// Why; positions in it count from the first record of the call.
    pub error: EngineError,
}

/// What came of some of the records.
#[derive(Default)]
struct Written {
    created: u64,
    /// Those that were written, where they were asked for.
    rows: Vec<Row>,
}

/// Records that were judged, and where they stand in the call.
struct Batch {
    start: usize,
    rows: Vec<Row>,
}

pub(crate) async fn run(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    match bulk.options.bulk.transaction {
        Scope::All => all_or_none(request, session, bulk).await,
        Scope::Batch => each_by_itself(request, session, bulk).await,
    }
}

/// A plan of one batch, for whoever has made one.
pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let Plan::BulkCreate { rows, returning, .. } = plan else { return Ok(Outcome::Missing) };
    let batch = Batch { start: 0, rows: Vec::new() };
    let written = write_one(request, plan, &batch).await?;
    Ok(outcome(written, rows.len(), *returning, Vec::new()))
}

async fn all_or_none(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    let (mut batches, mut warnings) = (Vec::new(), Vec::new());
    let (mut invalid, mut refused) = (Vec::new(), Vec::new());
    for start in bulk.batches() {
        match judge(request, session, bulk, start).await {
            Ok((batch, found)) => {
                batches.push(batch);
                warnings.extend(found);
            }
            Err(EngineError::Invalid(errors)) => invalid.extend(errors),
            Err(EngineError::Refused(record)) => refused.extend(record.violations),
            Err(error) => return Err(error),
        }
        // Whoever is told a thousand things that are wrong needs no more of them.
        if invalid.len() + refused.len() >= BULK_ERRORS_MAX {
            break;
        }
    }
    invalid.truncate(BULK_ERRORS_MAX);
    refused.truncate(BULK_ERRORS_MAX);
    if !invalid.is_empty() {
        return Err(EngineError::Invalid(invalid));
    }
    if !refused.is_empty() {
        return Err(EngineError::Refused(RefusedRecord { def: request.model.def.clone(), violations: refused }));
    }
    let written = write_all(request, bulk, batches).await?;
    Ok((outcome(written, bulk.len(), bulk.options.bulk.returning, Vec::new()), warnings))
}

async fn each_by_itself(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    let (mut written, mut warnings, mut failed) = (Written::default(), Vec::new(), Vec::new());
    let mut tried = 0;
    for start in bulk.batches() {
        let end = bulk.len().min(start + bulk.options.bulk.batch_size);
        let outcome = match judge(request, session, bulk, start).await {
            Ok((mut batch, found)) => {
                warnings.extend(found);
                let plan = bulk.plan(std::mem::take(&mut batch.rows));
                write_one(request, &plan, &batch).await
            }
            Err(error) => Err(error),
        };
        match outcome {
            Ok(now) => {
                written.created += now.created;
                written.rows.extend(now.rows);
                tried += end - start;
            }
            Err(error) if is_about_records(&error) => failed.push(FailedBatch { start, len: end - start, error }),
            // Whoever can't be reached for one batch is not asked for the others.
            Err(error) => {
                failed.push(FailedBatch { start, len: bulk.len() - start, error });
                break;
            }
        }
    }
    Ok((outcome(written, tried, bulk.options.bulk.returning, failed), warnings))
}

fn is_about_records(error: &EngineError) -> bool {
    matches!(error, EngineError::Invalid(_) | EngineError::Refused(_) | EngineError::Fault(_))
}

fn outcome(written: Written, tried: usize, returning: Returning, failed: Vec<FailedBatch>) -> Outcome {
    let Written { created, rows } = written;
    let rows = (returning == Returning::Records).then_some(rows);
    Outcome::Written { created, skipped: (tried as u64).saturating_sub(created), rows, failed }
}

async fn judge(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
    start: usize,
) -> Result<(Batch, Vec<Violation>), EngineError> {
    session.begin_batch();
    let mut rows = bulk.batch(start, request.def(), &request.moment).map_err(EngineError::Invalid)?;
    let warnings = hooks::judge_new(request, session, &mut rows, start).await?;
    Ok((Batch { start, rows }, warnings))
}

/// Every batch in one transaction, each behind a savepoint, so that the record that was refused can still be found.
async fn write_all(request: &Request, bulk: &BulkCreate<'_>, mut batches: Vec<Batch>) -> Result<Written, EngineError> {
    if batches.len() <= 1 {
        let Some(mut batch) = batches.pop() else { return Ok(Written::default()) };
        let plan = bulk.plan(std::mem::take(&mut batch.rows));
        return write_one(request, &plan, &batch).await;
    }
    let mut transaction = request.generation.store.begin().await?;
    let mut written = Written::default();
    for mut batch in batches {
        let plan = bulk.plan(std::mem::take(&mut batch.rows));
        let now = write_in(request, &mut transaction, &plan, &batch).await;
        match now {
            Ok(now) => {
                written.created += now.created;
                written.rows.extend(now.rows);
            }
            Err(error) => {
                transaction.rollback().await.ok();
                return Err(error);
            }
        }
    }
    transaction.commit().await?;
    Ok(written)
}

/// One batch by itself: a statement is atomic without a transaction around it.
async fn write_one(request: &Request, plan: &Plan, batch: &Batch) -> Result<Written, EngineError> {
    if skips_by_halves(request, plan) {
        let mut transaction = request.generation.store.begin().await?;
        let written = write_in(request, &mut transaction, plan, batch).await?;
        transaction.commit().await?;
        return Ok(written);
    }
    let statements = request.model.texts.statements(plan, request.def());
    match request.generation.store.run(super::job(statements)).await {
        Ok(answers) => Ok(read(request, plan, answers)),
        Err(error) if is_refusal(&error) => {
            let transaction = request.generation.store.begin().await?;
            Err(first_refused(request, transaction, plan, batch.start, error).await)
        }
        Err(error) => Err(error.into()),
    }
}

async fn write_in(
    request: &Request,
    transaction: &mut Transaction,
    plan: &Plan,
    batch: &Batch,
) -> Result<Written, EngineError> {
    let statements = request.model.texts.statements(plan, request.def());
    match transaction.attempt(Job::atomic(statements)).await {
        Ok(answers) => Ok(read(request, plan, answers)),
        Err(StoreError::Unique(_)) if skips_by_halves(request, plan) => {
            Box::pin(write_halves(request, transaction, plan, batch)).await
        }
        Err(error) if is_refusal(&error) => Err(first_refused_in(request, transaction, plan, batch.start, error).await),
        Err(error) => Err(error.into()),
    }
}

/// Where a database can't leave out what is there already, the batch is halved until what is left is one record.
async fn write_halves(
    request: &Request,
    transaction: &mut Transaction,
    plan: &Plan,
    batch: &Batch,
) -> Result<Written, EngineError> {
    let Plan::BulkCreate { rows, on_conflict, returning } = plan else { return Ok(Written::default()) };
    if rows.len() <= 1 {
        return Ok(Written::default());
    }
    let (left, right) = rows.split_at(rows.len() / 2);
    let mut written = Written::default();
    for (start, half) in [(batch.start, left), (batch.start + left.len(), right)] {
        let plan = Plan::BulkCreate { rows: Arc::new(half.to_vec()), on_conflict: *on_conflict, returning: *returning };
        let batch = Batch { start, rows: Vec::new() };
        let now = write_in(request, transaction, &plan, &batch).await?;
        written.created += now.created;
        written.rows.extend(now.rows);
    }
    Ok(written)
}

fn skips_by_halves(request: &Request, plan: &Plan) -> bool {
    let skips = matches!(plan, Plan::BulkCreate { on_conflict: OnConflict::Skip, .. });
    skips && request.generation.store.dialect() == Dialect::Mysql
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
    let Plan::BulkCreate { rows, .. } = plan else { return error.into() };
    let mut found = (error, None);
    for (at, row) in rows.iter().enumerate() {
        let statements = request.model.texts.statements(&Plan::Create { row: row.clone() }, request.def());
        match transaction.run(Job::atomic(statements)).await {
            Ok(_) => {}
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
