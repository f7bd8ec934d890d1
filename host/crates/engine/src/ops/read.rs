//! Read: one SELECT by the key or a unique set.

use model::Row;
use sql::Plan;

use super::{Outcome, widened};
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan, fields: Option<&[usize]>) -> Result<Outcome, EngineError> {
    let rows = super::run(request, plan).await?.rows;
    Ok(widened(request, rows, fields).pop().map_or(Outcome::Missing, Outcome::Record))
}

/// The record that an update or delete is about, as it is now.
pub(crate) async fn by(request: &Request, plan: &Plan) -> Result<Option<Row>, EngineError> {
    let (Plan::Update { filter, .. } | Plan::Delete { filter }) = plan else { return Ok(None) };
    Ok(super::run(request, &Plan::Read { filter: filter.clone(), fields: None }).await?.rows.pop())
}
