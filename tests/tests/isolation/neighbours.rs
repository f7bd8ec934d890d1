//! A host with two namespaces in each place, and an outside client that reads every table and row of a place.

use std::path::{Path, PathBuf};

use e2e::{Answer, ServerDatabase, Setup, TestHost, mysql, postgres, sqlite_texts};
use serde_json::Value;

/// Where two namespaces live, and how to look at them past the host.
pub(crate) struct Place {
    pub(crate) title: &'static str,
    placement: &'static str,
    pub(crate) witness: Witness,
}

pub(crate) enum Witness {
    /// A SQLite file for each namespace, in this folder.
    Files(PathBuf),
    /// One SQLite file, where names begin with the namespace.
    Prefixes(PathBuf),
    /// A PostgreSQL schema for each namespace.
    Schemas(ServerDatabase),
    /// A MySQL database for each namespace, beside the one of the URL.
    Databases(ServerDatabase),
}

/// A host with two namespaces in each place: `acme-PLACE` serves crm, `globex-PLACE` shop.
pub(crate) struct Neighbours {
    pub(crate) host: TestHost,
    pub(crate) places: Vec<Place>,
}

impl Neighbours {
    pub(crate) fn move_in() -> Self {
        let mut setup = Setup::empty()
            .set("data_sources.files.url", "sqlite:data/{namespace}.db")
            .set("data_sources.prefixes.url", "sqlite:data/all.db");
        let (schemas, databases) = (postgres(), mysql());
        for (title, database) in [("schemas", &schemas), ("databases", &databases)] {
            if let Some(database) = database {
                setup = setup.set(&format!("data_sources.{title}.url"), &database.url());
            }
        }
        let host = setup.start();
        let data = host.folder().join("data");
        let prefixes = Witness::Prefixes(data.join("all.db"));
        let mut places = vec![
            Place { title: "files", placement: "own", witness: Witness::Files(data) },
            Place { title: "prefixes", placement: "prefix", witness: prefixes },
        ];
        let place = |title, witness| Place { title, placement: "schema", witness };
        places.extend(schemas.map(|database| place("schemas", Witness::Schemas(database))));
        places.extend(databases.map(|database| place("databases", Witness::Databases(database))));
        for place in &places {
            place.fill(&host);
        }
        Self { host, places }
    }
}

impl Place {
    fn fill(&self, host: &TestHost) {
        for (name, component) in [("acme", artifacts::CRM), ("globex", artifacts::SHOP)] {
            self.make(host, name);
            let deployment = host.deploy(&self.namespace(name), component);
            assert_eq!(deployment["state"], "done", "{deployment}");
        }
        self.data(host, "acme customer create", r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#);
        let grace = r#"{"data": {"number": 7, "full_name": "Grace", "country": "US"}}"#;
        self.data(host, "globex customer create", grace);
    }

    pub(crate) fn make(&self, host: &TestHost, name: &str) {
        let namespace = self.namespace(name);
        let source = ["--data-source", self.title, "--placement", self.placement];
        host.cli(&[&["namespace", "create", &namespace], &source[..]].concat()).success();
    }

    pub(crate) fn namespace(&self, name: &str) -> String {
        match &self.witness {
            Witness::Databases(database) => format!("{name}-{}", database.tag()),
            _ => format!("{name}-{}", self.title),
        }
    }

    /// An operation; `target` is `acme MODEL OPERATION` or `globex MODEL OPERATION`.
    #[track_caller]
    pub(crate) fn call(&self, host: &TestHost, target: &str, body: &str) -> Answer {
        let (name, operation) = target.split_once(' ').expect("three words");
        host.call(&format!("{} {operation}", self.namespace(name)), body)
    }

    #[track_caller]
    pub(crate) fn data(&self, host: &TestHost, target: &str, body: &str) -> Value {
        self.call(host, target, body).data().clone()
    }

    /// The tables of a namespace.
    pub(crate) fn tables(&self, name: &str) -> Vec<String> {
        let namespace = self.namespace(name);
        match &self.witness {
            Witness::Files(folder) => sqlite_tables(&folder.join(format!("{namespace}.db")), ""),
            Witness::Prefixes(file) => sqlite_tables(file, &format!("{namespace}__")),
            Witness::Schemas(database) | Witness::Databases(database) => database.texts(&format!(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = '{namespace}' ORDER BY 1"
            )),
        }
    }

    /// Every row of every table of a namespace.
    pub(crate) fn everything(&self, name: &str) -> String {
        let namespace = self.namespace(name);
        let rows = |table: &String| match &self.witness {
            Witness::Files(folder) => sqlite_rows(&folder.join(format!("{namespace}.db")), table),
            Witness::Prefixes(file) => sqlite_rows(file, table),
            Witness::Schemas(database) => {
                database.texts(&format!("SELECT t::text FROM \"{namespace}\".{table} t ORDER BY 1"))
            }
            Witness::Databases(database) => database.texts(&format!("SELECT * FROM `{namespace}`.{table} ORDER BY 1")),
        };
        self.tables(name).iter().map(|table| format!("{table}\n  {}\n", rows(table).join("\n  "))).collect()
    }

    /// Everything of both.
    pub(crate) fn both(&self) -> (String, String) {
        (self.everything("acme"), self.everything("globex"))
    }
}

fn sqlite_tables(file: &Path, prefix: &str) -> Vec<String> {
    let pattern = prefix.replace('_', "\\_");
    let query = format!(
        r"SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '{pattern}%' ESCAPE '\' ORDER BY name"
    );
    sqlite_texts(file, &query)
}

fn sqlite_rows(file: &Path, table: &str) -> Vec<String> {
    sqlite_texts(file, &format!("SELECT * FROM \"{table}\" ORDER BY 1"))
}
