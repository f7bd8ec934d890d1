//! A PostgreSQL server for tests: a database of its own for each.

use std::path::Path;

use modelhost_store::{DataSource, DataSourceSettings, Job, Store};
use sql::Place;

use super::{name, run, select, settings, sql};

/// A database on the server that MODELHOST_TEST_POSTGRES names.
pub(crate) struct Server {
    admin: Store,
    url: url::Url,
    database: String,
    pub(crate) source: DataSource,
}

impl Server {
    /// None where there is no server; an error where there must be one.
    pub(crate) async fn for_test(test: &str) -> Option<Self> {
        let Ok(url) = std::env::var("MODELHOST_TEST_POSTGRES") else {
            let is_required = std::env::var("REQUIRE_DATABASES").is_ok_and(|value| value == "1");
            assert!(!is_required, "MODELHOST_TEST_POSTGRES is not set");
            use std::io::Write;
            let line = b"PostgreSQL is left out: MODELHOST_TEST_POSTGRES is not set\n";
            std::io::stderr().write_all(line).expect("stderr");
            return None;
        };
        let url: url::Url = url.parse().expect("MODELHOST_TEST_POSTGRES is a URL");
        let database = format!("store_{test}_{}", std::process::id());
        let admin = DataSource::new(settings(url.as_str(), Path::new("/")));
        let admin = admin.store(name("admin"), Place::Own);
        run(&admin, &format!("DROP DATABASE IF EXISTS {database}")).await;
        run(&admin, &format!("CREATE DATABASE {database}")).await;
        let mut server = Self { source: DataSource::new(settings(url.as_str(), Path::new("/"))), admin, url, database };
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

    /// Ends all connections to the test's database, as a restart does.
    pub(crate) async fn end_sessions(&self) {
        let text = format!(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{}'",
            self.database
        );
        let end = Job::one(select(&text, &[model::FieldType::Int]));
        self.admin.run(end).await.expect("ended");
    }

    /// How many connections to the test's database run a statement.
    pub(crate) async fn active(&self) -> i64 {
        let text =
            format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND state = 'active'", self.database);
        let answers = self.admin.run(Job::one(select(&text, &[model::FieldType::Int]))).await.expect("counted");
        match answers[0].rows[0][0] {
            model::Value::Int(count) => count,
            ref other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn drop_database(self) {
        self.source.close().await;
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.database);
        self.admin.run(Job::one(sql(&drop))).await.expect("dropped");
    }
}
