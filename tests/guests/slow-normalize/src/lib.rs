//! Takes some milliseconds in `normalize` of a `thing`, then writes its text in capitals.

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
    fn normalize(&mut self) {
        for turn in 0..5_000_000_u64 {
            black_box(turn);
        }
        self.text = self.text.to_uppercase();
    }
}

export_plugin!(Thing);
