//! Two namespaces with equally named models share nothing, wherever they are, and what is done to one is not done to the
//! other.
//!
//! The witness is an outside client that reads every table and row of a place. Invariant: what it saw of the other
//! namespace before is what it sees after.

use std::path::{Path, PathBuf};

use e2e::{Answer, ServerDatabase, Setup, TestHost, mysql, postgres, sqlite_texts};
use serde_json::Value;

/// Where two namespaces live, and how to look at them past the host.
struct Place {
    title: &'static str,
    placement: &'static str,
    witness: Witness,
}

enum Witness {
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
struct Neighbours {
    host: TestHost,
    places: Vec<Place>,
}

impl Neighbours {
    fn move_in() -> Self {
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

    fn make(&self, host: &TestHost, name: &str) {
        let namespace = self.namespace(name);
        let source = ["--data-source", self.title, "--placement", self.placement];
        host.cli(&[&["namespace", "create", &namespace], &source[..]].concat()).success();
    }

    fn namespace(&self, name: &str) -> String {
        match &self.witness {
            Witness::Databases(database) => format!("{name}-{}", database.tag()),
            _ => format!("{name}-{}", self.title),
        }
    }

    /// An operation; `target` is `acme MODEL OPERATION` or `globex MODEL OPERATION`.
    #[track_caller]
    fn call(&self, host: &TestHost, target: &str, body: &str) -> Answer {
        let (name, operation) = target.split_once(' ').expect("three words");
        host.call(&format!("{} {operation}", self.namespace(name)), body)
    }

    #[track_caller]
    fn data(&self, host: &TestHost, target: &str, body: &str) -> Value {
        self.call(host, target, body).data().clone()
    }

    /// The tables of a namespace.
    fn tables(&self, name: &str) -> Vec<String> {
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
    fn everything(&self, name: &str) -> String {
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
    fn both(&self) -> (String, String) {
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

#[test]
fn equal_names_are_not_equal_things() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let title = place.title;
        let of_shop = r#"{"data": {"number": 8, "full_name": "Eve", "country": "Italy"}}"#;
        assert_eq!(place.call(&host, "acme customer create", of_shop).code(), "plan.unknown-field", "{title}");
        let of_crm = r#"{"data": {"name": "Eve"}}"#;
        assert_eq!(place.call(&host, "globex customer create", of_crm).code(), "plan.unknown-field", "{title}");
        let rule = place.call(&host, "globex customer create", of_shop);
        assert_eq!(rule.body["error"]["violations"][0]["code"], "country-code", "{title}: {}", rule.text);
        let (acme, globex) =
            (place.data(&host, "acme customer list", "{}"), place.data(&host, "globex customer list", "{}"));
        assert_eq!((acme.as_array().map(Vec::len), globex.as_array().map(Vec::len)), (Some(1), Some(1)), "{title}");
        assert_eq!((&acme[0]["name"], &globex[0]["full_name"]), (&"Ada".into(), &"Grace".into()), "{title}");
        assert_eq!(place.call(&host, "acme product list", "{}").code(), "plan.unknown-model", "{title}");
    }
}

#[test]
fn an_outside_client_finds_only_its_own_rows_in_each() {
    let neighbours = Neighbours::move_in();
    for place in &neighbours.places {
        let (acme, globex) = place.both();
        assert!(acme.contains("Ada") && !acme.contains("Grace"), "{}: {acme}", place.title);
        assert!(globex.contains("Grace") && !globex.contains("Ada"), "{}: {globex}", place.title);
        let names = |name: &str| {
            let prefix = format!("{}__", place.namespace(name));
            place.tables(name).iter().map(|table| table.replace(&prefix, "")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("acme"), "customer modelhost_history modelhost_owner tags", "{}", place.title);
        assert_eq!(names("globex"), "customer modelhost_history modelhost_owner product", "{}", place.title);
    }
}

#[test]
fn unloading_and_loading_one_leaves_the_other_and_all_data() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let (title, acme, before) = (place.title, place.namespace("acme"), place.both());
        host.cli(&["namespace", "unload", &acme]).success();
        assert_eq!(place.call(&host, "acme customer list", "{}").code(), "namespace.nothing-deployed", "{title}");
        assert_eq!(place.call(&host, "globex customer list", "{}").status, 200, "{title}");
        assert_eq!(place.both(), before, "{title}");
        let loaded = host.deploy(&acme, artifacts::CRM);
        assert_eq!((&loaded["state"], &loaded["generation"]["number"]), (&"done".into(), &1.into()), "{title}");
        assert_eq!(place.data(&host, "acme customer list", "{}")[0]["name"], "Ada", "{title}");
        assert_eq!(place.both(), before, "{title}");
    }
}

#[test]
fn destroying_one_leaves_nothing_of_it_and_all_of_the_other() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let (title, acme, before) = (place.title, place.namespace("acme"), place.everything("globex"));
        host.cli(&["namespace", "destroy", &acme, "--consent", &format!("{acme}:customer,tags")]).success();
        assert_eq!(place.call(&host, "acme customer list", "{}").code(), "namespace.unknown", "{title}");
        assert_eq!(place.everything("globex"), before, "{title}");
        assert_eq!(place.data(&host, "globex customer list", "{}")[0]["full_name"], "Grace", "{title}");
        match &place.witness {
            Witness::Files(folder) => {
                let names =
                    std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").file_name());
                let is_left = |name: &std::ffi::OsString| {
                    name.to_string_lossy().starts_with("acme") && !name.to_string_lossy().ends_with(".lock")
                };
                assert_eq!(names.filter(is_left).count(), 0, "{title}");
            }
            Witness::Prefixes(_) | Witness::Schemas(_) | Witness::Databases(_) => {
                assert_eq!(place.tables("acme"), [""; 0], "{title}")
            }
        }
        place.make(&host, "acme");
        assert_eq!(host.deploy(&acme, artifacts::SHOP)["generation"]["number"], 1, "{title}: its name begins anew");
        assert_eq!(place.data(&host, "acme customer list", "{}"), serde_json::json!([]), "{title}");
        assert_eq!(place.everything("globex"), before, "{title}");
    }
}

#[test]
fn a_refused_deploy_to_one_changes_neither() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let before = place.both();
        let refused = host.deploy(&place.namespace("acme"), artifacts::SHOP);
        assert_eq!(refused["error"]["code"], "schema.change-refused", "{}", place.title);
        assert_eq!(place.both(), before, "{}", place.title);
    }
}

#[test]
fn both_survive_a_restart() {
    let Neighbours { mut host, places } = Neighbours::move_in();
    let before: Vec<_> = places.iter().map(Place::both).collect();
    host.kill();
    host.restart();
    for (place, before) in places.iter().zip(before) {
        assert_eq!(place.data(&host, "acme customer list", "{}")[0]["name"], "Ada", "{}", place.title);
        assert_eq!(place.data(&host, "globex customer list", "{}")[0]["full_name"], "Grace", "{}", place.title);
        assert_eq!(place.both(), before, "{}", place.title);
    }
}
