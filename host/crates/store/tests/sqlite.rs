//! SQLite: does a real file agree with what the store promises?

mod support;

use std::sync::Arc;
use std::time::Duration;

use model::{Code, Describe, FieldType, Value};
use modelhost_store::{ConstraintHit, DataSource, DataSourceSettings, Durability, Expect, Job, StoreError};
use sql::{Bind, Place, Repeats, Statement};
use support::{count, file_store, name, rows, run, select, settings, sql, with};

/// Counts to a number: runs as long as one likes.
fn long_select(to: &str) -> Statement {
    let text = format!(
        "SELECT max(n) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {to}) SELECT n FROM c)"
    );
    select(&text, &[FieldType::Int])
}

fn insert(value: i64) -> Statement {
    with(sql("INSERT INTO t (n) VALUES (?1)"), vec![Value::Int(value)])
}

#[tokio::test]
async fn a_column_of_another_type_is_an_error_and_not_a_conversion() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    for (text, field_type) in [
        ("SELECT '20'", FieldType::Int),
        ("SELECT 20", FieldType::Text),
        ("SELECT 2", FieldType::Boolean),
        ("SELECT x'00'", FieldType::Uuid),
        ("SELECT 1", FieldType::Float),
    ] {
        let error = store.run(Job::one(select(text, &[field_type]))).await.expect_err(text);
        assert_eq!(error.code(), Code::DatabaseFailed, "{text}");
    }
}

#[tokio::test]
async fn a_unique_violation_names_table_and_columns() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT) STRICT").await;
    run(&store, "CREATE UNIQUE INDEX t_ab ON t (a, b)").await;
    run(&store, "INSERT INTO t VALUES (1, 'x', 'y')").await;
    let hit = async |text| match store.run(Job::one(sql(text))).await {
        Err(StoreError::Unique(ConstraintHit::Columns { table, columns })) => {
            format!("{table}: {}", columns.join(", "))
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(hit("INSERT INTO t VALUES (2, 'x', 'y')").await, "t: a, b");
    assert_eq!(hit("INSERT INTO t VALUES (1, 'z', 'y')").await, "t: id");
    let error = store.run(Job::one(sql("INSERT INTO nothing VALUES (1)"))).await;
    assert!(matches!(error, Err(StoreError::Failed { .. })), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_stopped_and_leaves_no_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(DataSourceSettings {
        statement_ms_max: 50,
        ..settings("sqlite:{namespace}.db", folder.path())
    });
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let error = store.run(Job::one(long_select("1000000000"))).await.expect_err("too long");
    assert_eq!(error, StoreError::TimedOut { data_source: "main".to_owned(), ms: 50 });
    let write = "INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c";
    let error = store.run(Job::one(sql(write))).await.expect_err("too long");
    assert_eq!(error.code(), Code::DatabaseTimeout);
    let error = store.run(Job::atomic(vec![insert(1), sql(write)])).await.expect_err("too long");
    assert_eq!(error.code(), Code::DatabaseTimeout);
    assert_eq!(count(&store, "t").await, 0);
    let outside = rusqlite::Connection::open(folder.path().join("acme.db")).expect("opens");
    outside.execute("INSERT INTO t VALUES (7)", []).expect("nobody holds the lock");
    assert_eq!(count(&store, "t").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_longer_than_the_budget_in_place_still_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    let before = store.statements();
    assert_eq!(rows(&store, long_select("300000")).await, [[Value::Int(300_000)]]);
    assert_eq!(store.statements() - before, 1, "the attempt in place is not counted");
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let many =
        "INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 50000) SELECT n FROM c";
    let answers = store.run(Job::atomic(vec![insert(0), sql(many)])).await.expect("written");
    assert_eq!((answers[0].affected, answers[1].affected), (1, 50_000));
    assert_eq!(count(&store, "t").await, 50_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_future_stops_its_statement() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let endless = "INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c";
    let running = store.run(Job::one(sql(endless)));
    let dropped = tokio::time::timeout(Duration::from_millis(30), running).await;
    assert!(dropped.is_err(), "it was still running");
    // The writer is free again long before the statement's own deadline of five seconds.
    let answers = store.run(Job::one(insert(1))).await.expect("the writer is free");
    assert_eq!(answers[0].affected, 1);
    assert_eq!(count(&store, "t").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_program_writes_is_busy_and_then_free() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(settings("sqlite:{namespace}.db", folder.path()));
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let outside = rusqlite::Connection::open(folder.path().join("acme.db")).expect("opens");
    outside.execute_batch("BEGIN IMMEDIATE").expect("begins");
    let error = store.run(Job::one(insert(1))).await.expect_err("busy");
    assert_eq!(error.code(), Code::DatabaseBusy);
    assert!(error.is_transient());
    assert_eq!(store.begin().await.expect_err("busy").code(), Code::DatabaseBusy);
    assert_eq!(count(&store, "t").await, 0, "readers don't wait for writers");
    let waiting = {
        let store = store.clone();
        tokio::spawn(async move { store.run(Job::one(insert(2))).await })
    };
    while source.stats().in_use == 0 {
        tokio::task::yield_now().await;
    }
    outside.execute_batch("COMMIT").expect("commits");
    waiting.await.expect("no panic").expect("the lock came free in time");
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let memory = DataSource::new(settings("sqlite::memory:", folder.path()));
    for store in [file_store(folder.path()), memory.store(name("acme"), Place::Own)] {
        run(&store, "CREATE TABLE t (n INTEGER UNIQUE) STRICT").await;
        let mut transaction = store.begin().await.expect("begins");
        transaction.run(Job::one(insert(1))).await.expect("written");
        drop(transaction);
        assert_eq!(count(&store, "t").await, 0);

        let mut transaction = store.begin().await.expect("begins");
        transaction.run(Job::one(insert(1))).await.expect("written");
        transaction.rollback().await.expect("rolled back");
        assert_eq!(count(&store, "t").await, 0);

        let mut transaction = store.begin().await.expect("begins");
        let answer = transaction.run(Job::atomic(vec![insert(1), insert(2)])).await;
        assert_eq!(answer.expect("written").len(), 2);
        transaction.commit().await.expect("committed");
        assert_eq!(count(&store, "t").await, 2);
    }
}

#[tokio::test]
async fn a_failed_statement_ends_its_transaction() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, "CREATE TABLE t (n INTEGER UNIQUE) STRICT").await;
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(Job::one(insert(1))).await.expect("written");
    let error = transaction.run(Job::one(insert(1))).await.expect_err("twice");
    assert!(matches!(error, StoreError::Unique(_)), "{error:?}");
    let error = transaction.run(Job::one(insert(2))).await.expect_err("over");
    assert_eq!(error, StoreError::TransactionOver);
    assert_eq!(transaction.commit().await, Err(StoreError::TransactionOver));
    assert_eq!(count(&store, "t").await, 0);
}

#[tokio::test]
async fn a_job_that_finds_another_number_of_rows_does_not_happen() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    store.run(Job::atomic(vec![insert(1), insert(2)])).await.expect("written");
    let delete = || Job::atomic(vec![sql("DELETE FROM t")]);
    let error = store.run(delete().expecting(Expect::ExactlyOne)).await.expect_err("two");
    assert_eq!(error, StoreError::Unexpected { expected: Expect::ExactlyOne, found: 2 });
    assert_eq!(count(&store, "t").await, 2);
    let one = select("SELECT n FROM t WHERE n = 9", &[FieldType::Int]);
    store.run(Job::one(one.clone()).expecting(Expect::AtMostOne)).await.expect("none");
    assert!(store.run(Job::one(one).expecting(Expect::ExactlyOne)).await.is_err());
    let returning = select("DELETE FROM t WHERE n = 1 RETURNING n", &[FieldType::Int]);
    let answers = store.run(Job::one(returning).expecting(Expect::ExactlyOne)).await.expect("one");
    assert_eq!((answers[0].affected, &answers[0].rows), (1, &vec![vec![Value::Int(1)]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_writer_at_a_time_and_the_others_wait_or_hear_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(settings("sqlite:{namespace}.db", folder.path()));
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let transaction = store.begin().await.expect("begins");
    let error = store.run(Job::one(insert(1))).await.expect_err("no writer");
    let StoreError::PoolExhausted { size, in_use, waiting, wait_ms, longest, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!((size, in_use, waiting, wait_ms), (1, 1, 0, 200));
    let longest = longest.expect("a holder");
    assert_eq!((longest.namespace, longest.ms >= 200), (name("acme"), true));
    transaction.rollback().await.expect("rolled back");
    let writers: Vec<_> = (0..50)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.run(Job::one(insert(n))).await })
        })
        .collect();
    for writer in writers {
        writer.await.expect("no panic").expect("written");
    }
    assert_eq!(count(&store, "t").await, 50);
    let stats = source.stats();
    assert_eq!((stats.in_use, stats.waiting, stats.longest), (0, 0, None));
}

#[tokio::test]
async fn binds_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    let few = select("SELECT ?1 + ?2", &[FieldType::Int]);
    let error = store.run(Job::one(with(few, vec![Value::Int(1)]))).await.expect_err("one bind");
    assert_eq!(error.code(), Code::DatabaseFailed);
    let mut list = select("SELECT ?1", &[FieldType::Int]);
    list.binds = vec![Bind::List(FieldType::Int, vec![Value::Int(1)])];
    assert!(store.run(Job::one(list)).await.is_err());
}

#[tokio::test]
async fn full_durability_writes_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(DataSourceSettings {
        durability: Durability::Full,
        ..settings("sqlite:{namespace}.db", folder.path())
    });
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    run(&store, "INSERT INTO t VALUES (1)").await;
    let mut transaction = store.begin().await.expect("begins");
    transaction.run(Job::one(insert(2))).await.expect("written");
    transaction.commit().await.expect("committed");
    assert_eq!(count(&store, "t").await, 2);
}

fn repeated(values: impl IntoIterator<Item = i64>) -> Statement {
    let rows: Arc<Vec<_>> = Arc::new(values.into_iter().map(|value| vec![Value::Int(value)]).collect());
    let repeats = Some(Repeats { range: 0..rows.len(), rows, at_once: 1, fields: vec![(0, FieldType::Int)] });
    Statement { repeats, ..sql("INSERT OR IGNORE INTO t (n) VALUES (?1)") }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_statement_counts_what_was_written_and_happens_whole_or_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, "CREATE TABLE t (n INTEGER UNIQUE CHECK (n < 100)) STRICT").await;
    let before = store.statements();
    let answers = store.run(Job::atomic(vec![insert(0), repeated([1, 0, 2])])).await.expect("written");
    assert_eq!((answers[0].affected, answers[1].affected), (1, 2));
    assert_eq!(store.statements() - before, 4, "BEGIN, two statements, COMMIT");
    let plain = Statement { repeats: repeated([3, 4, 0]).repeats, ..sql("INSERT INTO t (n) VALUES (?1)") };
    let error = store.run(Job::one(plain)).await.expect_err("0 is there");
    assert!(matches!(error, StoreError::Unique(_)), "{error:?}");
    assert_eq!(count(&store, "t").await, 3);
    let mut transaction = store.begin().await.expect("begins");
    let answers = transaction.run(Job::one(repeated(5..50))).await.expect("written");
    assert_eq!(answers[0].affected, 45);
    transaction.commit().await.expect("committed");
    assert_eq!(count(&store, "t").await, 48);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_that_take_too_long_together_are_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(DataSourceSettings {
        statement_ms_max: 20,
        ..settings("sqlite:{namespace}.db", folder.path())
    });
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let error = store.run(Job::atomic(vec![repeated(0..1_000_000)])).await.expect_err("too long");
    assert_eq!(error, StoreError::TimedOut { data_source: "main".to_owned(), ms: 20 });
    assert_eq!(count(&store, "t").await, 0);
}
