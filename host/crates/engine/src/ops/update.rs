//! Update: one UPDATE that answers with the row it wrote, or, where a database can't, a SELECT behind it in one
//! transaction. Fields that were not sent are not touched.

use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let mut answers = super::run_all(request, plan).await?;
    let found = answers.pop().unwrap_or_default();
    // The SELECT asks for the record, whatever else the update asked.
    if answers.first().is_some_and(|update| update.affected == 0) {
        return Ok(Outcome::Missing);
    }
    Ok(found.rows.into_iter().next().map_or(Outcome::Missing, Outcome::Record))
}
