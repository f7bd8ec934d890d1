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
    ]), @r#"
    # a field that is none
    400 plan.unknown-field: model `tag` has no field `titel`
      (model tag, field titel)
      - did you mean `title`?
      - `tag` has the fields slug, title, weight
    # no field
    400 plan.option-value: option `fields` is [], expected a list of field names, at least one: ["name"]
      - give `fields` a list of field names, at least one: ["name"]
    # a field twice
    400 plan.option-value: option `fields` is ["slug", "slug"], expected each field once
      - give `fields` each field once
    # a text
    400 plan.option-value: option `fields` is "slug", expected a list of field names, at least one: ["name"]
      - give `fields` a list of field names, at least one: ["name"]
    # everything, as SQL writes it
    400 plan.unknown-field: model `tag` has no field `*`
      (model tag, field *)
      - `tag` has the fields slug, title, weight
    # as another tool calls it
    400 plan.unknown-option: list has no option `select`
      (operation list)
      - did you mean `fields`?
      - list has the options order_by, limit, offset, after, fields, total, big_int
    # beside the options
    400 request.shape: list does not take `fields`
      (operation list)
      - did you mean `options.fields`?
      - list takes filter, options
      > {"filter": {"title": "text"}, "options": {"order_by": ["slug"], "limit": 20}}
    # where they mean nothing
    400 plan.unknown-option: count has no option `fields`
      (operation count)
      - count has the options big_int
    "#);
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
    ]), @r#"
    # a total that is no word of JSON
    400 plan.option-value: option `total` is "yes", expected true or false
      - give `total` true or false
    # a total of one record
    400 plan.unknown-option: read has no option `total`
      (operation read)
      - read has the options missing, fields, big_int
    # a count with a limit
    400 plan.unknown-option: count has no option `limit`
      (operation count)
      - count has the options big_int
    # a count of data
    400 request.shape: count does not take `data`
      (operation count)
      - count takes filter, options
      > {"filter": {"title": "text"}}
    # existence of several
    400 plan.not-unique: exists addresses one record, and this filter can match several
      (operation exists)
      - fix `slug` by equality
      > {"filter": {"slug": "text"}}
    # existence of anything
    400 request.shape: exists needs `filter`
      (operation exists)
      - add `filter`
      > {"filter": {"slug": "text"}}
    # existence that may be missing
    400 plan.unknown-option: exists has no option `missing`
      (operation exists)
      - exists has the options big_int
    # an order of nine fields
    400 plan.option-value: 2 things are wrong
      [plan.option-value] option `order_by` is ["id", "name", "email", "status", "credit_limit", "score", "acti..., expected at most 8 fields
        - give `order_by` at most 8 fields
      [plan.unsupported] `order_by` with field `active` does not work on a field of type boolean
        - order by a field of another type
    # a field in the order twice
    400 plan.option-value: option `order_by` is ["slug", "-slug"], expected each field once
      - give `order_by` each field once
    # an option twice
    400 request.shape: `options` is not a JSON object
      because key `limit` stands twice in one object
      - send one JSON object in which every key stands once
    "#);
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
    insta::assert_snapshot!(host.calls(&rows), @"
    # a number
    400 plan.option-value: option `after` is 7, expected the text that a list answered as `next`
      - give `after` the text that a list answered as `next`
    # an empty text
    400 plan.cursor: the cursor is cut off
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # a key
    400 plan.cursor: the cursor is not one that a list answered
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # another alphabet
    400 plan.cursor: the cursor is not one that a list answered
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # cut off
    400 plan.cursor: the cursor is not one that a list answered
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # a letter changed
    400 plan.cursor: the cursor belongs to another filter, order or model
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # of another model
    400 plan.cursor: the cursor belongs to another filter, order or model
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # of another order
    400 plan.cursor: the cursor belongs to another filter, order or model
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # with a filter that the list did not have
    400 plan.cursor: the cursor belongs to another filter, order or model
      - send `after` with the same filter and order_by as the call that answered it
      - or begin again without `after`
    # and an offset
    400 plan.option-value: option `offset` is 1, expected 0 beside `after`: a cursor says where to go on
      - give `offset` 0 beside `after`: a cursor says where to go on
    # under another name
    400 plan.unknown-option: list has no option `cursor`
      (operation list)
      - did you mean `after`?
      - list has the options order_by, limit, offset, after, fields, total, big_int
    # for a count
    400 plan.unknown-option: 2 things are wrong
      [plan.unknown-option] count has no option `limit`
        (operation count)
        - count has the options big_int
      [plan.unknown-option] count has no option `after`
        (operation count)
        - count has the options big_int
    ");
    assert_eq!(
        host.data("acme tag list", &after(json!(cursor))).as_array().map(Vec::len),
        Some(2),
        "the cursor itself is good"
    );
}
