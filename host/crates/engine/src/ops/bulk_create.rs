//! Bulk create: records are read and judged batch by batch, and written in the form that the database likes best.
//!
//! All of them or none, or each batch by itself, as asked. Every record that the host or the guest refuses is told with its
//! position; a database tells of the first one. While one batch is judged or written the next one is read, and where no guest
//! judges, the one before is written meanwhile. No connection is held while the guest runs: where it judges, the first record
//! is written when the last one is judged.

use std::sync::Arc;

use model::{ModelDef, Row, Violation};
use sandbox::Session;
use sql::{BULK_ERRORS_MAX, BulkCreate, Moment, Plan, PlanError, Returning, Scope};
use tokio::task::JoinHandle;

use super::Outcome;
use super::bulk_write::{Writing, Written, write_one};
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

pub(crate) async fn run(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    match bulk.options.bulk.transaction {
        Scope::All => all_or_none(request, session, bulk).await,
        Scope::Batch => each_by_itself(request, session, bulk).await,
    }
}

/// A plan of one batch, for whoever has made one.
pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let Plan::BulkCreate { rows, returning, .. } = plan else { return Ok(Outcome::Missing) };
    let written = write_one(request, plan, 0).await?;
    Ok(outcome(written, rows.len(), *returning, Vec::new()))
}

async fn all_or_none(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    let writes_along = bulk.len() > bulk.options.bulk.batch_size && !hooks::run_on_new_records(request.def());
    let (mut reader, mut warnings) = (Reader::new(request, bulk), Vec::new());
    let (mut waiting, mut writing, mut wrong) = (Vec::new(), None, Wrong::default());
    let mut judged_before = None;
    loop {
        let write = write_along(request, &mut writing, judged_before.take());
        let (written, judged) = tokio::join!(write, judge_next(request, session, &mut reader));
        wrong.database = wrong.database.or(written.err());
        let Some((start, judged)) = judged else { break };
        match judged {
            Ok((rows, found)) => {
                warnings.extend(found);
                match writes_along {
                    true if wrong.is_nothing() => judged_before = Some((bulk.plan(rows), start)),
                    true => {}
                    false => waiting.push((start, rows)),
                }
            }
            Err(error) => wrong.add(error)?,
        }
        // Whoever is told a thousand things that are wrong needs no more of them.
        if wrong.count() >= BULK_ERRORS_MAX {
            break;
        }
    }
    if let Some(error) = wrong.into_error(request) {
        if let Some(writing) = writing {
            writing.give_up().await;
        }
        return Err(error);
    }
    let written = match writing {
        Some(writing) => writing.finish().await?,
        None => write_all(request, bulk, waiting).await?,
    };
    Ok((outcome(written, bulk.len(), bulk.options.bulk.returning, Vec::new()), warnings))
}

async fn each_by_itself(
    request: &Request,
    session: &mut Session,
    bulk: &BulkCreate,
) -> Result<(Outcome, Vec<Violation>), EngineError> {
    let (mut written, mut warnings, mut failed) = (Written::default(), Vec::new(), Vec::new());
    let mut tried = 0;
    let mut reader = Reader::new(request, bulk);
    while let Some((start, read)) = reader.next().await {
        let len = bulk.len().min(start + bulk.options.bulk.batch_size) - start;
        let outcome = match judge(request, session, start, read).await {
            Ok((rows, found)) => {
                warnings.extend(found);
                write_one(request, &bulk.plan(rows), start).await
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
    let mut rows = read.map_err(EngineError::Invalid)?;
    let warnings = hooks::judge_new(request, session, &mut rows, start).await?;
    Ok((rows, warnings))
}

async fn judge_next(request: &Request, session: &mut Session, reader: &mut Reader) -> Option<(usize, Judged)> {
    let (start, read) = reader.next().await?;
    Some((start, judge(request, session, start, read).await))
}

/// Writes a batch, if there is one, into the transaction that the first of them begins.
async fn write_along(
    request: &Request,
    writing: &mut Option<Writing>,
    judged: Option<(Plan, usize)>,
) -> Result<(), EngineError> {
    let Some((plan, start)) = judged else { return Ok(()) };
    let writing = match writing {
        Some(writing) => writing,
        None => writing.insert(Writing::begin(request).await?),
    };
    writing.write(request, plan, start).await
}

async fn write_all(
    request: &Request,
    bulk: &BulkCreate,
    mut batches: Vec<(usize, Vec<Row>)>,
) -> Result<Written, EngineError> {
    if batches.len() <= 1 {
        let Some((start, rows)) = batches.pop() else { return Ok(Written::default()) };
        return write_one(request, &bulk.plan(rows), start).await;
    }
    let mut writing = Writing::begin(request).await?;
    for (start, rows) in batches {
        if let Err(error) = writing.write(request, bulk.plan(rows), start).await {
            writing.give_up().await;
            return Err(error);
        }
    }
    writing.finish().await
}

/// Everything that is wrong with the records of a call.
#[derive(Default)]
struct Wrong {
    invalid: Vec<PlanError>,
    refused: Vec<Violation>,
    /// What the database refused; told only where nothing else is wrong.
    database: Option<EngineError>,
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

    fn is_nothing(&self) -> bool {
        self.count() == 0 && self.database.is_none()
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
        self.database
    }
}

type Read = Result<Vec<Row>, Vec<PlanError>>;

/// Reads the batches of a call, the next one on another thread while the caller works on the one before.
struct Reader {
    bulk: BulkCreate,
    def: Arc<ModelDef>,
    moment: Moment,
    starts: std::vec::IntoIter<usize>,
    ahead: Option<(usize, JoinHandle<Read>)>,
}

impl Reader {
    fn new(request: &Request, bulk: &BulkCreate) -> Self {
        let starts: Vec<usize> = bulk.batches().collect();
        let (def, moment) = (Arc::clone(&request.model.def), request.moment);
        let mut reader = Self { bulk: bulk.clone(), def, moment, starts: starts.into_iter(), ahead: None };
        // A call of one batch gains nothing from another thread.
        if bulk.len() > bulk.options.bulk.batch_size {
            reader.read_ahead();
        }
        reader
    }

    async fn next(&mut self) -> Option<(usize, Read)> {
        let Some((start, ahead)) = self.ahead.take() else {
            let start = self.starts.next()?;
            return Some((start, self.bulk.batch(start, &self.def, &self.moment)));
        };
        let read = ahead.await;
        self.read_ahead();
        match read {
            Ok(read) => Some((start, read)),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    fn read_ahead(&mut self) {
        self.ahead = self.starts.next().map(|start| {
            let (bulk, def, moment) = (self.bulk.clone(), Arc::clone(&self.def), self.moment);
            (start, tokio::task::spawn_blocking(move || bulk.batch(start, &def, &moment)))
        });
    }
}
