//! Logs 5,000 lines of 2 KiB with a terminal escape in `validate` of a `thing`, then accepts it.

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
        let line = format!("\u{1b}[31m{}", "flood ".repeat(350));
        for _ in 0..5_000 {
            log::warn(&line);
        }
    }
}

export_plugin!(Thing);
