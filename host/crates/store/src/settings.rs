//! What an operator decides about a data source.
//!
//! Every number has a default with its reason; name and URL have none, because a wrong default would pick a database.

use crate::DataSourceUrl;

/// A data source and its limits.
#[derive(Debug, Clone)]
pub struct DataSourceSettings {
    /// What configuration calls it.
    pub name: String,
    /// Where it is.
    pub url: DataSourceUrl,
    /// Connections at most: of the whole data source on a server, of each file on SQLite.
    pub connections_max: u32,
    /// Milliseconds that connecting may take.
    pub connect_ms_max: u64,
    /// Milliseconds that a caller may wait: for a connection, for a lock another one holds, for a busy file.
    pub wait_ms_max: u64,
    /// Milliseconds that one statement may run.
    pub statement_ms_max: u64,
    /// Prepared statements that each connection keeps.
    pub statement_cache_max: usize,
    /// What a committed write survives; only SQLite asks.
    pub durability: Durability,
    /// Files that are open at once; only SQLite asks.
    pub files_open_max: usize,
}

/// What a committed write survives on SQLite. Servers decide it themselves (`synchronous_commit`,
/// `innodb_flush_log_at_trx_commit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A crash of the process. A power loss can take back the last commits, and never corrupts the file.
    Normal,
    /// A power loss too. Every commit waits for the disk.
    Full,
}

impl DataSourceSettings {
    /// Enough to keep a server with 4 to 8 cores busy; PostgreSQL itself allows 100 by default, and a host is rarely alone.
    pub const CONNECTIONS_MAX: u32 = 16;
    /// A server that doesn't answer in this time is down or behind a firewall that drops packets.
    pub const CONNECT_MS_MAX: u64 = 5_000;
    /// Longer than any healthy queue, shorter than a caller's patience.
    pub const WAIT_MS_MAX: u64 = 5_000;
    /// Request paths need milliseconds; this stops a filter without an index from holding a connection for ever.
    pub const STATEMENT_MS_MAX: u64 = 30_000;
    /// A thousand namespaces share a pool: with 100 a read costs 337 us instead of 92, because each one is parsed again.
    pub const STATEMENT_CACHE_MAX: usize = 1_000;
    /// A file takes five descriptors in use (two connections, two logs, one index), and 1,024 is a usual limit of a process.
    pub const FILES_OPEN_MAX: usize = 100;

    /// A data source with the default limits.
    pub fn new(name: impl Into<String>, url: DataSourceUrl) -> Self {
        Self {
            name: name.into(),
            url,
            connections_max: Self::CONNECTIONS_MAX,
            connect_ms_max: Self::CONNECT_MS_MAX,
            wait_ms_max: Self::WAIT_MS_MAX,
            statement_ms_max: Self::STATEMENT_MS_MAX,
            statement_cache_max: Self::STATEMENT_CACHE_MAX,
            durability: Durability::Normal,
            files_open_max: Self::FILES_OPEN_MAX,
        }
    }
}
