//! A plugin's life on a host: deploys, generations, unloading, restarts, stopping.
//!
//! Bad deploys as their reader sees them are in `bad_input`. Invariant: whatever served before a change that fails still
//! serves after it.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::{Setup, TestHost, sqlite_execute, sqlite_open, wait_until};
use serde_json::{Value, json};

const LIST: &str = "{}";

fn number(deployment: &Value) -> i64 {
    deployment["generation"]["number"].as_i64().unwrap_or_else(|| panic!("{deployment}"))
}

fn create(number: usize) -> String {
    format!(r#"{{"data": {{"number": {number}, "text": "calm"}}}}"#)
}

#[test]
fn a_deploy_of_what_serves_is_a_no_op() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    let first = host.inspect("acme")["generation"].clone();
    let again = host.deploy("acme", artifacts::CRM);
    assert_eq!((&again["unchanged"], &again["generation"]), (&json!(true), &first));
    assert_eq!(host.inspect("acme")["history"], json!([first]));
}

#[test]
fn numbers_grow_and_going_back_is_a_new_number() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    assert_eq!(number(&host.deploy("acme", artifacts::KEEPS_STATE)), 2);
    let digest = host.inspect("acme")["history"][0]["digest"].as_str().expect("a digest").to_owned();
    let back = host.cli(&["deploy", "--digest", &digest, "--namespace", "acme", "--json"]).success().json();
    assert_eq!(number(&back["deployment"]), 3);
    let history = host.inspect("acme")["history"].clone();
    let plugins: Vec<_> = history.as_array().expect("a list").iter().map(|view| view["plugin"].clone()).collect();
    assert_eq!(plugins, ["guest-panics 0.1.0", "guest-keeps-state 0.1.0", "guest-panics 0.1.0"]);
    let answer = host.call("acme thing list", LIST);
    assert_eq!((answer.status, answer.header("modelhost-generation")), (200, "3"));
}

#[test]
fn what_serves_answers_while_a_deploy_goes_wrong() {
    let host = Setup::sqlite().set("limits.call_time_ms_max", "1000").start();
    host.serve("acme", artifacts::PANICS);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let mut answered = 0;
            while !is_over.load(Ordering::Relaxed) {
                let answer = host.call("acme thing list", LIST);
                assert_eq!((answer.status, answer.header("modelhost-generation")), (200, "1"));
                answered += 1;
            }
            answered
        });
        assert_eq!(host.deploy("acme", artifacts::LOOPS_DESCRIBE)["error"]["code"], "plugin.bad-describe");
        is_over.store(true, Ordering::Relaxed);
        assert!(calls.join().expect("every call is answered") > 0);
    });
}

#[test]
fn a_swap_loses_no_request_and_generations_only_grow() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let mut seen = vec![1];
            while !is_over.load(Ordering::Relaxed) {
                let answer = host.call("acme thing list", LIST);
                assert_eq!(answer.status, 200, "{}", answer.text);
                seen.push(answer.header("modelhost-generation").parse::<i64>().expect("a number"));
            }
            seen
        });
        let plugins = [artifacts::KEEPS_STATE, artifacts::PANICS];
        for generation in 2..8 {
            assert_eq!(number(&host.deploy("acme", plugins[generation % 2])), generation as i64);
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(calls.join().expect("every call is answered").is_sorted());
    });
}

#[test]
fn deploys_at_once_follow_each_other() {
    let host = Setup::sqlite().start();
    host.namespace("acme", None);
    let plugins: [&[u8]; 4] =
        [artifacts::PANICS, artifacts::KEEPS_STATE, artifacts::CALLS_FLOOD, artifacts::SLOW_NORMALIZE];
    let mut numbers: Vec<i64> = std::thread::scope(|scope| {
        let deploys = plugins.map(|plugin| scope.spawn(|| number(&host.deploy("acme", plugin))));
        deploys.map(|deploy| deploy.join().expect("deployed")).into()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[test]
fn unloading_again_does_nothing_and_lasts_over_a_restart() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    let unload = |host: &TestHost| host.cli(&["namespace", "unload", "acme", "--json"]).success().json();
    assert_eq!(unload(&host)["freed"]["models"], 2);
    assert_eq!(unload(&host)["freed"]["models"], 0);
    host.kill();
    host.restart();
    assert_eq!(host.inspect("acme")["state"], "unloaded");
    assert_eq!(number(&host.deploy("acme", artifacts::CRM)), 1);
    assert_eq!(host.call("acme customer list", LIST).status, 200);
}

/// Name, inode and size of everything that is kept of plugins: a plugin that is compiled or inspected again is a new file.
fn kept(host: &TestHost) -> BTreeMap<String, (u64, u64)> {
    let entries = std::fs::read_dir(host.folder().join("state/cache")).expect("the cache is there");
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("readable");
        let data = entry.metadata().expect("readable");
        (entry.file_name().into_string().expect("a name"), (data.ino(), data.len()))
    };
    entries.map(entry).collect()
}

#[test]
fn what_is_deployed_survives_a_power_failure_and_is_not_compiled_again() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    host.namespace("empty", None);
    let key = host.cli(&["key", "create", "--admin", "--json"]).success().json()["key"]["key"].clone();
    host.use_key(key.as_str().expect("the text"));
    host.data("acme customer create", r#"{"data": {"name": "Ada"}}"#);
    let before = (kept(&host), host.inspect("acme")["history"].clone());
    let ends = |end: &str| before.0.keys().filter(|name| name.ends_with(end)).count();
    assert_eq!((ends(".cwasm"), ends(".outline"), before.0.keys().filter(|name| *name != "key").count()), (2, 2, 4));
    host.kill();
    host.restart();
    assert_eq!((kept(&host), host.inspect("acme")["history"].clone()), before);
    let states = ["acme", "globex", "empty"].map(|name| host.inspect(name)["state"].clone());
    assert_eq!(states, ["serving", "serving", "empty"]);
    assert_eq!(host.data("acme customer list", LIST)[0]["name"], "Ada");
    let serve_line: Vec<_> = host.announced()["host"]["namespaces"].as_array().expect("a list").to_vec();
    assert!(serve_line[0]["location"].as_str().is_some_and(|place| place.ends_with("data/acme.db")), "{serve_line:?}");
}

#[test]
fn what_was_answered_as_written_survives_kill() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    let address = host.address().to_owned();
    let writer = std::thread::spawn(move || {
        let mut written = 0;
        loop {
            let request = e2e::Request::new(&address, "POST", "/v1/namespaces/acme/models/thing/create");
            // The host is killed under it: a connection that fails ends the loop, an answer counts.
            match std::panic::catch_unwind(|| request.json(&create(written)).send()) {
                Ok(answer) if answer.status == 200 => written += 1,
                _ => return written,
            }
        }
    });
    wait_until("some records are written", || (host.inspect("acme")["calls"].as_u64() > Some(20)).then_some(()));
    host.kill();
    let written = writer.join().expect("it counts");
    host.restart();
    for number in 0..written {
        let read = host.call("acme thing read", &format!(r#"{{"filter": {{"number": {number}}}}}"#));
        assert_eq!(read.status, 200, "record {number} of {written}");
    }
}

/// Starts an update that waits for an outside writer, and answers once it does.
fn held_update<'scope>(
    scope: &'scope std::thread::Scope<'scope, '_>,
    host: &'scope TestHost,
) -> std::thread::ScopedJoinHandle<'scope, u16> {
    let update = r#"{"filter": {"number": 1}, "data": {"text": "calm"}}"#;
    let handle = scope.spawn(move || host.call("acme thing update", update).status);
    wait_until("the update waits", || {
        let source = host.get("/v1/admin/inspect").body["host"]["data_sources"][0].take();
        (source["connections_in_use"].as_u64() > Some(0)).then_some(())
    });
    handle
}

#[test]
fn a_signal_to_stop_lets_end_what_is_under_way() {
    let mut host = Setup::sqlite().set("data_sources.main.wait_ms_max", "60000").start();
    host.serve("acme", artifacts::PANICS);
    host.data("acme thing create", &create(1));
    let writer = sqlite_open(&host.file("acme"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    std::thread::scope(|scope| {
        let update = held_update(scope, &host);
        host.terminate();
        wait_until("nobody new is let in", || std::net::TcpStream::connect(host.address()).is_err().then_some(()));
        writer.execute_batch("ROLLBACK").expect("released");
        assert_eq!(update.join().expect("answered"), 200);
    });
    assert_eq!(host.ended().code(), Some(0));
}

#[test]
fn stopping_has_a_deadline() {
    let setup = Setup::sqlite().set("data_sources.main.wait_ms_max", "60000").set("http.request_ms_max", "60000");
    let mut host = setup.set("http.shutdown_ms_max", "100").start();
    host.serve("acme", artifacts::PANICS);
    host.data("acme thing create", &create(1));
    let writer = sqlite_open(&host.file("acme"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let address = host.address().to_owned();
    let update = r#"{"filter": {"number": 1}, "data": {"text": "calm"}}"#;
    let path = "/v1/namespaces/acme/models/thing/update";
    let held = std::thread::spawn(move || {
        std::panic::catch_unwind(|| e2e::Request::new(&address, "POST", path).json(update).send())
    });
    wait_until("the update waits", || {
        let source = host.get("/v1/admin/inspect").body["host"]["data_sources"][0].take();
        (source["connections_in_use"].as_u64() > Some(0)).then_some(())
    });
    let began = Instant::now();
    host.terminate();
    assert_eq!(host.ended().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert!(held.join().expect("joined").is_err(), "its connection was closed without an answer");
}

#[test]
fn a_request_in_a_replaced_generation_ends_when_its_time_is_over() {
    let setup = Setup::sqlite().set("data_sources.main.wait_ms_max", "60000").set("limits.drain_ms_max", "200");
    let host = setup.start();
    host.serve("acme", artifacts::PANICS);
    host.data("acme thing create", &create(1));
    let writer = sqlite_open(&host.file("acme"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    std::thread::scope(|scope| {
        let update = r#"{"filter": {"number": 1}, "data": {"text": "calm"}}"#;
        let held = scope.spawn(|| host.call("acme thing update", update));
        wait_until("the update waits", || {
            let source = host.get("/v1/admin/inspect").body["host"]["data_sources"][0].take();
            (source["connections_in_use"].as_u64() > Some(0)).then_some(())
        });
        assert_eq!(number(&host.deploy("acme", artifacts::KEEPS_STATE)), 2);
        assert_eq!(host.inspect("acme")["draining"], json!([1]));
        let ended = held.join().expect("answered");
        let told = format!("{} {}", ended.status, e2e::error_text(&ended.body["error"]));
        insta::assert_snapshot!(told, @"
        503 namespace.replaced: generation 1 of namespace `acme` was replaced while the request went on for too long
          (namespace acme, generation 1)
          - read whether it was done, then send it again: the new generation answers
          - or raise [limits] drain_ms_max
        ");
    });
    writer.execute_batch("ROLLBACK").expect("released");
    wait_until("nobody is left in it", || (host.inspect("acme")["draining"].is_null()).then_some(()));
    assert_eq!(host.call("acme thing list", LIST).header("modelhost-generation"), "2");
}

#[test]
fn a_state_dir_is_free_again_after_a_kill() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    for _ in 0..3 {
        host.kill();
        host.restart();
        assert_eq!(host.call("acme customer list", LIST).status, 200);
    }
}

#[test]
fn a_namespace_that_can_not_be_opened_keeps_nobody_from_serving() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    sqlite_execute(&host.file("acme"), "PRAGMA wal_checkpoint(TRUNCATE)");
    host.kill();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(host.folder().join(format!("data/acme.db{end}")));
    }
    std::fs::write(host.file("acme"), "this is no database any more, and it is longer than a header of SQLite's")
        .expect("written");
    host.restart();
    assert_eq!(host.inspect("acme")["state"], "failed");
    assert_eq!(host.call("acme customer list", LIST).code(), "database.file");
    assert_eq!(host.call("globex customer list", LIST).status, 200);
}
