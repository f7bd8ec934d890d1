//! Every statement in three dialects side by side. `every_dialect` is the one function that knows the API.

mod customer;

use customer::{customer, manifest, moment};
use model::NamespaceName;
use sql::{
    Dialect, Operation, OperationKind, Place, Schema, Texts, create_index, create_place, create_table, plan, render,
};

fn every_dialect(kind: OperationKind, body: &str) -> String {
    let def = customer();
    let operation = Operation::parse(kind, &def, body).expect("a correct body");
    let plan = plan(operation, &def, &moment()).expect("a plan");
    let mut lines = Vec::new();
    let mut binds = String::new();
    for dialect in Dialect::ALL {
        for statement in render(&plan, &def, &Place::Own, dialect) {
            lines.push(format!("{:9}{}", dialect.name(), statement.text.as_str()));
            if dialect == Dialect::Postgres {
                binds = format!("binds    {:?}", statement.binds);
            }
        }
    }
    lines.push(binds);
    lines.join("\n")
}

fn filtered(filter: &str) -> String {
    every_dialect(OperationKind::List, &format!("{{\"filter\": {filter}}}"))
        .lines()
        .map(|line| line.split_once(" WHERE ").map_or(line.to_owned(), |(_, rest)| format!("{} {rest}", &line[..8])))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn create() {
    insta::assert_snapshot!(every_dialect(
        OperationKind::Create,
        r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#
    ));
}

#[test]
fn read_by_key() {
    insta::assert_snapshot!(every_dialect(
        OperationKind::Read,
        r#"{"filter": {"id": "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77"}}"#
    ));
}

#[test]
fn read_by_a_unique_set() {
    insta::assert_snapshot!(every_dialect(
        OperationKind::Read,
        r#"{"filter": {"email": "ada@example.com", "active": true}}"#
    ));
}

#[test]
fn update_touches_only_what_was_sent_and_what_the_host_writes() {
    insta::assert_snapshot!(every_dialect(
        OperationKind::Update,
        r#"{"filter": {"id": "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77", "version": 3}, "data": {"name": "Ada", "notes": {"a": 1}}}"#
    ));
}

#[test]
fn delete() {
    insta::assert_snapshot!(every_dialect(OperationKind::Delete, r#"{"filter": {"email": "ada@example.com"}}"#));
}

#[test]
fn list_sorts_nulls_first_and_ends_in_the_key() {
    insta::assert_snapshot!(every_dialect(
        OperationKind::List,
        r#"{"filter": {"active": true}, "options": {"order_by": ["-email", "name"], "limit": 20, "offset": 40}}"#
    ));
}

#[test]
fn comparison_and_membership() {
    insta::assert_snapshot!(filtered(
        r#"{"age": {"$gte": 18, "$lt": 65}, "name": {"$in": ["Ada", "Grace", "Edsger"]}}"#
    ));
}

#[test]
fn null_means_what_mongodb_says() {
    let filters = [
        r#"{"email": null}"#,
        r#"{"email": {"$gte": null}}"#,
        r#"{"email": {"$gt": null}}"#,
        r#"{"email": {"$in": ["a", null]}}"#,
        r#"{"email": {"$in": [null]}}"#,
        r#"{"email": {"$in": []}}"#,
    ];
    let lines: Vec<_> = filters.iter().map(|filter| format!("{filter}\n{}", filtered(filter))).collect();
    insta::assert_snapshot!(lines.join("\n\n"));
}

#[test]
fn and_and_or_keep_their_groups() {
    insta::assert_snapshot!(filtered(
        r#"{"active": true, "$or": [{"name": "Ada"}, {"$and": [{"age": 1}, {"age": {"$lt": 5}}]}, {"$or": [{"age": 7}]}]}"#
    ));
}

#[test]
fn tables_in_every_place() {
    let namespace = NamespaceName::new("acme-crm").expect("a name");
    let schema = Schema::of(&manifest(), &namespace);
    let table = &schema.tables[0];
    let places = [Place::Own, Place::Schema(namespace.clone()), Place::Prefix(namespace)];
    let mut lines = Vec::new();
    for (dialect, place) in Dialect::ALL.into_iter().zip(&places) {
        let mut statements: Vec<_> = create_place(place, dialect).into_iter().collect();
        statements.push(create_table(table, place, dialect).expect("supported"));
        statements.extend(table.unique.iter().map(|index| create_index(index, &table.name, place, dialect)));
        lines.push(format!("-- {}", dialect.name()));
        lines.extend(statements.into_iter().map(|statement| statement.text.as_str().to_owned()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn texts_rendered_beforehand_are_what_rendering_gives() {
    let def = customer();
    let full =
        r#"{"name": "Ada", "email": null, "age": 1, "score": 0.5, "active": true, "notes": [], "seen_at": null}"#;
    let key = r#""id": "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77""#;
    let cases = [
        (OperationKind::Create, format!("{{\"data\": {full}}}")),
        (OperationKind::Read, format!("{{\"filter\": {{{key}}}}}")),
        (OperationKind::Read, "{\"filter\": {\"email\": \"a\"}}".to_owned()),
        (OperationKind::Update, format!("{{\"filter\": {{{key}}}, \"data\": {full}}}")),
        (OperationKind::Update, format!("{{\"filter\": {{{key}}}, \"data\": {{\"age\": null}}}}")),
        (OperationKind::Delete, format!("{{\"filter\": {{{key}}}}}")),
        (OperationKind::Delete, format!("{{\"filter\": {{{key}, \"version\": 2}}}}")),
    ];
    for dialect in Dialect::ALL {
        let texts = Texts::new(&def, &Place::Own, dialect);
        for (kind, body) in &cases {
            let operation = Operation::parse(*kind, &def, body).expect("a correct body");
            let plan = plan(operation, &def, &moment()).expect("a plan");
            assert_eq!(texts.statements(&plan, &def), render(&plan, &def, &Place::Own, dialect), "{dialect:?} {body}");
        }
    }
}

#[test]
fn big_int_reads_integers_of_filters_from_strings_too() {
    let parse = |body: &str| Operation::parse(OperationKind::List, &customer(), body);
    let strings = r#""filter": {"age": {"$in": ["9223372036854775807", 1], "$gt": "-1"}, "version": "3"}"#;
    let asked = parse(&format!("{{{strings}, \"options\": {{\"big_int\": true}}}}")).expect("strings are asked for");
    let numbers = r#"{"filter": {"age": {"$in": [9223372036854775807, 1], "$gt": -1}, "version": 3}}"#;
    assert_eq!(asked.filter, parse(numbers).expect("numbers always do").filter);
    assert_eq!(parse(&format!("{{{strings}}}")).expect_err("not asked for").len(), 3);
}
