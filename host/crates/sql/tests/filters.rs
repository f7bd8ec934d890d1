//! Filters: the SQL of every operator in three dialects, what they mean for one record, what is refused, and the limits.
//! `sql_of`, `meant` and `refused` are the functions that know the API.

#[allow(dead_code)]
mod customer;

use customer::customer;
use model::{Describe, Row, Value, WireOptions, write_json};
use proptest::prelude::*;
use sql::{
    Bind, Condition, Dialect, FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter, LIKE_BYTES_MAX, Operation, OperationKind,
    PATH_STEPS_MAX, Place, PlanError, REGEX_BYTES_MAX, REGEX_SIZE_MAX, REGEX_STEPS_MAX, REGEXES_MAX, compile_regex,
    field,
};

fn parse(filter: &str) -> Result<Filter, Vec<PlanError>> {
    let body = format!("{{\"filter\": {filter}}}");
    Operation::parse(OperationKind::List, &customer(), &body).map(|operation| operation.filter)
}

fn json(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, WireOptions { big_int: false }, &mut text);
    text
}

/// The conditions, each with its binds.
fn sql_of(filter: &str) -> String {
    let parsed = parse(filter).expect(filter);
    let mut lines = vec![filter.to_owned()];
    for dialect in Dialect::ALL {
        let statement = parsed.to_sql(&customer(), &Place::Own, dialect);
        let condition = statement.text.as_str().split_once(" WHERE ").map_or("", |(_, condition)| condition);
        let binds = statement.binds.iter().map(|bind| match bind {
            Bind::One(_, value) => json(value),
            Bind::List(_, values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(", ")),
        });
        let binds: Vec<String> = binds.collect();
        lines.push(format!("  {:9}{condition}    {}", dialect.name(), binds.join(", ")));
    }
    lines.join("\n")
}

fn all_sql_of(filters: &[&str]) -> String {
    filters.iter().map(|filter| sql_of(filter)).collect::<Vec<_>>().join("\n")
}

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

/// A record without anything but these fields.
fn record(fields: &[(&str, &str)]) -> Row {
    let def = customer();
    let mut row = vec![Value::Null; def.fields.len()];
    for (name, raw) in fields {
        let at = def.position_of(name).expect("a field");
        row[at] = def.fields[at].parse_json(raw, WireOptions { big_int: false }).expect("a value");
    }
    row
}

/// The positions of the records that a filter means.
fn meant(filter: &str, rows: &[Row]) -> String {
    let parsed = parse(filter).expect(filter);
    let found: Vec<String> =
        rows.iter().enumerate().filter(|(_, row)| parsed.matches(row)).map(|(at, _)| (at + 1).to_string()).collect();
    format!("{filter:44} {}", found.join(" "))
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

/// What is counted, where it is more than allowed.
fn limit(filter: &str) -> Option<(&'static str, usize, usize)> {
    match parse(filter).err()?.as_slice() {
        [PlanError::FilterLimit { what, found, max }] => Some((what, *found, *max)),
        other => panic!("{other:?}"),
    }
}

fn regex(pattern: &str) -> String {
    format!("{{\"name\": {{\"$regex\": \"{pattern}\"}}}}")
}

#[test]
fn every_limit_can_be_reached_and_not_passed() {
    let like = |bytes: usize| format!("{{\"name\": {{\"$contains\": \"{}\"}}}}", "a".repeat(bytes));
    let path = |steps: usize| format!("{{\"notes{}\": 1}}", ".a".repeat(steps));
    let regexes = |count: usize| format!("{{\"$or\": [{}]}}", vec![regex("a"); count].join(","));
    let long = |bytes: usize| regex(&"a".repeat(bytes));
    let counted = |count: usize| regex(&format!("(?:[é-ü]{{{count}}}){{2}}"));
    let ways = |count: usize| regex(&format!("(?:a?){{{count}}}"));
    let nots =
        |depth: usize| format!("{{\"age\": {}1{}}}", "{\"$not\": ".repeat(depth - 1) + "{\"$eq\": ", "}".repeat(depth));
    let around = |depth: usize| format!("{}{{\"age\": 1}}{}", "{\"$not\": ".repeat(depth - 1), "}".repeat(depth - 1));
    let groups = |depth: usize| regex(&format!("{}a{}", "(".repeat(depth), ")".repeat(depth)));
    let times = |count: usize| regex(&format!("a{{{count}}}"));
    let conditions = |count: usize| format!("{{\"$nor\": [{}]}}", vec!["{\"age\": 1}"; count].join(","));
    let step = |length: usize| format!("{{\"notes.{}\": 1}}", "a".repeat(length));
    for (name, filter, most) in [
        ("bytes of a pattern", &like as &dyn Fn(usize) -> String, LIKE_BYTES_MAX),
        ("steps", &path, PATH_STEPS_MAX),
        ("regexes", &regexes, REGEXES_MAX),
        ("bytes of a regex", &long, REGEX_BYTES_MAX),
        ("characters of a regex", &counted, REGEX_SIZE_MAX / 4),
        ("ways in a regex", &ways, 141),
        ("levels inside", &nots, FILTER_DEPTH_MAX),
        ("levels around", &around, FILTER_DEPTH_MAX),
        ("groups", &groups, 32),
        ("times", &times, 255),
        ("conditions", &conditions, (FILTER_NODES_MAX - 1) / 2),
    ] {
        assert_eq!(limit(&filter(most)), None, "{name}: {most}");
        let (what, found, max) = limit(&filter(most + 1)).expect(name);
        assert!(found > max, "{name}: {found} {what}");
    }
    assert!(parse(&step(100)).is_ok() && parse(&step(101)).is_err());
    assert_eq!(141 * 142 / 2, REGEX_STEPS_MAX + 11, "ways of 141 optional characters");
}

#[test]
fn the_largest_regular_expressions_compile() {
    let class = "[!#%+,./:;<=?@éëíïαγε一丂丄]";
    for pattern in ["[^a]".repeat(250), "(?:[^a-z]){166}".to_owned(), class.repeat(25), "(?:a?){141}".to_owned()] {
        let filter =
            Condition::resolve(&field("name").regex_ignoring_case(&pattern), &customer()).expect("within the limits");
        assert!(!filter.matches(&record(&[("name", "\"a\"")])) || pattern.contains('?'));
        let bound = &filter.to_sql(&customer(), &Place::Own, Dialect::Sqlite).binds[0];
        assert!(matches!(bound, Bind::One(_, Value::Text(text)) if compile_regex(text).is_ok()), "{pattern}");
    }
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
