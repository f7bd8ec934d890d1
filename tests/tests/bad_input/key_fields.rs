//! Keys and references: keys that the database numbers, keys of which half is given, records that others refer to.

use e2e::{Setup, TestHost};

fn host() -> TestHost {
    let host = Setup::sqlite().start();
    host.serve("all", artifacts::EVERY_TYPE);
    host.data("all shelf create", r#"{"data": {"room": "a", "number": 1}}"#);
    host.data("all ticket create", r#"{"data": {"title": "one"}}"#);
    host
}

#[test]
fn numbers_of_the_database() {
    insta::assert_snapshot!(host().calls(&[
        ("a number in create", "all ticket create", r#"{"data": {"number": 7, "title": "seven"}}"#),
        ("null for it", "all ticket create", r#"{"data": {"number": null, "title": "none"}}"#),
        ("a number among many", "all ticket bulk_create", r#"{"data": [{"title": "two"}, {"number": 3, "title": "three"}]}"#),
        ("another number in update", "all ticket update", r#"{"filter": {"number": 1}, "data": {"number": 2}}"#),
    ]), @"");
}

#[test]
fn keys_of_two_fields() {
    insta::assert_snapshot!(host().calls(&[
        ("half a key", "all shelf read", r#"{"filter": {"room": "a"}}"#),
        ("the other half", "all shelf delete", r#"{"filter": {"number": 1, "label": null}}"#),
        ("one half as a range", "all shelf exists", r#"{"filter": {"room": "a", "number": {"$gte": 1}}}"#),
        ("half a key in create", "all shelf create", r#"{"data": {"room": "b"}}"#),
        ("null for half of it", "all shelf create", r#"{"data": {"room": "b", "number": null}}"#),
        ("half of it in update", "all shelf update", r#"{"filter": {"room": "a", "number": 1}, "data": {"number": 2}}"#),
        ("both again in update", "all shelf update", r#"{"filter": {"room": "a", "number": 1}, "data": {"room": "a", "number": 1}}"#),
        ("a name that is too long for a key", "all shelf create", r#"{"data": {"room": "a room with a long name", "number": 1}}"#),
        ("the same key", "all shelf create", r#"{"data": {"room": "a", "number": 1}}"#),
    ]), @"");
}

#[test]
fn references() {
    let host = host();
    host.data("all parent create", r#"{"data": {"id": 1}}"#);
    host.data("all guard create", r#"{"data": {"id": 1, "parent_id": 1}}"#);
    insta::assert_snapshot!(host.calls(&[
        ("to nothing", "all guard create", r#"{"data": {"id": 2, "parent_id": 2}}"#),
        ("to nothing, of two fields", "all book create", r#"{"data": {"isbn": "1", "room": "a", "shelf": 2}}"#),
        ("to nothing, among many", "all follower bulk_create", r#"{"data": [{"id": 1, "parent_id": 1}, {"id": 2, "parent_id": 2}]}"#),
        ("not there", "all guard create", r#"{"data": {"id": 2, "parent_id": null}}"#),
        ("called as the relation", "all guard create", r#"{"data": {"id": 2, "parent": 1}}"#),
        ("a filter by the relation", "all guard list", r#"{"filter": {"parent.id": 1}}"#),
        ("a filter by the other side", "all parent list", r#"{"filter": {"guards": 1}}"#),
        ("a record that others refer to", "all parent delete", r#"{"filter": {"id": 1}}"#),
    ]), @"");
}
