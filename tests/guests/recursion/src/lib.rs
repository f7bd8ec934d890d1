//! Calls itself in `validate` of a `thing` until the stack ends.

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
        black_box(descend(0));
    }
}

fn descend(depth: u64) -> u64 {
    let below = if black_box(depth) == u64::MAX { 0 } else { descend(depth + 1) };
    black_box(below).wrapping_add(1)
}

export_plugin!(Thing);
