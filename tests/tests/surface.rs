//! What every answer over HTTP has in common: headers, the shape of errors, health.

use e2e::{Answer, Setup};

#[test]
fn answers_say_which_generation_answered() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    let generation = |answer: &Answer| answer.header("modelhost-generation").to_owned();
    let created = host.call("acme thing create", r#"{"data": {"number": 1, "text": "calm"}}"#);
    assert_eq!((generation(&created).as_str(), created.header("content-type")), ("1", "application/json"));
    host.deploy("acme", artifacts::KEEPS_STATE);
    assert_eq!(generation(&host.call("acme thing list", "{}")), "2");
}

#[test]
fn errors_have_one_shape_with_the_members_of_rfc_9457() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    for (target, body) in [
        ("acme customer list", "{"),
        ("nobody customer list", "{}"),
        ("acme customer read", r#"{"filter": {"name": "Ada"}}"#),
        ("acme customer create", r#"{"data": {"name": ""}}"#),
    ] {
        let answer = host.call(target, body);
        let code = answer.code();
        assert_eq!(answer.header("content-type"), "application/problem+json", "{target}");
        assert_eq!(answer.body["status"], answer.status, "{target}");
        assert_eq!(answer.body["type"], format!("urn:modelhost:error:{code}"), "{target}");
        assert_eq!((&answer.body["title"], &answer.body["detail"]), (&code.into(), &answer.body["error"]["message"]));
        assert_eq!(answer.body["error"]["docs"], format!("modelhost explain {code}"), "{target}");
        for member in ["code", "message", "blame", "context", "cause", "solutions", "docs"] {
            assert!(!answer.body["error"][member].is_null(), "{target} lacks {member}: {}", answer.text);
        }
        assert!(host.cli(&["explain", code]).success().stdout.contains(code), "{code} has a page");
    }
}

#[test]
fn busy_answers_say_when_to_come_back() {
    let host = Setup::sqlite().set("data_sources.main.wait_ms_max", "50").start();
    host.serve("acme", artifacts::PANICS);
    let writer = e2e::sqlite_open(&host.file("acme"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let answer = host.call("acme thing create", r#"{"data": {"number": 1, "text": "calm"}}"#);
    assert_eq!((answer.status, answer.code()), (503, "database.busy"));
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
}

#[test]
fn health_needs_no_key() {
    let host = Setup::sqlite().start();
    host.cli(&["key", "create", "--admin"]).success();
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(host.get(path).status, 200, "{path}");
    }
    assert_eq!(host.get("/v1/admin/inspect").code(), "auth.missing");
}

#[test]
fn a_body_may_be_as_large_as_the_limit_says() {
    let host = Setup::sqlite().set("http.body_bytes_max", "2048").start();
    host.serve("acme", artifacts::PANICS);
    let body = |bytes: usize| {
        let empty = r#"{"filter": {"text": ""}}"#.len();
        format!(r#"{{"filter": {{"text": "{}"}}}}"#, "n".repeat(bytes - empty))
    };
    assert_eq!(host.call("acme thing list", &body(2048)).status, 200);
    assert_eq!(host.call("acme thing list", &body(2049)).code(), "request.too-large");
}
