//! Read: one SELECT by the key or a unique set.

use model::Row;
use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let row = super::run(request, plan).await?.rows.pop();
    Ok(row.map_or(Outcome::Missing, Outcome::Record))
}

/// The record that an update or delete is about, as it is now.
pub(crate) async fn by(request: &Request, plan: &Plan) -> Result<Option<Row>, EngineError> {
    let filter = match plan {
        Plan::Update { filter, .. } | Plan::Delete { filter } | Plan::Read { filter } => filter.clone(),
        Plan::Create { .. } | Plan::List { .. } => return Ok(None),
    };
    Ok(super::run(request, &Plan::Read { filter }).await?.rows.pop())
}
