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
    ]), @r#"
    # data that is one record
    400 request.shape: `data` is not a list of records
      because invalid type: map, expected a sequence at line 1 column 0
      - send a list of objects: {"data": [{...}, {...}]}
    # data that is a text
    400 request.shape: `data` is not a list of records
      because invalid type: string "a", expected a sequence at line 1 column 3
      - send a list of objects: {"data": [{...}, {...}]}
    # no data
    400 request.shape: bulk_create needs `data`
      (operation bulk_create)
      - add `data`
      > {"data": [{"slug": "text", "title": "text"}]}
    # a filter
    400 request.shape: bulk_create does not take `filter`
      (operation bulk_create)
      - bulk_create takes data, options
      > {"data": [{"slug": "text", "title": "text"}]}
    # records instead of data
    400 request.shape: 2 things are wrong
      [request.shape] bulk_create does not take `records`
        (operation bulk_create)
        - did you mean `data`?
        - bulk_create takes data, options
        > {"data": [{"slug": "text", "title": "text"}]}
      [request.shape] bulk_create needs `data`
        (operation bulk_create)
        - add `data`
        > {"data": [{"slug": "text", "title": "text"}]}
    # an option beside data
    400 request.shape: bulk_create does not take `on_conflict`
      (operation bulk_create)
      - did you mean `options.on_conflict`?
      - bulk_create takes data, options
      > {"data": [{"slug": "text", "title": "text"}]}
    # a list given to create
    400 request.shape: `data` is a list, and create writes one record
      - send one object, or write many records with `bulk_create`
    # records that are none
    400 request.shape: 4 things are wrong
      [request.shape] record 1 is not a JSON object
        (record 1)
        because invalid type: null, expected a JSON object at line 1 column 4
        - send one JSON object in which every key stands once
      [request.shape] record 2 is not a JSON object
        (record 2)
        because invalid type: string "b", expected a JSON object at line 1 column 3
        - send one JSON object in which every key stands once
      [request.shape] record 3 is not a JSON object
        (record 3)
        because invalid type: sequence, expected a JSON object at line 1 column 0
        - send one JSON object in which every key stands once
      [request.shape] record 4 is not a JSON object
        (record 4)
        because key `slug` stands twice in one object
        - send one JSON object in which every key stands once
    # one after the other, as lines
    400 request.not-json: the body is not JSON
      because trailing characters at line 2 column 1
      - send one JSON object
    "#);
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
    ]), @r#"
    # an operation that is spelled otherwise
    404 plan.unknown-operation: there is no operation `bulkCreate`
      - did you mean `bulk_create`?
      - the operations are create, read, exists, update, delete, list, count, bulk_create
    # many created one by one
    404 plan.unknown-operation: there is no operation `createMany`
      - did you mean `bulk_create`?
      - the operations are create, read, exists, update, delete, list, count, bulk_create
    # what to do with a conflict
    400 plan.option-value: option `on_conflict` is "ignore", expected "error" or "skip"
      - give `on_conflict` "error" or "skip"
    # what to answer
    400 plan.option-value: option `returning` is true, expected "count" or "records"
      - give `returning` "count" or "records"
    # what happens together
    400 plan.option-value: option `transaction` is false, expected "all" or "batch"
      - give `transaction` "all" or "batch"
    # batches of none
    400 plan.option-value: option `batch_size` is 0, expected a whole number from 1 to 1000
      - give `batch_size` a whole number from 1 to 1000
    # batches that are too large
    400 plan.option-value: option `batch_size` is 1001, expected a whole number from 1 to 1000
      - give `batch_size` a whole number from 1 to 1000
    # a text for a number
    400 plan.option-value: option `batch_size` is "10", expected a whole number from 1 to 1000
      - give `batch_size` a whole number from 1 to 1000
    # options of other operations and tools
    400 plan.unknown-option: 4 things are wrong
      [plan.unknown-option] bulk_create has no option `limit`
        (operation bulk_create)
        - bulk_create has the options on_conflict, returning, transaction, batch_size, big_int
      [plan.unknown-option] bulk_create has no option `batchSize`
        (operation bulk_create)
        - did you mean `batch_size`?
        - bulk_create has the options on_conflict, returning, transaction, batch_size, big_int
      [plan.unknown-option] bulk_create has no option `skip_duplicates`
        (operation bulk_create)
        - did you mean `on_conflict`?
        - bulk_create has the options on_conflict, returning, transaction, batch_size, big_int
      [plan.unknown-option] bulk_create has no option `batch_sise`
        (operation bulk_create)
        - did you mean `batch_size`?
        - bulk_create has the options on_conflict, returning, transaction, batch_size, big_int
    # an option twice
    400 request.shape: `options` is not a JSON object
      because key `batch_size` stands twice in one object
      - send one JSON object in which every key stands once
    "#);
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
    ]), @r#"
    # one record too many
    400 plan.too-many-rows: `data` has 100001 records, at most 100000 are allowed
      - send at most 100000 records in one call
    # more than is written at once
    400 plan.too-many-rows: `data` has 17826275 bytes, at most 16777216 are written all at once
      - send several calls
      - or set `options.transaction` to "batch": each batch is then written by itself
    # the same, batch by batch
    200 {"data":null,"created":17,"skipped":0}
    "#);
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
    ]), @r#"
    # what the host refuses to read
    400 plan.unknown-field: 5 things are wrong
      [plan.unknown-field] record 1: model `customer` has no field `nmae`
        (record 1, model customer, field nmae)
        - did you mean `name`?
        - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
      [plan.missing-field] record 1: field `name` is required
        (record 1, field name)
        - add for example "name": "text"
      [plan.type-mismatch] record 2: the value of field `name` does not fit
        (record 2, field name, expected text, found number 7)
        because expected text, found number 7
        - write "7" with quotes: values are not converted
      [plan.managed-field] record 2: field `version` is set by the host and cannot be written
        (record 2, field version)
        - leave `version` out of `data`: its role is version
      [plan.type-mismatch] record 4: the value of field `active` does not fit
        (record 4, field active, expected boolean, found string "yes")
        because expected boolean, found string "yes"
        - write for example true
    # a single record of several
    400 plan.unknown-field: record 1: model `customer` has no field `nmae`
      (record 1, model customer, field nmae)
      - did you mean `name`?
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # what a model declares and a plugin refuses
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 1, name: `name` must have 1 to 200 characters, not 0 [length]
      ! 1, score: `score` must be 0.0 to 1.0 [range]
      ! 2, email: this is not an e-mail address [email.invalid]
      ! 3, name: `name` is required [required]
    # what the database refuses
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 1, email: another record has the same `email` [unique]
    # twice in one call
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 2, email: another record has the same `email` [unique]
    # batch by batch
    200 {"data":null,"created":1,"skipped":0}
      1 from 1: record.refused: the record was refused
        - correct the fields that the violations name and send it again
        ! 1, slug: `slug` must match the pattern ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ [pattern]
      1 from 2: record.refused: the record was refused
        - correct the fields that the violations name and send it again
        ! 2, title: `title` is required [required]
    "#);
    assert_eq!(host.data("acme customer count", "{}"), 1);
}

#[test]
fn on_the_command_line() {
    let wrong = r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "B", "title": "B"}, {"slug": "c"}, {"slug": "d", "title": "D"}],
        "options": {"transaction": "batch", "batch_size": 1}}"#;
    let again =
        r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "e", "title": "E"}], "options": {"on_conflict": "skip"}}"#;
    insta::assert_snapshot!(host().commands(&[
        ("batches of which some fail", &["call", "acme", "tag", "bulk_create", wrong]),
        ("what is there already", &["call", "acme", "tag", "bulk_create", again]),
        ("records that are wrong", &["call", "acme", "tag", "bulk_create", r#"{"data": [{"slug": "f", "title": "F"}, {"slug": "g"}, {}]}"#]),
        ("a key that is there", &["call", "acme", "tag", "bulk_create", r#"{"data": [{"slug": "f", "title": "F"}, {"slug": "a", "title": "A"}]}"#]),
    ]), @"
    # batches of which some fail
    exit 1 2 created
    record 1 was not written
    error[record.refused]: the record was refused
      hint: correct the fields that the violations name and send it again
      - record 1, slug: `slug` must match the pattern ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ [pattern]
    record 2 was not written
    error[record.refused]: the record was refused
      hint: correct the fields that the violations name and send it again
      - record 2, title: `title` is required [required]
    # what is there already
    exit 0 1 created, 1 left out: they are there already
    # records that are wrong
    exit 1 error[record.refused]: the record was refused
      hint: correct the fields that the violations name and send it again
      - record 1, title: `title` is required [required]
      - record 2, slug: `slug` is required [required]
      - record 2, title: `title` is required [required]
    # a key that is there
    exit 1 error[record.refused]: the record was refused
      hint: correct the fields that the violations name and send it again
      - record 1, slug: another record has the same `slug` [unique]
    ");
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
