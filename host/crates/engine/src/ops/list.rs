//! List: one SELECT, in an order that always ends in the key; one more where the total is asked for.

use model::{Row, Value};
use sql::{Order, Plan, Total, cursor_after, with_order};

use super::{Outcome, count, widened};
use crate::EngineError;
use crate::request::Request;

pub(super) async fn execute(request: &Request, plan: &Plan) -> Result<Outcome, EngineError> {
    let Plan::List { asked, order_by, limit, offset, fields, total, .. } = plan else {
        return Ok(Outcome::Missing);
    };
    let rows = super::run(request, plan).await?.rows;
    let read = fields.as_ref().map(|fields| with_order(fields, order_by));
    let mut rows = widened(request, rows, read.as_deref());
    let has_more = rows.len() as u64 > *limit;
    if has_more {
        rows.pop();
    }
    let next = rows.last().filter(|_| has_more).map(|last| cursor_after(request.def(), asked, order_by, last));
    if let Some(fields) = fields {
        rows.iter_mut().for_each(|row| hide(row, fields, order_by));
    }
    let total = match total {
        Total::Told => Some(count::execute(request, &Plan::Count { filter: asked.clone() }).await?),
        Total::Untold => None,
    };
    Ok(Outcome::Records { rows, limit: *limit, offset: *offset, next, total })
}

/// Takes out what only the cursor needed.
fn hide(row: &mut Row, fields: &[usize], order_by: &[Order]) {
    for order in order_by {
        if !fields.contains(&order.field) {
            row[order.field] = Value::Absent;
        }
    }
}
