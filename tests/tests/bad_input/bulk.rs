//! Many records in one call: shapes, options, limits, and which of the records is wrong.

use e2e::{Setup, TestHost};
use serde_json::{Value, json};

fn host() -> TestHost {
    let host = Setup::sqlite().set("http.body_bytes_max", "67108864").start();
    host.serve("acme", artifacts::CRM);
    host.serve("all", artifacts::EVERY_TYPE);
    host
}

#[test]
fn shapes() {
    insta::assert_snapshot!(host().calls(&[
        ("data that is one record", "acme tag bulk_create", r#"{"data": {"slug": "a", "title": "A"}}"#),
        ("data that is a text", "acme tag bulk_create", r#"{"data": "a"}"#),
        ("no data", "acme tag bulk_create", "{}"),
        ("a filter", "acme tag bulk_create", r#"{"filter": {"slug": "a"}, "data": []}"#),
        ("records instead of data", "acme tag bulk_create", r#"{"records": [{"slug": "a", "title": "A"}]}"#),
        ("an option beside data", "acme tag bulk_create", r#"{"data": [], "on_conflict": "skip"}"#),
        ("a list given to create", "acme tag create", r#"{"data": [{"slug": "a", "title": "A"}]}"#),
        ("records that are none", "acme tag bulk_create",
            r#"{"data": [{"slug": "a", "title": "A"}, null, "b", [], {"slug": "c", "slug": "d"}]}"#),
        ("one after the other, as lines", "acme tag bulk_create", "{\"slug\": \"a\"}\n{\"slug\": \"b\"}"),
    ]), @"");
}

#[test]
fn options() {
    insta::assert_snapshot!(host().calls(&[
        ("an operation that is spelled otherwise", "acme tag bulkCreate", r#"{"data": []}"#),
        ("many created one by one", "acme tag createMany", r#"{"data": []}"#),
        ("what to do with a conflict", "acme tag bulk_create", r#"{"data": [], "options": {"on_conflict": "ignore"}}"#),
        ("what to answer", "acme tag bulk_create", r#"{"data": [], "options": {"returning": true}}"#),
        ("what happens together", "acme tag bulk_create", r#"{"data": [], "options": {"transaction": false}}"#),
        ("batches of none", "acme tag bulk_create", r#"{"data": [], "options": {"batch_size": 0}}"#),
        ("batches that are too large", "acme tag bulk_create", r#"{"data": [], "options": {"batch_size": 1001}}"#),
        ("a text for a number", "acme tag bulk_create", r#"{"data": [], "options": {"batch_size": "10"}}"#),
        ("options of other operations and tools", "acme tag bulk_create",
            r#"{"data": [], "options": {"limit": 1, "batchSize": 10, "skip_duplicates": true, "batch_sise": 1}}"#),
        ("an option twice", "acme tag bulk_create", r#"{"data": [], "options": {"batch_size": 1, "batch_size": 2}}"#),
    ]), @"");
}

#[test]
fn limits() {
    let host = host();
    let rows = |count: usize, row: &str| vec![row; count].join(",");
    let megabyte = "n".repeat(1024 * 1024);
    let large: Vec<Value> = (0..17).map(|number| json!({"number": number, "maybe_text": megabyte})).collect();
    let large = |transaction: &str| json!({"data": large, "options": {"transaction": transaction}}).to_string();
    insta::assert_snapshot!(host.calls(&[
        ("one record too many", "acme tag bulk_create", &format!(r#"{{"data": [{}]}}"#, rows(100_001, "{}"))),
        ("more than is written at once", "all scalars bulk_create", &large("all")),
        ("the same, batch by batch", "all scalars bulk_create", &large("batch")),
    ]), @"");
}

#[test]
fn records_that_are_wrong() {
    let host = host();
    host.data("acme customer create", r#"{"data": {"name": "There", "email": "there@example.com"}}"#);
    insta::assert_snapshot!(host.calls(&[
        ("what the host refuses to read", "acme customer bulk_create",
            r#"{"data": [{"name": "Ada"}, {"nmae": "Bob"}, {"name": 7, "version": 1}, {"name": "Dan"}, {"name": "Eve", "active": "yes"}]}"#),
        ("a single record of several", "acme customer bulk_create", r#"{"data": [{"name": "Ada"}, {"nmae": "Bob", "name": "Bob"}]}"#),
        ("what a model declares and a plugin refuses", "acme customer bulk_create",
            r#"{"data": [{"name": "Ada"}, {"name": "", "score": 7.0}, {"name": "Cleo", "email": "none"}, {}]}"#),
        ("what the database refuses", "acme customer bulk_create",
            r#"{"data": [{"name": "Ada"}, {"name": "Bob", "email": "THERE@example.com"}]}"#),
        ("twice in one call", "acme customer bulk_create",
            r#"{"data": [{"name": "Ada", "email": "ada@example.com"}, {"name": "Bob"}, {"name": "Cleo", "email": "Ada@example.com"}]}"#),
        ("batch by batch", "acme tag bulk_create",
            r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "B", "title": "B"}, {"slug": "c"}], "options": {"transaction": "batch", "batch_size": 1}}"#),
    ]), @"");
    assert_eq!(host.data("acme customer count", "{}"), 1);
}

/// Whoever sends a whole file of the wrong kind gets an answer that is not larger than the file.
#[test]
fn a_thousand_wrong_records_are_enough_to_tell() {
    let host = host();
    for (row, told) in [
        (r#"{"name": 7}"#, "problems"),
        (r#"{"name": ""}"#, "violations"),
        (r#"{"name": "A", "email": "-"}"#, "violations"),
    ] {
        let answer =
            host.call("acme customer bulk_create", &format!(r#"{{"data": [{}]}}"#, vec![row; 5_000].join(",")));
        let told = answer.body["error"][told].as_array().map_or(0, Vec::len);
        assert!((1_000..1_010).contains(&told), "{row}: {told} of 5,000 are told, {} bytes", answer.text.len());
    }
}
