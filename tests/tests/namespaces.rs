//! Namespaces beside each other and after each other: strangers' tables, look-alike names, the end of one.
//!
//! `isolation.rs` compares the two namespaces of the demo in every place; this file tries what is at the edge of a place.
//! Invariant: nobody loses a row that they did not name.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use e2e::{Answer, Setup, TestHost, mysql, postgres, sqlite_execute, sqlite_texts};
use serde_json::{Value, json};

const ONE_FILE: &str = "sqlite:data/shared.db";
const STRANGER: &str = "(mine text)";

fn thing(number: usize) -> String {
    json!({"data": {"number": number, "text": "calm"}}).to_string()
}

/// A deploy to a namespace whose tables are in somebody's way.
#[track_caller]
fn refuses_the_table_of_a_stranger(host: &TestHost, [name, placement]: [&str; 2], column: impl Fn() -> Vec<String>) {
    host.namespace(name, Some(placement));
    for component in [artifacts::CRM, artifacts::SHOP] {
        let deployment = host.deploy(name, component);
        assert_eq!(deployment["error"]["code"], "schema.table-not-owned", "{deployment}");
        assert!(deployment["error"].to_string().contains("customer"), "{deployment}");
        assert_eq!(column(), ["precious"]);
    }
    assert_eq!(host.call(&format!("{name} customer list"), "{}").code(), "namespace.nothing-deployed");
    let destroyed = host.cli(&["namespace", "destroy", name, "--consent", name, "--json"]);
    assert_eq!(column(), ["precious"], "after destroy: {}", destroyed.stdout);
}

/// A file with a table of its own, made before the host hears of it.
fn strange_file(host: &TestHost, file: &Path, table: &str) {
    std::fs::create_dir_all(host.folder().join("data")).expect("the folder can be written");
    OpenOptions::new().append(true).create(true).open(file).expect("the folder can be written");
    sqlite_execute(file, &format!("CREATE TABLE {table} {STRANGER}; INSERT INTO {table} VALUES ('precious')"));
}

#[test]
fn a_table_of_somebody_else_is_left_alone() {
    let rows: [(&str, &str, &str, &str); 3] = [
        ("sqlite:data/{namespace}.db", "own", "initech", "customer"),
        ("sqlite:data/shared.db", "own", "shared", "customer"),
        (ONE_FILE, "prefix", "shared", "initech__customer"),
    ];
    for (url, placement, file, table) in rows {
        let host = Setup::on(url).start();
        let file = host.file(file);
        strange_file(&host, &file, table);
        refuses_the_table_of_a_stranger(&host, ["initech", placement], || {
            sqlite_texts(&file, &format!("SELECT mine FROM {table}"))
        });
    }
}

#[test]
fn a_table_of_somebody_else_is_left_alone_in_a_schema() {
    for (database, quote) in [(postgres(), '"'), (mysql(), '`')] {
        let Some(database) = database else { continue };
        let host = Setup::on(&database.url()).start();
        let name = format!("initech-{}", database.tag());
        let (schema, table) = (format!("{quote}{name}{quote}"), format!("{quote}{name}{quote}.customer"));
        database.execute(&format!("CREATE SCHEMA {schema}; CREATE TABLE {table} {STRANGER}"));
        database.execute(&format!("INSERT INTO {table} VALUES ('precious')"));
        let column = || database.texts(&format!("SELECT mine FROM {table}"));
        refuses_the_table_of_a_stranger(&host, [name.as_str(), "schema"], column);
    }
}

#[test]
fn prefixes_that_look_alike_are_places_of_their_own() {
    let host = Setup::on(ONE_FILE).start();
    for namespace in ["a", "a-b", "a-b-c", "ab"] {
        host.namespace(namespace, Some("prefix"));
        assert_eq!(host.deploy(namespace, artifacts::PANICS)["state"], "done", "{namespace}");
        host.data(&format!("{namespace} thing create"), &thing(1));
    }
    host.cli(&["namespace", "destroy", "a-b", "--consent", "a-b:thing"]).success();
    for namespace in ["a", "a-b-c", "ab"] {
        let listed = host.data(&format!("{namespace} thing list"), "{}");
        assert_eq!(listed, json!([{"number": 1, "text": "calm"}]), "{namespace}");
    }
    assert_eq!(host.call("a-b thing list", "{}").code(), "namespace.unknown");
}

#[test]
fn plain_names_of_a_database_are_for_one_namespace() {
    let host = Setup::on(ONE_FILE).start();
    host.namespace("acme", Some("own"));
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
    let body = json!({"name": "globex", "data_source": "main", "placement": "own"}).to_string();
    let made = host.post("/v1/admin/namespaces", &body);
    let code = match made.status {
        201 => host.deploy("globex", artifacts::SHOP)["error"]["code"].as_str().unwrap_or_default().to_owned(),
        _ => made.code().to_owned(),
    };
    assert_eq!(code, "namespace.place-taken", "{}", made.text);
    let query = "SELECT name FROM sqlite_schema WHERE name = 'product'";
    assert_eq!(sqlite_texts(&host.file("shared"), query), Vec::<String>::new());
}

#[test]
fn writers_of_many_namespaces_do_not_disturb_each_other() {
    const RECORDS: usize = 25;
    for (url, placement) in [("sqlite:data/{namespace}.db", "own"), (ONE_FILE, "prefix")] {
        let host = Setup::on(url).start();
        let namespaces = ["one", "two", "three", "four"];
        for namespace in namespaces {
            host.namespace(namespace, Some(placement));
            assert_eq!(host.deploy(namespace, artifacts::SLOW_NORMALIZE)["state"], "done");
        }
        let write = |namespace: &str| {
            for number in 0..RECORDS {
                let body = json!({"data": {"number": number, "text": namespace}}).to_string();
                host.data(&format!("{namespace} thing create"), &body);
            }
        };
        std::thread::scope(|scope| {
            namespaces.iter().for_each(|namespace| drop(scope.spawn(|| write(namespace))));
        });
        for namespace in namespaces {
            let (file, table): (PathBuf, String) = match placement {
                "own" => (host.file(namespace), "thing".to_owned()),
                _ => (host.file("shared"), format!("{namespace}__thing")),
            };
            let found = sqlite_texts(&file, &format!("SELECT text, count(*) FROM {table} GROUP BY text"));
            assert_eq!(found, [format!("{} {RECORDS}", namespace.to_uppercase())], "{placement}");
        }
    }
}

#[test]
fn a_refused_deploy_leaves_what_serves() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    host.data("acme thing create", &thing(1));
    let rows: [(&[u8], &str); 5] = [
        (b"not wasm", "plugin.not-wasm"),
        (artifacts::INVALID_MODEL, "plugin.invalid-model"),
        (artifacts::DESCRIBE_TRAPS, "plugin.bad-describe"),
        (artifacts::FORBIDDEN_IMPORT, "plugin.forbidden-import"),
        (artifacts::SHOP, "schema.change-refused"),
    ];
    for (component, code) in rows {
        let deployment = host.deploy("acme", component);
        assert_eq!((&deployment["state"], &deployment["error"]["code"]), (&json!("failed"), &json!(code)));
        let answer = host.call("acme thing list", "{}");
        assert_eq!((answer.status, answer.header("modelhost-generation")), (200, "1"), "after {code}");
        assert_eq!(answer.data(), &json!([{"number": 1, "text": "calm"}]), "after {code}");
    }
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('customer', 'product')";
    assert_eq!(sqlite_texts(&host.file("acme"), tables), Vec::<String>::new());
    assert_eq!(host.inspect("acme")["history"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_digest_is_enough_in_another_namespace() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    let digest = host.inspect("acme")["generation"]["digest"].as_str().expect("a digest").to_owned();
    host.namespace("globex", None);
    let deploy = |digest: &str| host.cli(&["deploy", "--digest", digest, "-n", "globex", "--json"]);
    for unknown in ["0".repeat(64), "../../control.db".to_owned(), String::new()] {
        let refused = deploy(&unknown);
        assert_eq!(refused.status, 1, "{unknown}: {}", refused.stdout);
        assert_eq!(host.inspect("globex")["state"], "empty", "{unknown}");
    }
    assert_eq!(deploy(&digest).success().json()["deployment"]["generation"]["number"], 1);
    assert_eq!(host.data("globex thing list", "{}"), json!([]));
}

fn admin(host: &TestHost, namespace: &str, verb: &str, body: &Value) -> Answer {
    host.post(&format!("/v1/admin/namespaces/{namespace}/{verb}"), &body.to_string())
}

#[test]
fn unload_frees_what_is_loaded_and_touches_no_data() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    host.data("acme thing create", &thing(1));
    let first = admin(&host, "acme", "unload", &json!({}));
    assert_eq!((&first.body["generation"], &first.body["freed"]["models"]), (&json!(1), &json!(1)), "{}", first.text);
    let second = admin(&host, "acme", "unload", &json!({}));
    assert_eq!((second.status, &second.body["generation"]), (200, &Value::Null), "{}", second.text);
    for _ in 0..2 {
        let answer = host.call("acme thing list", "{}");
        assert_eq!((answer.status, answer.code()), (409, "namespace.nothing-deployed"), "{}", answer.text);
        assert_eq!(sqlite_texts(&host.file("acme"), "SELECT * FROM thing"), ["1 calm"]);
        host.kill();
        host.restart();
    }
    for _ in 0..2 {
        assert_eq!(host.deploy("acme", artifacts::PANICS)["generation"]["number"], 1);
        assert_eq!(host.data("acme thing list", "{}"), json!([{"number": 1, "text": "calm"}]));
        host.kill();
        host.restart();
    }
}

#[test]
fn destroy_takes_a_consent_that_names_everything() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::SHOP);
    for wrong in [json!({}), json!({"consent": "acme"}), json!({"consent": "acme:customer"}), json!({"consent": ""})] {
        let answer = admin(&host, "acme", "destroy", &wrong);
        assert_eq!((answer.status, answer.code()), (400, "namespace.consent-missing"), "{}", answer.text);
        assert!(answer.text.contains("acme:customer,product"), "{}", answer.text);
    }
    assert_eq!(host.data("acme customer list", "{}"), json!([]));
    let done = admin(&host, "acme", "destroy", &json!({"consent": "acme:customer,product"}));
    assert_eq!((done.status, &done.body["lost"]), (200, &json!(["customer", "product"])), "{}", done.text);
    for _ in 0..2 {
        assert_eq!(host.call("acme customer list", "{}").code(), "namespace.unknown");
        assert!(!host.file("acme").exists(), "the file is still there");
        host.kill();
        host.restart();
    }
    host.serve("acme", artifacts::PANICS);
    assert_eq!(host.data("acme thing list", "{}"), json!([]));
}
