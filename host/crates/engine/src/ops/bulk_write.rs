//! Writing batches of records that were judged.
//!
//! One batch is one statement, or what a database needs instead; several are one transaction. When a batch fails in it, the
//! transaction goes on, so that the record that was refused can still be found.

use std::sync::Arc;

use model::{Row, Value};
use sql::{Dialect, OnConflict, Plan, Returning, ignores_conflicts};
use store::{Attempts, Job, Rows, StoreError, Transaction};

use super::refusal;
use crate::request::Request;
use crate::{EngineError, RefusedRecord};

/// Records that were judged.
pub(super) struct Batch {
    pub(super) plan: Plan,
    /// Position of the first of them in the call.
    pub(super) start: usize,
}

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
    /// The batches before, until they are freed.
    done: Vec<Batch>,
}

impl Writing {
    pub(super) async fn begin(request: &Request) -> Result<Self, EngineError> {
        let transaction = request.generation.store.begin().await?;
        Ok(Self { transaction, written: Written::default(), done: Vec::new() })
    }

    /// Writes some batches. Freeing a batch takes a tenth of the time of writing one, so that those before are freed meanwhile.
    pub(super) async fn write(&mut self, request: &Request, batches: Vec<Batch>) -> Result<(), EngineError> {
        let before = std::mem::take(&mut self.done);
        let write = write_in(request, &mut self.transaction, &batches);
        let (now, ()) = tokio::join!(write, async { drop(before) });
        self.done = batches;
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
pub(super) async fn write_one(request: &Request, batch: Batch) -> Result<Written, EngineError> {
    if skips_by_halves(request, &batch.plan) {
        let mut writing = Writing::begin(request).await?;
        writing.write(request, vec![batch]).await?;
        return writing.finish().await;
    }
    let statements = request.model.texts.statements(&batch.plan, request.def());
    match request.generation.store.run(super::job(statements)).await {
        Ok(answers) => Ok(read(request, &batch.plan, answers)),
        Err(error) if is_refusal(&error) => {
            let mut transaction = request.generation.store.begin().await?;
            let error = first_refused(request, &mut transaction, &batch, 0, error).await;
            transaction.rollback().await.ok();
            Err(error)
        }
        Err(error) => Err(error.into()),
    }
}

async fn write_in(request: &Request, transaction: &mut Transaction, batches: &[Batch]) -> Result<Written, EngineError> {
    let (mut written, mut rest) = (Written::default(), batches);
    while !rest.is_empty() {
        let job = |batch: &Batch| Job::atomic(request.model.texts.statements(&batch.plan, request.def()));
        let Attempts { answers, failed, kept } = transaction.attempt_each(rest.iter().map(job).collect()).await;
        let (done, later) = rest.split_at(answers.len());
        for (batch, answers) in done.iter().zip(answers) {
            written.add(read(request, &batch.plan, answers));
        }
        let Some(error) = failed else { break };
        let Some((batch, later)) = later.split_first() else { return Err(error.into()) };
        let mended = match error {
            StoreError::Unique(_) if skips_by_halves(request, &batch.plan) => {
                Box::pin(write_halves(request, transaction, batch)).await
            }
            error if is_refusal(&error) => Err(first_refused(request, transaction, batch, kept, error).await),
            error => Err(error.into()),
        };
        written.add(mended?);
        rest = later;
    }
    Ok(written)
}

/// Where a database can't leave out what is there already, the batch is halved until what is left is one record.
async fn write_halves(
    request: &Request,
    transaction: &mut Transaction,
    Batch { plan, start }: &Batch,
) -> Result<Written, EngineError> {
    let Plan::BulkCreate { rows, on_conflict, returning } = plan else { return Ok(Written::default()) };
    if rows.len() <= 1 {
        return Ok(Written::default());
    }
    let (left, right) = rows.split_at(rows.len() / 2);
    let half = |rows: &[Row], start| {
        let (rows, on_conflict, returning) = (Arc::new(rows.to_vec()), *on_conflict, *returning);
        Batch { plan: Plan::BulkCreate { rows, on_conflict, returning }, start }
    };
    write_in(request, transaction, &[half(left, *start), half(right, start + left.len())]).await
}

fn skips_by_halves(request: &Request, plan: &Plan) -> bool {
    let Plan::BulkCreate { on_conflict, returning, .. } = plan else { return false };
    let is_mysql = request.generation.store.dialect() == Dialect::Mysql;
    is_mysql && *on_conflict == OnConflict::Skip && !ignores_conflicts(request.def(), *on_conflict, *returning)
}

fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Unique(_) | StoreError::Reference(_))
}

/// Which record of a batch was refused: those behind the `kept` that are written already are written one by one. Whoever asks
/// takes everything back.
async fn first_refused(
    request: &Request,
    transaction: &mut Transaction,
    Batch { plan, start }: &Batch,
    kept: u64,
    error: StoreError,
) -> EngineError {
    let Plan::BulkCreate { rows, on_conflict, .. } = plan else { return error.into() };
    let mut found = (error, None);
    for (at, row) in rows.iter().enumerate().skip(usize::try_from(kept).unwrap_or(usize::MAX)) {
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
