//! What comes of a plan: running its statements, reading its rows, and telling why there are none.
//!
//! One file for each operation; this one holds what they share.

pub(crate) mod bulk_create;
mod bulk_read;
mod bulk_write;
mod count;
mod create;
mod delete;
mod list;
pub(crate) mod read;
mod refusal;
mod update;

use model::{Row, Value};
use sql::{Filter, Missing, OperationKind, Plan, Statement};
use store::{Job, Rows};

use crate::EngineError;
use crate::request::Request;
pub use bulk_create::FailedBatch;

/// What came of an operation.
#[derive(Debug)]
pub enum Outcome {
    /// The record: created, read or updated.
    Record(Row),
    /// Records in order.
    Records {
        /// The records.
        rows: Vec<Row>,
        /// At most so many were asked for.
        limit: u64,
        /// So many were left out before.
        offset: u64,
        /// Where the next page begins; none on the last one.
        next: Option<String>,
        /// How many match in all, where that was asked.
        total: Option<u64>,
    },
    /// How many records match.
    Count(u64),
    /// Whether there is such a record.
    Exists(bool),
    /// Many records were written.
    Written {
        /// How many.
        created: u64,
        /// How many were there already, and were left out.
        skipped: u64,
        /// The records, where they were asked for.
        rows: Option<Vec<Row>>,
        /// Batches of which nothing was written.
        failed: Vec<FailedBatch>,
    },
    /// The record is gone.
    Deleted,
    /// There is no such record.
    Missing,
}

/// Runs a plan that hooks have judged.
pub(crate) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    match plan {
        Plan::Create { row } => create::execute(request, plan, row).await,
        Plan::Read { fields, .. } => read::execute(request, plan, fields.as_deref()).await,
        Plan::Count { .. } => count::execute(request, plan).await.map(|count| match request.kind {
            OperationKind::Exists => Outcome::Exists(count > 0),
            _ => Outcome::Count(count),
        }),
        Plan::Update { .. } => update::execute(request, plan).await,
        Plan::Delete { .. } => delete::execute(request, plan).await,
        Plan::List { .. } => list::execute(request, plan).await,
        Plan::BulkCreate { .. } => bulk_create::execute(request, plan).await,
    }
}

/// Runs the statements of a plan and answers what the last one answered.
pub(crate) async fn run(request: &Request, plan: &Plan) -> Result<Rows, EngineError> {
    Ok(run_all(request, plan).await?.pop().unwrap_or_default())
}

/// Runs the statements of a plan.
async fn run_all(request: &Request, plan: &Plan) -> Result<Vec<Rows>, EngineError> {
    let statements = request.model.texts.statements(plan, request.def());
    match request.generation.store.run(job(statements)).await {
        Ok(answers) => Ok(answers),
        Err(error) => Err(refusal::explain(request, plan, error).await),
    }
}

/// All of them or none.
fn job(mut statements: Vec<Statement>) -> Job {
    match statements.len() {
        1 => Job::one(statements.remove(0)),
        _ => Job::atomic(statements),
    }
}

/// The rows full width, `absent` where a field was not read.
fn widened(request: &Request, rows: Vec<Row>, fields: Option<&[usize]>) -> Vec<Row> {
    let Some(fields) = fields else { return rows };
    let widen = |row: Row| {
        let mut wide = vec![Value::Absent; request.def().fields.len()];
        fields.iter().zip(row).for_each(|(at, value)| wide[*at] = value);
        wide
    };
    rows.into_iter().map(widen).collect()
}

/// Why a write found no record: it does not exist, or it has another version than the caller said. Only a failed write
/// pays for the question.
pub(crate) async fn diagnose(request: &Request, plan: &Plan, outcome: Outcome) -> Result<Outcome, EngineError> {
    let (Outcome::Missing, Plan::Update { filter, .. } | Plan::Delete { filter }) = (&outcome, plan) else {
        return Ok(outcome);
    };
    let version = request.def().managed(model::Role::Version);
    let Some(expected) = version.and_then(|version| filter.fixed_value(version)) else { return Ok(outcome) };
    match current_version(request, filter).await? {
        Some(current) if Value::Int(current) != *expected => Err(conflict(request, Some(current))),
        _ => Ok(outcome),
    }
}

/// The version that the record of a filter has now, whatever else the filter asks.
pub(crate) async fn current_version(request: &Request, filter: &Filter) -> Result<Option<i64>, EngineError> {
    let def = request.def();
    let Some(version) = def.managed(model::Role::Version) else { return Ok(None) };
    let unchanged: Row = vec![Value::Absent; def.fields.len()];
    let found = run(request, &Plan::Read { filter: filter.identity(def, &unchanged), fields: None }).await?.rows.pop();
    Ok(found.and_then(|row| match row[version] {
        Value::Int(version) => Some(version),
        _ => None,
    }))
}

/// A write whose record has changed.
pub(crate) fn conflict(request: &Request, current_version: Option<i64>) -> EngineError {
    EngineError::Conflict { model: request.def().name.clone(), current_version }
}

/// No record is an error unless the caller said that null would do.
pub(crate) fn answer_missing(outcome: Outcome, missing: Missing, request: &Request) -> Result<Outcome, EngineError> {
    match (outcome, missing) {
        (Outcome::Missing, Missing::Error) => Err(EngineError::NotFound { model: request.def().name.clone() }),
        (outcome, _) => Ok(outcome),
    }
}
