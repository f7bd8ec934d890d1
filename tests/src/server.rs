//! A database of a test's own on a server, and the outside client that looks into it.
//!
//! The servers are those that `MODELHOST_TEST_POSTGRES` and `MODELHOST_TEST_MYSQL` name (`cargo xtask test` sets them);
//! what differs between them is in `postgres` and `mysql`. Invariant: a test that is left out says so on the terminal, and
//! with `REQUIRE_DATABASES=1` none is.

use std::hash::{BuildHasher, RandomState};
use std::io::Write;

use sqlx::{MySqlConnection, PgConnection};
use tokio::runtime::Runtime;

use crate::{mysql, postgres};

/// A server that tests ask for databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    Postgres,
    Mysql,
}

/// A database that is dropped with the value.
pub struct ServerDatabase {
    server: Server,
    /// Where the server is.
    url: String,
    tag: String,
    name: String,
}

/// One session of an outside program, for locks and transactions.
pub struct ServerSession {
    runtime: Runtime,
    connection: Connection,
}

enum Connection {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Server {
    fn title(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL or MariaDB",
        }
    }

    fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "MODELHOST_TEST_POSTGRES",
            Self::Mysql => "MODELHOST_TEST_MYSQL",
        }
    }

    /// A fresh database; none where there is no server to be had.
    pub(crate) fn database(self) -> Option<ServerDatabase> {
        let (title, variable) = (self.title(), self.variable());
        let Ok(url) = std::env::var(variable) else {
            let is_required = std::env::var("REQUIRE_DATABASES").is_ok_and(|value| value == "1");
            assert!(!is_required, "REQUIRE_DATABASES=1, and {variable} is not set");
            let test = std::thread::current().name().unwrap_or("a test").to_owned();
            let line = format!("LEFT OUT: {test} needs {title}, and {variable} is not set\n");
            std::io::stderr().write_all(line.as_bytes()).expect("standard error");
            return None;
        };
        Some(ServerDatabase::create(self, url, unique(), ""))
    }
}

impl ServerDatabase {
    fn create(server: Server, url: String, tag: String, suffix: &str) -> Self {
        let name = format!("e2e_{tag}{suffix}");
        ServerSession::open(server, &url).execute(&format!("CREATE DATABASE {name}"));
        Self { server, url, tag, name }
    }

    /// Another database, whose name is this one's with something behind it.
    pub fn beside(&self, suffix: &str) -> Self {
        Self::create(self.server, self.url.clone(), self.tag.clone(), suffix)
    }

    /// What the names of namespaces end in, so that nothing else on the server has them: on MySQL one may be a database.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The URL, as a data source names it.
    pub fn url(&self) -> String {
        self.url_with(|_| {})
    }

    /// The URL with something wrong in it.
    pub fn url_with(&self, change: impl FnOnce(&mut url::Url)) -> String {
        let mut url = self.parts();
        change(&mut url);
        url.to_string()
    }

    /// The parts of the URL.
    pub fn parts(&self) -> url::Url {
        let mut url: url::Url = self.url.parse().unwrap_or_else(|error| panic!("{}: {error}", self.server.variable()));
        url.set_path(&self.name);
        url
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A session in the database.
    pub fn session(&self) -> ServerSession {
        ServerSession::open(self.server, &self.url())
    }

    /// Runs statements.
    #[track_caller]
    pub fn execute(&self, statements: &str) {
        self.session().execute(statements);
    }

    /// The rows of a query, their columns as text and joined by a blank.
    #[track_caller]
    pub fn texts(&self, query: &str) -> Vec<String> {
        self.session().texts(query)
    }
}

impl Drop for ServerDatabase {
    fn drop(&mut self) {
        // What drops the last connections is the end of the host, which is declared after this value in every test.
        let mut session = ServerSession::open(self.server, &self.url);
        match self.server {
            Server::Postgres => postgres::drop_database(&mut session, &self.name),
            Server::Mysql => mysql::drop_database(&mut session, &self.name, &self.tag),
        }
    }
}

impl ServerSession {
    #[track_caller]
    fn open(server: Server, url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connection = runtime.block_on(async {
            match server {
                Server::Postgres => postgres::connect(url).await.map(Connection::Postgres),
                Server::Mysql => mysql::connect(url).await.map(Connection::Mysql),
            }
        });
        Self { runtime, connection: connection.expect("the server takes a connection") }
    }

    /// Runs statements.
    #[track_caller]
    pub fn execute(&mut self, statements: &str) {
        self.try_execute(statements).unwrap_or_else(|error| panic!("{error}: {statements}"));
    }

    /// Runs statements that may go wrong.
    pub fn try_execute(&mut self, statements: &str) -> sqlx::Result<()> {
        self.runtime.block_on(async {
            match &mut self.connection {
                Connection::Postgres(connection) => postgres::execute(connection, statements).await,
                Connection::Mysql(connection) => mysql::execute(connection, statements).await,
            }
        })
    }

    /// The rows of a query, their columns as text and joined by a blank.
    #[track_caller]
    pub fn texts(&mut self, query: &str) -> Vec<String> {
        let rows = self.runtime.block_on(async {
            match &mut self.connection {
                Connection::Postgres(connection) => postgres::texts(connection, query).await,
                Connection::Mysql(connection) => mysql::texts(connection, query).await,
            }
        });
        let rows = rows.unwrap_or_else(|error| panic!("{error}: {query}"));
        let text = |column: Option<String>| column.unwrap_or_else(|| "null".to_owned());
        rows.into_iter().map(|row| row.into_iter().map(text).collect::<Vec<_>>().join(" ")).collect()
    }
}

/// Eight letters and digits that no other test has, in this process or in another.
fn unique() -> String {
    let mut rest = RandomState::new().hash_one("a test");
    let digit = |_| {
        let digit = char::from_digit((rest % 36) as u32, 36).expect("below 36");
        rest /= 36;
        digit
    };
    (0..8).map(digit).collect()
}
