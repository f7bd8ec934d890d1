//! References between records on every database: which way one was hit, and its name where the database tells.

mod support;

use modelhost_store::{Job, ReferenceHit, Store, StoreError};
use sql::Dialect;
use support::{count, run, sql};

const PARENT: &str = "CREATE TABLE p (id bigint PRIMARY KEY)";
const CHILD: &str = "CREATE TABLE c (id bigint PRIMARY KEY, p bigint, r bigint, d bigint, \
    CONSTRAINT acme__fk_1 FOREIGN KEY (p) REFERENCES p (id), \
    CONSTRAINT acme__fk_2 FOREIGN KEY (r) REFERENCES p (id) ON DELETE RESTRICT, \
    CONSTRAINT acme__fk_3 FOREIGN KEY (d) REFERENCES p (id) ON DELETE CASCADE)";

async fn hit(store: &Store, text: &str) -> ReferenceHit {
    let alone = store.run(Job::one(sql(text))).await.expect_err(text);
    let within = store.run(Job::atomic(vec![sql("DELETE FROM p WHERE id = 99"), sql(text)])).await.expect_err(text);
    assert_eq!(alone, within);
    assert!(!alone.is_transient());
    match alone {
        StoreError::Reference(hit) => hit,
        other => panic!("{:?}, {text}: {other:?}", store.dialect()),
    }
}

#[tokio::test]
async fn a_reference_that_is_hit_is_told_with_its_way_and_its_name() {
    for (store, server) in support::stores("references").await {
        for text in [PARENT, CHILD, "INSERT INTO p VALUES (1), (2), (3)", "INSERT INTO c VALUES (1, 1, 2, 3)"] {
            run(&store, text).await;
        }
        let constraint = |name: &str| (store.dialect() != Dialect::Sqlite).then(|| name.to_owned());
        let missing = |name| ReferenceHit::Missing { constraint: constraint(name) };
        let restricted = |name| ReferenceHit::Restricted { constraint: constraint(name) };
        assert_eq!(hit(&store, "INSERT INTO c VALUES (2, 9, NULL, NULL)").await, missing("acme__fk_1"));
        assert_eq!(hit(&store, "UPDATE c SET r = 9 WHERE id = 1").await, missing("acme__fk_2"));
        assert_eq!(hit(&store, "DELETE FROM p WHERE id = 1").await, restricted("acme__fk_1"));
        assert_eq!(hit(&store, "DELETE FROM p WHERE id = 2").await, restricted("acme__fk_2"));
        run(&store, "DELETE FROM p WHERE id = 3").await;
        assert_eq!(count(&store, "c").await, 0, "the record went with the one it refers to");
        if let Some(server) = server {
            assert_eq!(server.source.stats().size, 1, "the connection is kept");
            server.drop_database().await;
        }
    }
}

#[tokio::test]
async fn a_check_that_is_broken_is_no_reference_and_no_duplicate() {
    for (store, server) in support::stores("checks").await {
        run(&store, "CREATE TABLE t (n bigint CHECK (n > 0))").await;
        let error = store.run(Job::one(sql("INSERT INTO t VALUES (0)"))).await.expect_err("broken");
        assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
        if let Some(server) = server {
            server.drop_database().await;
        }
    }
}
