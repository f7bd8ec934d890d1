//! Correct calls for a model: what errors and inspection show.

use model::{FieldDef, ModelDef};

use crate::OperationKind;

/// The body of a correct call.
pub fn example_call(kind: OperationKind, def: &ModelDef) -> String {
    let members = |fields: &[&FieldDef]| fields.iter().copied().map(member).collect::<Vec<_>>().join(", ");
    let key: Vec<&FieldDef> = def.key_fields().collect();
    let filter = format!("\"filter\": {{{}}}", members(&key));
    let required: Vec<&FieldDef> = def.fields.iter().filter(|field| field.is_required()).collect();
    let is_other = |(at, field): &(usize, &FieldDef)| field.is_written_by_callers() && !def.is_key(*at);
    let other = def.fields.iter().enumerate().find(is_other).map(|(_, field)| field);
    let one = other.or(required.first().copied()).map(member).unwrap_or_default();
    let data = if required.is_empty() { one.clone() } else { members(&required) };
    match kind {
        OperationKind::Create => format!("{{\"data\": {{{data}}}}}"),
        OperationKind::BulkCreate => format!("{{\"data\": [{{{data}}}]}}"),
        OperationKind::Read | OperationKind::Exists | OperationKind::Delete => format!("{{{filter}}}"),
        OperationKind::Update => format!("{{{filter}, \"data\": {{{one}}}}}"),
        OperationKind::Count => format!("{{\"filter\": {{{one}}}}}"),
        OperationKind::List => {
            let order: Vec<String> = key.iter().map(|field| format!("\"{}\"", field.name)).collect();
            let order = order.join(", ");
            format!("{{\"filter\": {{{one}}}, \"options\": {{\"order_by\": [{order}], \"limit\": 20}}}}")
        }
    }
}

fn member(field: &FieldDef) -> String {
    format!("\"{}\": {}", field.name, field.example())
}
