//! What the tests of every database share: statements, a data source in a folder, servers, values of all types.
#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod played;
pub(crate) mod server;
pub(crate) mod values;

use std::path::Path;
use std::sync::Arc;

use model::{FieldType, NamespaceName, Row, Value};
use modelhost_store::{DataSource, DataSourceSettings, DataSourceUrl, Job, Store, StoreError};
use server::Server;
use sql::{Bind, Place, SqlText, Statement};

pub(crate) fn name(text: &str) -> NamespaceName {
    NamespaceName::new(text).expect("a name")
}

/// A statement without binds and without columns.
pub(crate) fn sql(text: &str) -> Statement {
    Statement {
        text: SqlText::fixed(Box::leak(text.to_owned().into_boxed_str())),
        binds: Vec::new(),
        repeats: None,
        columns: Arc::new([]),
    }
}

pub(crate) fn select(text: &str, columns: &[FieldType]) -> Statement {
    Statement { columns: columns.into(), ..sql(text) }
}

pub(crate) fn with(mut statement: Statement, values: Vec<Value>) -> Statement {
    let bind = |value: Value| Bind::One(FieldType::from_text(value.kind()).unwrap_or(FieldType::Text), value);
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

/// A store on every database there is, with its server where it has one.
pub(crate) async fn stores(test: &str) -> Vec<(Store, Option<Server>)> {
    let memory = DataSource::new(settings("sqlite::memory:", Path::new("/")));
    let mut stores = vec![(memory.store(name("acme"), Place::Own), None)];
    let servers = Server::all(test).await;
    stores.extend(servers.into_iter().map(|server| (server.store(), Some(server))));
    stores
}

/// Ends what [`stores`] began.
pub(crate) async fn end(stores: Vec<(Store, Option<Server>)>) {
    for server in stores.into_iter().filter_map(|(_, server)| server) {
        server.drop_database().await;
    }
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

/// Tells whoever reads the test's output.
pub(crate) fn tell(text: &str) {
    use std::io::Write;
    std::io::stderr().write_all(text.as_bytes()).expect("stderr");
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
