//! Lists: filters, order with nulls first, pages. The same records and the same answers on every database.

use serde_json::Value;

use crate::{Place, everywhere};

/// Names that tell sorting by code point from sorting by language: capitals first, then small letters, then the rest.
const CUSTOMERS: &str = r#"
    {"name": "Zoe", "email": "zoe@example.com", "credit_limit": 500, "score": 0.9, "status": "active"}
    {"name": "adam", "credit_limit": null, "score": 0.25, "active": false}
    {"name": "Bob", "email": "bob@example.com", "credit_limit": 0, "score": null, "status": "active"}
    {"name": "älva", "credit_limit": 10000, "score": 0.25, "last_contact_at": "2026-01-02T00:00:00Z"}
    {"name": "李", "credit_limit": 500, "score": null, "status": "lost", "active": false}
    {"name": "🚀", "credit_limit": null, "score": 1.0, "last_contact_at": "2026-01-01T00:00:00Z"}
"#;

fn fill(place: &Place) {
    for customer in CUSTOMERS.trim().lines() {
        place.data("crm customer create", &format!(r#"{{"data": {customer}}}"#));
    }
}

/// One line for each list: the names it answers.
fn lists(place: &Place, bodies: &[&str]) -> String {
    fill(place);
    let line = |body: &&str| {
        let answer = place.call("crm customer list", body);
        let rows = answer.data().as_array().expect("a list");
        let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().expect("a text")).collect();
        let names = if names.is_empty() { "nobody".to_owned() } else { names.join(" ") };
        format!("{body}\n    {names}\n")
    };
    bodies.iter().map(line).collect()
}

#[test]
fn filters() {
    insta::assert_snapshot!(everywhere(|place| lists(place, &[
        r#"{"filter": {"status": "active"}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$gte": 500}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$gt": 500}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$lt": 500}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$lte": 500, "$gt": 0}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": null}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$in": [0, null]}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$in": []}}}"#,
        r#"{"filter": {"name": {"$in": ["李", "Bob", "nobody"]}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$gte": "a"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"active": false}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"score": {"$eq": 0.25}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"last_contact_at": {"$gt": "2026-01-01T00:00:00Z"}}}"#,
        r#"{"filter": {"$or": [{"name": "Zoe"}, {"score": null, "status": "lost"}]}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"$and": [{"status": "lead"}, {"$or": [{"active": false}, {"score": 1.0}]}]}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"notes": null, "name": "zoe"}}"#,
    ])), @r#"
    {"filter": {"status": "active"}, "options": {"order_by": ["name"]}}
        Bob Zoe
    {"filter": {"credit_limit": {"$gte": 500}}, "options": {"order_by": ["name"]}}
        Zoe älva 李
    {"filter": {"credit_limit": {"$gt": 500}}, "options": {"order_by": ["name"]}}
        älva
    {"filter": {"credit_limit": {"$lt": 500}}, "options": {"order_by": ["name"]}}
        Bob
    {"filter": {"credit_limit": {"$lte": 500, "$gt": 0}}, "options": {"order_by": ["name"]}}
        Zoe 李
    {"filter": {"credit_limit": null}, "options": {"order_by": ["name"]}}
        adam 🚀
    {"filter": {"credit_limit": {"$in": [0, null]}}, "options": {"order_by": ["name"]}}
        Bob adam 🚀
    {"filter": {"credit_limit": {"$in": []}}}
        nobody
    {"filter": {"name": {"$in": ["李", "Bob", "nobody"]}}, "options": {"order_by": ["name"]}}
        Bob 李
    {"filter": {"name": {"$gte": "a"}}, "options": {"order_by": ["name"]}}
        adam älva 李 🚀
    {"filter": {"active": false}, "options": {"order_by": ["name"]}}
        adam 李
    {"filter": {"score": {"$eq": 0.25}}, "options": {"order_by": ["name"]}}
        adam älva
    {"filter": {"last_contact_at": {"$gt": "2026-01-01T00:00:00Z"}}}
        älva
    {"filter": {"$or": [{"name": "Zoe"}, {"score": null, "status": "lost"}]}, "options": {"order_by": ["name"]}}
        Zoe 李
    {"filter": {"$and": [{"status": "lead"}, {"$or": [{"active": false}, {"score": 1.0}]}]}, "options": {"order_by": ["name"]}}
        adam 🚀
    {"filter": {"notes": null, "name": "zoe"}}
        nobody
    "#);
}

#[test]
fn operators() {
    insta::assert_snapshot!(everywhere(|place| lists(place, &[
        r#"{"filter": {"status": {"$ne": "active"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$ne": 500}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$ne": null}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$nin": [0, null]}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$nin": []}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$between": [0, 500]}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$mod": [1000, 500]}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$null": true}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$null": false}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"credit_limit": {"$not": {"$gt": 0}}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"$not": {"status": "active", "score": null}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"$nor": [{"status": "active"}, {"score": 0.25}]}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$like": "_o%"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$like": "%A%"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$ilike": "%A%"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$ilike": "Ä%"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$contains": "o"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$startsWith": "🚀"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"email": {"$endsWith": "@example.com"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"email": {"$not": {"$endsWith": "@example.com"}}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$regex": "^[a-z]+$"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$regex": "^[a-z]+$", "$options": "i"}}, "options": {"order_by": ["name"]}}"#,
        r#"{"filter": {"name": {"$regex": "^.$"}}, "options": {"order_by": ["name"]}}"#,
    ])), @r#"
    {"filter": {"status": {"$ne": "active"}}, "options": {"order_by": ["name"]}}
        adam älva 李 🚀
    {"filter": {"credit_limit": {"$ne": 500}}, "options": {"order_by": ["name"]}}
        Bob adam älva 🚀
    {"filter": {"credit_limit": {"$ne": null}}, "options": {"order_by": ["name"]}}
        Bob Zoe älva 李
    {"filter": {"credit_limit": {"$nin": [0, null]}}, "options": {"order_by": ["name"]}}
        Zoe älva 李
    {"filter": {"credit_limit": {"$nin": []}}, "options": {"order_by": ["name"]}}
        Bob Zoe adam älva 李 🚀
    {"filter": {"credit_limit": {"$between": [0, 500]}}, "options": {"order_by": ["name"]}}
        Bob Zoe 李
    {"filter": {"credit_limit": {"$mod": [1000, 500]}}, "options": {"order_by": ["name"]}}
        Zoe 李
    {"filter": {"credit_limit": {"$null": true}}, "options": {"order_by": ["name"]}}
        adam 🚀
    {"filter": {"credit_limit": {"$null": false}}, "options": {"order_by": ["name"]}}
        Bob Zoe älva 李
    {"filter": {"credit_limit": {"$not": {"$gt": 0}}}, "options": {"order_by": ["name"]}}
        Bob adam 🚀
    {"filter": {"$not": {"status": "active", "score": null}}, "options": {"order_by": ["name"]}}
        Zoe adam älva 李 🚀
    {"filter": {"$nor": [{"status": "active"}, {"score": 0.25}]}, "options": {"order_by": ["name"]}}
        李 🚀
    {"filter": {"name": {"$like": "_o%"}}, "options": {"order_by": ["name"]}}
        Bob Zoe
    {"filter": {"name": {"$like": "%A%"}}, "options": {"order_by": ["name"]}}
        nobody
    {"filter": {"name": {"$ilike": "%A%"}}, "options": {"order_by": ["name"]}}
        adam älva
    {"filter": {"name": {"$ilike": "Ä%"}}, "options": {"order_by": ["name"]}}
        älva
    {"filter": {"name": {"$contains": "o"}}, "options": {"order_by": ["name"]}}
        Bob Zoe
    {"filter": {"name": {"$startsWith": "🚀"}}, "options": {"order_by": ["name"]}}
        🚀
    {"filter": {"email": {"$endsWith": "@example.com"}}, "options": {"order_by": ["name"]}}
        Bob Zoe
    {"filter": {"email": {"$not": {"$endsWith": "@example.com"}}}, "options": {"order_by": ["name"]}}
        adam älva 李 🚀
    {"filter": {"name": {"$regex": "^[a-z]+$"}}, "options": {"order_by": ["name"]}}
        adam
    {"filter": {"name": {"$regex": "^[a-z]+$", "$options": "i"}}, "options": {"order_by": ["name"]}}
        Bob Zoe adam
    {"filter": {"name": {"$regex": "^.$"}}, "options": {"order_by": ["name"]}}
        李 🚀
    "#);
}

#[test]
fn conditions_inside_of_documents() {
    insta::assert_snapshot!(everywhere(|place| {
        let notes = [
            r#"{"met": "fair", "age": 7, "vip": true, "tags": ["a"]}"#,
            r#"{"met": "Fair", "age": 7.5, "vip": false, "at": {"city": "Bonn"}}"#,
            r#"{"met": null, "age": "7", "vip": 1, "at": {"city": null}}"#,
            r#"{"at": "Bonn"}"#,
            "[1, 2]",
            "null",
        ];
        for (at, notes) in notes.iter().enumerate() {
            place.data("crm customer create", &format!(r#"{{"data": {{"name": "{at}", "notes": {notes}}}}}"#));
        }
        let filters = [
            r#"{"notes": null}"#,
            r#"{"notes": {"$null": false}}"#,
            r#"{"notes.met": "fair"}"#,
            r#"{"notes.met": {"$ne": "fair"}}"#,
            r#"{"notes.met": null}"#,
            r#"{"notes.met": {"$exists": true}}"#,
            r#"{"notes.met": {"$exists": false}}"#,
            r#"{"notes.met": {"$ilike": "f%"}}"#,
            r#"{"notes.age": 7}"#,
            r#"{"notes.age": {"$gt": 7}}"#,
            r#"{"notes.age": {"$in": [7, "7"]}}"#,
            r#"{"notes.vip": true}"#,
            r#"{"notes.vip": {"$nin": [true, false]}}"#,
            r#"{"notes.at.city": "Bonn"}"#,
            r#"{"notes.at.city": {"$exists": true}}"#,
            r#"{"notes.at.city": {"$not": {"$gte": "A"}}}"#,
        ];
        let line = |filter: &&str| {
            let body = format!(r#"{{"filter": {filter}, "options": {{"order_by": ["name"], "fields": ["name"]}}}}"#);
            let rows = place.data("crm customer list", &body);
            let names: Vec<&str> = rows.as_array().expect("a list").iter().filter_map(|row| row["name"].as_str()).collect();
            format!("{filter}: {}\n", names.join(" "))
        };
        filters.iter().map(line).collect()
    }), @r#"
    {"notes": null}: 5
    {"notes": {"$null": false}}: 0 1 2 3 4
    {"notes.met": "fair"}: 0
    {"notes.met": {"$ne": "fair"}}: 1 2 3 4 5
    {"notes.met": null}: 2 3 4 5
    {"notes.met": {"$exists": true}}: 0 1 2
    {"notes.met": {"$exists": false}}: 3 4 5
    {"notes.met": {"$ilike": "f%"}}: 0 1
    {"notes.age": 7}: 0
    {"notes.age": {"$gt": 7}}: 1
    {"notes.age": {"$in": [7, "7"]}}: 0 2
    {"notes.vip": true}: 0
    {"notes.vip": {"$nin": [true, false]}}: 2 3 4 5
    {"notes.at.city": "Bonn"}: 1
    {"notes.at.city": {"$exists": true}}: 1 2
    {"notes.at.city": {"$not": {"$gte": "A"}}}: 0 2 3 4 5
    "#);
}

#[test]
fn order() {
    insta::assert_snapshot!(everywhere(|place| lists(place, &[
        r#"{"options": {"order_by": ["name"]}}"#,
        r#"{"options": {"order_by": ["-name"]}}"#,
        r#"{"options": {"order_by": ["credit_limit", "name"]}}"#,
        r#"{"options": {"order_by": ["-credit_limit", "name"]}}"#,
        r#"{"options": {"order_by": ["score", "-name"]}}"#,
        r#"{"options": {"order_by": ["last_contact_at", "name"]}}"#,
    ])), @r#"
    {"options": {"order_by": ["name"]}}
        Bob Zoe adam älva 李 🚀
    {"options": {"order_by": ["-name"]}}
        🚀 李 älva adam Zoe Bob
    {"options": {"order_by": ["credit_limit", "name"]}}
        adam 🚀 Bob Zoe 李 älva
    {"options": {"order_by": ["-credit_limit", "name"]}}
        adam 🚀 älva Zoe 李 Bob
    {"options": {"order_by": ["score", "-name"]}}
        李 Bob älva adam Zoe 🚀
    {"options": {"order_by": ["last_contact_at", "name"]}}
        Bob Zoe adam 李 🚀 älva
    "#);
}

#[test]
fn pages() {
    insta::assert_snapshot!(everywhere(|place| lists(place, &[
        r#"{"options": {"order_by": ["name"], "limit": 2}}"#,
        r#"{"options": {"order_by": ["name"], "limit": 2, "offset": 2}}"#,
        r#"{"options": {"order_by": ["name"], "limit": 2, "offset": 4}}"#,
        r#"{"options": {"order_by": ["name"], "limit": 2, "offset": 6}}"#,
    ]) + &place.call("crm customer list", r#"{"options": {"limit": 2, "offset": 5}}"#).body["page"].to_string()), @r#"
    {"options": {"order_by": ["name"], "limit": 2}}
        Bob Zoe
    {"options": {"order_by": ["name"], "limit": 2, "offset": 2}}
        adam älva
    {"options": {"order_by": ["name"], "limit": 2, "offset": 4}}
        李 🚀
    {"options": {"order_by": ["name"], "limit": 2, "offset": 6}}
        nobody
    {"limit":2,"offset":5,"count":1,"next":null}
    "#);
}

#[test]
fn pages_are_stable_where_the_order_says_nothing() {
    everywhere(|place| {
        fill(place);
        let names = |offset: usize| -> Vec<Value> {
            let body = format!(r#"{{"options": {{"order_by": ["active"], "limit": 2, "offset": {offset}}}}}"#);
            let by_status = body.replace("active", "status");
            let rows = place.data("crm customer list", &by_status);
            rows.as_array().expect("a list").iter().map(|row| row["name"].clone()).collect()
        };
        let mut all = [names(0), names(2), names(4)].concat();
        assert_eq!(all.len(), 6);
        all.sort_by_key(Value::to_string);
        all.dedup();
        assert_eq!(all.len(), 6, "each record is on exactly one page");
        String::new()
    });
}
