//! How connections to MySQL and MariaDB are made and what is fixed for their life.
//!
//! The server's own settings decide nothing that changes what is stored or found: a connection asks what runs there and
//! then sets them in one statement. Nothing comes from the environment: the URL says everything.

use std::sync::Arc;

use sql::Dialect;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{ConnectOptions, Error, Executor, Row};

use crate::DataSourceSettings;
use crate::server::{self, Address, Version};
use crate::url::{Password, ServerTarget, TlsMode};

/// Both servers count a lock's seconds up to a year.
const SECONDS_MAX: u64 = 31_536_000;
/// MySQL counts milliseconds in 32 bits.
const MS_MAX: u64 = u32::MAX as u64;

const VERSION: &str = "SELECT VERSION()";

/// What a session has on both servers. A value that doesn't fit is an error, text is Unicode and compares by code point, a
/// backslash is a backslash, times are in UTC. The second limit is for the locks that a schema change takes. Long texts
/// are sorted by as many bytes as both servers can: by default it is 1,024, and pages by cursor would lose records.
macro_rules! session {
    ($own:literal) => {
        concat!(
            "SET NAMES utf8mb4 COLLATE utf8mb4_bin, autocommit = 1, time_zone = '+00:00', sql_mode = ",
            "'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,",
            "NO_BACKSLASH_ESCAPES', innodb_lock_wait_timeout = ?, lock_wait_timeout = ?, ",
            "max_sort_length = 65535, sort_buffer_size = GREATEST(@@sort_buffer_size, 2097152), ",
            $own
        )
    };
}
const MARIADB_SESSION: &str = session!("tx_isolation = 'READ-COMMITTED', max_statement_time = ? / 1000");
const MYSQL_SESSION: &str = session!("transaction_isolation = 'READ-COMMITTED', max_execution_time = ?");

/// Makes connections to MySQL and MariaDB.
#[derive(Debug)]
pub(crate) struct Mysql {
    pub(super) address: Address,
    /// How long a statement waits for a lock; the servers count seconds.
    pub(super) lock_wait_seconds: u64,
    options: Options,
}

/// The driver's options, which hold the password.
struct Options(MySqlConnectOptions);

/// Which of the two servers it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Product {
    Mysql,
    Mariadb,
}

impl Mysql {
    pub(crate) fn new(target: &ServerTarget, settings: Arc<DataSourceSettings>) -> Self {
        Self {
            options: Options(options(target, &settings)),
            lock_wait_seconds: settings.wait_ms_max.div_ceil(1_000).clamp(1, SECONDS_MAX),
            address: Address::new(Dialect::Mysql, target, settings),
        }
    }
}

pub(super) async fn open(mysql: &Mysql) -> Result<(MySqlConnection, Version), Error> {
    let mut connection = mysql.options.0.connect().await?;
    let text: String = connection.fetch_one(VERSION).await?.try_get(0)?;
    let product = Product::of(&text);
    let needed = product.needed(&text);
    if needed.is_none() {
        let statement_ms = mysql.address.settings().statement_ms_max;
        let session = match product {
            Product::Mariadb => (MARIADB_SESSION, statement_ms.min(SECONDS_MAX * 1_000)),
            Product::Mysql => (MYSQL_SESSION, statement_ms.min(MS_MAX)),
        };
        let seconds = mysql.lock_wait_seconds;
        connection.execute(server::text_with_numbers(session.0, &[seconds, seconds, session.1])).await?;
    }
    Ok((connection, Version { text, needed }))
}

impl Product {
    fn of(version: &str) -> Self {
        match version.to_ascii_lowercase().contains("mariadb") {
            true => Self::Mariadb,
            false => Self::Mysql,
        }
    }

    /// The oldest version that the statements work on, where this one is older.
    fn needed(self, version: &str) -> Option<&'static str> {
        // How a MariaDB that hides its age begins.
        let version = version.strip_prefix("5.5.5-").unwrap_or(version);
        let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse().ok());
        // A version that names no third number is not one that lacks anything.
        let mut next = |missing: u32| numbers.next().flatten().unwrap_or(missing);
        let found: (u32, u32, u32) = (next(0), next(0), next(u32::MAX));
        let (oldest, text) = match self {
            // The first with the collation that counts trailing spaces.
            Self::Mysql => ((8, 0, 17), "MySQL 8.0.17"),
            Self::Mariadb => ((10, 6, 0), "MariaDB 10.6"),
        };
        (found < oldest).then_some(text)
    }
}

fn options(target: &ServerTarget, settings: &DataSourceSettings) -> MySqlConnectOptions {
    let mut options = MySqlConnectOptions::new()
        .port(target.port)
        .username(&target.user)
        .database(&target.database)
        .ssl_mode(match target.tls_mode() {
            TlsMode::Disable => MySqlSslMode::Disabled,
            TlsMode::Prefer => MySqlSslMode::Preferred,
            TlsMode::Require => MySqlSslMode::Required,
            TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
            TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        })
        .statement_cache_capacity(settings.statement_cache_max)
        // All settings are ours, in one statement.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        // Statements have a log of their own.
        .disable_statement_logging();
    options = match target.is_socket() {
        true => options.socket(&target.host),
        false => options.host(&target.host),
    };
    if let Some(password) = &target.password {
        options = options.password(Password::expose(password));
    }
    if let Some(path) = &target.root_certificate {
        options = options.ssl_ca(path);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_products_are_known_by_their_version_and_have_a_floor() {
        let versions = [
            "8.0.36",
            "8.4.2-log",
            "9.1.0",
            "8.0.mysql_aurora.3.04.0",
            "5.7.44-log",
            "8.0.16",
            "10.11.14-MariaDB-0+deb12u2",
            "5.5.5-10.6.18-MariaDB",
            "11.4.2-MariaDB-ubu2404",
            "10.5.26-MariaDB",
            "5.5.5-10.4.7-MariaDB-1:10.4.7+maria~bionic",
            "unknown",
        ];
        let line = |version: &&str| {
            let product = Product::of(version);
            format!("{version}: {product:?}, needed {:?}", product.needed(version))
        };
        insta::assert_snapshot!(versions.iter().map(line).collect::<Vec<_>>().join("\n"), @r#"
        8.0.36: Mysql, needed None
        8.4.2-log: Mysql, needed None
        9.1.0: Mysql, needed None
        8.0.mysql_aurora.3.04.0: Mysql, needed None
        5.7.44-log: Mysql, needed Some("MySQL 8.0.17")
        8.0.16: Mysql, needed Some("MySQL 8.0.17")
        10.11.14-MariaDB-0+deb12u2: Mariadb, needed None
        5.5.5-10.6.18-MariaDB: Mariadb, needed None
        11.4.2-MariaDB-ubu2404: Mariadb, needed None
        10.5.26-MariaDB: Mariadb, needed Some("MariaDB 10.6")
        5.5.5-10.4.7-MariaDB-1:10.4.7+maria~bionic: Mariadb, needed Some("MariaDB 10.6")
        unknown: Mysql, needed Some("MySQL 8.0.17")
        "#);
    }
}
