//! Changes record 7 of every batch of `thing`s.

use modelhost_guest::prelude::*;
use modelhost_guest::{Plugin, export_component, plugin, wire};

/// A thing.
#[derive(Model)]
pub struct Thing {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// Anything.
    pub text: String,
}

#[hooks]
impl Hooks for Thing {
    fn normalize(&mut self) {}
}

const PLUGIN: Plugin = plugin!(Thing);

/// The component.
pub struct Guest;

impl wire::descriptor::Guest for Guest {
    fn describe() -> Result<wire::Manifest, String> {
        Ok(PLUGIN.describe())
    }
}

impl wire::validate::Guest for Guest {
    fn validate(call: wire::Call, after: wire::Batch, before: Option<wire::Batch>) -> Vec<wire::Violation> {
        PLUGIN.validate(call, &after, before.as_ref())
    }
}

impl wire::normalize::Guest for Guest {
    fn normalize(_: wire::Call, batch: wire::Batch) -> Vec<wire::FieldChange> {
        if batch.len == 0 {
            return Vec::new();
        }
        vec![wire::FieldChange { index: 7, field: 1, value: wire::Value::Text("tidy".to_owned()) }]
    }
}

export_component!(Guest);
