//! Time and randomness, given by the host and fixed for one operation.
//!
//! Don't use the standard library's clock or another source of randomness: an operation must be repeatable. Outside of
//! wasm the test kit answers instead (`testing::at`, `testing::seed`).

use crate::Timestamp;

/// The time of the operation, the same at every call.
pub fn now() -> Timestamp {
    #[cfg(target_family = "wasm")]
    let micros = crate::bindings::modelhost::plugin::ctx::now_us();
    #[cfg(not(target_family = "wasm"))]
    let micros = crate::testing::surroundings::now().micros();
    Timestamp::from_micros(micros)
}

/// The next 64 bits of a sequence that begins anew with the operation's seed. Not for secrets.
pub fn random() -> u64 {
    #[cfg(target_family = "wasm")]
    let bits = crate::bindings::modelhost::plugin::ctx::random();
    #[cfg(not(target_family = "wasm"))]
    let bits = crate::testing::surroundings::random();
    bits
}
