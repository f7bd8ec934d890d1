//! Two namespaces with equally named models share nothing, wherever they are, and what is done to one is not done to the
//! other.
//!
//! The witness is an outside client that reads every table and row of a place. Invariant: what it saw of the other
//! namespace before is what it sees after.

use std::path::PathBuf;

use e2e::{PostgresDatabase, Setup, TestHost, postgres, sqlite_texts};

/// Where two namespaces live, and how to look at it past the host.
struct Place {
    title: &'static str,
    host: TestHost,
    witness: Witness,
}

enum Witness {
    /// A SQLite file for each namespace.
    Files(fn(&TestHost, &str) -> PathBuf),
    /// One SQLite file, where names begin with the namespace.
    Prefixes(PathBuf),
    /// A PostgreSQL schema for each namespace.
    Schemas(PostgresDatabase),
}

impl Place {
    fn new(title: &'static str, setup: Setup, placement: &str, witness: impl FnOnce(&TestHost) -> Witness) -> Self {
        let host = setup.start();
        for (namespace, component) in [("acme", artifacts::CRM), ("globex", artifacts::SHOP)] {
            host.namespace(namespace, Some(placement));
            let deployment = host.deploy(namespace, component);
            assert_eq!(deployment["state"], "done", "{deployment}");
        }
        host.data("acme customer create", r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#);
        host.data("globex customer create", r#"{"data": {"number": 7, "full_name": "Grace", "country": "US"}}"#);
        let witness = witness(&host);
        Self { title, host, witness }
    }

    /// The tables of a namespace.
    fn tables(&self, namespace: &str) -> Vec<String> {
        match &self.witness {
            Witness::Files(file) => sqlite_tables(&file(&self.host, namespace), ""),
            Witness::Prefixes(file) => sqlite_tables(file, &format!("{namespace}__")),
            Witness::Schemas(database) => database.texts(&format!(
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = '{namespace}' ORDER BY 1"
            )),
        }
    }

    /// Every row of every table of a namespace.
    fn everything(&self, namespace: &str) -> String {
        let rows = |table: &String| match &self.witness {
            Witness::Files(file) => sqlite_rows(&file(&self.host, namespace), table),
            Witness::Prefixes(file) => sqlite_rows(file, table),
            Witness::Schemas(database) => {
                database.texts(&format!("SELECT t::text FROM {namespace}.{table} t ORDER BY 1"))
            }
        };
        self.tables(namespace).iter().map(|table| format!("{table}\n  {}\n", rows(table).join("\n  "))).collect()
    }
}

fn sqlite_tables(file: &std::path::Path, prefix: &str) -> Vec<String> {
    let pattern = prefix.replace('_', "\\_");
    let query = format!(
        r"SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '{pattern}%' ESCAPE '\' ORDER BY name"
    );
    sqlite_texts(file, &query)
}

fn sqlite_rows(file: &std::path::Path, table: &str) -> Vec<String> {
    sqlite_texts(file, &format!("SELECT * FROM \"{table}\" ORDER BY 1"))
}

fn places() -> Vec<Place> {
    let mut places = vec![
        Place::new("two SQLite files", Setup::sqlite(), "own", |_| Witness::Files(TestHost::file)),
        Place::new("prefixes in one SQLite file", Setup::on("sqlite:data/all.db"), "prefix", |host| {
            Witness::Prefixes(host.file("all"))
        }),
    ];
    if let Some(database) = postgres() {
        let setup = Setup::on(&database.url());
        places.push(Place::new("two PostgreSQL schemas", setup, "schema", |_| Witness::Schemas(database)));
    }
    places
}

#[test]
fn equal_names_are_not_equal_things() {
    for Place { title, host, .. } in places() {
        let of_crm =
            host.call("acme customer create", r#"{"data": {"number": 8, "full_name": "Eve", "country": "IT"}}"#);
        let of_shop = host.call("globex customer create", r#"{"data": {"name": "Eve"}}"#);
        assert_eq!((of_crm.code(), of_shop.code()), ("plan.unknown-field", "plan.unknown-field"), "{title}");
        let rule =
            host.call("globex customer create", r#"{"data": {"number": 8, "full_name": "Eve", "country": "Italy"}}"#);
        assert_eq!(rule.body["error"]["violations"][0]["code"], "country-code", "{title}: {}", rule.text);
        let acme = host.data("acme customer list", "{}");
        let globex = host.data("globex customer list", "{}");
        assert_eq!((acme.as_array().map(Vec::len), globex.as_array().map(Vec::len)), (Some(1), Some(1)), "{title}");
        assert_eq!((&acme[0]["name"], &globex[0]["full_name"]), (&"Ada".into(), &"Grace".into()), "{title}");
        assert_eq!(host.call("acme product list", "{}").code(), "plan.unknown-model", "{title}");
    }
}

#[test]
fn an_outside_client_finds_only_its_own_rows_in_each() {
    for place in places() {
        let (acme, globex) = (place.everything("acme"), place.everything("globex"));
        assert!(acme.contains("Ada") && !acme.contains("Grace"), "{}: {acme}", place.title);
        assert!(globex.contains("Grace") && !globex.contains("Ada"), "{}: {globex}", place.title);
        let names = |namespace: &str| {
            let tables = place.tables(namespace);
            tables.iter().map(|name| name.replace(&format!("{namespace}__"), "")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("acme"), "customer modelhost_history modelhost_owner tags", "{}", place.title);
        assert_eq!(names("globex"), "customer modelhost_history modelhost_owner product", "{}", place.title);
    }
}

#[test]
fn unloading_and_loading_one_leaves_the_other_and_all_data() {
    for place in places() {
        let Place { title, host, .. } = &place;
        let before = (place.everything("acme"), place.everything("globex"));
        host.cli(&["namespace", "unload", "acme"]).success();
        assert_eq!(host.call("acme customer list", "{}").code(), "namespace.nothing-deployed", "{title}");
        assert_eq!(host.call("globex customer list", "{}").status, 200, "{title}");
        assert_eq!((place.everything("acme"), place.everything("globex")), before, "{title}");
        let loaded = host.deploy("acme", artifacts::CRM);
        assert_eq!((&loaded["state"], &loaded["generation"]["number"]), (&"done".into(), &1.into()), "{title}");
        assert_eq!(host.data("acme customer list", "{}")[0]["name"], "Ada", "{title}");
        assert_eq!(place.everything("acme"), before.0, "{title}");
    }
}

#[test]
fn destroying_one_leaves_nothing_of_it_and_all_of_the_other() {
    for place in places() {
        let Place { title, host, .. } = &place;
        let before = place.everything("globex");
        host.cli(&["namespace", "destroy", "acme", "--consent", "acme:customer,tags"]).success();
        assert_eq!(host.call("acme customer list", "{}").code(), "namespace.unknown", "{title}");
        assert_eq!(place.everything("globex"), before, "{title}");
        assert_eq!(host.data("globex customer list", "{}")[0]["full_name"], "Grace", "{title}");
        match &place.witness {
            Witness::Files(file) => {
                let left: Vec<_> = std::fs::read_dir(file(host, "acme").parent().expect("a folder"))
                    .expect("readable")
                    .map(|entry| entry.expect("readable").file_name().into_string().expect("a name"))
                    .filter(|name| name.starts_with("acme") && !name.ends_with(".lock"))
                    .collect();
                assert_eq!(left, [""; 0], "{title}");
            }
            Witness::Prefixes(_) | Witness::Schemas(_) => assert_eq!(place.tables("acme"), [""; 0], "{title}"),
        }
    }
}

#[test]
fn a_destroyed_name_begins_anew() {
    for place in places() {
        let Place { title, host, .. } = &place;
        let placement = host.inspect("acme")["placement"].as_str().expect("a word").to_owned();
        host.cli(&["namespace", "destroy", "acme", "--consent", "acme:customer,tags"]).success();
        host.namespace("acme", Some(&placement));
        assert_eq!(host.deploy("acme", artifacts::SHOP)["generation"]["number"], 1, "{title}");
        assert_eq!(host.data("acme customer list", "{}"), serde_json::json!([]), "{title}");
    }
}

#[test]
fn a_refused_deploy_to_one_changes_neither() {
    for place in places() {
        let Place { title, host, .. } = &place;
        let before = (place.everything("acme"), place.everything("globex"));
        let refused = host.deploy("acme", artifacts::SHOP);
        assert_eq!(refused["error"]["code"], "schema.change-refused", "{title}");
        assert_eq!((place.everything("acme"), place.everything("globex")), before, "{title}");
    }
}

#[test]
fn both_survive_a_restart() {
    for mut place in places() {
        let before = (place.everything("acme"), place.everything("globex"));
        place.host.kill();
        place.host.restart();
        let Place { title, host, .. } = &place;
        assert_eq!(host.data("acme customer list", "{}")[0]["name"], "Ada", "{title}");
        assert_eq!(host.data("globex customer list", "{}")[0]["full_name"], "Grace", "{title}");
        assert_eq!((place.everything("acme"), place.everything("globex")), before, "{title}");
    }
}
