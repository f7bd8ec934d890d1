//! Which records a filter means, asked in memory.

use model::{Describe, Row, Value};
use proptest::prelude::*;
use sql::{Condition, Dialect, Place, field};

use crate::customer::customer;
use crate::{json, parse, record};

/// The positions of the records that a filter means.
fn meant(filter: &str, rows: &[Row]) -> String {
    let parsed = parse(filter).expect(filter);
    let found: Vec<String> =
        rows.iter().enumerate().filter(|(_, row)| parsed.matches(row)).map(|(at, _)| (at + 1).to_string()).collect();
    format!("{filter:44} {}", found.join(" "))
}

#[test]
fn null_and_complements_mean_what_mongodb_says() {
    let rows = [("age", "1"), ("age", "2"), ("age", "null"), ("name", "\"x\""), ("age", "3"), ("age", "-3")];
    let rows = rows.map(|field| record(&[field]));
    let filters = [
        r#"{"age": null}"#,
        r#"{"age": {"$ne": 1}}"#,
        r#"{"age": {"$ne": null}}"#,
        r#"{"age": {"$not": {"$eq": null}}}"#,
        r#"{"age": {"$gte": null}}"#,
        r#"{"age": {"$gt": null}}"#,
        r#"{"age": {"$lt": 3}}"#,
        r#"{"age": {"$in": [1, null]}}"#,
        r#"{"age": {"$in": []}}"#,
        r#"{"age": {"$nin": [1]}}"#,
        r#"{"age": {"$nin": [1, null]}}"#,
        r#"{"age": {"$nin": []}}"#,
        r#"{"age": {"$not": {"$gt": 1}}}"#,
        r#"{"$nor": [{"age": 1}]}"#,
        r#"{"age": {"$mod": [2, 0]}}"#,
        r#"{"age": {"$mod": [2, 1]}}"#,
        r#"{"age": {"$mod": [-2, -1]}}"#,
        r#"{"age": {"$between": [1, 2]}}"#,
        r#"{"name": {"$contains": ""}}"#,
    ];
    insta::assert_snapshot!(filters.map(|filter| meant(filter, &rows)).join("\n"));
}

#[test]
fn a_place_in_a_document_compares_values_of_one_type() {
    let documents = [
        r#"{"a": 1}"#,
        r#"{"a": "1"}"#,
        r#"{"a": true}"#,
        r#"{"a": null}"#,
        r#"{"b": 1}"#,
        r#"{"a": [1]}"#,
        r#"{"a": {"b c": "é"}}"#,
        "[1]",
        "null",
        r#"{"\u0061": 1e0}"#,
        r#"{"a": 9007199254740993}"#,
    ];
    let rows = documents.map(|document| record(&[("notes", document)]));
    let filters = [
        r#"{"notes.a": 1}"#,
        r#"{"notes.a": {"$ne": 1}}"#,
        r#"{"notes.a": {"$gt": 0}}"#,
        r#"{"notes.a": {"$gt": ""}}"#,
        r#"{"notes.a": null}"#,
        r#"{"notes.a": {"$null": false}}"#,
        r#"{"notes.a": {"$exists": true}}"#,
        r#"{"notes.a": {"$exists": false}}"#,
        r#"{"notes.a": {"$in": ["1", true, null]}}"#,
        r#"{"notes.a": {"$nin": [1, "1"]}}"#,
        r#"{"notes.a.b c": {"$ilike": "É"}}"#,
        r#"{"notes.a": 9007199254740992}"#,
        r#"{"notes.a": {"$regex": "^.$"}}"#,
    ];
    insta::assert_snapshot!(filters.map(|filter| meant(filter, &rows)).join("\n"));
}

#[test]
fn a_pattern_takes_code_points_and_the_whole_text() {
    let texts =
        ["", "Ada", "ada", "ADA ", "a%a", "a\\a", "a\na", "ÄÖ", "äö", "ſ", "S", "\u{212a}", "k", "😀", "[x]", "a*?|"];
    let rows: Vec<Row> =
        texts.iter().map(|text| record(&[("name", &json(&Value::Text((*text).to_owned())))])).collect();
    let filters = [
        r#"{"name": {"$like": "%"}}"#,
        r#"{"name": {"$like": ""}}"#,
        r#"{"name": {"$like": "_"}}"#,
        r#"{"name": {"$like": "a_a"}}"#,
        r#"{"name": {"$like": "a\\%a"}}"#,
        r#"{"name": {"$like": "a\\\\_"}}"#,
        r#"{"name": {"$like": "%d_"}}"#,
        r#"{"name": {"$ilike": "aDa"}}"#,
        r#"{"name": {"$ilike": "ada%"}}"#,
        r#"{"name": {"$ilike": "Äö"}}"#,
        r#"{"name": {"$ilike": "s"}}"#,
        r#"{"name": {"$ilike": "K"}}"#,
        r#"{"name": {"$contains": "%"}}"#,
        r#"{"name": {"$startsWith": "[x"}}"#,
        r#"{"name": {"$endsWith": "?|"}}"#,
        r#"{"name": {"$regex": "a.a"}}"#,
        r#"{"name": {"$regex": "^.$"}}"#,
        r#"{"name": {"$regex": "^\\w+$"}}"#,
        r#"{"name": {"$regex": "^\\W$"}}"#,
        r#"{"name": {"$regex": "^[^\\d]{2}$"}}"#,
        r#"{"name": {"$regex": "^(S|ä.)$", "$options": "i"}}"#,
        r#"{"name": {"$regex": "a$"}}"#,
        r#"{"name": {"$regex": "^$"}}"#,
    ];
    insta::assert_snapshot!(filters.map(|filter| meant(filter, &rows)).join("\n"));
}

#[test]
fn conditions_in_rust_are_judged_as_json_is() {
    let condition =
        field("age").gte(18).and(field("name").starts_with("A\"")).or(field("notes.vip").eq(true).negated());
    let text = r#"{"$or": [{"age": {"$gte": 18}, "name": {"$startsWith": "A\""}}, {"$not": {"notes.vip": true}}]}"#;
    assert_eq!(condition.resolve(&customer()).expect("a filter"), parse(text).expect("a filter"));
    let every = Condition::all([
        field("age").ne(1).or(field("age").gt(1)).or(field("age").lt(1)).or(field("age").lte(1)),
        field("name").is_in(["a", "b"]).or(field("name").not_in(["a"])).or(field("name").is_null()),
        Condition::none([field("score").between(0.5, 1.5), field("age").remainder(2, 1), field("email").is_not_null()]),
        field("name").like("a%").or(field("name").ilike("a%")).or(field("name").contains("a")),
        Condition::any([
            field("name").ends_with("a"),
            field("name").regex("a"),
            field("name").regex_ignoring_case("a"),
        ]),
        field("notes.a").exists().or(field("born").eq(Value::Date(0))).or(field("email").eq(None::<&str>)),
    ]);
    assert!(every.resolve(&customer()).is_ok());
    let wrong = field("nam\"e").eq("x").and(field("score").eq(f64::NAN)).and(field("age").like("x"));
    let codes: Vec<String> =
        wrong.resolve(&customer()).expect_err("wrong").iter().map(|error| error.code().to_string()).collect();
    assert_eq!(codes, ["plan.unknown-field", "plan.type-mismatch", "plan.unsupported"]);
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        (-3..4_i64).prop_map(|int| field("age").gt(int)),
        (-3..4_i64).prop_map(|int| field("age").ne(int)),
        proptest::collection::vec(proptest::option::of(-2..3_i64), 0..3).prop_map(|ints| field("age").is_in(ints)),
        "[ab%_]{0,3}".prop_map(|pattern| field("name").ilike(&pattern)),
        "[ab.*]{1,2}a"
            .prop_filter("a pattern", |pattern| !pattern.starts_with('*') && !pattern.contains("**"))
            .prop_map(|pattern| field("notes.a").regex(&pattern)),
        (-3..4_i64).prop_map(|int| field("notes.a").lte(int)),
        Just(field("notes.a").exists()),
        Just(field("name").is_null()),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        let some = proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some.clone().prop_map(Condition::all),
            some.clone().prop_map(Condition::any),
            some.prop_map(Condition::none),
            inner.prop_map(Condition::negated),
        ]
    })
}

fn any_record() -> impl Strategy<Value = Row> {
    let int = proptest::option::of(-3..4_i64);
    let text = proptest::option::of("[abAB]{0,3}");
    let document = proptest::option::of(prop_oneof![
        Just("{}".to_owned()),
        (-3..4_i64).prop_map(|int| format!("{{\"a\": {int}}}")),
        "[ab]{0,3}".prop_map(|text| format!("{{\"a\": \"{text}\"}}")),
        Just("{\"a\": null}".to_owned()),
    ]);
    (int, text, document).prop_map(|(int, text, document)| {
        let null = || "null".to_owned();
        record(&[
            ("age", &int.map_or_else(null, |int| int.to_string())),
            ("name", &text.map_or_else(null, |text| format!("\"{text}\""))),
            ("notes", &document.unwrap_or_else(null)),
        ])
    })
}

proptest! {
    #[test]
    fn every_record_is_meant_by_a_condition_or_by_its_complement(condition in condition(), row in any_record()) {
        let def = customer();
        let meant = condition.resolve(&def).expect("a filter").matches(&row);
        prop_assert_eq!(condition.clone().negated().resolve(&def).expect("a filter").matches(&row), !meant);
        prop_assert_eq!(Condition::none([condition.clone()]).resolve(&def).expect("a filter").matches(&row), !meant);
        prop_assert_eq!(condition.negated().negated().resolve(&def).expect("a filter").matches(&row), meant);
    }

    #[test]
    fn no_text_makes_the_parser_panic_and_no_filter_a_statement_with_another_number_of_binds(
        text in r#"[{}\[\]":,.$a-z0-9\\()|*+?^ -]{0,60}"#,
        pattern in r#"[a-c()|*+?^$.\[\]\\{},0-9éK-]{0,20}"#,
    ) {
        let _ = parse(&text);
        let condition = field("name").regex_ignoring_case(&pattern).or(field("notes.a").ilike(&pattern));
        let Ok(filter) = condition.resolve(&customer()) else { return Ok(()) };
        filter.matches(&record(&[("name", "\"abc\""), ("notes", "{\"a\": \"b\"}")]));
        let placeholders = filter.to_sql(&customer(), &Place::Own, Dialect::Mysql);
        prop_assert_eq!(placeholders.text.as_str().matches('?').count(), placeholders.binds.len());
    }
}
