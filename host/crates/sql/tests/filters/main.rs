//! Filters: the SQL of every operator in three dialects, what they mean for one record, what is refused, and the limits.
//! The functions here are the ones that know the API.

#[path = "../customer/mod.rs"]
#[allow(dead_code)]
mod customer;
mod limits;
mod meaning;
mod refusals;
mod statements;

use customer::customer;
use model::{Row, Value, WireOptions, write_json};
use sql::{Filter, Operation, OperationKind, PlanError};

pub(crate) fn parse(filter: &str) -> Result<Filter, Vec<PlanError>> {
    let body = format!("{{\"filter\": {filter}}}");
    Operation::parse(OperationKind::List, &customer(), &body).map(|operation| operation.filter)
}

pub(crate) fn json(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, WireOptions { big_int: false }, &mut text);
    text
}

/// A record without anything but these fields.
pub(crate) fn record(fields: &[(&str, &str)]) -> Row {
    let def = customer();
    let mut row = vec![Value::Null; def.fields.len()];
    for (name, raw) in fields {
        let at = def.position_of(name).expect("a field");
        row[at] = def.fields[at].parse_json(raw, WireOptions { big_int: false }).expect("a value");
    }
    row
}
