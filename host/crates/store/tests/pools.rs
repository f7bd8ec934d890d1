//! Pools of servers: as large as the server allows, and who holds what.

mod support;

use std::path::Path;

use modelhost_store::DataSource;
use sql::Place;
use support::server::Server;
use support::{name, run, settings};

#[tokio::test]
async fn a_pool_gives_up_what_the_server_has_no_room_for() {
    for server in Server::all("fit").await {
        let source = server.source_with(|settings| settings.connections_max = 10_000);
        assert_eq!(source.fit(1), 10_000, "nothing is known of the server yet");
        let max = source.probe().await.expect("usable").connections_max.expect("a server has a limit") as usize;
        assert_eq!(source.fit(1), max - 1, "one is left for a lock");
        assert_eq!(source.fit(4), max / 4 - 1);
        assert_eq!(source.fit(2), max / 4 - 1, "what was given up does not come back");
        assert_eq!(source.fit(max * 10), 1, "one is always left");
        assert_eq!(source.stats().max, 1);
        let store = source.store(name("acme"), Place::Own);
        let transaction = store.begin().await.expect("the one that is left");
        assert!(store.begin().await.is_err(), "there is no other");
        drop(transaction);
        source.close().await;
        server.drop_database().await;
    }
}

#[tokio::test]
async fn a_pool_that_fits_keeps_its_size_and_one_in_use_gives_up_only_what_is_free() {
    for server in Server::all("fits").await {
        let source = server.source_with(|settings| settings.connections_max = 3);
        let max = source.probe().await.expect("usable").connections_max.expect("a server has a limit") as usize;
        assert_eq!(source.fit(1), 3);
        let store = source.store(name("acme"), Place::Own);
        let (one, other) = (store.begin().await.expect("begins"), store.begin().await.expect("begins"));
        one.rollback().await.expect("rolled back");
        let stats = source.stats();
        assert_eq!((stats.size, stats.in_use, stats.max), (2, 1, 3));
        assert_eq!(source.fit(max), 1);
        let stats = source.stats();
        assert_eq!((stats.size, stats.in_use, stats.max), (1, 1, 1), "the idle connection is closed");
        other.rollback().await.expect("rolled back");
        run(&store, "CREATE TABLE t (n bigint)").await;
        source.close().await;
        server.drop_database().await;
    }
}

#[tokio::test]
async fn the_holder_for_longest_is_told_by_its_name() {
    for server in Server::all("holders").await {
        let first = server.source.store(name("first"), Place::Own).begin().await.expect("begins");
        let second = server.source.store(name("second"), Place::Own).begin().await.expect("begins");
        let longest = || server.source.stats().longest.map(|holder| holder.namespace);
        assert_eq!(longest(), Some(name("first")));
        first.rollback().await.expect("rolled back");
        assert_eq!(longest(), Some(name("second")));
        second.rollback().await.expect("rolled back");
        assert_eq!(longest(), None);
        server.drop_database().await;
    }
}

#[tokio::test]
async fn without_a_server_nothing_is_given_up() {
    let source = DataSource::new(settings("sqlite::memory:", Path::new("/")));
    let info = source.probe().await.expect("usable");
    assert_eq!((info.connections_max, source.fit(1_000)), (None, 16));
}
