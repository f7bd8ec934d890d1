//! How connections to PostgreSQL are made and what is fixed for their life.
//!
//! All settings travel with the first message, so that a connection costs no further round trip. Nothing comes from the
//! environment: the URL says everything.

use std::sync::Arc;

use sql::Dialect;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};

use crate::DataSourceSettings;
use crate::server::{Address, Version};
use crate::url::{Password, ServerTarget, TlsMode};

/// The oldest server that the statements work on.
const VERSION_MIN: u32 = 14;
const VERSION_MIN_TEXT: &str = "PostgreSQL 14";

/// PostgreSQL counts milliseconds in 32 bits.
const MS_MAX: u64 = i32::MAX as u64;

/// Where a name without a schema is looked up. The server's default begins with a schema named like the role, which would
/// put its tables before those of placement `own`.
const SEARCH_PATH: &str = "public";

/// Makes connections to PostgreSQL.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(super) address: Address,
    pub(super) options: Options,
}

/// The driver's options, which hold the password.
pub(super) struct Options(pub(super) PgConnectOptions);

impl Postgres {
    pub(crate) fn new(target: &ServerTarget, settings: Arc<DataSourceSettings>) -> Self {
        Self {
            options: Options(options(target, &settings)),
            address: Address::new(Dialect::Postgres, target, settings),
        }
    }
}

/// From the greeting, as 150004; a server that doesn't say it is none of the old ones.
pub(super) fn version(connection: &PgConnection) -> Version {
    let number = connection.server_version_num().unwrap_or(u32::MAX);
    let (major, minor) = (number / 10_000, number % 10_000);
    Version { text: format!("{major}.{minor}"), needed: (major < VERSION_MIN).then_some(VERSION_MIN_TEXT) }
}

fn options(target: &ServerTarget, settings: &DataSourceSettings) -> PgConnectOptions {
    let password = target.password.as_ref().map_or("", Password::expose);
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&target.host)
        .port(target.port)
        .username(&target.user)
        .password(password)
        .database(&target.database)
        .ssl_mode(match target.tls_mode() {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        })
        .statement_cache_capacity(settings.statement_cache_max)
        .application_name("modelhost")
        .options([
            ("statement_timeout", settings.statement_ms_max.min(MS_MAX)),
            ("lock_timeout", settings.wait_ms_max.min(MS_MAX)),
        ])
        .options([("search_path", SEARCH_PATH)])
        // Statements have a log of their own.
        .disable_statement_logging();
    if let Some(path) = &target.root_certificate {
        options = options.ssl_root_cert(path);
    }
    if let Some(path) = &target.client_certificate {
        options = options.ssl_client_cert(path);
    }
    if let Some(path) = &target.client_key {
        options = options.ssl_client_key(path);
    }
    options
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
