//! The sandbox against real components: what is refused, what is limited, what comes back.
//!
//! One program, because each links wasmtime. Guests come from `tests/guests` and `plugins`; what no Rust guest can be is
//! written as WebAssembly text (`tiny.rs`).

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails, also in the functions that tests share"
)]

// The name under which every other crate knows this one.
extern crate modelhost_sandbox as sandbox;

mod answers;
mod artifacts_refused;
mod cache;
mod describe;
mod isolation;
mod limits;
mod scheduling;
mod support;
mod tiny;
