//! The programs that the host is held against: what somebody would write who needs exactly this and nothing else.
//!
//! Each one is as fast as its author can make it by fair means: prepared statements, the same settings and durability, the
//! same records decoded into owned typed values, in a place of its own. Nothing here uses a crate of the host but for the
//! engine settings of wasmtime, which have to be the same.

pub(crate) mod guest;
pub(crate) mod postgres;
pub(crate) mod server;
pub(crate) mod sqlite;
