//! Delete: one DELETE by the key or a unique set.

use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let affected = super::run(request, plan).await?.affected;
    Ok(if affected == 0 { Outcome::Missing } else { Outcome::Deleted })
}
