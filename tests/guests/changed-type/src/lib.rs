//! A plugin of the contract's version 0.1.0, but of another text of it: `wit/plugin.wit` beside this file.

#[allow(unsafe_code, missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "validator" });
    #[cfg(target_family = "wasm")]
    use super::Guest;
    #[cfg(target_family = "wasm")]
    export!(Guest with_types_in self);
}

use bindings::exports::modelhost::plugin::{descriptor, validate};

/// The component.
pub struct Guest;

impl descriptor::Guest for Guest {
    fn describe() -> Result<String, String> {
        Ok("another kind of description".to_owned())
    }
}

impl validate::Guest for Guest {
    fn validate(call: validate::Call, _: Vec<String>) -> Vec<validate::Violation> {
        vec![validate::Violation { index: 0, message: call.model }]
    }
}
