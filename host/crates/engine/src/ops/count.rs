//! Count and exists: one SELECT that answers a number.

use model::Value;
use sql::Plan;

use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<u64, EngineError> {
    let answer = super::run(request, plan).await?;
    match answer.rows.first().and_then(|row| row.first()) {
        Some(Value::Int(count)) => Ok(u64::try_from(*count).unwrap_or(0)),
        _ => Ok(0),
    }
}
