//! What a guest may call: one file for each thing the host offers.
//!
//! Everything is bounded and nothing waits: an import answers at once or ends the call. A component that asks for anything
//! else is refused before it runs (`artifact.rs`); the linker holds nothing that is not listed there.

mod ctx;
mod log;
mod wasi;

pub use log::{LogLevel, LogLine, Logs};

pub(crate) use ctx::{OperationCtx, SplitMix64};
pub(crate) use log::LogBuffer;
pub(crate) use wasi::{OutputTail, add_to_linker as add_wasi_to_linker};
