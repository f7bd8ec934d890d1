//! What wasmtime generates from the text of the contract. Nothing else: conversions have their own modules.

#![allow(
    unsafe_code,
    unreachable_pub,
    missing_docs,
    clippy::all,
    reason = "generated; wasmtime answers for the unsafe code in it"
)]

wasmtime::component::bindgen!({
    path: "../../../wit/draft",
    world: "validator",
    ownership: Borrowing { duplicate_if_necessary: true },
    imports: { default: trappable },
    exports: { default: async },
    include_component_type: true,
});
