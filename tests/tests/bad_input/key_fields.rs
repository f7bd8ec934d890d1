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
    ]), @"
    # a number in create
    400 plan.managed-field: field `number` is set by the host and cannot be written
      (field number)
      - leave `number` out of `data`: its role is sequence
    # null for it
    400 plan.managed-field: field `number` is set by the host and cannot be written
      (field number)
      - leave `number` out of `data`: its role is sequence
    # a number among many
    400 plan.managed-field: record 1: field `number` is set by the host and cannot be written
      (record 1, field number)
      - leave `number` out of `data`: its role is sequence
    # another number in update
    400 plan.managed-field: field `number` is set by the host and cannot be written
      (field number)
      - leave `number` out of `data`: its role is sequence
    ");
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
    ]), @r#"
    # half a key
    400 plan.not-unique: read addresses one record, and this filter can match several
      (operation read)
      - fix `room` and `number` by equality
      > {"filter": {"room": "text", "number": 20}}
    # the other half
    400 plan.not-unique: delete addresses one record, and this filter can match several
      (operation delete)
      - fix `room` and `number` by equality
      > {"filter": {"room": "text", "number": 20}}
    # one half as a range
    400 plan.not-unique: exists addresses one record, and this filter can match several
      (operation exists)
      - fix `room` and `number` by equality
      > {"filter": {"room": "text", "number": 20}}
    # half a key in create
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! number: `number` is required [required]
    # null for half of it
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! number: `number` is required [required]
    # half of it in update
    400 plan.key-change: field `number` is the key and cannot change
      (field number)
      - leave `number` out of `data`, or create a new record and delete this one
    # both again in update
    400 request.shape: `data` changes nothing
      - name at least one field to change; the key is not one
    # a name that is too long for a key
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! room: `room` must have at most 20 characters, not 23 [length]
    # the same key
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! the record: another record has the same `room` and `number` [unique]
    "#);
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
    ]), @r#"
    # to nothing
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! parent_id: `parent_id` refers to no `parent` [reference]
    # to nothing, of two fields
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! the record: `room` and `shelf` refer to no `shelf` [reference]
    # to nothing, among many
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 1, parent_id: `parent_id` refers to no `parent` [reference]
    # not there
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! parent_id: `parent_id` is required [required]
    # called as the relation
    400 plan.unknown-field: 2 things are wrong
      [plan.unknown-field] model `guard` has no field `parent`
        (model guard, field parent)
        - did you mean `parent_id`?
        - `guard` has the fields id, parent_id
      [plan.missing-field] field `parent_id` is required
        (field parent_id)
        - add for example "parent_id": 20
    # a filter by the relation
    400 plan.unknown-field: model `guard` has no field `parent`
      (model guard, field parent)
      - did you mean `parent_id`?
      - `guard` has the fields id, parent_id
    # a filter by the other side
    400 plan.unknown-field: model `parent` has no field `guards`
      (model parent, field guards)
      - `parent` has the fields id
    # a record that others refer to
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! the record: records of `guard` refer to it [referenced]
    "#);
}
