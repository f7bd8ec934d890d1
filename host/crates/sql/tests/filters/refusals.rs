//! What is wrong with a filter, and what to write instead.

use model::{Describe, Value};
use sql::PlanError;

use crate::{json, parse};

/// Everything that is wrong with each filter.
fn refused(filters: &[&str]) -> String {
    let told = |error: PlanError| {
        let source = std::error::Error::source(&error).map_or(String::new(), |source| format!(": {source}"));
        format!("\n  {}: {error}{source}\n    {}", error.code(), error.solutions().join("\n    "))
    };
    let report = |filter: &&str| {
        let errors = parse(filter).err().unwrap_or_default();
        format!("{filter}{}", errors.into_iter().map(told).collect::<String>())
    };
    filters.iter().map(report).collect::<Vec<_>>().join("\n")
}

#[test]
fn operators_that_a_type_does_not_have() {
    insta::assert_snapshot!(refused(&[
        r#"{"active": {"$gt": true, "$between": [true, true]}}"#,
        r#"{"age": {"$like": "1%", "$regex": "1", "$exists": true}}"#,
        r#"{"score": {"$mod": [2, 0]}}"#,
        r#"{"notes": {"$eq": 1, "$in": [null], "$gt": 1, "$contains": "a", "$exists": true}}"#,
        r#"{"tags": {"$in": [], "$ne": [], "$size": 2, "$all": [], "$elemMatch": {}}}"#,
        r#"{"notes.a": {"$mod": [2, 0], "$gt": true, "$eq": {"b": 1}, "$in": [[1]]}}"#,
        r#"{"name.first": "Ada", "nane.first": "Ada", "notes.a..b": 1, "notes.0": 1, "notes.a\"b": 1}"#,
        r#"{"tier": "god"}"#,
    ]));
}

#[test]
fn operands_of_another_shape() {
    insta::assert_snapshot!(refused(&[
        r#"{"age": {"$between": [5, 1]}}"#,
        r#"{"age": {"$between": [5]}}"#,
        r#"{"age": {"$between": [null, 5]}}"#,
        r#"{"age": {"$mod": [0, 1]}}"#,
        r#"{"age": {"$mod": [1.5, 1]}}"#,
        r#"{"age": {"$null": 1, "$not": 5}}"#,
        r#"{"age": {"$nin": 1, "$ne": "x"}}"#,
        r#"{"name": {"$like": "a\\b", "$contains": 1, "$startsWith": null}}"#,
        r#"{"notes.a": {"$between": ["b", "a"]}}"#,
        r#"{"notes.a": {"$between": [1, "a"]}}"#,
        r#"{"notes.a": {"$exists": "yes"}}"#,
        r#"{"notes.a": {"$gt": 1e400}}"#,
        r#"{"notes.a": {"b": 1}}"#,
        r#"{"notes.a": [1]}"#,
        r#"{"$nor": [], "$not": [], "$between": [1, 2]}"#,
        r#"{"name": {"$options": "i"}}"#,
    ]));
}

#[test]
fn words_of_other_tools() {
    insta::assert_snapshot!(refused(&[
        r#"{"age": {"gte": 18}}"#,
        r#"{"age": {">": 18}}"#,
        r#"{"name": {"starts_with": "A"}}"#,
        r#"{"name": {"$starts_with": "A", "$regexp": "A", "$notIn": ["A"], "$neq": 1, "$isNull": true}}"#,
        r#"{"name": {"$iLike": "A", "$includes": "A", "$ends_with": "A", "$where": 1, "$bteween": [1, 2]}}"#,
        r#"{"age": {"$and": [{"$gt": 1}]}}"#,
    ]));
}

#[test]
fn regular_expressions_outside_of_the_subset() {
    let patterns = [
        r"a(?=b)",
        r"(?<!a)b",
        r"(a)\1",
        r"\bword\b",
        r"\p{L}+",
        r"[\p{Greek}]",
        r"a*?",
        r"a{2,3}?",
        r"(?i)a",
        r"(?i:a)",
        r"(?P<year>\d)",
        r"\Aa\z",
        r"[[:alpha:]]",
        r"[a[b]]",
        r"[a&&b]",
        r"[^\s\S]",
        r"\x00",
        r"a{256}",
        r"a{1001,}",
        r"(a",
        r"a)",
        r"[b-a]",
        r"*a",
        r"a\",
        r"é(?=b)",
    ];
    let filters: Vec<String> = patterns
        .iter()
        .map(|pattern| format!("{{\"name\": {{\"$regex\": {}}}}}", json(&Value::Text((*pattern).to_owned()))))
        .chain([r#"{"name": {"$regex": "a", "$options": "im"}}"#.to_owned()])
        .collect();
    insta::assert_snapshot!(refused(&filters.iter().map(String::as_str).collect::<Vec<_>>()));
}
