//! Create: one INSERT. The plan holds every value but the key that a database numbers, so that the record is answered
//! without being read again.

use model::{Row, Value};
use sql::Plan;

use super::Outcome;
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan, row: &Row) -> Result<Outcome, EngineError> {
    let answer = super::run(request, plan).await?;
    let mut row = row.clone();
    if let Some(key) = request.def().sequence() {
        let returned = answer.rows.into_iter().next().and_then(|mut row| row.pop());
        row[key] = returned.or(answer.generated.map(Value::Int)).unwrap_or(Value::Null);
    }
    Ok(Outcome::Record(row))
}
