//! Options: how an operation runs, of another operation, of another tool, or out of range; cursors that no list gave.

use e2e::{Setup, TestHost};
use serde_json::json;

fn host() -> TestHost {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host
}

#[test]
fn fields() {
    insta::assert_snapshot!(host().calls(&[
        ("a field that is none", "acme tag list", r#"{"options": {"fields": ["slug", "titel"]}}"#),
        ("no field", "acme tag list", r#"{"options": {"fields": []}}"#),
        ("a field twice", "acme tag read", r#"{"filter": {"slug": "a"}, "options": {"fields": ["slug", "slug"]}}"#),
        ("a text", "acme tag list", r#"{"options": {"fields": "slug"}}"#),
        ("everything, as SQL writes it", "acme tag list", r#"{"options": {"fields": ["*"]}}"#),
        ("as another tool calls it", "acme tag list", r#"{"options": {"select": ["slug"]}}"#),
        ("beside the options", "acme tag list", r#"{"fields": ["slug"]}"#),
        ("where they mean nothing", "acme tag count", r#"{"options": {"fields": ["slug"]}}"#),
    ]), @"");
}

#[test]
fn of_other_operations_and_out_of_range() {
    insta::assert_snapshot!(host().calls(&[
        ("a total that is no word of JSON", "acme tag list", r#"{"options": {"total": "yes"}}"#),
        ("a total of one record", "acme tag read", r#"{"filter": {"slug": "a"}, "options": {"total": true}}"#),
        ("a count with a limit", "acme tag count", r#"{"options": {"limit": 10}}"#),
        ("a count of data", "acme tag count", r#"{"data": {"slug": "a"}}"#),
        ("existence of several", "acme tag exists", r#"{"filter": {"weight": {"$gt": 1}}}"#),
        ("existence of anything", "acme tag exists", "{}"),
        ("existence that may be missing", "acme tag exists", r#"{"filter": {"slug": "a"}, "options": {"missing": "null"}}"#),
        ("an order of nine fields", "acme customer list",
            r#"{"options": {"order_by": ["id", "name", "email", "status", "credit_limit", "score", "active", "created_at", "version"]}}"#),
        ("a field in the order twice", "acme tag list", r#"{"options": {"order_by": ["slug", "-slug"]}}"#),
        ("an option twice", "acme tag list", r#"{"options": {"limit": 1, "limit": 2}}"#),
    ]), @"");
}

#[test]
fn cursors() {
    let host = host();
    let data: Vec<_> = ["a", "b", "c"].map(|slug| json!({"slug": slug, "title": "T"})).into();
    host.data("acme tag bulk_create", &json!({"data": data}).to_string());
    let first = host.call("acme tag list", r#"{"options": {"limit": 1}}"#);
    let cursor = first.body["page"]["next"].as_str().expect("two more pages").to_owned();
    let cut = &cursor[..cursor.len() - 4];
    let forged = cursor.replacen(&cursor[..1], if cursor.starts_with('A') { "B" } else { "A" }, 1);
    let after = |cursor: serde_json::Value| json!({"options": {"after": cursor}}).to_string();
    let rows = [
        ("a number", "tag", after(json!(7))),
        ("an empty text", "tag", after(json!(""))),
        ("a key", "tag", after(json!("a"))),
        ("another alphabet", "tag", after(json!("ä !"))),
        ("cut off", "tag", after(json!(cut))),
        ("a letter changed", "tag", after(json!(forged))),
        ("of another model", "customer", after(json!(cursor))),
        ("of another order", "tag", json!({"options": {"after": cursor, "order_by": ["title"]}}).to_string()),
        (
            "with a filter that the list did not have",
            "tag",
            json!({"filter": {"weight": 0}, "options": {"after": cursor}}).to_string(),
        ),
        ("and an offset", "tag", json!({"options": {"after": cursor, "offset": 1}}).to_string()),
        ("under another name", "tag", json!({"options": {"cursor": cursor}}).to_string()),
        ("for a count", "tag", json!({"options": {"limit": 1, "after": cursor}}).to_string()),
    ];
    let rows: Vec<_> = rows
        .iter()
        .map(|(title, model, body)| {
            let operation = if title.ends_with("count") { "count" } else { "list" };
            (*title, format!("acme {model} {operation}"), body)
        })
        .collect();
    let rows: Vec<_> = rows.iter().map(|(title, target, body)| (*title, target.as_str(), body.as_str())).collect();
    insta::assert_snapshot!(host.calls(&rows), @"");
    assert_eq!(
        host.data("acme tag list", &after(json!(cursor))).as_array().map(Vec::len),
        Some(2),
        "the cursor itself is good"
    );
}
