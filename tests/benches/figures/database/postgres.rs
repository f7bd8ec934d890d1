//! The PostgreSQL database of one run: made on the server that `MODELHOST_TEST_POSTGRES` names, dropped at the end.
//!
//! Touches nothing else on that server. Invariant: whether the server keeps what is committed is said.

use std::str::FromStr;

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use url::Url;

/// A database of our own.
pub(crate) struct Postgres {
    server: PgConnectOptions,
    name: String,
    url: String,
    version: String,
}

impl Postgres {
    pub(crate) async fn create(server_url: &str) -> Result<Self> {
        let server = PgConnectOptions::from_str(server_url)?.disable_statement_logging();
        let name = format!("modelhost_figures_{}", std::process::id());
        let mut url = Url::parse(server_url).context("MODELHOST_TEST_POSTGRES is no URL")?;
        url.set_path(&name);
        let mut connection = server.connect().await.context("connecting to MODELHOST_TEST_POSTGRES")?;
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

    /// The server's processes that work for this run.
    pub(crate) async fn processes(&self) -> Result<Vec<u32>> {
        let mut connection = self.server.connect().await?;
        let query = "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'";
        let processes: Vec<i32> = sqlx::query_scalar(query).bind(&self.name).fetch_all(&mut connection).await?;
        connection.close().await?;
        Ok(processes.into_iter().map(i32::unsigned_abs).collect())
    }

    pub(crate) async fn discard(self) -> Result<()> {
        let mut connection = self.server.connect().await?;
        self.run(&mut connection, "DROP DATABASE IF EXISTS").await?;
        Ok(connection.close().await?)
    }

    async fn run(&self, connection: &mut PgConnection, verb: &str) -> Result<()> {
        // The name is made of digits and our own words.
        sqlx::raw_sql(AssertSqlSafe(format!("{verb} \"{}\"", self.name))).execute(connection).await?;
        Ok(())
    }
}

async fn version(connection: &mut PgConnection) -> Result<String> {
    let query = "SELECT current_setting('server_version'), current_setting('fsync'), \
        current_setting('synchronous_commit')";
    let (version, fsync, commit): (String, String, String) = sqlx::query_as(query).fetch_one(connection).await?;
    let warning = if fsync == "on" && commit == "on" { "" } else { " - NOT DURABLE, figures of writes are worthless" };
    Ok(format!("PostgreSQL {version}, fsync {fsync}, synchronous_commit {commit}{warning}"))
}
