//! Servers for tests: a database of its own for each test.

use std::path::Path;

use model::{FieldType, Value};
use modelhost_store::{DataSource, DataSourceSettings, Job, Store};
use sql::Place;

use super::{name, rows, run, select, settings, sql};

/// The kind of server, each with the variable that names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mysql,
}

/// A database on a server.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    admin: Store,
    url: url::Url,
    database: String,
    pub(crate) source: DataSource,
}

impl Server {
    pub(crate) async fn postgres(test: &str) -> Option<Self> {
        Self::for_test(Kind::Postgres, test).await
    }

    pub(crate) async fn mysql(test: &str) -> Option<Self> {
        Self::for_test(Kind::Mysql, test).await
    }

    /// Of every kind that there is.
    pub(crate) async fn all(test: &str) -> Vec<Self> {
        [Self::postgres(test).await, Self::mysql(test).await].into_iter().flatten().collect()
    }

    /// None where there is no server; an error where there must be one.
    async fn for_test(kind: Kind, test: &str) -> Option<Self> {
        let variable = match kind {
            Kind::Postgres => "MODELHOST_TEST_POSTGRES",
            Kind::Mysql => "MODELHOST_TEST_MYSQL",
        };
        let Ok(url) = std::env::var(variable) else {
            let is_required = std::env::var("REQUIRE_DATABASES").is_ok_and(|value| value == "1");
            assert!(!is_required, "{variable} is not set");
            super::tell(&format!("{kind:?} is left out: {variable} is not set\n"));
            return None;
        };
        let url: url::Url = url.parse().expect("the variable holds a URL");
        let database = format!("store_{test}_{}", std::process::id());
        let admin = DataSource::new(settings(url.as_str(), Path::new("/")));
        let admin = admin.store(name("admin"), Place::Own);
        run(&admin, &format!("DROP DATABASE IF EXISTS {database}")).await;
        run(&admin, &format!("CREATE DATABASE {database}")).await;
        let source = DataSource::new(settings(url.as_str(), Path::new("/")));
        let mut server = Self { kind, source, admin, url, database };
        server.source = server.source_with(|_| {});
        Some(server)
    }

    pub(crate) fn store(&self) -> Store {
        self.source.store(name("acme"), Place::Own)
    }

    /// Another host's view of the same database.
    pub(crate) fn source_with(&self, change: impl FnOnce(&mut DataSourceSettings)) -> DataSource {
        let mut settings = settings(&self.url_of(&self.database), Path::new("/"));
        change(&mut settings);
        DataSource::new(settings)
    }

    pub(crate) fn url_of(&self, database: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(database);
        url.to_string()
    }

    pub(crate) fn url_with(&self, user: &str, password: &str, database: &str) -> String {
        let mut url = self.url.clone();
        url.set_username(user).expect("a user");
        url.set_password(Some(password)).expect("a password");
        url.set_path(database);
        url.to_string()
    }

    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// Runs a text as whoever may do everything.
    pub(crate) async fn as_admin(&self, text: &str) {
        run(&self.admin, text).await;
    }

    /// Ends all connections to the test's database, as a restart does.
    pub(crate) async fn end_sessions(&self) {
        let database = &self.database;
        if self.kind == Kind::Postgres {
            let text = format!(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{database}'"
            );
            rows(&self.admin, select(&text, &[FieldType::Int])).await;
            return;
        }
        let text = format!("SELECT id FROM information_schema.processlist WHERE db = '{database}'");
        for row in rows(&self.admin, select(&text, &[FieldType::Int])).await {
            let Value::Int(id) = row[0] else {
                panic!("{row:?}");
            };
            run(&self.admin, &format!("KILL {id}")).await;
        }
        // A killed session is gone when it has looked up.
        while self.sessions("").await > 0 {}
    }

    /// How many connections to the test's database run a statement.
    pub(crate) async fn active(&self) -> i64 {
        match self.kind {
            Kind::Postgres => self.sessions("AND state = 'active'").await,
            Kind::Mysql => self.sessions("AND command <> 'Sleep'").await,
        }
    }

    async fn sessions(&self, which: &str) -> i64 {
        let (table, column) = match self.kind {
            Kind::Postgres => ("pg_stat_activity", "datname"),
            Kind::Mysql => ("information_schema.processlist", "db"),
        };
        let text = format!("SELECT count(*) FROM {table} WHERE {column} = '{}' {which}", self.database);
        match rows(&self.admin, select(&text, &[FieldType::Int])).await[0][0] {
            Value::Int(count) => count,
            ref other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn drop_database(self) {
        self.source.close().await;
        let force = if self.kind == Kind::Postgres { " WITH (FORCE)" } else { "" };
        let drop = format!("DROP DATABASE {}{force}", self.database);
        self.admin.run(Job::one(sql(&drop))).await.expect("dropped");
    }
}
