//! Describes itself with another version each time.

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
impl Hooks for Thing {}

const PLUGIN: Plugin = plugin!(Thing);

/// The component.
pub struct Guest;

impl wire::descriptor::Guest for Guest {
    fn describe() -> Result<wire::Manifest, String> {
        let version = format!("1.0.{}", ctx::random() % 1_000_000);
        Ok(wire::Manifest { version, ..PLUGIN.describe() })
    }
}

impl wire::validate::Guest for Guest {
    fn validate(call: wire::Call, after: wire::Batch, before: Option<wire::Batch>) -> Vec<wire::Violation> {
        PLUGIN.validate(call, &after, before.as_ref())
    }
}

impl wire::normalize::Guest for Guest {
    fn normalize(call: wire::Call, batch: wire::Batch) -> Vec<wire::FieldChange> {
        PLUGIN.normalize(call, &batch)
    }
}

export_component!(Guest);
