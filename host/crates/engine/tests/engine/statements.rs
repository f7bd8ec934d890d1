//! What reaches the database: the budget of each operation, as text.

use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::fixture::Fixture;

/// Keeps the text of every statement that is logged.
#[derive(Clone, Default)]
struct StatementLog(Arc<Mutex<Vec<String>>>);

struct SqlOf(Option<String>);

impl Visit for SqlOf {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "sql" {
            self.0 = Some(format!("{value:?}").trim_matches('"').to_owned());
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for StatementLog {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut sql = SqlOf(None);
        event.record(&mut sql);
        if event.metadata().target() == "modelhost::statement" {
            self.0.lock().expect("not poisoned").extend(sql.0);
        }
    }
}

/// The statements of each call, in short: the verb and what it is about.
async fn statements(fixture: &Fixture, namespace: &str, calls: &[(&str, &str)]) -> String {
    let mut lines = Vec::new();
    for (path, body) in calls {
        let log = StatementLog::default();
        let subscriber = tracing_subscriber::registry().with(log.clone());
        let result = fixture.call(namespace, path, body).with_subscriber(subscriber).await;
        let answered = if result.is_ok() { "answered" } else { "refused" };
        lines.push(format!("{path} {answered}"));
        lines.extend(log.0.lock().expect("not poisoned").iter().map(|sql| format!("    {}", shortened(sql))));
    }
    lines.join("\n")
}

/// `SELECT ... FROM "customer" WHERE "id" = ?1 LIMIT 2`
fn shortened(sql: &str) -> String {
    let tail = |at: usize| sql[at..].to_owned();
    match sql.split_once(' ').map(|(verb, _)| verb) {
        Some("SELECT") => format!("SELECT ...{}", sql.find(" FROM ").map_or(String::new(), tail)),
        Some("INSERT") => sql.split(" (").next().unwrap_or_default().to_owned(),
        Some("UPDATE") => {
            let head = sql.split(" SET ").next().unwrap_or_default();
            let rest = sql.find(" WHERE ").map_or(String::new(), tail);
            format!("{head} ...{}", rest.split(" RETURNING ").next().unwrap_or_default())
        }
        _ => sql.to_owned(),
    }
}

#[tokio::test]
async fn every_operation_keeps_its_budget() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    let calls = [
        ("tag/create", r#"{"data": {"slug": "vip", "title": "VIP"}}"#),
        ("tag/read", r#"{"filter": {"slug": "vip"}}"#),
        ("tag/update", r#"{"filter": {"slug": "vip"}, "data": {"weight": 3}}"#),
        ("tag/list", r#"{"filter": {"weight": {"$gte": 1}}}"#),
        ("tag/delete", r#"{"filter": {"slug": "vip"}}"#),
        ("customer/create", r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#),
        ("customer/update", r#"{"filter": {"email": "ada@example.com"}, "data": {"status": "active"}}"#),
        ("customer/update", r#"{"filter": {"email": "ada@example.com"}, "data": {"name": ""}}"#),
        ("customer/create", r#"{"data": {"name": "Ada", "email": "no address", "status": "active"}}"#),
        ("customer/create", r#"{"data": {"name": 7}}"#),
        ("customer/delete", r#"{"filter": {"email": "ada@example.com"}}"#),
    ];
    insta::assert_snapshot!(statements(&fixture, "acme", &calls).await);
}

#[tokio::test]
async fn the_request_path_issues_no_ddl_and_reads_no_ledger() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await.reopened().await;
    let calls = [
        ("customer/create", r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#),
        ("customer/read", r#"{"filter": {"email": "ada@example.com"}}"#),
        ("customer/update", r#"{"filter": {"email": "ada@example.com"}, "data": {"name": "Ada L."}}"#),
        ("customer/list", "{}"),
        ("customer/delete", r#"{"filter": {"email": "ada@example.com"}}"#),
        ("nothing/read", "{}"),
    ];
    let log = statements(&fixture, "acme", &calls).await;
    let forbidden = ["CREATE", "ALTER", "DROP", "PRAGMA", "sqlite_schema", "modelhost_"];
    assert!(!forbidden.iter().any(|word| log.contains(word)), "{log}");
}

#[tokio::test]
async fn the_second_operation_on_a_new_namespace_issues_one_statement() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    let calls = [("customer/list", "{}"), ("customer/list", "{}")];
    let log = statements(&fixture, "acme", &calls).await;
    let second = log.rsplit("customer/list").next().expect("a second call");
    assert_eq!(second.matches("    ").count(), 1, "{log}");
}

#[tokio::test]
async fn activation_of_an_unchanged_schema_costs_one_query() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await.reopened().await;
    let view = fixture.host.inspect_namespace("acme").await.expect("inspected");
    assert_eq!(view.statements, 1);
}
