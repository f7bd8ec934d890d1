//! Bulk create: records are read and judged batch by batch, and written in the form that the database likes best.
//!
//! All of them or none, or each batch by itself, as asked. Every record that the host or the guest refuses is told with its
//! position; a database tells of the first one. While one batch is judged the next ones are read, and where no guest judges,
//! those before are written meanwhile. No connection is held while the guest runs: where it judges, the first record is
//! written when the last one is judged.

use model::{Row, Violation};
use sandbox::Session;
use sql::{BULK_ERRORS_MAX, BulkCreate, Plan, PlanError, Returning, Scope};
use tokio::sync::mpsc;

use super::Outcome;
use super::bulk_read::{Read, Reader};
use super::bulk_write::{Batch, Writing, Written, write_one};
use crate::request::Request;
use crate::{EngineError, RefusedRecord, hooks};

/// Batches that are judged and wait to be written, at most; as many are written in one go.
const WAITING_MAX: usize = 4;

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
    let written = write_one(request, Batch { plan: plan.clone(), start: 0 }).await?;
    Ok(outcome(written, rows.len(), *returning, Vec::new()))
}

async fn all_or_none(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    let batches = bulk.batches().count();
    let (written, warnings) = if batches > 1 && !hooks::run_on_new_records(request.def()) {
        let (onward, judged) = mpsc::channel(WAITING_MAX);
        let judge = judge_all(request, session, bulk, onward);
        let (writing, judged) = tokio::join!(write_all(request, judged), judge);
        end(writing, judged).await?
    } else {
        let (onward, mut judged) = mpsc::channel(batches.max(1));
        let warnings = judge_all(request, session, bulk, onward).await?;
        let written = match batches {
            1 => write_one(request, judged.recv().await.expect("judged above")).await?,
            _ => finish(write_all(request, judged).await?).await?,
        };
        (written, warnings)
    };
    Ok((outcome(written, bulk.len(), bulk.options.bulk.returning, Vec::new()), warnings))
}

/// Judges every record, and passes the batches on until something is wrong; answers the warnings.
async fn judge_all(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
    onward: mpsc::Sender<Batch>,
) -> Result<Vec<Violation>, EngineError> {
    let (mut reader, mut warnings, mut wrong) = (Reader::new(request, bulk), Vec::new(), Wrong::default());
    while let Some((start, read)) = reader.next().await {
        match judge(request, session, start, read).await {
            Ok((rows, found)) => {
                warnings.extend(found);
                if wrong.count() == 0 {
                    // Whoever writes no more has a reason, which is told when everything is judged.
                    onward.send(Batch { plan: bulk.plan(rows), start }).await.ok();
                }
            }
            Err(error) => wrong.add(error)?,
        }
        // Whoever is told a thousand things that are wrong needs no more of them.
        if wrong.count() >= BULK_ERRORS_MAX {
            break;
        }
    }
    wrong.into_error(request).map_or(Ok(warnings), Err)
}

/// Writes batches as they come, into the transaction that the first of them begins.
async fn write_all(request: &Request, mut judged: mpsc::Receiver<Batch>) -> Result<Option<Writing>, EngineError> {
    let (mut writing, mut batches) = (None, Vec::new());
    while judged.recv_many(&mut batches, WAITING_MAX).await > 0 {
        let mut begun = match writing.take() {
            Some(begun) => begun,
            None => Writing::begin(request).await?,
        };
        match begun.write(request, std::mem::take(&mut batches)).await {
            Ok(()) => writing = Some(begun),
            Err(error) => {
                begun.give_up().await;
                return Err(error);
            }
        }
    }
    Ok(writing)
}

/// Commits what was written if everything is right.
async fn end(
    writing: Result<Option<Writing>, EngineError>,
    judged: Result<Vec<Violation>, EngineError>,
) -> Result<(Written, Vec<Violation>), EngineError> {
    match (writing, judged) {
        (Ok(writing), Ok(warnings)) => Ok((finish(writing).await?, warnings)),
        (Ok(Some(writing)), Err(error)) => {
            writing.give_up().await;
            Err(error)
        }
        (Ok(None), Err(error)) => Err(error),
        (Err(error), judged) => Err(judged.err().unwrap_or(error)),
    }
}

async fn finish(writing: Option<Writing>) -> Result<Written, EngineError> {
    match writing {
        Some(writing) => writing.finish().await,
        None => Ok(Written::default()),
    }
}

async fn each_by_itself(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate<'_>,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    let (mut written, mut warnings, mut failed) = (Written::default(), Vec::new(), Vec::new());
    let mut tried = 0;
    let mut reader = Reader::new(request, bulk);
    while let Some((start, read)) = reader.next().await {
        let len = bulk.len().min(start + bulk.options.bulk.batch_size) - start;
        let outcome = match judge(request, session, start, read).await {
            Ok((rows, found)) => {
                warnings.extend(found);
                write_one(request, Batch { plan: bulk.plan(rows), start }).await
            }
            Err(error) => Err(error),
        };
        match outcome {
            Ok(now) => {
                written.add(now);
                tried += len;
            }
            Err(error) if is_about_records(&error) => failed.push(FailedBatch { start, len, error }),
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

/// The records of a batch with their warnings, or what is wrong with them.
type Judged = Result<(Vec<Row>, Vec<Violation>), EngineError>;

async fn judge(request: &Request, session: &mut Session, start: usize, read: Read) -> Judged {
    session.begin_batch();
    let (mut rows, checked) = read.map_err(EngineError::Invalid)?;
    let warnings = hooks::judge_new(request, session, &mut rows, start, checked).await?;
    Ok((rows, warnings))
}

/// Everything that is wrong with the records of a call.
#[derive(Default)]
struct Wrong {
    invalid: Vec<PlanError>,
    refused: Vec<Violation>,
}

impl Wrong {
    /// What is not about records ends the call.
    fn add(&mut self, error: EngineError) -> Result<(), EngineError> {
        match error {
            EngineError::Invalid(errors) => self.invalid.extend(errors),
            EngineError::Refused(record) => self.refused.extend(record.violations),
            error => return Err(error),
        }
        Ok(())
    }

    fn count(&self) -> usize {
        self.invalid.len() + self.refused.len()
    }

    fn into_error(mut self, request: &Request) -> Option<EngineError> {
        self.invalid.truncate(BULK_ERRORS_MAX);
        self.refused.truncate(BULK_ERRORS_MAX);
        if !self.invalid.is_empty() {
            return Some(EngineError::Invalid(self.invalid));
        }
        if !self.refused.is_empty() {
            let (def, violations) = (request.model.def.clone(), self.refused);
            return Some(EngineError::Refused(RefusedRecord { def, violations }));
        }
        None
    }
}
