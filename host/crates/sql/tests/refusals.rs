//! What is wrong with an operation, told at once and with what to write instead.

#[allow(dead_code)]
mod customer;

use customer::{customer, moment};
use model::Describe;
use sql::{Dialect, FILTER_NODES_MAX, IN_VALUES_MAX, Operation, OperationKind, Place, PlanError, plan, render};

fn errors(kind: OperationKind, body: &str) -> Vec<PlanError> {
    let def = customer();
    match Operation::parse(kind, &def, body) {
        Err(errors) => errors,
        Ok(operation) => vec![plan(operation, &def, &moment()).expect_err("a wrong body")],
    }
}

fn told(kind: OperationKind, body: &str) -> String {
    let line = |error: &PlanError| {
        let mut text = format!("{}: {error}", error.code());
        if let Some(source) = std::error::Error::source(error) {
            text.push_str(&format!(": {source}"));
        }
        text.push_str(&format!("\n    {}", error.solutions().join("\n    ")));
        text.push_str(&error.example().map_or(String::new(), |example| format!("\n    {example}")));
        text
    };
    errors(kind, body).iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn everything_wrong_with_data_at_once() {
    insta::assert_snapshot!(told(
        OperationKind::Create,
        r#"{"data": {"e_mail": 1, "age": "20", "version": 3, "score": true, "notes": null}, "options": {"mising": 1}}"#
    ));
}

#[test]
fn the_shape_of_another_operation() {
    insta::assert_snapshot!(told(OperationKind::Update, r#"{"data": {"name": "Ada"}}"#));
    insta::assert_snapshot!(told(OperationKind::Create, r#"{"filter": {"name": "Ada"}, "data": {"name": "Ada"}}"#));
    insta::assert_snapshot!(told(OperationKind::Create, r#"{"name": "Ada", "email": "x"}"#));
    insta::assert_snapshot!(told(OperationKind::List, r#"{"where": {}, "limit": 5, "sort": "name"}"#));
}

#[test]
fn a_filter_that_fixes_no_key() {
    insta::assert_snapshot!(told(OperationKind::Update, r#"{"filter": {"name": "Ada"}, "data": {"name": "B"}}"#));
    insta::assert_snapshot!(told(OperationKind::Delete, r#"{"filter": {"email": null}}"#));
}

#[test]
fn filters_of_another_kind() {
    insta::assert_snapshot!(told(
        OperationKind::List,
        r#"{"filter": {"age": {"$gte": "x", "$ge": 1}, "$or": [], "$where": 1, "$gt": 2, "notes": {"a": 1}, "active": {"$gt": true}, "name": {"$in": "a"}}}"#
    ));
}

#[test]
fn a_key_does_not_change_and_something_must() {
    let filter = r#""filter": {"id": "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77"}"#;
    insta::assert_snapshot!(told(
        OperationKind::Update,
        &format!(r#"{{{filter}, "data": {{"id": "118f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77"}}}}"#)
    ));
    insta::assert_snapshot!(told(OperationKind::Update, &format!(r#"{{{filter}, "data": {{}}}}"#)));
}

#[test]
fn filters_are_bounded_before_they_are_built() {
    let wide = format!("{{\"filter\": {{\"$or\": [{}]}}}}", vec!["{\"age\": 1}"; 10_000].join(","));
    assert!(matches!(
        errors(OperationKind::List, &wide)[..],
        [PlanError::FilterLimit { what: "conditions", max: FILTER_NODES_MAX, .. }]
    ));
    let deep = format!("{{\"filter\": {}{{\"age\": 1}}{}}}", "{\"$and\": [".repeat(60), "]}".repeat(60));
    assert!(matches!(errors(OperationKind::List, &deep)[..], [PlanError::FilterLimit { what: "levels", max: 16, .. }]));
    let long = format!("{{\"filter\": {{\"age\": {{\"$in\": [{}]}}}}}}", vec!["1"; 1_001].join(","));
    assert!(matches!(errors(OperationKind::List, &long)[..], [PlanError::FilterLimit { found: 1_001, .. }]));
}

/// A list whose filter has `lists` times `$in` with `values` integers.
fn lists_of_values(lists: usize, values: usize) -> String {
    let list = format!("{{\"age\": {{\"$in\": [{}]}}}}", vec!["1"; values].join(","));
    format!("{{\"filter\": {{\"$or\": [{}]}}}}", vec![list; lists].join(","))
}

#[test]
fn values_of_all_lists_together_are_bounded() {
    insta::assert_snapshot!(told(OperationKind::List, &lists_of_values(40, 1_000)), @r"
    plan.filter-limit: the filter has 40000 values in all `$in` together, at most 10000 are allowed
        write at most 10000 values in all `$in` together, or ask several times
    ");
}

#[test]
fn the_largest_filter_fits_into_the_binds_of_sqlite() {
    let def = customer();
    // 513 values are padded to 1,024: no other length wastes more.
    let operation = Operation::parse(OperationKind::List, &def, &lists_of_values(IN_VALUES_MAX / 513, 513));
    let plan = plan(operation.expect("within the limits"), &def, &moment()).expect("a plan");
    let binds = render(&plan, &def, &Place::Own, Dialect::Sqlite)[0].binds.len();
    let two_records = 2 * model::FIELDS_MAX;
    assert!(binds > IN_VALUES_MAX && binds + FILTER_NODES_MAX + two_records < 32_766, "{binds} binds");
}
