//! Values come back as they went: the ends of each range, empty and null, every alphabet, json with its structure.

use serde_json::{Value, json};

use crate::{Place, everywhere};

#[test]
fn integers_to_the_ends_of_64_bits() {
    insta::assert_snapshot!(everywhere(|place| {
        let mut text = String::new();
        for (slug, weight) in [("least", i64::MIN), ("most", i64::MAX), ("exact", 9_007_199_254_740_993)] {
            let body = format!(r#"{{"data": {{"slug": "{slug}", "title": "T", "weight": {weight}}}}}"#);
            let created = place.call("crm tag create", &body);
            let read = format!(r#"{{"filter": {{"slug": "{slug}"}}, "options": {{"big_int": true}}}}"#);
            text += &format!("{} {}\n", created.text, place.call("crm tag read", &read).text);
        }
        let body = r#"{"data": {"slug": "text", "title": "T", "weight": "-9223372036854775808"}, "options": {"big_int": true}}"#;
        text += &place.call("crm tag create", body).text;
        let above = r#"{"filter": {"weight": {"$gte": 9007199254740993}}, "options": {"order_by": ["-weight"]}}"#;
        text + "\n" + &place.call("crm tag list", above).text
    }), @r#"
    {"data":{"slug":"least","title":"T","weight":-9223372036854775808}} {"data":{"slug":"least","title":"T","weight":"-9223372036854775808"}}
    {"data":{"slug":"most","title":"T","weight":9223372036854775807}} {"data":{"slug":"most","title":"T","weight":"9223372036854775807"}}
    {"data":{"slug":"exact","title":"T","weight":9007199254740993}} {"data":{"slug":"exact","title":"T","weight":"9007199254740993"}}
    {"data":{"slug":"text","title":"T","weight":"-9223372036854775808"}}
    {"data":[{"slug":"most","title":"T","weight":9223372036854775807},{"slug":"exact","title":"T","weight":9007199254740993}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    "#);
}

/// Creates a customer with these fields and answers the same fields, read again.
fn again(place: &Place, fields: &Value) -> Value {
    let mut data = json!({"name": "Ada"});
    for (name, value) in fields.as_object().expect("an object") {
        data[name] = value.clone();
    }
    let created = place.data("crm customer create", &json!({"data": data}).to_string());
    let read = place.data("crm customer read", &json!({"filter": {"id": created["id"]}}).to_string());
    assert_eq!(created, read, "what create answered is what is stored");
    fields.as_object().expect("an object").keys().map(|name| (name.clone(), read[name].clone())).collect()
}

#[test]
fn what_comes_back_is_what_went() {
    everywhere(|place| {
        let longest = "ü".repeat(200);
        for fields in [
            json!({"name": "Zoë Ωmega 漢字 🚀 \u{202e}right"}),
            json!({"name": "'; DROP TABLE customer; -- \\ % _ \" ` \u{1} \t."}),
            json!({"name": longest}),
            json!({"name": "e\u{301}"}),
            json!({"email": null, "credit_limit": null, "score": null, "notes": null, "last_contact_at": null}),
            json!({"credit_limit": 0, "score": 0.0, "active": false}),
            json!({"credit_limit": i64::MAX, "score": 0.1}),
            json!({"score": 5e-324}),
            json!({"score": 0.30000000000000004}),
            json!({"notes": {"a": [1, -2.5, "x", null, true, {}], "b": "", "empty": []}}),
            json!({"notes": "a text"}),
            json!({"notes": [[[[[[[[[[1]]]]]]]]]]}),
            json!({"last_contact_at": "2026-03-01T12:00:00.123456Z"}),
            json!({"last_contact_at": "0001-01-01T00:00:00.000000Z"}),
            json!({"last_contact_at": "1969-12-31T23:59:59.999999Z"}),
        ] {
            assert_eq!(again(place, &fields), fields);
        }
        String::new()
    });
}

#[test]
fn empty_and_null_are_two_things() {
    insta::assert_snapshot!(everywhere(|place| {
        let create = |sku: &str, rest: &str| {
            let body = format!(r#"{{"data": {{"sku": "{sku}", "title": "Tea", "price_cents": 1{rest}}}}}"#);
            let answer = place.call("shop product create", &body);
            format!("{} {} {}\n", answer.status, answer.code(), answer.body["data"]["size"])
        };
        create("TEA-0001", r#", "size": "L""#) + &create("TEA-0002", "") + &create("TEA-0003", r#", "size": null"#)
            + &create("TEA-0004", r#", "size": """#)
    }), @r#"
    200  "L"
    200  ""
    422 record.refused null
    422 record.refused null
    "#);
}

#[test]
fn an_update_sets_null_and_leaves_what_was_not_sent() {
    insta::assert_snapshot!(everywhere(|place| {
        let data = r#"{"data": {"name": "Ada", "credit_limit": 5, "score": 0.5, "notes": {"a": 1}}}"#;
        let id = place.data("crm customer create", data)["id"].clone();
        let change = json!({"filter": {"id": id}, "data": {"credit_limit": null, "notes": null}});
        let now = place.data("crm customer update", &change.to_string());
        format!("{} {} {} {}", now["name"], now["credit_limit"], now["score"], now["notes"])
    }), @r#""Ada" null 0.5 null"#);
}

#[test]
fn a_time_with_an_offset_is_kept_in_utc() {
    insta::assert_snapshot!(everywhere(|place| {
        let data = r#"{"data": {"name": "Ada", "last_contact_at": "2026-03-01T00:30:00+02:00"}}"#;
        let created = place.data("crm customer create", data);
        let same = r#"{"filter": {"last_contact_at": "2026-02-28T22:30:00Z"}}"#;
        let found = place.data("crm customer list", same).as_array().map_or(0, Vec::len);
        let text = created["last_contact_at"].as_str().expect("a time").replace('Z', " UTC");
        format!("{text}, found by the same moment: {found}")
    }), @"2026-02-28T22:30:00.000000 UTC, found by the same moment: 1");
}
