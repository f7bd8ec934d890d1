//! A plugin of the contract's version 0.9.0, which this host does not speak.

#[allow(unsafe_code, missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        inline: "
            package modelhost:plugin@0.9.0;
            interface descriptor { describe: func() -> result<string, string>; }
            world validator { export descriptor; }
        ",
    });
    #[cfg(target_family = "wasm")]
    use super::Guest;
    #[cfg(target_family = "wasm")]
    export!(Guest with_types_in self);
}

/// The component.
pub struct Guest;

impl bindings::exports::modelhost::plugin::descriptor::Guest for Guest {
    fn describe() -> Result<String, String> {
        Ok("another kind of description".to_owned())
    }
}
