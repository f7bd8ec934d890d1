//! Correct calls for a model: what errors and inspection show.

use model::{FieldDef, ModelDef, Role};

use crate::OperationKind;

/// The body of a correct call.
pub fn example_call(kind: OperationKind, def: &ModelDef) -> String {
    let filter = format!("\"filter\": {{{}}}", member(def.key_field()));
    let is_sent = |field: &&FieldDef| field.role == Role::Plain;
    let required: Vec<&FieldDef> = def.fields.iter().filter(|field| field.is_required()).collect();
    let other = def.fields.iter().filter(is_sent).find(|field| field.name != def.key_field().name);
    let one = other.or(required.first().copied()).map(member).unwrap_or_default();
    match kind {
        OperationKind::Create => {
            let sent: Vec<String> = required.into_iter().map(member).collect();
            let data = if sent.is_empty() { one } else { sent.join(", ") };
            format!("{{\"data\": {{{data}}}}}")
        }
        OperationKind::Read | OperationKind::Delete => format!("{{{filter}}}"),
        OperationKind::Update => format!("{{{filter}, \"data\": {{{one}}}}}"),
        OperationKind::List => {
            format!(
                "{{\"filter\": {{{one}}}, \"options\": {{\"order_by\": [\"{}\"], \"limit\": 20}}}}",
                def.key_field().name
            )
        }
    }
}

fn member(field: &FieldDef) -> String {
    let one_of = field.constraints.iter().find_map(|constraint| match constraint {
        model::Constraint::OneOf(texts) => texts.first().map(|text| format!("\"{text}\"")),
        _ => None,
    });
    format!("\"{}\": {}", field.name, one_of.unwrap_or_else(|| field.field_type.example().to_owned()))
}
