//! Calls the host from `validate` of a `thing` without end.

use std::hint::black_box;

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
        loop {
            black_box(ctx::random());
        }
    }
}

export_plugin!(Thing);
