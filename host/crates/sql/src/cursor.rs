//! Cursors: where a list goes on, as an opaque text.
//!
//! A cursor holds the values that the last record had in the order's fields, so that the next page is found by an index and
//! not by counting: records that come or go meanwhile move nothing. It belongs to one model, filter and order, which its
//! check sum covers; the values are judged like a caller's, and bound.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use model::{ModelDef, Row, Value, WireOptions, items, write_list};
use sha2::{Digest, Sha256};

use crate::{Comparison, Filter, Order, PlanError};

/// Bytes of the check sum: enough to tell a slip; what the cursor says is judged anyway.
const CHECK_BYTES: usize = 9;

/// The cursor behind the record that a page ends with; `filter` is what the caller asked for.
pub fn cursor_after(def: &ModelDef, filter: &Filter, order_by: &[Order], last: &Row) -> String {
    let values: Vec<Value> = order_by.iter().map(|order| last[order.field].clone()).collect();
    let values = write_list(&values);
    let mut bytes = check(def, filter, order_by, values.as_bytes()).to_vec();
    bytes.extend_from_slice(values.as_bytes());
    BASE64.encode(bytes)
}

/// The filter that also leaves out every record up to the cursor.
pub(crate) fn go_on(cursor: &str, filter: Filter, order_by: &[Order], def: &ModelDef) -> Result<Filter, PlanError> {
    let wrong = |problem| PlanError::Cursor { problem };
    let bytes = BASE64.decode(cursor).map_err(|_| wrong("is not one that a list answered"))?;
    let (found, values) = bytes.split_at_checked(CHECK_BYTES).ok_or(wrong("is cut off"))?;
    if found != check(def, &filter, order_by, values).as_slice() {
        return Err(wrong("belongs to another filter, order or model"));
    }
    let values = read(values, order_by, def).ok_or(wrong("holds values that the order's fields do not have"))?;
    Ok(filter.and(behind(&values, order_by, def)))
}

fn check(def: &ModelDef, filter: &Filter, order_by: &[Order], values: &[u8]) -> [u8; CHECK_BYTES] {
    let query = format!("{} {filter:?} {order_by:?} ", def.name);
    let digest = Sha256::new().chain_update(query).chain_update(values).finalize();
    digest[..CHECK_BYTES].try_into().expect("a digest is longer")
}

fn read(values: &[u8], order_by: &[Order], def: &ModelDef) -> Option<Vec<Value>> {
    let values = items(std::str::from_utf8(values).ok()?).ok()?;
    if values.len() != order_by.len() {
        return None;
    }
    let value = |(order, raw): (&Order, &&serde_json::value::RawValue)| {
        def.fields[order.field].field_type.parse_json(raw.get(), WireOptions { big_int: false }).ok()
    };
    order_by.iter().zip(&values).map(value).collect()
}

/// Behind means: behind in the first field, or equal there and behind in the second, and so on.
fn behind(values: &[Value], order_by: &[Order], def: &ModelDef) -> Filter {
    let mut cases = Vec::new();
    let mut equal = Filter::All;
    for (order, value) in order_by.iter().zip(values) {
        // Nulls come first, so that behind null there is everything else.
        let step = match value {
            Value::Null => Filter::Not(Box::new(Filter::equals(order.field, Value::Null))),
            value => {
                let comparison = if order.descending { Comparison::Lt } else { Comparison::Gt };
                Filter::Compare { field: order.field, comparison, value: value.clone() }
            }
        };
        if *value != Value::Null || def.fields[order.field].nullable {
            cases.push(equal.clone().and(step));
        }
        equal = equal.and(Filter::equals(order.field, value.clone()));
    }
    if cases.len() == 1 { cases.remove(0) } else { Filter::Or(cases) }
}
