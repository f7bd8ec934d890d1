//! Connections to PostgreSQL: how they are made and what is fixed for their life.
//!
//! All settings travel with the first message, so that a connection costs no further round trip. Nothing comes from the
//! environment: the URL says everything.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use super::errors;
use crate::url::{PostgresTarget, TlsMode};
use crate::{DataSourceSettings, Detail, Endpoint, Refusal, StoreError};

/// PostgreSQL counts milliseconds in 32 bits.
const MS_MAX: u64 = i32::MAX as u64;

/// How much longer the answer may take than the statement.
const ANSWER_MS_MAX: u64 = 2_000;

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_millis(500);

/// Where a name without a schema is looked up. The server's default begins with a schema named like the role, which would
/// put its tables before those of placement `own`.
const SEARCH_PATH: &str = "public";

/// Makes connections.
#[derive(Debug)]
pub(super) struct Connector {
    options: Options,
    target: PostgresTarget,
    settings: Arc<DataSourceSettings>,
    endpoint: Box<Endpoint>,
    location: String,
}

/// The driver's options, which hold the password.
struct Options(PgConnectOptions);

impl Connector {
    pub(super) fn new(target: &PostgresTarget, settings: Arc<DataSourceSettings>) -> Self {
        let endpoint = Endpoint {
            data_source: settings.name.clone(),
            host: target.host.clone(),
            port: target.port,
            user: target.user.clone(),
            database: target.database.clone(),
        };
        Self {
            options: Options(options(target, &settings)),
            target: target.clone(),
            endpoint: Box::new(endpoint),
            location: settings.url.to_string(),
            settings,
        }
    }

    pub(super) async fn connect(&self) -> Result<PgConnection, StoreError> {
        let time = Duration::from_millis(self.settings.connect_ms_max);
        match tokio::time::timeout(time, self.options.0.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(errors::connecting(error, self).await),
            Err(_) => Err(StoreError::Refused {
                endpoint: self.endpoint.clone(),
                refusal: Refusal::NoAnswer { ms: self.settings.connect_ms_max },
                detail: Detail::new("connecting took too long"),
            }),
        }
    }

    /// How long the answer to a statement may take: the server stops it itself, unless the network is gone.
    pub(super) fn answer_time(&self) -> Duration {
        Duration::from_millis(self.settings.statement_ms_max.saturating_add(ANSWER_MS_MAX))
    }

    pub(super) fn target(&self) -> &PostgresTarget {
        &self.target
    }

    pub(super) fn settings(&self) -> &DataSourceSettings {
        &self.settings
    }

    pub(super) fn endpoint(&self) -> Box<Endpoint> {
        self.endpoint.clone()
    }

    /// The URL, redacted.
    pub(super) fn location(&self) -> &str {
        &self.location
    }
}

/// Says farewell, so that the server's log holds no broken connection.
pub(super) async fn close(connection: PgConnection) {
    tokio::time::timeout(FAREWELL, connection.close()).await.ok();
}

fn options(target: &PostgresTarget, settings: &DataSourceSettings) -> PgConnectOptions {
    let password = target.password.as_ref().map_or("", |password| password.expose());
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
