//! PostgreSQL: does a real server agree with what the store promises?
//!
//! Runs where MODELHOST_TEST_POSTGRES names one; each test makes a database of its own.

mod support;

use std::path::Path;
use std::time::Duration;

use model::{Code, Describe, FieldType, Value};
use modelhost_store::{ConstraintHit, DataSource, DataSourceSettings, Expect, Job, StoreError};
use sql::{Bind, Place, Statement};
use support::postgres::Server;
use support::{assert_same, count, name, rows, rows_of_all_types, run, select, sql, typed, with};

const ALL_TYPES: &str = "CREATE TABLE t (n serial, a text COLLATE \"C\", b bigint, c double precision, d boolean, e timestamptz, f uuid, g jsonb)";

fn insert(value: i64) -> Statement {
    with(sql("INSERT INTO t (n) VALUES ($1)"), vec![Value::Int(value)])
}

fn sleep(seconds: &str) -> Statement {
    select(&format!("SELECT pg_sleep({seconds})::text"), &[FieldType::Text])
}

#[tokio::test]
async fn all_types_come_back_as_they_went() {
    let Some(server) = Server::for_test("types").await else {
        return;
    };
    let store = server.store();
    run(&store, ALL_TYPES).await;
    let expected = rows_of_all_types();
    for row in &expected {
        let statement = Statement {
            binds: typed(row),
            ..sql("INSERT INTO t (a, b, c, d, e, f, g) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)")
        };
        let answers = store.run(Job::one(statement)).await.expect("inserted");
        assert_eq!(answers[0].affected, 1);
    }
    let read = select("SELECT a, b, c, d, e, f, g FROM t ORDER BY n", &FieldType::ALL);
    assert_same(&rows(&store, read).await, &expected);
    let texts = select("SELECT e::text, c::text FROM t ORDER BY n LIMIT 3", &[FieldType::Text, FieldType::Text]);
    let texts = rows(&store, texts).await;
    assert_eq!(texts[0][0], Value::Text("9999-12-31 23:59:59.999999+00".to_owned()));
    assert_eq!(texts[2][0], Value::Text("1969-12-31 23:59:59.999999+00".to_owned()));
    assert_eq!(texts[1][1], Value::Text("-0".to_owned()));
    server.drop_database().await;
}

#[tokio::test]
async fn a_list_of_each_type_is_one_bind() {
    let Some(server) = Server::for_test("lists").await else {
        return;
    };
    let store = server.store();
    run(&store, ALL_TYPES).await;
    let all = rows_of_all_types();
    for row in &all {
        let statement = Statement {
            binds: typed(row),
            ..sql("INSERT INTO t (a, b, c, d, e, f, g) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)")
        };
        store.run(Job::one(statement)).await.expect("inserted");
    }
    let columns = ["a", "b", "c", "d", "e", "f"];
    for ((at, column), field_type) in columns.iter().enumerate().zip(FieldType::ALL) {
        let text = format!("SELECT count(*) FROM t WHERE {column} = ANY($1)");
        let mut statement = select(&text, &[FieldType::Int]);
        let values = vec![all[0][at].clone(), all[1][at].clone(), Value::Null];
        statement.binds = vec![Bind::List(field_type, values)];
        let expected = if field_type == FieldType::Boolean { 3 } else { 2 };
        assert_eq!(rows(&store, statement).await, [[Value::Int(expected)]], "{column}");
    }
    let mut empty = select("SELECT count(*) FROM t WHERE a = ANY($1)", &[FieldType::Int]);
    empty.binds = vec![Bind::List(FieldType::Text, Vec::new())];
    assert_eq!(rows(&store, empty).await, [[Value::Int(0)]]);
    server.drop_database().await;
}

#[tokio::test]
async fn what_the_catalog_holds_can_be_read() {
    let Some(server) = Server::for_test("catalog").await else {
        return;
    };
    let store = server.store();
    let read = select(
        "SELECT 'name'::name, 7::int4, 7::int2, 1.5::float4, table_name FROM information_schema.tables LIMIT 1",
        &[FieldType::Text, FieldType::Int, FieldType::Int, FieldType::Float, FieldType::Text],
    );
    let row = rows(&store, read).await.remove(0);
    assert_eq!(row[1..4], [Value::Int(7), Value::Int(7), Value::Float(1.5)]);
    for (text, field_type) in [
        ("SELECT 20::bigint", FieldType::Boolean),
        ("SELECT 'infinity'::timestamptz", FieldType::Timestamp),
        ("SELECT true", FieldType::Int),
        ("SELECT '20'::text", FieldType::Uuid),
    ] {
        let error = store.run(Job::one(select(text, &[field_type]))).await.expect_err(text);
        assert_eq!(error.code(), Code::DatabaseFailed, "{text}");
    }
    server.drop_database().await;
}

#[tokio::test]
async fn a_unique_violation_names_the_constraint_and_keeps_the_connection() {
    let Some(server) = Server::for_test("unique").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint CONSTRAINT acme__pk PRIMARY KEY)").await;
    store.run(Job::one(insert(1))).await.expect("inserted");
    for job in [Job::one(insert(1)), Job::atomic(vec![insert(2), insert(1)])] {
        let error = store.run(job).await.expect_err("twice");
        let hit = ConstraintHit::Constraint { name: "acme__pk".to_owned() };
        assert_eq!(error, StoreError::Unique(hit));
    }
    assert_eq!(count(&store, "t").await, 1);
    assert_eq!(server.source.stats().size, 1);
    server.drop_database().await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let Some(server) = Server::for_test("timeout").await else {
        return;
    };
    let source = server.source_with(|settings| settings.statement_ms_max = 100);
    let store = source.store(name("acme"), Place::Own);
    let error = store.run(Job::one(sleep("10"))).await.expect_err("too long");
    assert_eq!(error, StoreError::TimedOut { data_source: "main".to_owned(), ms: 100 });
    run(&store, "CREATE TABLE t (n bigint)").await;
    let error = store.run(Job::atomic(vec![insert(1), sleep("10")])).await.expect_err("too long");
    assert_eq!(error.code(), Code::DatabaseTimeout);
    assert_eq!(count(&store, "t").await, 0);
    source.close().await;
    server.drop_database().await;
}

#[tokio::test]
async fn the_session_is_set_up_by_its_first_message() {
    let Some(server) = Server::for_test("session").await else {
        return;
    };
    let store = server.store();
    let shown = |setting: &str| {
        let text = format!("SELECT current_setting('{setting}')");
        rows(&store, select(&text, &[FieldType::Text]))
    };
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(shown("TimeZone").await, [[text("UTC")]]);
    assert_eq!(shown("application_name").await, [[text("modelhost")]]);
    assert_eq!(shown("statement_timeout").await, [[text("5s")]]);
    assert_eq!(shown("lock_timeout").await, [[text("200ms")]]);
    assert_eq!(shown("search_path").await, [[text("public")]]);
    let info = server.source.probe().await.expect("usable");
    assert!(info.version.split('.').next().expect("a number").parse::<u32>().expect("a number") >= 14);
    server.drop_database().await;
}

#[tokio::test]
async fn a_plain_name_means_schema_public_whatever_the_role_and_the_database_prefer() {
    let Some(server) = Server::for_test("public").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint)").await;
    // It is named like the role, and holds a table of the same name.
    run(&store, "CREATE SCHEMA AUTHORIZATION CURRENT_USER CREATE TABLE t (n bigint)").await;
    let prefer = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO %I', current_database(), current_user); END $$";
    run(&store, prefer).await;
    let later = server.source_with(|_| {});
    for (at, store) in [store, later.store(name("acme"), Place::Own)].into_iter().enumerate() {
        store.run(Job::one(insert(7))).await.expect("inserted");
        let inserted = i64::try_from(at + 1).expect("small");
        assert_eq!((count(&store, "t").await, count(&store, "public.t").await), (inserted, inserted));
    }
    later.close().await;
    server.drop_database().await;
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back() {
    let Some(server) = Server::for_test("rollback").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint UNIQUE)").await;
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(Job::one(insert(1))).await.expect("written");
    drop(transaction);
    assert_eq!(count(&store, "t").await, 0);
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(Job::one(insert(1))).await.expect("written");
    transaction.rollback().await.expect("rolled back");
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(Job::atomic(vec![insert(1), insert(2)])).await.expect("written");
    transaction.commit().await.expect("committed");
    assert_eq!(count(&store, "t").await, 2);
    let mut transaction = store.begin().await.expect("begins");
    let error = transaction.run(Job::one(insert(1))).await.expect_err("twice");
    assert!(matches!(error, StoreError::Unique(_)), "{error:?}");
    let error = transaction.run(Job::one(insert(3))).await.expect_err("over");
    assert_eq!(error, StoreError::TransactionOver);
    assert_eq!(transaction.commit().await, Err(StoreError::TransactionOver));
    let job = Job::atomic(vec![sql("DELETE FROM t")]).expecting(Expect::ExactlyOne);
    assert!(matches!(store.run(job).await, Err(StoreError::Unexpected { found: 2, .. })));
    assert_eq!(count(&store, "t").await, 2);
    server.drop_database().await;
}

#[tokio::test]
async fn a_row_that_another_one_holds_is_busy() {
    let Some(server) = Server::for_test("busy").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint)").await;
    store.run(Job::one(insert(1))).await.expect("inserted");
    let update = || Job::one(sql("UPDATE t SET n = n + 1"));
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(update()).await.expect("written");
    let error = store.run(update()).await.expect_err("held");
    assert_eq!(error.code(), Code::DatabaseBusy);
    assert!(error.is_transient());
    transaction.commit().await.expect("committed");
    store.run(update()).await.expect("free");
    server.drop_database().await;
}

#[tokio::test]
async fn a_full_pool_says_so_and_how_full_it_is() {
    let Some(server) = Server::for_test("pool").await else {
        return;
    };
    let source = server.source_with(|settings| settings.connections_max = 1);
    let store = source.store(name("acme"), Place::Own);
    let transaction = store.begin().await.expect("begins");
    let error = store.run(Job::one(sleep("0"))).await.expect_err("full");
    let expected =
        StoreError::PoolExhausted { data_source: "main".to_owned(), size: 1, in_use: 1, waiting: 0, wait_ms: 200 };
    assert_eq!(error, expected);
    transaction.rollback().await.expect("rolled back");
    assert_eq!(source.stats().in_use, 0);
    source.close().await;
    let error = store.run(Job::one(sleep("0"))).await.expect_err("closed");
    assert!(matches!(error, StoreError::Closed { .. }));
    server.drop_database().await;
}

#[tokio::test]
async fn a_cancelled_statement_closes_its_connection() {
    let Some(server) = Server::for_test("cancel").await else {
        return;
    };
    let store = server.store();
    let pid = || select("SELECT pg_backend_pid()", &[FieldType::Int]);
    let before = rows(&store, pid()).await;
    let running = store.run(Job::one(sleep("0.3")));
    assert!(tokio::time::timeout(Duration::from_millis(50), running).await.is_err());
    let stats = server.source.stats();
    assert_eq!((stats.size, stats.in_use), (1, 1), "the server still works for it");
    assert_ne!(rows(&store, pid()).await, before);
    let closed = async {
        while server.source.stats().in_use > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("it is closed when the server is done");
    assert_ne!(rows(&store, pid()).await, before);
    server.drop_database().await;
}

#[tokio::test]
async fn callers_that_leave_take_no_more_of_the_server_than_the_pool_may() {
    let Some(server) = Server::for_test("leaving").await else {
        return;
    };
    let source = server.source_with(|settings| {
        settings.connections_max = 2;
        settings.wait_ms_max = 10_000;
    });
    let store = source.store(name("acme"), Place::Own);
    for _ in 0..6 {
        let running = store.run(Job::one(sleep("2")));
        assert!(tokio::time::timeout(Duration::from_millis(100), running).await.is_err());
    }
    assert_eq!((server.active().await, source.stats().size), (2, 2));
    assert_eq!(rows(&store, sleep("0")).await.len(), 1, "the places come back");
    source.close().await;
    server.drop_database().await;
}

#[tokio::test]
async fn a_lone_read_is_repeated_when_the_server_has_closed_its_connection() {
    let Some(server) = Server::for_test("retry").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint)").await;
    server.end_sessions().await;
    assert_eq!(count(&store, "t").await, 0, "read again on another connection");
    server.end_sessions().await;
    let error = store.run(Job::one(insert(1))).await.expect_err("a write is not repeated");
    assert_eq!(error.code(), Code::DatabaseConnectionLost);
    store.run(Job::one(insert(1))).await.expect("written");
    server.end_sessions().await;
    let transaction = store.begin().await.expect("begins on another connection");
    transaction.rollback().await.expect("rolled back");
    assert_eq!(count(&store, "t").await, 1);
    server.drop_database().await;
}

#[tokio::test]
async fn the_connection_that_served_a_namespace_last_is_preferred() {
    let Some(server) = Server::for_test("affinity").await else {
        return;
    };
    let (acme, globex) = (server.store(), server.source.store(name("globex"), Place::Own));
    let pid = || select("SELECT pg_backend_pid()", &[FieldType::Int]);
    // Two connections at once, so that there are two to choose from.
    let (one, other) = (acme.begin().await.expect("begins"), globex.begin().await.expect("begins"));
    one.rollback().await.expect("rolled back");
    other.rollback().await.expect("rolled back");
    let of_acme = rows(&acme, pid()).await;
    let of_globex = rows(&globex, pid()).await;
    assert_ne!(of_acme, of_globex);
    for _ in 0..3 {
        assert_eq!(rows(&acme, pid()).await, of_acme);
        assert_eq!(rows(&globex, pid()).await, of_globex);
    }
    server.drop_database().await;
}

#[tokio::test]
async fn the_lock_excludes_everybody_else_and_holds_no_snapshot() {
    let Some(server) = Server::for_test("lock").await else {
        return;
    };
    let store = server.store();
    let other_host = server.source_with(|_| {});
    let same = other_host.store(name("acme"), Place::Own);
    let held = store.lock(0).await.expect("the lock");
    let error = same.lock(60).await.expect_err("held");
    assert_eq!(error.code(), Code::SchemaLocked);
    other_host.store(name("globex"), Place::Own).lock(0).await.expect("another namespace's");
    let snapshots = select(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR state LIKE 'idle in%')",
        &[FieldType::Int],
    );
    assert_eq!(rows(&store, snapshots).await, [[Value::Int(0)]]);
    drop(held);
    same.lock(2_000).await.expect("it came free");
    server.drop_database().await;
}

#[tokio::test]
async fn wrong_password_and_missing_database_are_told_apart_by_a_real_server() {
    let Some(server) = Server::for_test("refused").await else {
        return;
    };
    let refusal = async |url: String| {
        let url = support::settings(&url, Path::new("/"));
        DataSource::new(DataSourceSettings { ..url }).probe().await.expect_err("refused")
    };
    let error = refusal(server.url_with("nobody-such", "wrong-secret", "postgres")).await;
    assert_eq!(error.code(), Code::DatabaseAuthFailed, "{error:?}");
    assert!(!support::everything_of(&error).contains("wrong-secret"));
    let error = refusal(server.url_of("no_such_database")).await;
    assert_eq!(error.code(), Code::DatabaseMissing, "{error:?}");
    let error = refusal(format!("{}?sslmode=require", server.url_of("postgres"))).await;
    assert_eq!(error.code(), Code::DatabaseTlsRequired, "{error:?}");
    server.drop_database().await;
}
