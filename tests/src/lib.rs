//! The harness of the end-to-end tests: the real program as a child process, and what looks at it from outside.
//!
//! It speaks what users speak (arguments, HTTP, SQL of an outside client) and names no crate of the host, so that a test
//! can only see what a user sees. Invariant: each [`TestHost`] has a folder, a port and databases of its own, and takes
//! them away when it is dropped.

mod filters;
mod host;
mod http;
mod mysql;
mod postgres;
mod program;
mod proxy;
mod rows;
mod server;
mod setup;
mod sqlite;
mod version;

pub use filters::Filters;
pub use host::TestHost;
pub use http::{Answer, Request};
pub use mysql::mysql;
pub use postgres::postgres;
pub use program::{Output, program, run, wait_until};
pub use proxy::Proxy;
pub use rows::{error_text, json_text};
pub use server::{ServerDatabase, ServerSession};
pub use setup::Setup;
pub use sqlite::{sqlite_execute, sqlite_open, sqlite_texts};
pub use version::Version;
