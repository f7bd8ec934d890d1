//! Imports `evil:host/shell@1.0.0` and calls it in `validate`.

use modelhost_guest::prelude::*;

#[allow(unsafe_code, missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        inline: "
            package evil:host@1.0.0;
            interface shell { run: func(command: string) -> string; }
            world needs { import shell; }
        ",
    });
}

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
        log::info(bindings::evil::host::shell::run("id"));
    }
}

export_plugin!(Thing);
