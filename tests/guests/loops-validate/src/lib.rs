//! Never comes back from `validate`: create and update of a `thing` end at the deadline.

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
        let mut turns = 0_u64;
        loop {
            turns = black_box(turns.wrapping_add(1));
        }
    }
}

export_plugin!(Thing);
