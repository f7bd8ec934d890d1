//! The bindings that `wit-bindgen` generates from the contract, and nothing else.
//!
//! Everybody reads them through [`crate::wire`]; only [`crate::export_component!`] names this module. Invariant: the one
//! module of the crate in which unsafe code is allowed, all of it generated.

wit_bindgen::generate!({
    path: "../wit/draft",
    world: "validator",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    export_macro_name: "export_bindings",
});
