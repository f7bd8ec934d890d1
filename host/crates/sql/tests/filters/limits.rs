//! The limits of a filter: each can be reached, and none passed.

use model::Value;
use sql::{
    Bind, Condition, Dialect, FILTER_DEPTH_MAX, FILTER_NODES_MAX, LIKE_BYTES_MAX, PATH_STEPS_MAX, Place, PlanError,
    REGEX_BYTES_MAX, REGEX_SIZE_MAX, REGEXES_MAX, compile_regex, field,
};

use crate::customer::customer;
use crate::{parse, record};

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
        ("ways in a regex", &ways, 200),
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
}

#[test]
fn the_largest_regular_expressions_compile() {
    let class = "[!#%+,./:;<=?@éëíïαγε一丂丄]";
    for pattern in ["[^a]".repeat(250), "(?:[^a-z]){166}".to_owned(), class.repeat(25), "(?:1?){200}".to_owned()] {
        let filter =
            Condition::resolve(&field("name").regex_ignoring_case(&pattern), &customer()).expect("within the limits");
        assert!(!filter.matches(&record(&[("name", "\"a\"")])) || pattern.contains('?'));
        let bound = &filter.to_sql(&customer(), &Place::Own, Dialect::Sqlite).binds[0];
        assert!(matches!(bound, Bind::One(_, Value::Text(text)) if compile_regex(text).is_ok()), "{pattern}");
    }
}
