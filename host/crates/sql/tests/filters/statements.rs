//! The SQL of every operator, each dialect below the other, with what is bound.

use sql::{Dialect, Place};

use crate::customer::customer;
use crate::{json, parse};

/// The conditions, each with its binds.
fn sql_of(filter: &str) -> String {
    let parsed = parse(filter).expect(filter);
    let mut lines = vec![filter.to_owned()];
    for dialect in Dialect::ALL {
        let statement = parsed.to_sql(&customer(), &Place::Own, dialect);
        let condition = statement.text.as_str().split_once(" WHERE ").map_or("", |(_, condition)| condition);
        let binds = statement.binds.iter().map(|bind| match bind.value() {
            Some(value) => json(value),
            None => format!("[{}]", bind.values().into_iter().flatten().map(json).collect::<Vec<_>>().join(", ")),
        });
        let binds: Vec<String> = binds.collect();
        lines.push(format!("  {:9}{condition}    {}", dialect.name(), binds.join(", ")));
    }
    lines.join("\n")
}

fn all_sql_of(filters: &[&str]) -> String {
    filters.iter().map(|filter| sql_of(filter)).collect::<Vec<_>>().join("\n")
}

#[test]
fn comparisons() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"age": 18}"#,
        r#"{"age": {"$eq": 18}}"#,
        r#"{"age": {"$ne": 18}}"#,
        r#"{"age": {"$gt": 18}}"#,
        r#"{"age": {"$gte": 18, "$lt": 65}}"#,
        r#"{"age": {"$lte": 65}}"#,
        r#"{"age": {"$between": [18, 65]}}"#,
        r#"{"age": {"$in": [1, 2, 3]}}"#,
        r#"{"age": {"$in": [1, null]}}"#,
        r#"{"age": {"$nin": [1, 2, 3]}}"#,
        r#"{"age": {"$nin": [1, null]}}"#,
        r#"{"age": {"$mod": [2, 0]}}"#,
    ]));
}

#[test]
fn every_type_that_compares() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"name": {"$gt": "A"}, "tier": {"$lte": "gold"}}"#,
        r#"{"score": {"$gt": 0.5}, "active": {"$ne": true}}"#,
        r#"{"balance": {"$gte": "0.50"}, "wealth": {"$in": ["1", 2]}}"#,
        r#"{"seen_at": {"$lt": "2026-11-21T09:30:00Z"}, "born": {"$between": ["2000-01-01", "2000-12-31"]}}"#,
        r#"{"wakes_at": {"$lt": "09:30:00"}, "photo": {"$ne": "aGVsbG8="}}"#,
        r#"{"id": {"$gt": "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77"}}"#,
    ]));
}

#[test]
fn null() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"email": null}"#,
        r#"{"email": {"$ne": null}}"#,
        r#"{"email": {"$null": true}}"#,
        r#"{"email": {"$null": false}}"#,
        r#"{"email": {"$not": {"$null": true}}}"#,
        r#"{"email": {"$gte": null}}"#,
        r#"{"email": {"$gt": null}}"#,
        r#"{"email": {"$in": [null]}}"#,
        r#"{"email": {"$in": []}}"#,
        r#"{"email": {"$nin": []}}"#,
        r#"{"notes": null, "tags": {"$ne": null}}"#,
    ]));
}

#[test]
fn groups() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"active": true, "$or": [{"name": "Ada"}, {"$and": [{"age": 1}, {"age": {"$lt": 5}}]}, {"$or": [{"age": 7}]}]}"#,
        r#"{"$nor": [{"age": 1}, {"age": null}]}"#,
        r#"{"$not": {"age": 1, "name": "Ada"}}"#,
        r#"{"$not": {"$not": {"age": {"$gt": 1}}}}"#,
        r#"{"age": {"$not": {"$gt": 5, "$lt": 9}}}"#,
        r#"{"age": {"$not": {"$not": {"$gt": 5}}}}"#,
        r#"{"$not": {}}"#,
    ]));
}

#[test]
fn patterns() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"name": {"$like": "A_%b\\%*?[]|"}}"#,
        r#"{"name": {"$ilike": "K%ß_é1|%%z"}}"#,
        r#"{"name": {"$ilike": "%12%"}}"#,
        r#"{"name": {"$contains": "50%"}}"#,
        r#"{"name": {"$contains": ""}}"#,
        r#"{"name": {"$startsWith": "a_[b]"}}"#,
        r#"{"tier": {"$endsWith": "d"}}"#,
        r#"{"name": {"$not": {"$like": "a%"}}}"#,
    ]));
}

#[test]
fn regular_expressions() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"name": {"$regex": "^[A-Z]{2}\\d+(?:-|/)x?$"}}"#,
        r#"{"name": {"$regex": "k.[^aß-ü\\s]*", "$options": "i"}}"#,
        r#"{"name": {"$regex": "(a|b|)+[\\s\\S]\\W😀", "$options": ""}}"#,
        r#"{"name": {"$regex": "[\\]^\\-\\\\]{0,3}\\t\\x41\\u00e9"}}"#,
        r#"{"name": {"$not": {"$regex": "x"}}}"#,
    ]));
}

#[test]
fn places_in_documents() {
    insta::assert_snapshot!(all_sql_of(&[
        r#"{"notes.city": "Graz"}"#,
        r#"{"notes.a b.größe": {"$gt": 1.5}}"#,
        r#"{"notes.city": {"$ne": "Graz"}}"#,
        r#"{"notes.vip": true}"#,
        r#"{"notes.vip": {"$ne": false}}"#,
        r#"{"notes.city": null}"#,
        r#"{"notes.city": {"$null": false}}"#,
        r#"{"notes.city": {"$exists": true}}"#,
        r#"{"notes.city": {"$exists": false}}"#,
        r#"{"notes.n": {"$in": ["a", 1, "b", 2.5, true, null]}}"#,
        r#"{"notes.n": {"$nin": [1]}}"#,
        r#"{"notes.n": {"$between": ["a", "b"]}}"#,
        r#"{"notes.n": {"$startsWith": "a"}}"#,
        r#"{"notes.n": {"$ilike": "a%"}}"#,
        r#"{"notes.n": {"$regex": "a"}}"#,
    ]));
}
