//! Differences as people read them, and what holds for every pair of schemas.

use migrate::{Consent, Made, Risk, diff, fingerprint, from_stored, keep, to_stored, unused};
use model::{DeleteRule, FieldType, Ident, IndexCondition, NamespaceName, Value};
use proptest::prelude::*;
use sql::{Column, Dialect, IndexedColumns, Place, Referenced, Schema, Table, TableParts};

fn namespace() -> NamespaceName {
    NamespaceName::new("acme").expect("a name")
}

fn ident(name: &str) -> Ident {
    Ident::new(name).expect("a name")
}

/// `customer: id uuid, email text?; unique email; index -email; to product by sku`
fn schema(text: &str) -> Schema {
    let table = |line: &str| {
        let (name, rest) = line.split_once(": ").expect("name: columns");
        let mut parts = rest.split("; ");
        let columns: Vec<Column> = parts.next().expect("columns").split(", ").map(column).collect();
        let key = vec![columns[0].name.clone()];
        let (unique, indexes, references) = (Vec::new(), Vec::new(), Vec::new());
        let mut table = TableParts { name: ident(name), was: None, key, columns, unique, indexes, references };
        for part in parts {
            match part.split_once(' ') {
                Some(("unique", set)) => table.unique.push(set.split('+').map(ident).collect()),
                Some(("index", name)) => table.indexes.push(IndexedColumns {
                    columns: vec![(ident(name.trim_start_matches('-')), name.starts_with('-'))],
                    conditions: vec![(ident(name.trim_start_matches('-')), IndexCondition::IsNotNull)],
                    unique: false,
                }),
                Some(("to", reference)) => {
                    let (other, column) = reference.split_once(" by ").expect("table by column");
                    table.references.push(Referenced {
                        columns: vec![ident(column)],
                        table: ident(other),
                        key: vec![ident("id")],
                        on_delete: DeleteRule::SetNull,
                    });
                }
                other => panic!("{other:?}"),
            }
        }
        Table::new(table, &namespace())
    };
    Schema { tables: text.lines().map(table).collect() }
}

/// `id uuid`, `email text?`, `state enum[new|very old]`, `number int#` for one that the database numbers
fn column(text: &str) -> Column {
    let (name, rest) = text.split_once(' ').expect("name type");
    let (field_type, labels) = rest.trim_end_matches(['?', '#']).split_once('[').unwrap_or((rest, ""));
    let labels = labels.split('|').map(|label| label.trim_end_matches(']').to_owned());
    Column {
        name: ident(name),
        field_type: FieldType::from_text(field_type.trim_end_matches(['?', '#'])).expect("a type"),
        labels: labels.filter(|label| !label.is_empty()).collect(),
        nullable: rest.ends_with('?'),
        length_max: None,
        is_sequence: rest.ends_with('#'),
        is_indexed: false,
        was: None,
        fill: None,
    }
}

#[test]
fn what_is_new_is_applied_and_everything_else_is_explained() {
    let from = schema(
        "customer: id uuid, email text?, age int, plan text, state enum[new|old]; unique email\ntags: slug text",
    );
    let to = schema(
        "customer: id uuid, email text, age text, nick text?, rank int, state enum[new]; unique nick; index -nick; to product by nick\nproduct: id int#, sku text; unique sku; index sku; to customer by sku",
    );
    insta::assert_snapshot!(diff(&from, &to).to_text());
}

#[test]
fn another_key_is_another_identity() {
    let plan = diff(&schema("customer: id uuid, number int"), &schema("customer: number int, id uuid"));
    assert_eq!(plan.risk(), Risk::Critical);
    assert_eq!(plan.refused().count(), 1);
}

#[test]
fn a_first_schema_needs_no_consent_in_any_dialect() {
    let plan =
        diff(&Schema { tables: Vec::new() }, &schema("customer: id uuid, active boolean?\ntags: id int; unique id"));
    assert!(plan.refused().next().is_none());
    for dialect in Dialect::ALL {
        let statements = plan.statements(&Place::Schema(namespace()), dialect).expect("supported");
        assert_eq!(statements.len(), 3, "two tables, one index");
    }
}

#[test]
fn a_width_is_a_change_where_columns_have_one() {
    let mut from = schema("customer: id uuid, email text");
    from.tables[0].columns[1].length_max = Some(10);
    let to = schema("customer: id uuid, email text");
    assert!(diff(&from, &to).on(Dialect::Postgres).is_empty());
    assert_eq!(diff(&from, &to).on(Dialect::Mysql).refused().count(), 1);
}

#[test]
fn tables_that_refer_to_each_other_are_made_and_taken_back() {
    let plan = diff(
        &Schema { tables: Vec::new() },
        &schema("one: id int#, other int; to two by other\ntwo: id int; to one by id"),
    );
    let mut lines = Vec::new();
    for dialect in Dialect::ALL {
        lines.push(format!("-- {}", dialect.name()));
        let made = plan.statements(&Place::Own, dialect).expect("supported");
        let makes = plan.makes(dialect);
        assert_eq!(makes.len(), made.len());
        for thing in &makes {
            assert_eq!(Made::from_line(&thing.to_line(), &namespace()).as_ref(), Some(thing));
        }
        let undone = makes.iter().rev().filter_map(|made| made.undo(&Place::Own, dialect));
        lines.extend(made.into_iter().chain(undone).map(|statement| statement.text.as_str().to_owned()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_stored_schema_that_no_host_wrote_is_refused() {
    for text in ["nonsense", "column a text null -", "table t key id\ncolumn x money null -"] {
        assert!(from_stored(text, &namespace()).is_err(), "{text}");
    }
}

#[test]
fn what_was_renamed_and_says_so_is_not_dropped() {
    let from = schema("customer: id uuid, email text; unique email\nnotes: id int, text text");
    let mut to = schema("client: id uuid, mail text; unique mail\nnotes: id int, text text");
    to.tables[0].was = Some(ident("customer"));
    to.tables[0].columns[1].was = Some(ident("email"));
    let plan = diff(&from, &to);
    let mut lines = vec![plan.to_text()];
    for dialect in Dialect::ALL {
        lines.push(format!("-- {}\n{}", dialect.name(), plan.to_sql(&Place::Schema(namespace()), dialect)));
    }
    insta::assert_snapshot!(lines.join("\n"));
    // Once it is renamed, its earlier name says nothing any more.
    assert!(diff(&to, &to).is_empty());
    let both = schema("customer: id uuid, email text; unique email\nclient: id uuid, mail text; unique mail");
    let plan = diff(&both, &to);
    assert!(plan.changes.iter().all(|change| !change.to_string().starts_with("rename")), "{}", plan.to_text());
    // So the other one is unused like any that no model wants.
    assert_eq!(diff(&keep(&both, &to), &to).changes.len(), 1);
    assert_eq!(unused(&both, &to).tables[0].name, ident("customer"));
}

#[test]
fn an_index_is_applied_where_the_table_has_no_rows() {
    let (from, to) =
        (schema("customer: id uuid, rank int"), schema("customer: id uuid, rank int; unique rank; index rank"));
    let plan = diff(&from, &to);
    assert_eq!(plan.asks_about(), [&ident("customer")]);
    assert_eq!(plan.refused().count(), 2);
    let plan = plan.with_empty(&[ident("customer")]);
    assert_eq!((plan.refused().count(), plan.risk()), (0, Risk::Low));
    for dialect in Dialect::ALL {
        let texts = |statements: Vec<sql::Statement>| statements.len();
        let made = plan.statements(&Place::Own, dialect).expect("supported");
        assert_eq!((texts(made), plan.makes(dialect).len()), (2, 2));
    }
}

#[test]
fn a_constant_fills_the_rows_that_are_there() {
    let from = schema("customer: id uuid");
    let mut to = schema("customer: id uuid, state enum[new|old], place text");
    to.tables[0].columns[1].fill = Some(Value::Enum("new".to_owned()));
    to.tables[0].columns[2].fill = Some(Value::Text("it's".to_owned()));
    let plan = diff(&from, &to);
    let text = |dialect: Dialect| format!("-- {}\n{}", dialect.name(), plan.to_sql(&Place::Own, dialect));
    insta::assert_snapshot!(format!("{}\n{}", plan.to_text(), Dialect::ALL.map(text).join("\n")));
}

#[test]
fn what_is_in_nobodys_way_is_kept() {
    let from = schema("customer: id uuid, email text, nick text?; unique email; index nick\ntags: slug text");
    let to = schema("customer: id uuid, email text; unique email");
    let kept = keep(&from, &to);
    assert_eq!(diff(&from, &kept).to_text(), "");
    // A column that must be filled, and a unique set, are in the way.
    let from = schema("customer: id uuid, email text, nick text; unique email");
    let to = schema("customer: id uuid, email text");
    let changes: Vec<String> = diff(&from, &keep(&from, &to)).changes.iter().map(ToString::to_string).collect();
    assert_eq!(changes, ["drop column customer.nick", "drop unique (email) of customer"]);
}

fn any_schema() -> impl Strategy<Value = Schema> {
    let names = || prop::sample::subsequence(vec!["alpha", "beta", "gamma", "delta", "email"], 1..=4);
    const TYPES: [&str; 8] =
        ["int", "text", "decimal(10,2)", "list<decimal(5,1)>", "enum[a b|c]", "json", "enum[c]", "timestamp"];
    let types = || prop::collection::vec((0..TYPES.len(), any::<bool>()), 4);
    let table = (names(), types(), any::<(bool, bool, bool)>()).prop_map(|(names, types, (unique, index, refers))| {
        let columns: Vec<String> = names
            .iter()
            .zip(types)
            .map(|(name, (at, nullable))| format!("{name} {}{}", TYPES[at], if nullable { "?" } else { "" }))
            .collect();
        let part = |is: bool, text: String| if is { text } else { String::new() };
        let unique = part(unique, format!("; unique {}", names.join("+")));
        let index = part(index, format!("; index -{}", names[0]));
        let refers = part(refers, format!("; to one by {}", names[0]));
        format!("{}{unique}{index}{refers}", columns.join(", "))
    });
    prop::collection::vec(table, 1..=3).prop_map(|tables| {
        let lines: Vec<String> =
            tables.iter().zip(["one", "two", "three"]).map(|(t, name)| format!("{name}: {t}")).collect();
        schema(&lines.join("\n"))
    })
}

proptest! {
    #[test]
    fn a_schema_differs_from_itself_in_nothing(schema in any_schema()) {
        prop_assert!(diff(&schema, &schema).is_empty());
    }

    #[test]
    fn a_schema_comes_back_from_the_ledger_as_it_went(schema in any_schema()) {
        let stored = to_stored(&schema);
        let mut back = from_stored(&stored, &namespace()).expect("own text");
        prop_assert!(diff(&schema, &back).is_empty());
        back.tables.sort_by(|a, b| a.name.cmp(&b.name));
        prop_assert_eq!(fingerprint(&back), fingerprint(&schema));
    }

    #[test]
    fn equal_fingerprints_are_equal_schemas(a in any_schema(), b in any_schema()) {
        prop_assert_eq!(fingerprint(&a) == fingerprint(&b), diff(&a, &b).is_empty() && to_stored(&a) == to_stored(&b));
    }

    #[test]
    fn what_is_kept_is_never_dropped(a in any_schema(), b in any_schema()) {
        let kept = keep(&a, &b);
        let only_adds = diff(&b, &kept).changes.iter().all(|change| {
            let text = change.to_string();
            text.starts_with("create") || text.starts_with("add")
        });
        let drops = diff(&a, &kept).changes.iter().any(|change| change.to_string().starts_with("drop table"));
        prop_assert!(only_adds && !drops);
    }

    #[test]
    fn whatever_loses_something_asks_for_a_consent(a in any_schema(), b in any_schema()) {
        for change in diff(&a, &b).changes {
            let loses = change.reason().contains("lost");
            prop_assert_eq!(loses, change.consent() == Consent::Loss, "{}", change);
        }
    }
}
