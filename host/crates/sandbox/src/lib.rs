//! The sandbox: the only crate that names wasmtime. It loads components, limits them and calls their hooks.
//!
//! Not here: when a hook runs, what follows from a violation, databases, breakers, grants of a namespace; all of that is the
//! engine's. Two invariants: no state of a guest outlives its [`Session`], and what a guest says is believed only after it
//! was judged (types, positions, counts, sizes).
//!
//! Three outcomes are three types: the guest refused ([`model::Violation`]), the guest broke ([`Fault`]), the host broke
//! ([`SandboxError`]).

mod sandbox;

mod digest;
mod limits;

mod artifact;
mod cache;
mod contract;
mod describe;
mod load;
mod plugin;
mod session;
mod trial;

mod clock;
mod compiler;
mod engine;
mod instance;
mod limiter;
mod state;

mod abi;
mod imports;

mod classify;
mod error;
mod fault;
mod output;
mod text;

pub use abi::CONTRACT_VERSION;
pub use compiler::{CompileError, CompileRequest, CompilerProgram, Compiling, REFUSED_BY_COMPILER};
pub use digest::{Digest, DigestError};
pub use engine::engine_config;
pub use error::{CallError, Cause, DescribeFailure, ForbiddenImport, LoadError, SandboxError};
pub use fault::{Exceeded, Fault, FaultKind, GuestFunction, OperatorDetail};
pub use imports::{LogLevel, LogLine, Logs};
pub use limits::Limits;
pub use output::BadOutput;
pub use plugin::Plugin;
pub use sandbox::{Sandbox, SandboxSettings, Stats};
pub use session::{CallContext, FieldChange, HookCall, HookOperation, Records, Session};
