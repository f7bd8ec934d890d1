//! The MySQL or MariaDB database of one run: made on the server that `MODELHOST_TEST_MYSQL` names, dropped at the end.
//!
//! Touches nothing else on that server. Invariant: whether the server keeps what is committed is said.

use std::str::FromStr;

use anyhow::{Context, Result};
use engine::DataSourceSettings;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use url::Url;

/// A database of our own.
pub(crate) struct Mysql {
    server: MySqlConnectOptions,
    name: String,
    url: String,
    version: String,
}

impl Mysql {
    pub(crate) async fn create(server_url: &str) -> Result<Self> {
        let server = MySqlConnectOptions::from_str(server_url)?.disable_statement_logging();
        let name = format!("modelhost_figures_{}", std::process::id());
        let mut url = Url::parse(server_url).context("MODELHOST_TEST_MYSQL is no URL")?;
        url.set_path(&name);
        let mut connection = server.connect().await.context("connecting to MODELHOST_TEST_MYSQL")?;
        let version = version(&mut connection).await?;
        let made = Self { server, url: url.into(), version, name };
        made.run(&mut connection, "CREATE DATABASE").await?;
        connection.close().await?;
        Ok(made)
    }

    /// With the password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The server's version and durability.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The server's threads that work for this run.
    pub(crate) async fn threads(&self) -> Result<Vec<u32>> {
        let query = match is_mariadb(&self.version) {
            true => "SELECT CAST(TID AS SIGNED) FROM information_schema.PROCESSLIST WHERE DB = ?",
            false => "SELECT CAST(THREAD_OS_ID AS SIGNED) FROM performance_schema.threads WHERE PROCESSLIST_DB = ?",
        };
        let mut connection = self.server.connect().await?;
        let threads: Vec<i64> = sqlx::query_scalar(query).bind(&self.name).fetch_all(&mut connection).await?;
        connection.close().await?;
        threads.into_iter().map(|thread| u32::try_from(thread).context("a thread's number")).collect()
    }

    pub(crate) async fn discard(self) -> Result<()> {
        let mut connection = self.server.connect().await?;
        self.run(&mut connection, "DROP DATABASE IF EXISTS").await?;
        Ok(connection.close().await?)
    }

    async fn run(&self, connection: &mut MySqlConnection, verb: &str) -> Result<()> {
        // The name is made of digits and our own words.
        sqlx::raw_sql(AssertSqlSafe(format!("{verb} `{}`", self.name))).execute(connection).await?;
        Ok(())
    }
}

/// The host's settings of a session that cost time: both servers watch how long a statement runs.
pub(crate) fn session(version: &str) -> String {
    let ms = DataSourceSettings::STATEMENT_MS_MAX;
    match is_mariadb(version) {
        true => format!("SET tx_isolation = 'READ-COMMITTED', max_statement_time = {ms} / 1000"),
        false => format!("SET transaction_isolation = 'READ-COMMITTED', max_execution_time = {ms}"),
    }
}

fn is_mariadb(version: &str) -> bool {
    version.to_ascii_lowercase().contains("mariadb")
}

async fn version(connection: &mut MySqlConnection) -> Result<String> {
    let query = "SELECT VERSION(), CAST(@@innodb_flush_log_at_trx_commit AS CHAR), CAST(@@innodb_flush_method AS CHAR)";
    let (version, commit, method): (String, String, String) = sqlx::query_as(query).fetch_one(connection).await?;
    let is_durable = commit == "1" && method != "nosync";
    let warning = if is_durable { "" } else { " - NOT DURABLE, figures of writes are worthless" };
    Ok(format!("{version}, innodb_flush_log_at_trx_commit {commit}, innodb_flush_method {method}{warning}"))
}
