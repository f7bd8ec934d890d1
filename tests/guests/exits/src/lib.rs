//! Ends its process with success in `validate` of a `thing`.

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
impl Hooks for Thing {
    fn validate(&self, _: &mut Check<Self>) {
        std::process::exit(0);
    }
}

export_plugin!(Thing);
