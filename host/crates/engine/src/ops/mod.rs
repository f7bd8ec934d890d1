//! What comes of a plan: running its statements, reading its rows, and telling why there are none.
//!
//! One file for each operation; this one holds what they share.

mod create;
mod delete;
mod list;
pub(crate) mod read;
mod update;

use model::{Row, Value, Violation};
use sql::{Filter, Missing, Plan};
use store::{Job, Rows, StoreError};

use crate::request::Request;
use crate::{EngineError, RefusedRecord};

/// What came of an operation.
#[derive(Debug, Clone, PartialEq)]
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
        Plan::Read { .. } => read::execute(request, plan).await,
        Plan::Update { .. } => update::execute(request, plan).await,
        Plan::Delete { .. } => delete::execute(request, plan).await,
        Plan::List { limit, offset, .. } => list::execute(request, plan, (*limit, *offset)).await,
    }
}

/// Runs the statements of a plan and answers what the last one answered.
pub(crate) async fn run(request: &Request, plan: &Plan) -> Result<Rows, EngineError> {
    let mut statements = request.model.texts.statements(plan, request.def());
    let job = match statements.len() {
        1 => Job::one(statements.remove(0)),
        _ => Job::atomic(statements),
    };
    match request.generation.store.run(job).await {
        Ok(mut answers) => Ok(answers.pop().unwrap_or_default()),
        Err(StoreError::Unique(hit)) => Err(not_unique(request, &request.model.fields_of(&hit))),
        Err(error) => Err(error.into()),
    }
}

/// A database's complaint about uniqueness, as the violation that it is. Names fields, never values.
fn not_unique(request: &Request, fields: &[usize]) -> EngineError {
    let def = &request.model.def;
    let names: Vec<String> = fields.iter().map(|at| format!("`{}`", def.fields[*at].name)).collect();
    let message = match names.as_slice() {
        [] => "another record has the same value in a unique field".to_owned(),
        names => format!("another record has the same {}", names.join(" and ")),
    };
    let violation = Violation {
        index: 0,
        field: (fields.len() == 1).then(|| fields[0]),
        code: "unique".to_owned(),
        message,
        parameters: Vec::new(),
        severity: model::Severity::Error,
    };
    EngineError::Refused(RefusedRecord { def: def.clone(), violations: vec![violation] })
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
    let found = run(request, &Plan::Read { filter: filter.identity(def, &unchanged) }).await?.rows.pop();
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
