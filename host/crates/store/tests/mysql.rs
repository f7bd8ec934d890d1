//! MySQL and MariaDB: does a real server agree with what the store promises?
//!
//! Runs where MODELHOST_TEST_MYSQL names one; each test makes a database of its own.

mod support;

use std::path::Path;

use model::{Code, Describe, FieldType, Value};
use modelhost_store::{ConstraintHit, DataSource, Expect, Job, StoreError};
use sql::{Place, Statement};
use support::server::Server;
use support::values::binds_of_six;
use support::{count, name, rows, run, select, sql, with};

const SETTINGS: [&str; 8] = [
    "@@time_zone",
    "@@character_set_client",
    "@@character_set_results",
    "@@collation_connection",
    "@@autocommit + 0",
    "@@innodb_lock_wait_timeout",
    "@@lock_wait_timeout",
    "'\\n' = CONCAT('\\', 'n')",
];

fn insert(value: i64) -> Statement {
    with(sql("INSERT INTO t (n) VALUES (?)"), vec![Value::Int(value)])
}

/// Takes as long as one likes, and is no sleep, which MySQL merely wakes up.
fn endless() -> Statement {
    let tables = ["a", "b", "c", "d", "e", "f"].map(|alias| format!("information_schema.collations {alias}"));
    let text = format!("SELECT count(*) FROM {} WHERE a.id + b.id + c.id + d.id + e.id + f.id < 0", tables.join(", "));
    select(&text, &[FieldType::Int])
}

#[tokio::test]
async fn the_session_is_ours_whatever_the_server_prefers() {
    let Some(server) = Server::mysql("session").await else {
        return;
    };
    let store = server.store();
    let shown = async |expression: &str| {
        let text = format!("SELECT CAST({expression} AS CHAR)");
        match rows(&store, select(&text, &[FieldType::Text])).await.remove(0).remove(0) {
            Value::Text(text) => format!("{expression}: {text}"),
            other => panic!("{other:?}"),
        }
    };
    let info = server.source.probe().await.expect("usable");
    let is_mariadb = info.version.contains("MariaDB");
    let (isolation, limit) = match is_mariadb {
        true => ("@@tx_isolation", "@@max_statement_time * 1000"),
        false => ("@@transaction_isolation", "@@max_execution_time"),
    };
    let mut lines = Vec::new();
    for expression in SETTINGS.iter().chain([&isolation]) {
        lines.push(shown(expression).await);
    }
    let modes = shown("@@sql_mode").await;
    let mut modes: Vec<_> = modes.trim_start_matches("@@sql_mode: ").split(',').collect();
    modes.sort_unstable();
    lines.push(modes.join("\n"));
    let text = lines.join("\n").replace(isolation, "isolation");
    insta::assert_snapshot!(text, @r"
    @@time_zone: +00:00
    @@character_set_client: utf8mb4
    @@character_set_results: utf8mb4
    @@collation_connection: utf8mb4_bin
    @@autocommit + 0: 1
    @@innodb_lock_wait_timeout: 1
    @@lock_wait_timeout: 1
    '\n' = CONCAT('\', 'n'): 1
    isolation: READ-COMMITTED
    ERROR_FOR_DIVISION_BY_ZERO
    NO_BACKSLASH_ESCAPES
    NO_ENGINE_SUBSTITUTION
    NO_ZERO_DATE
    NO_ZERO_IN_DATE
    STRICT_ALL_TABLES
    ");
    let limit = shown(limit).await;
    assert!(limit.contains(": 5000"), "{limit}");
    assert!(info.connections_max.is_some_and(|max| max > 1), "{info:?}");
    server.drop_database().await;
}

#[tokio::test]
async fn what_the_catalog_holds_can_be_read() {
    let Some(server) = Server::mysql("catalog").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (a bigint unsigned, b tinyint, c smallint unsigned, d float, e int)").await;
    run(&store, "INSERT INTO t VALUES (9223372036854775807, -7, 65535, 1.5, -8)").await;
    let types = [FieldType::Int, FieldType::Int, FieldType::Int, FieldType::Float, FieldType::Int];
    let found = rows(&store, select("SELECT * FROM t", &types)).await;
    let expected = [i64::MAX, -7, 65_535].map(Value::Int).to_vec();
    assert_eq!(found, [[expected, vec![Value::Float(1.5), Value::Int(-8)]].concat()]);
    let names = select(
        "SELECT column_name, ordinal_position, character_maximum_length FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY ordinal_position",
        &[FieldType::Text, FieldType::Int, FieldType::Int],
    );
    assert_eq!(rows(&store, names).await[1], [Value::Text("b".to_owned()), Value::Int(2), Value::Null]);
    for (text, field_type) in [
        ("SELECT 20", FieldType::Text),
        ("SELECT '20'", FieldType::Int),
        ("SELECT 2", FieldType::Boolean),
        ("SELECT '20'", FieldType::Bytes),
        ("SELECT X'20'", FieldType::Text),
        ("SELECT X'20'", FieldType::Uuid),
        ("SELECT CAST('-10:00:00' AS TIME)", FieldType::Time),
        ("SELECT CAST('24:00:00' AS TIME)", FieldType::Time),
        ("SELECT CAST(18446744073709551615 AS UNSIGNED)", FieldType::Int),
    ] {
        let error = store.run(Job::one(select(text, &[field_type]))).await.expect_err(text);
        assert_eq!(error.code(), Code::DatabaseFailed, "{text}");
    }
    server.drop_database().await;
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_an_error_and_not_another_value() {
    let Some(server) = Server::mysql("strict").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (a varchar(3), b tinyint, c date)").await;
    for text in [
        "INSERT INTO t (a) VALUES ('four')",
        "INSERT INTO t (b) VALUES (300)",
        "INSERT INTO t (c) VALUES ('0000-00-00')",
    ] {
        let error = store.run(Job::one(sql(text))).await.expect_err(text);
        assert_eq!(error.code(), Code::DatabaseFailed, "{text}");
    }
    run(&store, "INSERT INTO t (a) VALUES ('\\')").await;
    let found = rows(&store, select("SELECT a FROM t", &[FieldType::Text])).await;
    assert_eq!(found, [[Value::Text("\\".to_owned())]], "a backslash is a backslash");
    server.drop_database().await;
}

#[tokio::test]
async fn a_unique_violation_names_the_index_or_the_key_and_keeps_the_connection() {
    let Some(server) = Server::mysql("unique").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint PRIMARY KEY, a varchar(20), UNIQUE INDEX acme__ix_1 (a))").await;
    store.run(Job::one(insert(1))).await.expect("inserted");
    for job in [Job::one(insert(1)), Job::atomic(vec![insert(2), insert(1)])] {
        let error = store.run(job).await.expect_err("twice");
        assert_eq!(error, StoreError::Unique(ConstraintHit::Key));
    }
    run(&store, "UPDATE t SET a = 'it''s for key ''x'''").await;
    let again = "INSERT INTO t VALUES (3, 'it''s for key ''x''')";
    let error = store.run(Job::one(sql(again))).await.expect_err("twice");
    let hit = ConstraintHit::Constraint { name: "acme__ix_1".to_owned() };
    assert_eq!(error, StoreError::Unique(hit));
    assert_eq!(count(&store, "t").await, 1);
    assert_eq!(server.source.stats().size, 1);
    server.drop_database().await;
}

#[tokio::test]
async fn a_key_that_the_database_makes_is_answered_and_rows_that_are_found_count() {
    let Some(server) = Server::mysql("generated").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, n bigint)").await;
    for key in 1..=2 {
        let answers = store.run(Job::one(insert(7))).await.expect("inserted");
        assert_eq!((answers[0].generated, answers[0].affected), (Some(key), 1));
    }
    let answers = store.run(Job::one(sql("INSERT INTO t (n) VALUES (1), (2)"))).await.expect("inserted");
    assert_eq!((answers[0].generated, answers[0].affected), (Some(3), 2), "the first of them");
    let answers = store.run(Job::one(sql("UPDATE t SET n = 7 WHERE n = 7"))).await.expect("updated");
    assert_eq!((answers[0].generated, answers[0].affected), (None, 2), "also where nothing changed");
    server.drop_database().await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let Some(server) = Server::mysql("timeout").await else {
        return;
    };
    let source = server.source_with(|settings| settings.statement_ms_max = 100);
    let store = source.store(name("acme"), Place::Own);
    let error = store.run(Job::one(endless())).await.expect_err("too long");
    assert_eq!(error, StoreError::TimedOut { data_source: "main".to_owned(), ms: 100 });
    run(&store, "CREATE TABLE t (n bigint)").await;
    let error = store.run(Job::atomic(vec![insert(1), endless()])).await.expect_err("too long");
    assert_eq!(error.code(), Code::DatabaseTimeout);
    assert_eq!(count(&store, "t").await, 0);
    source.close().await;
    server.drop_database().await;
}

#[tokio::test]
async fn a_job_with_schema_changes_runs_in_order_and_stops_at_the_first_failure() {
    let Some(server) = Server::mysql("schema").await else {
        return;
    };
    let store = server.store();
    let before = store.statements();
    let job = Job::atomic(vec![sql("CREATE TABLE t (n bigint PRIMARY KEY)"), insert(1), insert(1), insert(2)]);
    let error = store.run(job).await.expect_err("twice");
    assert_eq!(error, StoreError::Unique(ConstraintHit::Key));
    assert_eq!(store.statements() - before, 3, "no BEGIN that would promise a way back");
    assert_eq!(count(&store, "t").await, 1, "what ran before stays");
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(Job::one(insert(3))).await.expect("inserted");
    let error = transaction.run(Job::one(sql("CREATE TABLE v (n bigint)"))).await.expect_err("it would commit");
    assert_eq!(error.code(), Code::DatabaseFailed);
    assert_eq!(transaction.commit().await, Err(StoreError::TransactionOver));
    assert_eq!(count(&store, "t").await, 1, "the transaction is rolled back");
    let none = Job::atomic(vec![sql("CREATE TABLE u (n bigint)"), sql("DELETE FROM t WHERE n = 9")]);
    let error = store.run(none.expecting(Expect::ExactlyOne)).await.expect_err("none");
    assert_eq!(error, StoreError::Unexpected { expected: Expect::ExactlyOne, found: 0 });
    server.drop_database().await;
}

#[tokio::test]
async fn a_row_that_another_one_holds_is_busy() {
    let Some(server) = Server::mysql("busy").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (n bigint)").await;
    store.run(Job::one(insert(1))).await.expect("inserted");
    let update = || Job::one(sql("UPDATE t SET n = n + 1"));
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(update()).await.expect("written");
    let error = store.run(update()).await.expect_err("held");
    let StoreError::Busy { wait_ms, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!((wait_ms, error.is_transient()), (1_000, true), "the server counts seconds");
    let error = store.run(Job::one(sql("ALTER TABLE t ADD COLUMN m bigint"))).await.expect_err("in use");
    assert_eq!(error.code(), Code::DatabaseBusy);
    transaction.commit().await.expect("committed");
    store.run(update()).await.expect("free");
    server.drop_database().await;
}

#[tokio::test]
async fn a_deadlock_is_busy_for_one_of_two() {
    let Some(server) = Server::mysql("deadlock").await else {
        return;
    };
    let source = server.source_with(|settings| settings.wait_ms_max = 20_000);
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n bigint PRIMARY KEY, m bigint)").await;
    run(&store, "INSERT INTO t VALUES (1, 0), (2, 0)").await;
    let update = |n: i64| Job::one(with(sql("UPDATE t SET m = m + 1 WHERE n = ?"), vec![Value::Int(n)]));
    let (mut one, mut other) = (store.begin().await.expect("begins"), store.begin().await.expect("begins"));
    one.run(update(1)).await.expect("written");
    other.run(update(2)).await.expect("written");
    let (first, second) = tokio::join!(one.run(update(2)), other.run(update(1)));
    let errors: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
    assert_eq!(errors.iter().map(Describe::code).collect::<Vec<_>>(), [Code::DatabaseBusy], "{errors:?}");
    drop((one, other));
    source.close().await;
    server.drop_database().await;
}

#[tokio::test]
async fn the_lock_excludes_everybody_else_and_holds_no_snapshot() {
    let Some(server) = Server::mysql("lock").await else {
        return;
    };
    let store = server.store();
    let other_host = server.source_with(|_| {});
    let same = other_host.store(name("acme"), Place::Own);
    let held = store.lock(0).await.expect("the lock");
    let error = same.lock(60).await.expect_err("held");
    assert_eq!(error.code(), Code::SchemaLocked);
    other_host.store(name("globex"), Place::Own).lock(0).await.expect("another namespace's");
    let text = format!(
        "SELECT count(*) FROM information_schema.innodb_trx x JOIN information_schema.processlist p ON p.id = x.trx_mysql_thread_id WHERE p.db = '{}'",
        server.database()
    );
    assert_eq!(rows(&store, select(&text, &[FieldType::Int])).await, [[Value::Int(0)]]);
    drop(held);
    same.lock(2_000).await.expect("it came free");
    server.drop_database().await;
}

#[tokio::test]
async fn a_user_without_rights_on_the_database_is_refused() {
    let Some(server) = Server::mysql("rights").await else {
        return;
    };
    let user = format!("stranger_{}", std::process::id());
    server.as_admin(&format!("CREATE USER {user}@'%' IDENTIFIED BY 'sesame'")).await;
    let url = server.url_with(&user, "sesame", server.database());
    let error = DataSource::new(support::settings(&url, Path::new("/"))).probe().await.expect_err("refused");
    server.as_admin(&format!("DROP USER {user}@'%'")).await;
    assert_eq!(error.code(), Code::DatabaseAuthFailed, "{error:?}");
    server.drop_database().await;
}

#[tokio::test]
async fn what_is_stored_means_the_same_to_the_server() {
    let Some(server) = Server::mysql("meaning").await else {
        return;
    };
    let store = server.store();
    run(&store, "CREATE TABLE t (a datetime(6), b date, c time(6), d decimal(38,9), e binary(16), f double)").await;
    let mut insert = sql("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)");
    insert.binds = binds_of_six();
    store.run(Job::one(insert)).await.expect("inserted");
    let read = select("SELECT CONCAT_WS(' ', a, b, c, d, HEX(e), f) FROM t", &[FieldType::Text]);
    insta::assert_snapshot!(format!("{:?}", rows(&store, read).await[0][0]), @r#"Text("1969-12-31 23:59:59.999999 0001-01-01 09:30:00.250000 -99999999999999999999999999999.999999999 018F4E9C3B1A7CC29D550B6F6A3E1C77 -1.5")"#);
    server.drop_database().await;
}
