//! Panics in `validate` of a `thing` with a message that holds its text. The text `calm` is accepted.

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
        assert!(self.text == "calm", "a panic about {:?}", self.text);
    }
}

export_plugin!(Thing);
