//! Create: one INSERT. The plan holds every value, so that the record is answered without being read again.

use model::Row;
use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan, row: &Row) -> Result<Outcome, EngineError> {
    super::run(request, plan).await?;
    Ok(Outcome::Record(row.clone()))
}
