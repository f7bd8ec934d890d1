//! Create, read, update, delete, list: one record's life, by key and by unique set.

use crate::everywhere;

#[test]
fn a_record_lives_and_goes() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("shop product create", r#"{"data": {"sku": "TEA-0001", "title": "Green tea", "price_cents": 450}}"#),
        ("shop product read", r#"{"filter": {"sku": "TEA-0001"}}"#),
        ("shop product read", r#"{"filter": {"title": "Green tea", "size": ""}}"#),
        ("shop product update", r#"{"filter": {"sku": "TEA-0001"}, "data": {"price_cents": 500}}"#),
        ("shop product update", r#"{"filter": {"sku": "TEA-0001", "price_cents": 450}, "data": {"price_cents": 1}}"#),
        ("shop product list", "{}"),
        ("shop product delete", r#"{"filter": {"sku": "TEA-0001"}}"#),
        ("shop product read", r#"{"filter": {"sku": "TEA-0001"}}"#),
        ("shop product delete", r#"{"filter": {"sku": "TEA-0001"}}"#),
        ("shop product list", "{}"),
    ])), @r#"
    create 200 {"data":{"sku":"TEA-0001","title":"Green tea","size":"","price_cents":450,"created_at":"[time]"}}
    read 200 {"data":{"sku":"TEA-0001","title":"Green tea","size":"","price_cents":450,"created_at":"[time]"}}
    read 200 {"data":{"sku":"TEA-0001","title":"Green tea","size":"","price_cents":450,"created_at":"[time]"}}
    update 200 {"data":{"sku":"TEA-0001","title":"Green tea","size":"","price_cents":500,"created_at":"[time]"}}
    update 404 record.not-found
    list 200 {"data":[{"sku":"TEA-0001","title":"Green tea","size":"","price_cents":500,"created_at":"[time]"}],"page":{"limit":100,"offset":0,"count":1,"next":null}}
    delete 200 {"data":null,"deleted":1}
    read 404 record.not-found
    delete 404 record.not-found
    list 200 {"data":[],"page":{"limit":100,"offset":0,"count":0,"next":null}}
    "#);
}

#[test]
fn hooks_see_the_whole_record_and_versions_count() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("shop customer create",
            r#"{"data": {"number": 7, "full_name": "  Grace ", "country": "us", "since": "2026-01-01T00:00:00+01:00"}}"#),
        ("shop customer update", r#"{"filter": {"number": 7}, "data": {"country": " it "}}"#),
        ("shop customer update", r#"{"filter": {"number": 7}, "data": {"loyalty_points": 1000}}"#),
        ("shop customer update", r#"{"filter": {"number": 7, "version": 2}, "data": {"vip": true}}"#),
        ("shop customer update", r#"{"filter": {"number": 7, "version": 3}, "data": {"vip": true}}"#),
        ("shop customer delete", r#"{"filter": {"number": 7}}"#),
        ("shop customer update", r#"{"filter": {"number": 7}, "data": {"vip": false}}"#),
        ("shop customer delete", r#"{"filter": {"number": 7}}"#),
    ])), @r#"
    create 200 {"data":{"number":7,"full_name":"Grace","country":"US","loyalty_points":0,"vip":false,"since":"[time]","version":1}}
    update 200 {"data":{"number":7,"full_name":"Grace","country":"IT","loyalty_points":0,"vip":false,"since":"[time]","version":2}}
    update 200 {"data":{"number":7,"full_name":"Grace","country":"IT","loyalty_points":1000,"vip":false,"since":"[time]","version":3}}
    update 409 write.conflict
    update 200 {"data":{"number":7,"full_name":"Grace","country":"IT","loyalty_points":1000,"vip":true,"since":"[time]","version":4}}
    delete 422 record.refused
      0 "vip": "a vip is not deleted: make them an ordinary customer first"
    update 200 {"data":{"number":7,"full_name":"Grace","country":"IT","loyalty_points":1000,"vip":false,"since":"[time]","version":5}}
    delete 200 {"data":null,"deleted":1}
    "#);
}

#[test]
fn unique_is_the_databases_and_told_by_field() {
    insta::assert_snapshot!(everywhere(|place| {
        let create = "crm customer create";
        place.data(create, r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#);
        place.data(create, r#"{"data": {"name": "Bob"}}"#);
        place.data(create, r#"{"data": {"name": "Cleo"}}"#);
        let twice = place.call(create, r#"{"data": {"name": "Eve", "email": "ADA@example.com"}}"#);
        let changed = r#"{"filter": {"email": "ada@example.com"}, "data": {"name": "Ada Lovelace"}}"#;
        let found = place.data("crm customer update", changed);
        let names: Vec<String> = place.data("crm customer list", r#"{"options": {"order_by": ["name"]}}"#)
            .as_array().expect("a list").iter().map(|row| row["name"].to_string()).collect();
        format!("{}{} {}\n{}", twice.shown(), found["name"], found["version"], names.join(" "))
    }), @r#"
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! email: another record has the same `email` [unique]
    "Ada Lovelace" 2
    "Ada Lovelace" "Bob" "Cleo"
    "#);
}

#[test]
fn what_the_host_writes_is_the_hosts() {
    insta::assert_snapshot!(everywhere(|place| {
        let created = place.data("crm customer create", r#"{"data": {"name": "Ada"}}"#);
        let by_key = format!(r#"{{"filter": {{"id": {}}}, "data": {{"status": "lost"}}}}"#, created["id"]);
        let updated = place.data("crm customer update", &by_key);
        let is_later = updated["updated_at"].as_str() > created["updated_at"].as_str();
        format!(
            "created at and updated at the same moment: {}\ncreated_at stays: {}\nupdated_at moves: {is_later}\n\
             version {} becomes {}\n",
            created["created_at"] == created["updated_at"],
            created["created_at"] == updated["created_at"],
            created["version"],
            updated["version"],
        )
    }), @"
    created at and updated at the same moment: true
    created_at stays: true
    updated_at moves: true
    version 1 becomes 2
    ");
}
