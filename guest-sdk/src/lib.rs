//! What authors of modelhost plugins use: models from structs, hooks, checks, a native test kit.
//!
//! A plugin is a library crate (`crate-type = ["cdylib"]`) that is compiled to a WebAssembly component. Its models are
//! structs, its rules are functions of [`Hooks`]; [`export_plugin!`] makes the component. This is a whole plugin:
//!
//! ```
//! use modelhost_guest::prelude::*;
//!
//! /// A note.
//! #[derive(Model)]
//! pub struct Note {
//!     #[field(key, default = new_uuid)]
//!     pub id: Uuid,
//!     #[field(length_max = 200)]
//!     pub text: String,
//! }
//!
//! #[hooks]
//! impl Hooks for Note {}
//!
//! export_plugin!(Note);
//! ```
//!
//! The crate knows nothing of the host: no database, no HTTP, no file. It does not judge what only the host can judge
//! (words that SQL reserves, whether a pattern compiles). Generated bindings stop at [`wire`].
//!
//! Invariant: the host learns exactly what the code says. A hook, a field or a rule that is written down is either
//! declared or a compile error.

#[cfg(test)]
extern crate self as modelhost_guest;

pub mod batch;
#[doc(hidden)]
#[allow(unsafe_code, missing_docs, unreachable_pub, clippy::all)]
pub mod bindings;
pub mod cell;
pub mod definition;
pub mod row;
pub mod wire;

mod bytes;
mod calendar;
mod choices;
mod date;
mod decimal;
mod digits;
mod field;
mod json;
mod time;
mod timestamp;
mod uuid;
mod vector;

mod check;
mod checkers;
mod hooks;
mod plugin;

pub mod ctx;
pub mod log;
#[cfg(not(target_family = "wasm"))]
pub mod testing;

pub use bytes::Bytes;
pub use cell::Cell;
pub use check::{Check, Finding};
pub use choices::{ChoiceError, Choices};
pub use date::{Date, DateError};
pub use decimal::{Decimal, DecimalError};
pub use field::Field;
pub use hooks::{Declared, DeclaresHooks, Hooks, SeesBefore};
pub use json::Json;
pub use modelhost_guest_macros::{Choices, Model, hooks};
pub use plugin::{Entry, Plugin};
pub use row::{FieldValue, ItemValue, Model, Unfit};
pub use time::{Time, TimeError};
pub use timestamp::{Timestamp, TimestampError};
pub use uuid::{Uuid, UuidError};
pub use vector::{Vector, VectorError};
pub use wire::Operation;

/// Everything a plugin needs: `use modelhost_guest::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Bytes, Check, Choices, Date, Decimal, Field, Hooks, Json, Model, Operation, Time, Timestamp, Uuid, Vector, ctx,
        export_plugin, hooks, log,
    };
}
