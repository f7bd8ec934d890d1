//! Where a server is and what is allowed there: what both drivers need to connect, and to explain why they can't.
//!
//! Holds the password inside of its target and shows it nowhere.

use std::sync::Arc;
use std::time::Duration;

use sql::Dialect;

use crate::url::{Password, ServerTarget, TlsMode};
use crate::{DataSourceSettings, Detail, Endpoint};

/// How much longer the answer may take than the statement.
const ANSWER_MS_MAX: u64 = 2_000;

/// Where a server is and what is allowed there.
#[derive(Debug)]
pub(crate) struct Address {
    target: ServerTarget,
    settings: Arc<DataSourceSettings>,
    endpoint: Box<Endpoint>,
    location: String,
}

impl Address {
    pub(crate) fn new(dialect: Dialect, target: &ServerTarget, settings: Arc<DataSourceSettings>) -> Self {
        let endpoint = Endpoint {
            data_source: settings.name.clone(),
            dialect,
            host: target.host.clone(),
            port: target.port,
            user: target.user.clone(),
            database: target.database.clone(),
        };
        Self { target: target.clone(), endpoint: Box::new(endpoint), location: settings.url.to_string(), settings }
    }

    pub(crate) fn target(&self) -> &ServerTarget {
        &self.target
    }

    pub(crate) fn settings(&self) -> &DataSourceSettings {
        &self.settings
    }

    pub(crate) fn endpoint(&self) -> Box<Endpoint> {
        self.endpoint.clone()
    }

    /// The URL, redacted.
    pub(crate) fn location(&self) -> &str {
        &self.location
    }

    /// How long the answer to a statement may take: the server stops it itself, unless the network is gone.
    pub(crate) fn answer_time(&self) -> Duration {
        Duration::from_millis(self.settings.statement_ms_max.saturating_add(ANSWER_MS_MAX))
    }

    /// How long connecting may take.
    pub(crate) fn connect_time(&self) -> Duration {
        Duration::from_millis(self.settings.connect_ms_max)
    }

    /// Whether a connection may have come about without TLS.
    pub(crate) fn may_be_plain(&self) -> bool {
        matches!(self.target.tls_mode(), TlsMode::Disable | TlsMode::Prefer)
    }

    /// What a driver said, without the password.
    pub(crate) fn detail(&self, error: &sqlx::Error) -> Detail {
        Detail::without(error, self.target.password.as_ref().map(Password::expose))
    }
}
