//! Requests beside each other: conflicts, swaps, faults.

use std::sync::Arc;

use model::Value;

use crate::fixture::{Fixture, code, field_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_updates_lose_nothing() {
    let fixture = Arc::new(Fixture::serving("acme", artifacts::CRM).await);
    let body = r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#;
    fixture.call("acme", "customer/create", body).await.expect("created");
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let fixture = Arc::clone(&fixture);
        writers.spawn(async move {
            let body = format!(r#"{{"filter": {{"email": "ada@example.com"}}, "data": {{"credit_limit": {writer}}}}}"#);
            code(fixture.call("acme", "customer/update", &body).await)
        });
    }
    let results = writers.join_all().await;
    let written = results.iter().filter(|result| result.starts_with("Record")).count();
    assert!(results.iter().all(|result| result.starts_with("Record") || result == "write.conflict"), "{results:?}");
    let read = r#"{"filter": {"email": "ada@example.com"}}"#;
    let version = fixture.field("acme", "customer/read", read, "version").await;
    assert_eq!(version, Value::Int(1 + i64::try_from(written).expect("few")));
}

#[tokio::test]
async fn a_write_that_names_an_old_version_is_a_conflict_with_the_current_one() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    fixture.call("acme", "tag/create", r#"{"data": {"slug": "vip", "title": "VIP"}}"#).await.expect("created");
    let body = r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#;
    let created = fixture.call("acme", "customer/create", body).await.expect("created");
    let Value::Uuid(id) = field_of(&created, "id") else { panic!("a uuid") };
    let body = format!(r#"{{"filter": {{"id": "{id}", "version": 9}}, "data": {{"name": "B"}}}}"#);
    let error = fixture.call("acme", "customer/update", &body).await.err().expect("a conflict").problem();
    assert_eq!(error.code.as_str(), "write.conflict");
    assert!(error.context.contains(&("current_version".to_owned(), "1".to_owned())), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_sees_one_generation() {
    let fixture = Arc::new(Fixture::serving("acme", artifacts::SLOW_NORMALIZE).await);
    let deploying = {
        let fixture = Arc::clone(&fixture);
        tokio::spawn(async move {
            for plugin in [artifacts::KEEPS_STATE, artifacts::SLOW_NORMALIZE, artifacts::KEEPS_STATE] {
                fixture.host.deploy("acme", Arc::from(plugin)).await.expect("deployed");
            }
        })
    };
    let mut seen = std::collections::BTreeSet::new();
    let mut number = 0;
    while !deploying.is_finished() || number < 50 {
        number += 1;
        let body = format!(r#"{{"data": {{"number": {number}, "text": "abc"}}}}"#);
        let answer = fixture.call("acme", "thing/create", &body).await.expect("no request fails during a swap");
        let (upper, warned) = (field_of(&answer, "text") == Value::Text("ABC".to_owned()), !answer.warnings.is_empty());
        let is_first_plugin = answer.generation % 2 == 1;
        assert_eq!((upper, warned), (is_first_plugin, !is_first_plugin), "generation {}", answer.generation);
        seen.insert(answer.generation);
    }
    deploying.await.expect("deployed");
    assert!(seen.len() >= 2, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_connection_is_held_while_a_guest_runs() {
    let fixture = Arc::new(Fixture::serving("acme", artifacts::LOOPS_VALIDATE).await);
    let spinning = {
        let fixture = Arc::clone(&fixture);
        tokio::spawn(async move {
            code(fixture.call("acme", "thing/create", r#"{"data": {"number": 1, "text": "x"}}"#).await)
        })
    };
    let mut looks = 0;
    while !spinning.is_finished() {
        let view = fixture.host.inspect().await.expect("inspected");
        assert_eq!(view.data_sources[0].connections_in_use, 0);
        looks += 1;
        tokio::task::yield_now().await;
    }
    assert!(looks > 1, "looked {looks} times");
    assert_eq!(spinning.await.expect("no panic"), "guest.time-limit");
    assert_eq!(fixture.host.inspect_namespace("acme").await.expect("inspected").faults, 1);
}

#[tokio::test]
async fn a_guest_that_was_not_asked_cannot_write_what_the_host_manages() {
    for (plugin, expected) in [
        (artifacts::PATCHES_KEY, "guest.bad-output"),
        (artifacts::PATCHES_MANAGED, "guest.bad-output"),
        (artifacts::PATCHES_WRONG_TYPE, "guest.bad-output"),
        (artifacts::WRONG_ROWS, "guest.bad-output"),
    ] {
        let fixture = Fixture::serving("acme", plugin).await;
        let body = r#"{"data": {"number": 1, "text": "x"}}"#;
        assert_eq!(code(fixture.call("acme", "thing/create", body).await), expected);
        let rows = fixture.call("acme", "thing/read", r#"{"filter": {"number": 1}}"#).await;
        assert_eq!(code(rows), "record.not-found", "nothing is written after a fault");
    }
}
