//! Update: one UPDATE that answers with the row it wrote. Fields that were not sent are not touched.

use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let row = super::run(request, plan).await?.rows.pop();
    Ok(row.map_or(Outcome::Missing, Outcome::Record))
}
