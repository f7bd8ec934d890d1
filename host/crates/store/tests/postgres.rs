//! PostgreSQL: does a real server agree with what the store promises?
//!
//! Runs where MODELHOST_TEST_POSTGRES names one; each test makes a database of its own.

mod support;

use std::path::Path;

use model::{Code, Describe, FieldType, Value};
use modelhost_store::{ConstraintHit, DataSource, Job, StoreError};
use sql::{Place, Statement};
use support::server::Server;
use support::values::binds_of_six;
use support::{count, name, rows, run, select, sql, with};

fn insert(value: i64) -> Statement {
    with(sql("INSERT INTO t (n) VALUES ($1)"), vec![Value::Int(value)])
}

fn sleep(seconds: &str) -> Statement {
    select(&format!("SELECT pg_sleep({seconds})::text"), &[FieldType::Text])
}

#[tokio::test]
async fn what_the_catalog_holds_can_be_read() {
    let Some(server) = Server::postgres("catalog").await else {
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
    let Some(server) = Server::postgres("unique").await else {
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
    let Some(server) = Server::postgres("timeout").await else {
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
    let Some(server) = Server::postgres("session").await else {
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
    let Some(server) = Server::postgres("public").await else {
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
async fn a_row_that_another_one_holds_is_busy() {
    let Some(server) = Server::postgres("busy").await else {
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
async fn the_lock_excludes_everybody_else_and_holds_no_snapshot() {
    let Some(server) = Server::postgres("lock").await else {
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
async fn a_server_without_tls_is_told_from_one_that_is_not_there() {
    let Some(server) = Server::postgres("tls").await else {
        return;
    };
    let url = format!("{}?sslmode=require", server.url_of("postgres"));
    let error = DataSource::new(support::settings(&url, Path::new("/"))).probe().await.expect_err("refused");
    assert_eq!(error.code(), Code::DatabaseTlsRequired, "{error:?}");
    server.drop_database().await;
}

#[tokio::test]
async fn what_is_stored_means_the_same_to_the_server() {
    let Some(server) = Server::postgres("meaning").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (a timestamptz, b date, c time, d decimal(38,9), e uuid, f double precision)").await;
    let mut insert = sql("INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)");
    insert.binds = binds_of_six();
    store.run(Job::one(insert)).await.expect("inserted");
    let read = select("SELECT concat_ws(' ', a, b, c, d, e, f) FROM t", &[FieldType::Text]);
    insta::assert_snapshot!(format!("{:?}", rows(&store, read).await[0][0]), @r#"Text("1969-12-31 23:59:59.999999+00 0001-01-01 09:30:00.25 -99999999999999999999999999999.999999999 018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77 -1.5")"#);
    server.drop_database().await;
}
