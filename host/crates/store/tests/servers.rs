//! Servers of every kind: does a real one agree with what the store promises, whatever it is?
//!
//! Runs where the servers' variables name some; each test makes a database of its own. What only one kind does is in
//! `postgres.rs` and `mysql.rs`.

mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::{Code, Describe, FieldType};
use modelhost_store::{DataSource, Expect, Job, Store, StoreError};
use sql::{Place, Repeats, Statement};
use support::server::{Kind, Server};
use support::{count, name, rows, run, select, sql};

fn insert(value: i64) -> Statement {
    sql(&format!("INSERT INTO t (n) VALUES ({value})"))
}

impl Server {
    fn sleep(&self, seconds: &str) -> Statement {
        match self.kind {
            Kind::Postgres => select(&format!("SELECT pg_sleep({seconds})::text"), &[FieldType::Text]),
            Kind::Mysql => select(&format!("SELECT SLEEP({seconds})"), &[FieldType::Int]),
        }
    }

    /// Which connection a store uses.
    async fn session(&self, store: &Store) -> Vec<model::Row> {
        let text = match self.kind {
            Kind::Postgres => "SELECT pg_backend_pid()",
            Kind::Mysql => "SELECT CONNECTION_ID()",
        };
        rows(store, select(text, &[FieldType::Int])).await
    }
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back() {
    for server in Server::all("rollback").await {
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
}

#[tokio::test]
async fn a_full_pool_says_so_and_how_full_it_is() {
    for server in Server::all("pool").await {
        let source = server.source_with(|settings| settings.connections_max = 1);
        let store = source.store(name("acme"), Place::Own);
        let transaction = store.begin().await.expect("begins");
        let error = store.run(Job::one(server.sleep("0"))).await.expect_err("full");
        let StoreError::PoolExhausted { data_source, size, in_use, waiting, wait_ms, longest } = error else {
            panic!("{error:?}");
        };
        assert_eq!((data_source.as_str(), size, in_use, waiting, wait_ms), ("main", 1, 1, 0, 200));
        let longest = longest.expect("a holder");
        assert_eq!((longest.namespace, longest.ms >= 200), (name("acme"), true));
        transaction.rollback().await.expect("rolled back");
        let stats = source.stats();
        assert_eq!((stats.in_use, stats.longest), (0, None));
        source.close().await;
        let error = store.run(Job::one(server.sleep("0"))).await.expect_err("closed");
        assert!(matches!(error, StoreError::Closed { .. }));
        server.drop_database().await;
    }
}

#[tokio::test]
async fn a_cancelled_statement_closes_its_connection() {
    for server in Server::all("cancel").await {
        let store = server.store();
        let before = server.session(&store).await;
        let running = store.run(Job::one(server.sleep("0.3")));
        assert!(tokio::time::timeout(Duration::from_millis(50), running).await.is_err());
        let stats = server.source.stats();
        assert_eq!((stats.size, stats.in_use), (1, 1), "the server still works for it");
        assert_ne!(server.session(&store).await, before);
        let closed = async {
            while server.source.stats().in_use > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), closed).await.expect("it is closed when the server is done");
        assert_ne!(server.session(&store).await, before);
        server.drop_database().await;
    }
}

#[tokio::test]
async fn callers_that_leave_take_no_more_of_the_server_than_the_pool_may() {
    for server in Server::all("leaving").await {
        let source = server.source_with(|settings| {
            settings.connections_max = 2;
            settings.wait_ms_max = 10_000;
        });
        let store = source.store(name("acme"), Place::Own);
        for _ in 0..6 {
            let running = store.run(Job::one(server.sleep("2")));
            assert!(tokio::time::timeout(Duration::from_millis(100), running).await.is_err());
        }
        assert_eq!((server.active().await, source.stats().size), (2, 2));
        assert_eq!(rows(&store, server.sleep("0")).await.len(), 1, "the places come back");
        source.close().await;
        server.drop_database().await;
    }
}

#[tokio::test]
async fn a_lone_read_is_repeated_when_the_server_has_closed_its_connection() {
    for server in Server::all("retry").await {
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
}

#[tokio::test]
async fn the_connection_that_served_a_namespace_last_is_preferred() {
    for server in Server::all("affinity").await {
        let (acme, globex) = (server.store(), server.source.store(name("globex"), Place::Own));
        // Two connections at once, so that there are two to choose from.
        let (one, other) = (acme.begin().await.expect("begins"), globex.begin().await.expect("begins"));
        one.rollback().await.expect("rolled back");
        other.rollback().await.expect("rolled back");
        let of_acme = server.session(&acme).await;
        let of_globex = server.session(&globex).await;
        assert_ne!(of_acme, of_globex);
        for _ in 0..3 {
            assert_eq!(server.session(&acme).await, of_acme);
            assert_eq!(server.session(&globex).await, of_globex);
        }
        server.drop_database().await;
    }
}

#[tokio::test]
async fn wrong_password_and_missing_database_are_told_apart_by_a_real_server() {
    for server in Server::all("refused").await {
        let refusal = async |url: String| {
            DataSource::new(support::settings(&url, Path::new("/"))).probe().await.expect_err("refused")
        };
        let error = refusal(server.url_with("nobody-such", "wrong-secret", server.database())).await;
        assert_eq!(error.code(), Code::DatabaseAuthFailed, "{error:?}");
        assert!(!support::everything_of(&error).contains("wrong-secret"));
        let error = refusal(server.url_of("no_such_database")).await;
        assert_eq!(error.code(), Code::DatabaseMissing, "{error:?}");
        server.drop_database().await;
    }
}

#[tokio::test]
async fn repeats_are_refused_before_anything_happens() {
    for server in Server::all("repeats").await {
        let store = server.store();
        run(&store, "CREATE TABLE t (n bigint)").await;
        let repeats =
            Some(Repeats { rows: Arc::new(vec![Vec::new(); 2]), range: 0..2, at_once: 1, fields: Vec::new() });
        let repeated = Statement { repeats, ..insert(1) };
        let error = store.run(Job::atomic(vec![insert(0), repeated])).await.expect_err("refused");
        assert_eq!(error.code(), Code::DatabaseFailed);
        assert_eq!(count(&store, "t").await, 0);
        server.drop_database().await;
    }
}

#[tokio::test]
async fn an_attempt_that_fails_takes_back_only_its_own_statements() {
    let stores = support::stores("attempt").await;
    for (store, _) in &stores {
        run(store, "CREATE TABLE t (n bigint UNIQUE)").await;
        let mut transaction = store.begin().await.expect("begins");
        transaction.run(Job::one(insert(1))).await.expect("written");
        let twice = Job::atomic(vec![insert(2), insert(1)]);
        let error = transaction.attempt(twice).await.expect_err("twice");
        assert!(matches!(error, StoreError::Unique(_)), "{error:?}");
        transaction.attempt(Job::one(insert(3))).await.expect("written");
        transaction.commit().await.expect("committed");
        assert_eq!(count(store, "t").await, 2, "{:?}", store.dialect());
    }
    support::end(stores).await;
}
