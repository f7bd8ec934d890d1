//! A component that is no plugin: it exports `acme:greeter/greet@1.0.0`.

#[allow(unsafe_code, missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        inline: "
            package acme:greeter@1.0.0;
            interface greet { greet: func(name: string) -> string; }
            world greeter { export greet; }
        ",
    });
    #[cfg(target_family = "wasm")]
    use super::Greeter;
    #[cfg(target_family = "wasm")]
    export!(Greeter with_types_in self);
}

/// The component.
pub struct Greeter;

impl bindings::exports::acme::greeter::greet::Guest for Greeter {
    fn greet(name: String) -> String {
        format!("Hello, {name}")
    }
}
