//! The databases: data sources, jobs, transactions, rows, locks.
//!
//! The only crate that names a database driver. It runs statements that `sql` wrote and never writes one itself: the only
//! texts here are connection settings, questions for a server's version and limits, `BEGIN`, `COMMIT`, `ROLLBACK`,
//! savepoints and advisory lock calls. It knows neither models nor plugins. No connection is lent out: callers hand over a
//! [`Job`], or hold a [`Transaction`].
//!
//! A [`DataSource`] is owned by the host, a [`Store`] is one namespace's view of it.

mod settings;
mod url;
mod url_error;
mod url_parse;

mod data_source;
mod holders;
mod job;
mod lock;
mod store;
mod transaction;

mod error;
mod error_text;
mod statement_log;

mod mysql;
mod postgres;
mod server;
mod sqlite;

pub use data_source::{DataSource, PoolStats, ServerInfo};
pub use error::{ConstraintHit, Detail, Endpoint, ReferenceHit, Refusal, StoreError, TlsProblem};
pub use holders::Holder;
pub use job::{Expect, Job, Rows, Step};
pub use lock::SessionLock;
pub use settings::{DataSourceSettings, Durability};
pub use store::Store;
pub use transaction::{Attempts, Transaction};
pub use url::DataSourceUrl;
pub use url_error::UrlError;
