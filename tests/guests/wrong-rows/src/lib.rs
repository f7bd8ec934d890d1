//! Finds something wrong with record 7 of every batch of `thing`s.

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
    fn validate(&self, _: &mut Check<Self>) {}
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
    fn validate(_: wire::Call, after: wire::Batch, _: Option<wire::Batch>) -> Vec<wire::Violation> {
        if after.len == 0 {
            return Vec::new();
        }
        vec![wire::Violation {
            index: 7,
            field: Some(1),
            code: "thing.wrong".to_owned(),
            message: "wrong".to_owned(),
            parameters: Vec::new(),
            severity: wire::Severity::Error,
        }]
    }
}

impl wire::normalize::Guest for Guest {
    fn normalize(call: wire::Call, batch: wire::Batch) -> Vec<wire::FieldChange> {
        PLUGIN.normalize(call, &batch)
    }
}

export_component!(Guest);
