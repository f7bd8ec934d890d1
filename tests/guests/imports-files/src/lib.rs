//! Reads `/etc/passwd` in `validate`: the standard library imports `wasi:filesystem` for it.

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
    fn validate(&self, check: &mut Check<Self>) {
        if let Ok(text) = std::fs::read_to_string("/etc/passwd") {
            check.warn(Self::TEXT, "stolen", text);
        }
    }
}

export_plugin!(Thing);
