//! Connects to a server in `validate`: the standard library imports `wasi:sockets` for it.

use std::net::TcpStream;

use modelhost_guest::prelude::*;

/// A thing.
#[derive(Model)]
pub struct Thing {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// Anything.
    pub text: String,
}

#[hooks]
impl Hooks for Thing {
    fn validate(&self, check: &mut Check<Self>) {
        if TcpStream::connect(("127.0.0.1", 5432)).is_ok() {
            check.warn(Self::TEXT, "connected", "there is a server");
        }
    }
}

export_plugin!(Thing);
