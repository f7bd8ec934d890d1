//! What the tests of every database share: statements, values of all types, a data source in a folder.
#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod postgres;

use std::path::Path;
use std::sync::Arc;

use model::{FieldType, NamespaceName, Row, Value};
use modelhost_store::{DataSource, DataSourceSettings, DataSourceUrl, Job, Store, StoreError};
use sql::{Bind, Place, SqlText, Statement};

pub(crate) fn name(text: &str) -> NamespaceName {
    NamespaceName::new(text).expect("a name")
}

/// A statement without binds and without columns.
pub(crate) fn sql(text: &str) -> Statement {
    Statement {
        text: SqlText::fixed(Box::leak(text.to_owned().into_boxed_str())),
        binds: Vec::new(),
        columns: Arc::new([]),
    }
}

pub(crate) fn select(text: &str, columns: &[FieldType]) -> Statement {
    Statement { columns: columns.into(), ..sql(text) }
}

pub(crate) fn with(mut statement: Statement, values: Vec<Value>) -> Statement {
    let bind = |value: Value| Bind::One(value.field_type().unwrap_or(FieldType::Text), value);
    statement.binds = values.into_iter().map(bind).collect();
    statement
}

pub(crate) fn settings(url: &str, base: &Path) -> DataSourceSettings {
    let url = DataSourceUrl::parse(url, base).expect("a URL");
    DataSourceSettings {
        wait_ms_max: 200,
        connect_ms_max: 2_000,
        statement_ms_max: 5_000,
        ..DataSourceSettings::new("main", url)
    }
}

/// A store on a file of its own in the folder.
pub(crate) fn file_store(folder: &Path) -> Store {
    let source = DataSource::new(settings("sqlite:{namespace}.db", folder));
    source.store(name("acme"), Place::Own)
}

pub(crate) async fn rows(store: &Store, statement: Statement) -> Vec<Row> {
    let mut answers = store.run(Job::one(statement)).await.expect("rows");
    answers.remove(0).rows
}

pub(crate) async fn run(store: &Store, text: &str) {
    store.run(Job::one(sql(text))).await.expect(text);
}

pub(crate) async fn count(store: &Store, table: &str) -> i64 {
    let text = format!("SELECT count(*) FROM {table}");
    match rows(store, select(&text, &[FieldType::Int])).await.remove(0).remove(0) {
        Value::Int(count) => count,
        other => panic!("{other:?}"),
    }
}

/// Rows of all seven types: ordinary, extreme, null.
pub(crate) fn rows_of_all_types() -> Vec<Row> {
    let uuid = "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77".parse().expect("a uuid");
    vec![
        vec![
            Value::Text("Zoë \u{1f980} 'quoted' \"twice\" \\".to_owned()),
            Value::Int(i64::MAX),
            Value::Float(1.0e-300),
            Value::Boolean(true),
            Value::Timestamp(253_402_300_799_999_999),
            Value::Uuid(uuid),
            Value::Json("{\"a\": [1, null, \"\u{e9}\"]}".to_owned()),
        ],
        vec![
            Value::Text(String::new()),
            Value::Int(i64::MIN),
            Value::Float(-0.0),
            Value::Boolean(false),
            Value::Timestamp(-62_135_596_800_000_000),
            Value::Uuid("00000000-0000-0000-0000-000000000000".parse().expect("a uuid")),
            Value::Json("null".to_owned()),
        ],
        vec![
            Value::Text("a".repeat(100_000)),
            Value::Int(-1),
            Value::Float(f64::MAX),
            Value::Boolean(true),
            Value::Timestamp(-1),
            Value::Uuid("ffffffff-ffff-ffff-ffff-ffffffffffff".parse().expect("a uuid")),
            Value::Json("\"text\"".to_owned()),
        ],
        vec![Value::Null; 7],
    ]
}

/// The binds of such a row, nulls typed as their columns are.
pub(crate) fn typed(row: &Row) -> Vec<Bind> {
    let types = FieldType::ALL.into_iter();
    types.zip(row).map(|(field_type, value)| Bind::One(field_type, value.clone())).collect()
}

/// The same rows, floats compared by their bits.
pub(crate) fn assert_same(found: &[Row], expected: &[Row]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        match (found, expected) {
            (Value::Float(found), Value::Float(expected)) => {
                assert_eq!(found.to_bits(), expected.to_bits(), "{found} {expected}");
            }
            (found, expected) => assert_eq!(found, expected),
        }
    }
}

/// Everything that an error can print, in one text.
pub(crate) fn everything_of(error: &StoreError) -> String {
    use model::Describe;
    let problem = model::Problem::of(error);
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{problem:?}\n");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text.push_str(&format!("{inner} {inner:?}"));
        source = inner.source();
    }
    text.push_str(error.for_operator().unwrap_or_default());
    text.push_str(error.code().as_str());
    text
}
