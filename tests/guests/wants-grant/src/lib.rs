//! An ordinary plugin that asks for the grant `network`.

use modelhost_guest::prelude::*;

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

export_plugin!(wants: ["network"], Thing);
