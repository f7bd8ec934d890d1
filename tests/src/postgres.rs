//! A PostgreSQL database of a test's own, and the outside client that looks into it.
//!
//! The server is the one that `MODELHOST_TEST_POSTGRES` names (`cargo xtask test` sets it). Invariant: a test that is left
//! out says so on the terminal, and with `REQUIRE_DATABASES=1` none is.

use std::io::Write;

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tokio::runtime::Runtime;

/// A database that is dropped with the value.
pub struct PostgresDatabase {
    server: String,
    name: String,
}

/// One session of an outside program, for locks and transactions.
pub struct PostgresSession {
    runtime: Runtime,
    connection: PgConnection,
}

/// A fresh database; none where there is no server to be had.
pub fn postgres() -> Option<PostgresDatabase> {
    let Ok(server) = std::env::var("MODELHOST_TEST_POSTGRES") else {
        let is_required = std::env::var("REQUIRE_DATABASES").is_ok_and(|value| value == "1");
        assert!(!is_required, "REQUIRE_DATABASES=1, and MODELHOST_TEST_POSTGRES is not set");
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        let line = format!("LEFT OUT: {test} needs PostgreSQL, and MODELHOST_TEST_POSTGRES is not set\n");
        std::io::stderr().write_all(line.as_bytes()).expect("standard error");
        return None;
    };
    let name = format!("e2e_{}_{}", std::process::id(), unique());
    Some(PostgresDatabase::create(server, name))
}

impl PostgresDatabase {
    fn create(server: String, name: String) -> Self {
        PostgresSession::open(&server).execute(&format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    /// Another database, whose name is this one's with something behind it.
    pub fn beside(&self, suffix: &str) -> Self {
        Self::create(self.server.clone(), format!("{}{suffix}", self.name))
    }

    /// The URL, as a data source names it.
    pub fn url(&self) -> String {
        self.url_with(|_| {})
    }

    /// The URL with something wrong in it.
    pub fn url_with(&self, change: impl FnOnce(&mut url::Url)) -> String {
        let mut url: url::Url = self.server.parse().expect("MODELHOST_TEST_POSTGRES is a URL");
        url.set_path(&self.name);
        change(&mut url);
        url.to_string()
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A session in the database.
    pub fn session(&self) -> PostgresSession {
        PostgresSession::open(&self.url())
    }

    /// Runs statements.
    #[track_caller]
    pub fn execute(&self, statements: &str) {
        self.session().execute(statements);
    }

    /// The rows of a query, which must cast its columns to text, joined by a blank.
    #[track_caller]
    pub fn texts(&self, query: &str) -> Vec<String> {
        self.session().texts(query)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // What drops the last connections is the end of the host, which is declared after this value in every test.
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        PostgresSession::open(&self.server).execute(&statement);
    }
}

impl PostgresSession {
    #[track_caller]
    fn open(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connection = runtime.block_on(PgConnection::connect(url)).expect("the server takes a connection");
        Self { runtime, connection }
    }

    /// Runs statements.
    #[track_caller]
    pub fn execute(&mut self, statements: &str) {
        let statement = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        let done = self.runtime.block_on(statement.execute(&mut self.connection));
        done.unwrap_or_else(|error| panic!("{error}: {statements}"));
    }

    /// The rows of a query, which must cast its columns to text, joined by a blank.
    #[track_caller]
    pub fn texts(&mut self, query: &str) -> Vec<String> {
        let statement = sqlx::raw_sql(AssertSqlSafe(query.to_owned()));
        let rows = self.runtime.block_on(statement.fetch_all(&mut self.connection));
        let rows = rows.unwrap_or_else(|error| panic!("{error}: {query}"));
        let text =
            |row: &sqlx::postgres::PgRow, at| row.get::<Option<String>, _>(at).unwrap_or_else(|| "null".to_owned());
        rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect::<Vec<_>>().join(" ")).collect()
    }
}

/// A number that no other test of this process or before it has.
fn unique() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let thread = format!("{:?}", std::thread::current().id());
    let thread: String = thread.chars().filter(char::is_ascii_digit).collect();
    format!("{thread}_{}", now.as_nanos())
}
