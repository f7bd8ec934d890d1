//! Inspection is what executes: its numbers are held against what was really done.
//!
//! Invariant: looking changes nothing that is looked at.

use e2e::{Setup, TestHost, Version, sqlite_open, wait_until};
use serde_json::{Value, json};

fn whole(host: &TestHost) -> Value {
    host.get("/v1/admin/inspect").body["host"].take()
}

#[test]
fn counts_what_was_called_refused_broken_and_run() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    let create = |number: usize, text: &str| format!(r#"{{"data": {{"number": {number}, "text": "{text}"}}}}"#);
    let before = host.inspect("acme");
    for number in 0..7 {
        assert_eq!(host.call("acme thing create", &create(number, "calm")).status, 200);
    }
    let broken = host.call("acme thing create", &create(8, "panic"));
    assert_eq!(broken.code(), "guest.trap", "{}", broken.text);
    assert_eq!(host.call("acme thing list", "{}").status, 200);
    let after = host.inspect("acme");
    let grown = |name: &str| after[name].as_u64().zip(before[name].as_u64()).map(|(after, before)| after - before);
    assert_eq!(grown("calls"), Some(9));
    assert_eq!(grown("faults"), Some(1));
    assert_eq!(grown("statements"), Some(8), "seven creates and a list");
    assert_eq!(after["last_fault"][1], "guest.trap");
    assert_eq!(host.inspect("acme"), after, "looking changes nothing");
}

#[test]
fn counts_compiled_plugins_and_shares_equal_ones() {
    let mut host = Setup::sqlite().start();
    for namespace in ["one", "two", "three"] {
        host.serve(namespace, &Version::new(1).component());
    }
    host.serve("four", &Version::new(2).component());
    assert_eq!(whole(&host)["plugins"], json!({"in_use": 2, "compiled": 2, "from_cache": 0, "shared": 2}));
    host.cli(&["namespace", "unload", "four"]).success();
    wait_until("the plugin is freed", || (whole(&host)["plugins"]["in_use"] == 1).then_some(()));
    host.kill();
    host.restart();
    let plugins = whole(&host)["plugins"].clone();
    assert_eq!((&plugins["in_use"], &plugins["compiled"]), (&json!(1), &json!(0)), "{plugins}");
}

#[test]
fn shows_the_limits_and_the_policy_that_are_configured() {
    let setup = Setup::sqlite()
        .set("limits.memory_bytes_max", "16777216")
        .set("limits.call_time_ms_max", "777")
        .set("limits.drain_ms_max", "1234")
        .set("data_sources.main.schema_policy", "verify")
        .set("data_sources.main.connections_max", "3");
    let host = setup.start();
    host.namespace("acme", None);
    let view = whole(&host);
    assert_eq!(
        (&view["limits"]["memory_bytes_max"], &view["limits"]["call_time_ms_max"]),
        (&json!(16_777_216), &json!(777))
    );
    assert_eq!((&view["drain_ms_max"], &host.inspect("acme")["schema_policy"]), (&json!(1_234), &json!("verify")));
    let text = host.cli(&["inspect"]).success().stdout;
    for told in ["schema policy verify", "call_time_ms_max 777", "after 1234 ms", "plugins: 0 in use"] {
        assert!(text.contains(told), "{told} is not in {text}");
    }
}

#[test]
fn shows_connections_that_are_in_use_and_who_has_them() {
    let host = Setup::sqlite().set("data_sources.main.wait_ms_max", "60000").start();
    host.serve("acme", &Version::new(1).component());
    let writer = sqlite_open(&host.file("acme"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    std::thread::scope(|scope| {
        let held = scope.spawn(|| host.call("acme entry create", r#"{"data": {"number": 1, "text": "x"}}"#).status);
        let source = wait_until("the create waits", || {
            let source = whole(&host)["data_sources"][0].take();
            (source["connections_in_use"] == 1).then_some(source)
        });
        assert_eq!(source["longest_holder"][0], "acme", "{source}");
        writer.execute_batch("ROLLBACK").expect("released");
        assert_eq!(held.join().expect("answered"), 200);
    });
    assert_eq!(whole(&host)["data_sources"][0]["connections_in_use"], 0);
}
