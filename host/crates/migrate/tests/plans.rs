//! Differences as people read them, and what holds for every pair of schemas.

use migrate::{Consent, Risk, diff, fingerprint, from_stored, to_stored};
use model::{FieldType, Ident, NamespaceName};
use proptest::prelude::*;
use sql::{Column, Dialect, Place, Schema, Table};

fn namespace() -> NamespaceName {
    NamespaceName::new("acme").expect("a name")
}

fn ident(name: &str) -> Ident {
    Ident::new(name).expect("a name")
}

/// `customer: id uuid, email text?; unique email`
fn schema(text: &str) -> Schema {
    let table = |line: &str| {
        let (name, rest) = line.split_once(": ").expect("name: columns");
        let (columns, unique) = rest.split_once("; unique ").unwrap_or((rest, ""));
        let column = |text: &str| {
            let (name, field_type) = text.split_once(' ').expect("name type");
            Column {
                name: ident(name),
                field_type: FieldType::ALL
                    .into_iter()
                    .find(|known| known.name() == field_type.trim_end_matches('?'))
                    .expect("a type"),
                nullable: field_type.ends_with('?'),
                length_max: None,
                is_indexed: false,
            }
        };
        let columns: Vec<Column> = columns.split(", ").map(column).collect();
        let unique = unique.split_whitespace().map(|set| set.split('+').map(ident).collect()).collect();
        Table::new(ident(name), columns[0].name.clone(), columns, unique, &namespace())
    };
    Schema { tables: text.lines().map(table).collect() }
}

#[test]
fn what_is_new_is_applied_and_everything_else_is_explained() {
    let from = schema("customer: id uuid, email text?, age int, plan text; unique email\ntags: slug text");
    let to = schema("customer: id uuid, email text, age text, nick text?, rank int; unique nick\nproduct: sku text");
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
        assert_eq!(statements.len(), 4, "schema, two tables, one index");
    }
}

#[test]
fn a_stored_schema_that_no_host_wrote_is_refused() {
    for text in ["nonsense", "column a text null -", "table t key id\ncolumn x money null -"] {
        assert!(from_stored(text, &namespace()).is_err(), "{text}");
    }
}

fn any_schema() -> impl Strategy<Value = Schema> {
    let names = || prop::sample::subsequence(vec!["alpha", "beta", "gamma", "delta", "email"], 1..=4);
    let types = || prop::collection::vec((0..FieldType::ALL.len(), any::<bool>()), 4);
    let table = (names(), types(), any::<bool>()).prop_map(|(names, types, is_unique)| {
        let columns: Vec<String> = names
            .iter()
            .zip(types)
            .map(|(name, (at, nullable))| {
                format!("{name} {}{}", FieldType::ALL[at].name(), if nullable { "?" } else { "" })
            })
            .collect();
        let unique = if is_unique { format!("; unique {}", names.join("+")) } else { String::new() };
        format!("{}{unique}", columns.join(", "))
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
    fn whatever_loses_something_asks_for_a_consent(a in any_schema(), b in any_schema()) {
        for change in diff(&a, &b).changes {
            let loses = change.reason().contains("lost");
            prop_assert_eq!(loses, change.consent() == Consent::Loss, "{}", change);
        }
    }
}
