//! Every misbehaving guest: its caller hears what broke and whose fault it is, nothing is written, nobody else notices.

use std::path::Path;

use e2e::{Setup, TestHost, sqlite_texts};

const CREATE: &str = r#"{"data": {"number": 1, "text": "a text"}}"#;

/// A host on which `acme` serves what behaves.
fn host(call_time_ms_max: &str) -> TestHost {
    let host = Setup::sqlite().set("limits.call_time_ms_max", call_time_ms_max).set("log.format", "json").start();
    host.serve("acme", artifacts::CRM);
    host.data("acme tag create", r#"{"data": {"slug": "first", "title": "First"}}"#);
    host
}

/// What each guest's first create is answered with; afterwards looks whether anybody else noticed.
fn creates(host: &TestHost, guests: &[(&str, &[u8])]) -> String {
    let process = host.process_id();
    let mut shown = String::new();
    for (at, (title, component)) in guests.iter().enumerate() {
        let namespace = format!("guest{at}");
        host.serve(&namespace, component);
        let target = format!("{namespace} thing create");
        shown += &host.calls(&[(*title, target.as_str(), CREATE)]);

        let answer = host.call(&target, CREATE);
        let inspected = host.inspect(&namespace);
        if answer.status == 500 {
            assert_eq!(answer.body["error"]["blame"], "guest", "{title}");
            assert_eq!(rows(&host.file(&namespace)), "0", "{title}: nothing is written");
            assert_eq!(inspected["faults"], 2, "{title}");
            assert_eq!(inspected["last_fault"][1], answer.code(), "{title}");
        }
        assert_eq!(inspected["state"], "serving", "{title}");
        assert_eq!(host.data("acme tag read", r#"{"filter": {"slug": "first"}}"#)["title"], "First", "{title}");
    }
    assert_eq!(host.inspect("acme")["faults"], 0);
    assert!(Path::new(&format!("/proc/{process}")).exists(), "it is still the same process");
    shown
}

fn rows(file: &Path) -> String {
    sqlite_texts(file, "SELECT count(*) FROM thing").remove(0)
}

#[test]
fn guests_that_do_not_end() {
    let host = host("200");
    insta::assert_snapshot!(creates(&host, &[
        ("loops in validate", artifacts::LOOPS_VALIDATE),
        ("loops in normalize", artifacts::LOOPS_NORMALIZE),
    ]), @"
    # loops in validate
    500 guest.time-limit: plugin `guest-loops-validate` was stopped in `validate` after 200 ms, its `call_time_ms_max`
      (plugin guest-loops-validate, hook validate, limit call_time_ms_max, max 200 ms)
      - send fewer records at once, or let the plugin do less work for each
      - an operator can raise `call_time_ms_max`
    # loops in normalize
    500 guest.time-limit: plugin `guest-loops-normalize` was stopped in `normalize` after 200 ms, its `call_time_ms_max`
      (plugin guest-loops-normalize, hook normalize, limit call_time_ms_max, max 200 ms)
      - send fewer records at once, or let the plugin do less work for each
      - an operator can raise `call_time_ms_max`
    ");
}

#[test]
fn guests_that_take_too_much() {
    let host = host("10000");
    insta::assert_snapshot!(creates(&host, &[
        ("memory", artifacts::MEMORY),
        ("recursion", artifacts::RECURSION),
        ("a giant list of violations", artifacts::GIANT_RETURN),
        ("a giant message", artifacts::GIANT_TEXT),
        ("a flood of calls to the host", artifacts::CALLS_FLOOD),
    ]), @"
    # memory
    500 guest.memory-limit: plugin `guest-memory` went beyond 33554432 bytes of memory in `validate`, its `memory_bytes_max`
      (plugin guest-memory, hook validate, limit memory_bytes_max, max 33554432 bytes of memory)
      - send fewer records at once, or let the plugin keep less in memory
      - an operator can raise `memory_bytes_max`
    # recursion
    500 guest.stack-limit: plugin `guest-recursion` went beyond 524288 bytes of stack in `validate`, its `stack_bytes_max`
      (plugin guest-recursion, hook validate, limit stack_bytes_max, max 524288 bytes of stack)
      - let the plugin loop instead of recursing
    # a giant list of violations
    500 guest.output-limit: plugin `guest-giant-return` went beyond 4194304 bytes of output in `validate`, its `output_bytes_max`
      (plugin guest-giant-return, hook validate, limit output_bytes_max, max 4194304 bytes of output)
      - send fewer records at once, or let the plugin answer with less
      - an operator can raise `output_bytes_max`
    # a giant message
    500 guest.output-limit: plugin `guest-giant-text` went beyond 4194304 bytes of output in `validate`, its `output_bytes_max`
      (plugin guest-giant-text, hook validate, limit output_bytes_max, max 4194304 bytes of output)
      - send fewer records at once, or let the plugin answer with less
      - an operator can raise `output_bytes_max`
    # a flood of calls to the host
    500 guest.output-limit: plugin `guest-calls-flood` went beyond 10000 host calls in `validate`, its `host_calls_max`
      (plugin guest-calls-flood, hook validate, limit host_calls_max, max 10000 host calls)
      - send fewer records at once, or let the plugin answer with less
    ");
}

#[test]
fn guests_that_stop() {
    let host = host("5000");
    insta::assert_snapshot!(creates(&host, &[
        ("panics", artifacts::PANICS),
        ("exits", artifacts::EXITS),
    ]), @"
    # panics
    500 guest.trap: plugin `guest-panics` broke in `validate`: it panicked or gave up
      (plugin guest-panics, hook validate)
      - what the plugin said before it broke is in the host's log
    # exits
    500 guest.trap: plugin `guest-exits` broke in `validate`: it called exit
      (plugin guest-exits, hook validate)
      - what the plugin said before it broke is in the host's log
    ");
    host.logs("a panic about");
    assert_eq!(host.call("guest0 thing create", r#"{"data": {"number": 1, "text": "calm"}}"#).status, 200);
}

#[test]
fn guests_that_answer_nonsense() {
    let host = host("5000");
    insta::assert_snapshot!(creates(&host, &[
        ("a row that is not there", artifacts::WRONG_ROWS),
        ("a field that is not there", artifacts::WRONG_FIELD),
        ("a code that is none", artifacts::WRONG_CODE),
        ("text that is not UTF-8", artifacts::INVALID_UTF8),
        ("another key", artifacts::PATCHES_KEY),
        ("a managed field", artifacts::PATCHES_MANAGED),
        ("a change to a row that is not there", artifacts::PATCHES_WRONG_ROW),
        ("a value of another type", artifacts::PATCHES_WRONG_TYPE),
    ]), @r"
    # a row that is not there
    500 guest.bad-output: plugin `guest-wrong-rows` gave an answer to `validate` that makes no sense: it names record 7 of a batch of 1
      (plugin guest-wrong-rows, hook validate)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # a field that is not there
    500 guest.bad-output: plugin `guest-wrong-field` gave an answer to `validate` that makes no sense: it names field 99 of model `thing`, which has 2
      (plugin guest-wrong-field, hook validate)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # a code that is none
    500 guest.bad-output: plugin `guest-wrong-code` gave an answer to `validate` that makes no sense: violation code `Not A\nCode` is not of the form [a-z][a-z0-9.-]*, at most 64 bytes
      (plugin guest-wrong-code, hook validate)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # text that is not UTF-8
    500 guest.bad-output: plugin `guest-invalid-utf8` gave an answer to `validate` that makes no sense: it is not a value of the contract's types (text that is not UTF-8, a pointer out of bounds or an unknown case)
      (plugin guest-invalid-utf8, hook validate)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # another key
    500 guest.bad-output: plugin `guest-patches-key` gave an answer to `normalize` that makes no sense: it changes field `number`, which is of the key
      (plugin guest-patches-key, hook normalize)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # a managed field
    500 guest.bad-output: plugin `guest-patches-managed` gave an answer to `normalize` that makes no sense: it changes field `version`, which the host writes
      (plugin guest-patches-managed, hook normalize)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # a change to a row that is not there
    500 guest.bad-output: plugin `guest-patches-wrong-row` gave an answer to `normalize` that makes no sense: it names record 7 of a batch of 1
      (plugin guest-patches-wrong-row, hook normalize)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    # a value of another type
    500 guest.bad-output: plugin `guest-patches-wrong-type` gave an answer to `normalize` that makes no sense: it sets field `text` to a value of type int, the field is of type text
      (plugin guest-patches-wrong-type, hook normalize)
      - build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
}

#[test]
fn guests_that_are_only_odd() {
    let host = host("5000");
    insta::assert_snapshot!(creates(&host, &[
        ("a flood of log lines", artifacts::LOG_FLOOD),
        ("a count in a static", artifacts::KEEPS_STATE),
    ]), @r#"
    # a flood of log lines
    200 {"data":{"number":1,"text":"a text"}}
    # a count in a static
    200 {"data":{"number":1,"text":"a text"},"warnings":[{"index":0,"field":"text","code":"count","message":"call 1 of this instance","parameters":{"count":1},"severity":"warning"}]}
    "#);
    let log = host.logs("flood");
    assert!(log.len() < 1 << 20, "the flood is cut: {} bytes", log.len());
    assert!(!log.contains('\u{1b}') && !log.contains("\\u001b"), "no escape of a guest reaches a terminal");
    // The second call of the counting guest was refused by the database, so that its warning is not in an answer; a third is.
    let third = host.call("guest1 thing create", r#"{"data": {"number": 2, "text": "a text"}}"#);
    assert_eq!(third.body["warnings"][0]["parameters"]["count"], 1, "each operation has a fresh instance");
}
