//! Statement budgets: how many statements each operation costs, counted by the host and read from its log.

use e2e::{Setup, TestHost, mysql, postgres};

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
const ONE_RECORD: [(&str, &str); 18] = [
    ("acme tag create", r#"{"data": {"slug": "a", "title": "A"}}"#),
    ("acme tag read", r#"{"filter": {"slug": "a"}}"#),
    ("acme tag exists", r#"{"filter": {"slug": "a"}}"#),
    ("acme tag update", r#"{"filter": {"slug": "a"}, "data": {"weight": 5}}"#),
    ("acme tag list", r#"{"filter": {"weight": {"$gte": 1}}, "options": {"order_by": ["-weight"], "limit": 10}}"#),
    ("acme tag list", r#"{"options": {"fields": ["title"], "total": true}}"#),
    ("acme tag count", r#"{"filter": {"weight": {"$gte": 1}}}"#),
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
    ("all ticket create", r#"{"data": {"title": "numbered by the database"}}"#),
];

/// `bulk_create` of tags: how many, from which number on, and the options.
const MANY: [(usize, usize, &str); 8] = [
    (3, 0, "{}"),
    (3, 10, r#"{"returning": "records"}"#),
    (1_000, 1_000, "{}"),
    (2_500, 10_000, "{}"),
    (2_500, 20_000, r#"{"transaction": "batch"}"#),
    (8, 30_000, r#"{"on_conflict": "skip"}"#),
    (8, 30_001, r#"{"on_conflict": "skip"}"#),
    (8, 30_005, "{}"),
];

/// One line for each call that writes many: what it cost.
fn costs_of_many(host: &TestHost) -> String {
    let line = |(len, first, options): &(usize, usize, &str)| {
        let tags = (*first..first + len).map(|at| format!(r#"{{"slug": "t{at}", "title": "T"}}"#));
        let body = format!(r#"{{"data": [{}], "options": {options}}}"#, tags.collect::<Vec<_>>().join(","));
        let before = count(host, "acme");
        let answer = host.call("acme tag bulk_create", &body);
        let (written, cost) = (&answer.body["created"], count(host, "acme") - before);
        format!("{len} from {first} {options}: {} {written} in {cost}\n", answer.status)
    };
    MANY.iter().map(line).collect()
}

/// A host with plugins in `acme`, `globex` and `all`.
fn three(setup: Setup, placement: Option<&str>) -> TestHost {
    let host = setup.set("log.level", "info,modelhost::statement=debug").set("log.format", "json").start();
    for (namespace, component) in
        [("acme", artifacts::CRM), ("globex", artifacts::SHOP), ("all", artifacts::EVERY_TYPE)]
    {
        host.namespace(namespace, placement);
        assert_eq!(host.deploy(namespace, component)["state"], "done");
    }
    host
}

#[test]
fn every_operation_keeps_its_budget_on_sqlite() {
    let host = three(Setup::sqlite(), None);
    insta::assert_snapshot!(costs(&host, &ONE_RECORD), @"
    acme tag create          200 1
    acme tag read            200 1
    acme tag exists          200 1
    acme tag update          200 1
    acme tag list            200 1
    acme tag list            200 2
    acme tag count           200 1
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
    all ticket create        200 1
    ");
    insta::assert_snapshot!(costs_of_many(&host), @r#"
    3 from 0 {}: 200 3 in 3
    3 from 10 {"returning": "records"}: 200 3 in 3
    1000 from 1000 {}: 200 1000 in 3
    2500 from 10000 {}: 200 2500 in 5
    2500 from 20000 {"transaction": "batch"}: 200 2500 in 9
    8 from 30000 {"on_conflict": "skip"}: 200 8 in 3
    8 from 30001 {"on_conflict": "skip"}: 200 1 in 3
    8 from 30005 {}: 422 null in 4
    "#);
}

#[test]
fn every_operation_keeps_its_budget_on_postgres() {
    let Some(database) = postgres() else { return };
    let host = three(Setup::on(&database.url()), Some("schema"));
    insta::assert_snapshot!(costs(&host, &ONE_RECORD), @"
    acme tag create          200 1
    acme tag read            200 1
    acme tag exists          200 1
    acme tag update          200 1
    acme tag list            200 1
    acme tag list            200 2
    acme tag count           200 1
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
    all ticket create        200 1
    ");
    insta::assert_snapshot!(costs_of_many(&host), @r#"
    3 from 0 {}: 200 3 in 1
    3 from 10 {"returning": "records"}: 200 3 in 1
    1000 from 1000 {}: 200 1000 in 1
    2500 from 10000 {}: 200 2500 in 11
    2500 from 20000 {"transaction": "batch"}: 200 2500 in 3
    8 from 30000 {"on_conflict": "skip"}: 200 8 in 1
    8 from 30001 {"on_conflict": "skip"}: 200 1 in 1
    8 from 30005 {}: 422 null in 4
    "#);
}

#[test]
fn every_operation_keeps_its_budget_on_mysql() {
    let Some(database) = mysql() else { return };
    let host = three(Setup::on(&database.url()), Some("prefix"));
    insta::assert_snapshot!(costs(&host, &ONE_RECORD), @"
    acme tag create          200 1
    acme tag read            200 1
    acme tag exists          200 1
    acme tag update          200 4
    acme tag list            200 1
    acme tag list            200 2
    acme tag count           200 1
    acme tag delete          200 1
    acme tag delete          404 1
    acme customer create     200 1
    acme customer create     422 0
    acme customer read       200 1
    acme customer update     200 5
    acme customer delete     200 1
    globex customer create   200 1
    globex customer update   200 5
    globex customer delete   200 2
    all ticket create        200 1
    ");
    insta::assert_snapshot!(costs_of_many(&host), @r#"
    3 from 0 {}: 200 3 in 4
    3 from 10 {"returning": "records"}: 200 3 in 4
    1000 from 1000 {}: 200 1000 in 1
    2500 from 10000 {}: 200 2500 in 16
    2500 from 20000 {"transaction": "batch"}: 200 2500 in 10
    8 from 30000 {"on_conflict": "skip"}: 200 8 in 1
    8 from 30001 {"on_conflict": "skip"}: 200 1 in 1
    8 from 30005 {}: 422 null in 4
    "#);
}

/// Where a page begins is a condition of the statement, not one more.
#[test]
fn a_page_by_cursor_costs_one_statement() {
    let host = three(Setup::sqlite(), None);
    host.data("acme tag bulk_create", r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "b", "title": "B"}]}"#);
    let next = host.call("acme tag list", r#"{"options": {"limit": 1}}"#).body["page"]["next"].clone();
    let body = format!(r#"{{"options": {{"limit": 1, "after": {next}}}}}"#);
    assert_eq!(costs(&host, &[("acme tag list", &body)]), "acme tag list            200 1\n");
}

#[test]
fn the_second_operation_on_a_new_namespace_is_one_statement() {
    let host = three(Setup::sqlite(), None);
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
    let host = three(Setup::sqlite(), None);
    insta::assert_snapshot!(costs(&host, &[
        ("acme tag create", r#"{"data": {"slug": "Not A Slug", "title": "T"}}"#),
        ("acme tag list", r#"{"filter": {"nothing": 1}}"#),
        ("acme tag read", r#"{"filter": {"title": "T"}}"#),
        ("acme tag list", r#"{"options": {"after": "no cursor"}}"#),
        ("acme tag bulk_create", r#"{"data": []}"#),
        ("acme tag bulk_create", r#"{"data": [{"slug": "a", "title": "T"}, {"slug": "Not A Slug", "title": "T"}]}"#),
        ("acme customer bulk_create", r#"{"data": [{"name": "Ada"}, {"name": "Bob", "email": "no address"}]}"#),
        ("acme customer list", r#"{"filter": {"status": {"$in": []}}}"#),
    ]), @"
    acme tag create          422 0
    acme tag list            400 0
    acme tag read            400 0
    acme tag list            400 0
    acme tag bulk_create     200 0
    acme tag bulk_create     422 0
    acme customer bulk_create 422 0
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
