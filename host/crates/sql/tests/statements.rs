//! Every statement in three dialects side by side. `every_dialect` is the one function that knows the API.

mod customer;

use customer::{customer, entry, manifest, moment, picture, ticket};
use model::{ModelDef, NamespaceName};
use sql::{
    BulkCreate, Dialect, Operation, OperationKind, Place, Schema, Table, Texts, add_reference, create_index,
    create_place, create_table, create_unique_index, cursor_after, plan, render, requirement,
};

fn every_dialect(kind: OperationKind, body: &str) -> String {
    every_dialect_of(&customer(), kind, body)
}

fn every_dialect_of(def: &ModelDef, kind: OperationKind, body: &str) -> String {
    let operation = Operation::parse(kind, def, body).expect("a correct body");
    let plan = plan(operation, def, &moment()).expect("a plan");
    let mut lines = Vec::new();
    let mut binds = String::new();
    for dialect in Dialect::ALL {
        for statement in render(&plan, def, &Place::Own, dialect) {
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
fn counting_and_looking_for_one() {
    let count = every_dialect(OperationKind::Count, r#"{"filter": {"active": true}}"#);
    let exists = every_dialect(OperationKind::Exists, r#"{"filter": {"email": "ada@example.com"}}"#);
    insta::assert_snapshot!(format!("{count}\n{exists}"));
}

#[test]
fn only_the_fields_that_are_asked_for() {
    insta::assert_snapshot!(every_dialect(
        OperationKind::List,
        r#"{"options": {"fields": ["name", "id"], "order_by": ["-age"], "limit": 2}}"#
    ));
}

#[test]
fn a_key_of_two_fields() {
    let def = entry();
    let key = r#""filter": {"track_id": 7, "playlist_id": 3}"#;
    let all = [
        every_dialect_of(&def, OperationKind::Create, r#"{"data": {"playlist_id": 3, "track_id": 7}}"#),
        every_dialect_of(&def, OperationKind::Read, &format!("{{{key}}}")),
        every_dialect_of(&def, OperationKind::Update, &format!("{{{key}, \"data\": {{\"place\": 1}}}}")),
        every_dialect_of(&def, OperationKind::Delete, &format!("{{{key}}}")),
        every_dialect_of(&def, OperationKind::List, r#"{"options": {"order_by": ["-track_id"]}}"#),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_key_that_the_database_numbers() {
    let def = ticket();
    let create = every_dialect_of(&def, OperationKind::Create, r#"{"data": {"place": 1}}"#);
    let error =
        Operation::parse(OperationKind::Create, &def, r#"{"data": {"number": 1}}"#).expect_err("not the caller's");
    insta::assert_snapshot!(format!("{create}\n{}", error[0]));
}

fn bulk(def: &ModelDef, body: &str) -> String {
    let bulk = BulkCreate::parse(def, body).expect("a correct body");
    let rows = bulk.batch(0).read(def, &moment()).expect("correct rows");
    let plan = bulk.plan(rows);
    let mut lines = Vec::new();
    for dialect in Dialect::ALL {
        for statement in render(&plan, def, &Place::Own, dialect) {
            lines.push(format!("{:9}{}", dialect.name(), statement.text.as_str()));
            lines.push(format!("         binds {:?} repeats {:?}", statement.binds, statement.repeats));
        }
    }
    lines.join("\n")
}

#[test]
fn many_records_in_the_form_that_each_database_likes() {
    let rows = r#"[{"playlist_id": 1, "track_id": 1}, {"playlist_id": 1, "track_id": 2, "place": 9}, {"playlist_id": 2, "track_id": 1}]"#;
    let all = [
        bulk(&entry(), &format!("{{\"data\": {rows}}}")),
        bulk(
            &entry(),
            &format!("{{\"data\": {rows}, \"options\": {{\"on_conflict\": \"skip\", \"returning\": \"records\"}}}}"),
        ),
        bulk(&ticket(), r#"{"data": [{"place": 1}, {}], "options": {"returning": "records"}}"#),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn what_is_wrong_with_a_row_is_told_with_its_position() {
    let body =
        r#"{"data": [{"playlist_id": 1, "track_id": 1}, {"playlist_id": "1"}, 7], "options": {"batch_size": 1}}"#;
    let def = entry();
    let bulk = BulkCreate::parse(&def, body).expect("the rows are not read yet");
    let mut lines = Vec::new();
    for start in bulk.batches() {
        let report =
            |errors: Vec<sql::PlanError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        lines.push(bulk.batch(start).read(&def, &moment()).map_or_else(report, |rows| format!("{rows:?}")));
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    [[Int(1), Int(1), Null]]
    record 1: the value of field `playlist_id` does not fit; record 1: field `track_id` is required
    record 2 is not a JSON object
    ");
}

#[test]
fn a_row_that_is_no_json_is_told_with_its_position_unless_rows_before_it_would_stay() {
    let def = entry();
    let body = |options: &str| {
        format!(r#"{{"data": [{{"playlist_id": 1, "track_id": 1}}, {{"playlist_id": 01}}], "options": {{{options}}}}}"#)
    };
    let taken_back = body(r#""batch_size": 1"#);
    let bulk = BulkCreate::parse(&def, &taken_back).expect("the rows are not read yet");
    assert!(bulk.batch(0).read(&def, &moment()).is_ok());
    let errors = bulk.batch(1).read(&def, &moment()).expect_err("no JSON");
    assert_eq!(errors[0].to_string(), "record 1 is not a JSON object");
    let errors = BulkCreate::parse(&def, &body(r#""transaction": "batch""#)).expect_err("no JSON");
    assert_eq!(errors[0].to_string(), "the request body is not a JSON object");
}

#[test]
fn a_cursor_goes_on_behind_the_last_record() {
    let def = customer();
    let (all, options) = (r#""filter": {"active": true}"#, r#""order_by": ["-email", "name"]"#);
    let parse = |body: &str| Operation::parse(OperationKind::List, &def, body).expect("a correct body");
    let first = parse(&format!("{{{all}, \"options\": {{{options}}}}}"));
    let filter = first.filter.clone();
    let sql::Plan::List { order_by, .. } = plan(first, &def, &moment()).expect("a plan") else { panic!("a list") };
    let mut last = vec![model::Value::Null; def.fields.len()];
    last[0] = model::Value::Uuid("018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77".parse().expect("an id"));
    last[1] = model::Value::Text("Ada".to_owned());
    let mut lines = Vec::new();
    for email in [model::Value::Text("a@b".to_owned()), model::Value::Null] {
        last[2] = email;
        let cursor = cursor_after(&def, &filter, &order_by, &last);
        let body = format!("{{{all}, \"options\": {{{options}, \"after\": \"{cursor}\"}}}}");
        lines.push(every_dialect(OperationKind::List, &body));
        let other = format!("{{\"options\": {{{options}, \"after\": \"{cursor}\"}}}}");
        lines.push(plan(parse(&other), &def, &moment()).expect_err("another filter").to_string());
        let cut = format!("{{{all}, \"options\": {{{options}, \"after\": \"{}\"}}}}", &cursor[..8]);
        lines.push(plan(parse(&cut), &def, &moment()).expect_err("cut").to_string());
    }
    insta::assert_snapshot!(lines.join("\n"));
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
        statements.extend(table.unique.iter().map(|index| create_unique_index(index, &table.name, place, dialect)));
        let index = |index| create_index(index, &table.name, place, dialect).expect("supported");
        statements.extend(table.indexes.iter().map(index));
        let reference = |reference| add_reference(reference, &table.name, place, dialect);
        statements.extend(table.references.iter().filter_map(reference));
        lines.push(format!("-- {}", dialect.name()));
        lines.extend(statements.into_iter().map(|statement| statement.text.as_str().to_owned()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_vector_crosses_as_each_database_keeps_it() {
    let (def, namespace) = (picture(), NamespaceName::new("acme").expect("a name"));
    let schema = Schema { tables: vec![Table::of(&def, &[std::sync::Arc::clone(&def)], &namespace)] };
    let mut lines = Vec::new();
    for dialect in Dialect::ALL {
        let made = create_table(&schema.tables[0], &Place::Own, dialect).expect("supported");
        lines.push(format!("{:9}{}", dialect.name(), made.text.as_str()));
        let needed = requirement(&schema, dialect);
        lines
            .extend(needed.map(|needed| {
                format!("needs    {}\n", needed.statement.text.as_str()) + &needed.otherwise.to_string()
            }));
    }
    let create = every_dialect_of(&def, OperationKind::Create, r#"{"data": {"number": 1, "place": [0.1, 2, -0.0]}}"#);
    let bulk = bulk(&def, r#"{"data": [{"number": 1, "place": [0.1, 2, 3]}, {"number": 2}]}"#);
    insta::assert_snapshot!(format!("{}\n\n{create}\n\n{bulk}", lines.join("\n")));
    assert!(requirement(&Schema::of(&manifest(), &namespace), Dialect::Postgres).is_none());
}

#[test]
fn texts_rendered_beforehand_are_what_rendering_gives() {
    let def = customer();
    let full = r#"{"name": "Ada", "email": null, "age": 1, "score": 0.5, "active": true, "notes": [], "seen_at": null, "balance": "1",
        "wealth": "2", "born": "2000-01-01", "wakes_at": "07:00:00", "photo": "", "tier": "gold", "referrer_id": null, "tags": ["a"]}"#;
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
