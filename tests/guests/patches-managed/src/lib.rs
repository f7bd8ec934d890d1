//! Changes the version of the first `thing`, which the host writes.

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
    /// Written by the host.
    #[field(version)]
    pub version: i64,
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
        vec![wire::FieldChange { index: 0, field: 2, value: wire::Value::Int(99) }]
    }
}

export_component!(Guest);
