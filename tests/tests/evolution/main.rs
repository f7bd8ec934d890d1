//! Schemas that change under a namespace: what a deploy applies by itself, what it refuses and how it says so, policies,
//! adoption, going back.
//!
//! On every database, against the tables as an outside client sees them. Invariant: a refused deploy changes no table and
//! what served before still serves.

mod adoption;
mod changes;
mod going_back;
mod policies;

use e2e::{ServerDatabase, Setup, TestHost, Version, mysql, postgres, sqlite_execute, sqlite_texts};
use serde_json::Value;

/// A host and where its tables are.
struct Place {
    host: TestHost,
    database: Option<ServerDatabase>,
}

/// Runs a test on every database.
fn everywhere(test: impl Fn(Option<ServerDatabase>)) {
    test(None);
    for database in [postgres(), mysql()].into_iter().flatten() {
        test(Some(database));
    }
}

impl Place {
    fn new(database: Option<ServerDatabase>) -> Self {
        let setup = Self::setup(database.as_ref());
        Self { host: setup.start(), database }
    }

    fn setup(database: Option<&ServerDatabase>) -> Setup {
        match database {
            Some(database) => Setup::on(&database.url()),
            None => Setup::sqlite(),
        }
    }

    /// The host, killed and started again with another policy.
    fn restart_with_policy(&mut self, policy: &str) {
        let setup = Self::setup(self.database.as_ref()).set("data_sources.main.schema_policy", policy);
        self.host.kill();
        self.host.restart_with(setup);
    }

    fn namespace(&self, name: &str) {
        self.host.namespace(name, self.database.is_some().then_some("own"));
    }

    fn execute(&self, statements: &str) {
        match &self.database {
            Some(database) => database.execute(statements),
            None => {
                let file = self.host.file("acme");
                std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                // An empty file is an empty database.
                std::fs::OpenOptions::new().append(true).create(true).open(&file).expect("made");
                sqlite_execute(&file, statements);
            }
        }
    }

    fn texts(&self, query: &str) -> Vec<String> {
        match &self.database {
            Some(database) => database.texts(query),
            None => sqlite_texts(&self.host.file("acme"), query),
        }
    }

    /// The answer of a deploy with options such as `keep_unused=true`.
    fn deploy_with(&self, options: &str, version: Version) -> Value {
        let path = format!("/v1/admin/namespaces/acme/deployments?{options}");
        let request = self.host.request("POST", &path).header("content-type", "application/wasm");
        let accepted = request.body(version.component()).send();
        assert_eq!(accepted.status, 202, "{}", accepted.text);
        let progress = accepted.header("location").to_owned();
        e2e::wait_until("the deployment ends", || {
            let deployment = self.host.get(&progress).body["deployment"].take();
            (deployment["state"] != "running").then_some(deployment)
        })
    }

    #[track_caller]
    fn deploy(&self, version: Version) -> Value {
        let deployed = self.host.deploy("acme", &version.component());
        assert_eq!(deployed["state"], "done", "{deployed}");
        deployed
    }

    #[track_caller]
    fn refused(&self, version: Version, code: &str) -> Value {
        let refused = self.host.deploy("acme", &version.component());
        assert_eq!(refused["error"]["code"], code, "{refused}");
        refused
    }

    fn create(&self, number: i64) -> Value {
        self.host.data("acme entry create", &format!(r#"{{"data": {{"number": {number}, "text": "x"}}}}"#))
    }
}

fn shaped(number: u16, shape: u16) -> Version {
    Version { shape, ..Version::new(number) }
}

/// A table as somebody else made it: `entry` with everything that version 1 wants, or with something else.
fn foreign_table(place: &Place, note: &str) -> String {
    let (int, text) = match &place.database {
        None => ("INTEGER", "TEXT"),
        Some(database) if database.url().starts_with("postgres") => ("bigint", "text COLLATE \"C\""),
        Some(_) => {
            ("bigint", "longtext CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */")
        }
    };
    let note = note.replace("TEXT", text).replace("INT", int);
    let strict = if place.database.is_none() { "STRICT" } else { "" };
    format!(
        "CREATE TABLE entry (number {int} NOT NULL PRIMARY KEY, text {text} NOT NULL, judged_by {text}{note}) {strict}"
    )
}
