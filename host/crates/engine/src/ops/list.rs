//! List: one SELECT, in an order that always ends in the key.

use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(
    request: &Request,
    plan: &Plan,
    (limit, offset): (u64, u64),
) -> Result<Outcome, EngineError> {
    let rows = super::run(request, plan).await?.rows;
    Ok(Outcome::Records { rows, limit, offset })
}
