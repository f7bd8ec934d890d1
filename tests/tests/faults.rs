//! What a plugin that breaks does to others: their time, the host's memory, the record that it judged, the caller's data.
//!
//! `guests.rs` tries each guest by itself and compares what is told. Invariant: everybody but the guest goes on as if it
//! were not there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::{Setup, TestHost, sqlite_texts};
use serde_json::json;

const CREATE: &str = r#"{"data": {"number": 1, "text": "a secret of the caller"}}"#;

/// A host on which `beside` serves what behaves.
fn start() -> TestHost {
    let host = Setup::sqlite().set("limits.call_time_ms_max", "300").start();
    host.serve("beside", artifacts::SLOW_NORMALIZE);
    host
}

#[test]
fn another_namespace_answers_while_a_guest_breaks() {
    let host = start();
    let guests: [(&str, &[u8], &str); 6] = [
        ("loops", artifacts::LOOPS_NORMALIZE, "guest.time-limit"),
        ("memory", artifacts::MEMORY, "guest.memory-limit"),
        ("recursion", artifacts::RECURSION, "guest.stack-limit"),
        ("calls", artifacts::CALLS_FLOOD, "guest.output-limit"),
        ("exits", artifacts::EXITS, "guest.trap"),
        ("nonsense", artifacts::INVALID_UTF8, "guest.bad-output"),
    ];
    for (guest, component, _) in guests {
        host.serve(guest, component);
    }
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| {
            let mut answered = 0;
            while !is_over.load(Ordering::Relaxed) || answered == 0 {
                assert_eq!(host.call("beside thing list", "{}").status, 200);
                answered += 1;
            }
            answered
        });
        for (guest, _, code) in guests {
            let answer = host.call(&format!("{guest} thing create"), CREATE);
            assert_eq!((answer.status, answer.code()), (500, code), "{guest}: {}", answer.text);
            assert!(!answer.text.contains("secret"), "{guest}: {}", answer.text);
            assert_eq!(sqlite_texts(&host.file(guest), "SELECT count(*) FROM thing"), ["0"], "{guest}");
        }
        is_over.store(true, Ordering::Relaxed);
        let answered = beside.join().expect("every list is answered");
        assert!(answered > 10, "{answered} answers while six guests broke");
    });
    assert_eq!(host.inspect("beside")["faults"], 0);
}

#[test]
fn a_fault_in_an_update_leaves_the_record_as_it_was() {
    let host = Setup::sqlite().start();
    host.serve("panics", artifacts::PANICS);
    host.data("panics thing create", r#"{"data": {"number": 1, "text": "calm"}}"#);
    let answer = host.call("panics thing update", r#"{"filter": {"number": 1}, "data": {"text": "upset"}}"#);
    assert_eq!((answer.status, answer.code()), (500, "guest.trap"), "{}", answer.text);
    assert_eq!(sqlite_texts(&host.file("panics"), "SELECT number, text FROM thing"), ["1 calm"]);
    assert_eq!(host.data("panics thing read", r#"{"filter": {"number": 1}}"#)["text"], "calm");
}

#[test]
fn a_fault_among_many_records_is_the_fault_of_its_batch() {
    let host = Setup::sqlite().start();
    host.serve("panics", artifacts::PANICS);
    let texts = ["calm", "calm", "upset", "calm", "calm"];
    let records: Vec<_> =
        texts.iter().enumerate().map(|(number, text)| json!({"number": number, "text": text})).collect();
    let write = |transaction: &str| {
        let options = json!({"transaction": transaction, "batch_size": 2});
        host.call("panics thing bulk_create", &json!({"data": records, "options": options}).to_string())
    };
    let all = write("all");
    assert_eq!((all.status, all.code()), (500, "guest.trap"), "{}", all.text);
    assert_eq!(host.data("panics thing count", "{}"), 0, "all or none");
    let batches = write("batch");
    assert_eq!((batches.status, &batches.body["created"]), (200, &json!(3)), "{}", batches.text);
    let failed = batches.body["failed"].as_array().expect("one failed");
    let [failed] = failed.as_slice() else { panic!("{}", batches.text) };
    assert_eq!(
        (&failed["start"], &failed["count"], &failed["error"]["code"]),
        (&json!(2), &json!(2), &json!("guest.trap"))
    );
    assert!(!batches.text.contains("upset"), "{}", batches.text);
    assert_eq!(sqlite_texts(&host.file("panics"), "SELECT number FROM thing"), ["0", "1", "4"]);
}

#[test]
fn the_text_of_a_panic_is_for_the_log_only() {
    let host = Setup::sqlite().start();
    host.serve("panics", artifacts::PANICS);
    let answer = host.call("panics thing create", r#"{"data": {"number": 1, "text": "upset"}}"#);
    assert_eq!(answer.code(), "guest.trap", "{}", answer.text);
    host.logs("a panic about");
    for shown in [answer.text, host.inspect("panics").to_string(), host.cli(&["inspect", "panics"]).stdout] {
        assert!(!shown.contains("upset") && !shown.contains("a panic about") && !shown.contains("lib.rs"), "{shown}");
    }
}

#[test]
fn many_loops_at_once_leave_time_for_others() {
    let host = start();
    host.serve("loops", artifacts::LOOPS_VALIDATE);
    let slowest = std::thread::scope(|scope| {
        let loops: Vec<_> = (0..12).map(|_| scope.spawn(|| host.call("loops thing create", CREATE))).collect();
        let mut slowest = Duration::ZERO;
        for _ in 0..10 {
            let begin = Instant::now();
            assert_eq!(host.data("beside thing list", "{}"), json!([]));
            slowest = slowest.max(begin.elapsed());
        }
        for answer in loops {
            let answer = answer.join().expect("the request is answered");
            assert_eq!(answer.code(), "guest.time-limit", "{}", answer.text);
        }
        slowest
    });
    assert!(slowest < Duration::from_secs(2), "another namespace waited {slowest:?}");
    assert_eq!(host.inspect("loops")["faults"], 12);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_a_plugin_took_is_given_back() {
    const GROWTH_MAX: u64 = 64 << 20;
    let host = start();
    host.serve("memory", artifacts::MEMORY);
    let fault = || assert_eq!(host.call("memory thing create", CREATE).code(), "guest.memory-limit");
    fault();
    let before = resident_bytes(&host);
    (0..50).for_each(|_| fault());
    let after = resident_bytes(&host);
    assert!(after < before + GROWTH_MAX, "{before} bytes before 50 faults, {after} after");
    assert_eq!(host.inspect("memory")["faults"], 51);
}

#[cfg(target_os = "linux")]
fn resident_bytes(host: &TestHost) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/statm", host.process_id())).expect("the process lives");
    let pages: u64 =
        text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("the second number is resident");
    pages * 4096
}
