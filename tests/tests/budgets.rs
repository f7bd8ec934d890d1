//! Statement budgets: how many statements each operation costs, counted by the host and read from its log.

use e2e::{Setup, TestHost, postgres};

/// Statements that the namespace has run.
fn count(host: &TestHost, namespace: &str) -> u64 {
    host.inspect(namespace)["statements"].as_u64().expect("a number")
}

/// One line for each operation: what it cost.
fn costs(host: &TestHost, rows: &[(&str, &str)]) -> String {
    let line = |(target, body): &(&str, &str)| {
        let namespace = target.split(' ').next().expect("three words");
        let before = count(host, namespace);
        let status = host.call(target, body).status;
        format!("{:24} {status} {}\n", target, count(host, namespace) - before)
    };
    rows.iter().map(line).collect()
}

/// Operations without hooks, then with `validate`, then with a hook that wants the record as it was.
const OPERATIONS: [(&str, &str); 14] = [
    ("acme tag create", r#"{"data": {"slug": "a", "title": "A"}}"#),
    ("acme tag read", r#"{"filter": {"slug": "a"}}"#),
    ("acme tag update", r#"{"filter": {"slug": "a"}, "data": {"weight": 5}}"#),
    ("acme tag list", r#"{"filter": {"weight": {"$gte": 1}}, "options": {"order_by": ["-weight"], "limit": 10}}"#),
    ("acme tag delete", r#"{"filter": {"slug": "a"}}"#),
    ("acme tag delete", r#"{"filter": {"slug": "a"}}"#),
    ("acme customer create", r#"{"data": {"name": "Ada", "email": "ada@example.com", "status": "active"}}"#),
    ("acme customer create", r#"{"data": {"name": "Ada", "email": "no address"}}"#),
    ("acme customer read", r#"{"filter": {"email": "ada@example.com"}}"#),
    ("acme customer update", r#"{"filter": {"email": "ada@example.com"}, "data": {"score": 0.5}}"#),
    ("acme customer delete", r#"{"filter": {"email": "ada@example.com"}}"#),
    ("globex customer create", r#"{"data": {"number": 7, "full_name": "Grace", "country": "US"}}"#),
    ("globex customer update", r#"{"filter": {"number": 7}, "data": {"country": "IT"}}"#),
    ("globex customer delete", r#"{"filter": {"number": 7}}"#),
];

fn both(setup: Setup, placement: Option<&str>) -> TestHost {
    let host = setup.set("log.level", "info,modelhost::statement=debug").set("log.format", "json").start();
    for (namespace, component) in [("acme", artifacts::CRM), ("globex", artifacts::SHOP)] {
        host.namespace(namespace, placement);
        assert_eq!(host.deploy(namespace, component)["state"], "done");
    }
    host
}

#[test]
fn every_operation_keeps_its_budget() {
    let sqlite = costs(&both(Setup::sqlite(), None), &OPERATIONS);
    insta::assert_snapshot!(sqlite, @"
    acme tag create          200 1
    acme tag read            200 1
    acme tag update          200 1
    acme tag list            200 1
    acme tag delete          200 1
    acme tag delete          404 1
    acme customer create     200 1
    acme customer create     422 0
    acme customer read       200 1
    acme customer update     200 2
    acme customer delete     200 1
    globex customer create   200 1
    globex customer update   200 2
    globex customer delete   200 2
    ");
    let Some(database) = postgres() else { return };
    assert_eq!(costs(&both(Setup::on(&database.url()), Some("schema")), &OPERATIONS), sqlite);
}

#[test]
fn the_second_operation_on_a_new_namespace_is_one_statement() {
    let host = both(Setup::sqlite(), None);
    let create = |slug: &str| format!(r#"{{"data": {{"slug": "{slug}", "title": "T"}}}}"#);
    host.data("acme tag create", &create("first"));
    host.data("acme tag create", &create("second"));
    host.call("acme tag delete", r#"{"filter": {"slug": "second"}}"#);
    let log = host.logs("DELETE FROM");
    let statements: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("modelhost::statement") && line.contains("acme"))
        .skip_while(|line| !line.contains("COMMIT"))
        .skip(1)
        .filter_map(|line| line.split_once("sql")?.1.split("\\\"tags").next())
        .collect();
    assert_eq!(statements, [r#"":"INSERT INTO "#, r#"":"INSERT INTO "#, r#"":"DELETE FROM "#], "{log}");
    assert!(!log.contains("second"), "the log holds texts and never values");
}

#[test]
fn calls_that_are_refused_before_the_database_cost_nothing() {
    let host = both(Setup::sqlite(), None);
    insta::assert_snapshot!(costs(&host, &[
        ("acme tag create", r#"{"data": {"slug": "Not A Slug", "title": "T"}}"#),
        ("acme tag list", r#"{"filter": {"nothing": 1}}"#),
        ("acme tag read", r#"{"filter": {"title": "T"}}"#),
        ("acme customer list", r#"{"filter": {"status": {"$in": []}}}"#),
    ]), @"
    acme tag create          422 0
    acme tag list            400 0
    acme tag read            400 0
    acme customer list       200 1
    ");
}

#[test]
fn a_deploy_of_an_unchanged_schema_costs_one_query() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    let before = count(&host, "acme");
    assert_eq!(host.deploy("acme", artifacts::CALLS_FLOOD)["generation"]["number"], 2);
    assert_eq!(count(&host, "acme") - before, 1);
    assert_eq!(host.deploy("acme", artifacts::CALLS_FLOOD)["unchanged"], true);
    assert_eq!(count(&host, "acme") - before, 1, "a deploy of what serves costs nothing");
}
