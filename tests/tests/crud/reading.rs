//! Questions about records: whether there is one, how many there are, some of their fields, how many in all.

use crate::{Place, everywhere};

/// Three tags and an answer for each question.
fn questions(place: &Place, rows: &[(&str, &str)]) -> String {
    for (slug, weight) in [("first", 1), ("second", 2), ("third", 2)] {
        place.data("crm tag create", &format!(r#"{{"data": {{"slug": "{slug}", "title": "T", "weight": {weight}}}}}"#));
    }
    let line = |(operation, body): &(&str, &str)| {
        let answer = place.call(&format!("crm tag {operation}"), body);
        format!(
            "{operation} {body}\n    {} {}\n",
            answer.status,
            if answer.status == 200 { &answer.text } else { answer.code() }
        )
    };
    rows.iter().map(line).collect()
}

#[test]
fn whether_there_is_one() {
    insta::assert_snapshot!(everywhere(|place| questions(place, &[
        ("exists", r#"{"filter": {"slug": "first"}}"#),
        ("exists", r#"{"filter": {"slug": "fifth"}}"#),
        ("exists", r#"{"filter": {"slug": "first", "weight": 2}}"#),
        ("exists", r#"{"filter": {"weight": 2}}"#),
    ])), @r#"
    exists {"filter": {"slug": "first"}}
        200 {"data":true}
    exists {"filter": {"slug": "fifth"}}
        200 {"data":false}
    exists {"filter": {"slug": "first", "weight": 2}}
        200 {"data":false}
    exists {"filter": {"weight": 2}}
        400 plan.not-unique
    "#);
}

#[test]
fn how_many_there_are() {
    insta::assert_snapshot!(everywhere(|place| questions(place, &[
        ("count", "{}"),
        ("count", r#"{"filter": {"weight": 2}}"#),
        ("count", r#"{"filter": {"weight": {"$in": []}}}"#),
        ("count", r#"{"filter": {"weight": "9223372036854775807"}, "options": {"big_int": true}}"#),
    ])), @r#"
    count {}
        200 {"data":3}
    count {"filter": {"weight": 2}}
        200 {"data":2}
    count {"filter": {"weight": {"$in": []}}}
        200 {"data":0}
    count {"filter": {"weight": "9223372036854775807"}, "options": {"big_int": true}}
        200 {"data":0}
    "#);
}

#[test]
fn some_fields() {
    insta::assert_snapshot!(everywhere(|place| questions(place, &[
        ("read", r#"{"filter": {"slug": "first"}, "options": {"fields": ["weight"]}}"#),
        ("read", r#"{"filter": {"slug": "first"}, "options": {"fields": ["title", "slug"]}}"#),
        ("list", r#"{"options": {"fields": ["weight"]}}"#),
        ("list", r#"{"options": {"fields": ["title"], "order_by": ["-weight"]}}"#),
    ])), @r#"
    read {"filter": {"slug": "first"}, "options": {"fields": ["weight"]}}
        200 {"data":{"weight":1}}
    read {"filter": {"slug": "first"}, "options": {"fields": ["title", "slug"]}}
        200 {"data":{"slug":"first","title":"T"}}
    list {"options": {"fields": ["weight"]}}
        200 {"data":[{"weight":1},{"weight":2},{"weight":2}],"page":{"limit":100,"offset":0,"count":3,"next":null}}
    list {"options": {"fields": ["title"], "order_by": ["-weight"]}}
        200 {"data":[{"title":"T"},{"title":"T"},{"title":"T"}],"page":{"limit":100,"offset":0,"count":3,"next":null}}
    "#);
}

#[test]
fn how_many_in_all() {
    insta::assert_snapshot!(everywhere(|place| questions(place, &[
        ("list", r#"{"options": {"fields": ["slug"], "total": true}}"#),
        ("list", r#"{"filter": {"weight": 2}, "options": {"fields": ["slug"], "total": true}}"#),
        ("list", r#"{"filter": {"weight": 7}, "options": {"fields": ["slug"], "total": true}}"#),
        ("list", r#"{"options": {"fields": ["slug"], "total": true, "offset": 2}}"#),
        ("list", r#"{"options": {"fields": ["slug"], "total": true, "offset": 7}}"#),
        ("list", r#"{"options": {"fields": ["slug"], "total": false, "offset": 2}}"#),
    ])), @r#"
    list {"options": {"fields": ["slug"], "total": true}}
        200 {"data":[{"slug":"first"},{"slug":"second"},{"slug":"third"}],"page":{"limit":100,"offset":0,"count":3,"total":3,"next":null}}
    list {"filter": {"weight": 2}, "options": {"fields": ["slug"], "total": true}}
        200 {"data":[{"slug":"second"},{"slug":"third"}],"page":{"limit":100,"offset":0,"count":2,"total":2,"next":null}}
    list {"filter": {"weight": 7}, "options": {"fields": ["slug"], "total": true}}
        200 {"data":[],"page":{"limit":100,"offset":0,"count":0,"total":0,"next":null}}
    list {"options": {"fields": ["slug"], "total": true, "offset": 2}}
        200 {"data":[{"slug":"third"}],"page":{"limit":100,"offset":2,"count":1,"total":3,"next":null}}
    list {"options": {"fields": ["slug"], "total": true, "offset": 7}}
        200 {"data":[],"page":{"limit":100,"offset":7,"count":0,"total":3,"next":null}}
    list {"options": {"fields": ["slug"], "total": false, "offset": 2}}
        200 {"data":[{"slug":"third"}],"page":{"limit":100,"offset":2,"count":1,"next":null}}
    "#);
}

#[test]
fn the_total_counts_what_was_asked_for_and_not_what_is_behind_the_cursor() {
    insta::assert_snapshot!(everywhere(|place| {
        questions(place, &[]);
        let page = |after: &str| {
            let options = format!(r#"{{"fields": ["slug"], "total": true, "limit": 2{after}}}"#);
            place.call("crm tag list", &format!(r#"{{"filter": {{"weight": {{"$gt": 0}}}}, "options": {options}}}"#))
        };
        let first = page("");
        let second = page(&format!(r#", "after": {}"#, first.body["page"]["next"]));
        let line = |answer: &e2e::Answer| format!("{} {}\n", answer.body["data"], answer.body["page"]["total"]);
        line(&first) + &line(&second)
    }), @r#"
    [{"slug":"first"},{"slug":"second"}] 3
    [{"slug":"third"}] 3
    "#);
}
