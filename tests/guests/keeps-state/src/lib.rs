//! Counts the calls of `validate` in a static and warns (`count`) with their number: 1 in a fresh instance.

use std::sync::atomic::{AtomicU64, Ordering};

use modelhost_guest::prelude::*;

static CALLS: AtomicU64 = AtomicU64::new(0);

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
    fn validate(&self, check: &mut Check<Self>) {
        let count = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
        check.warn(Thing::TEXT, "count", format!("call {count} of this instance")).with("count", count as i64);
    }
}

export_plugin!(Thing);
