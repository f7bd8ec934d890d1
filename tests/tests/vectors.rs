//! Vectors through the program: what is sent comes back, on every database that keeps them, and what is none is refused.
//!
//! PostgreSQL keeps them by an extension that only an administrator makes: without it nothing is made at all. Invariant: an
//! answer is compared as text, digit by digit.

use e2e::{Setup, TestHost, mysql, postgres, sqlite_texts};

const EXTENSION: &str = "SELECT name FROM pg_available_extensions WHERE name = 'vector'";

/// A host with the plugin in the namespace `acme`.
fn serving(setup: Setup) -> TestHost {
    let host = setup.start();
    host.serve("acme", artifacts::VECTORS);
    host
}

/// What came of an operation, digit by digit.
fn answered(host: &TestHost, operation: &str, body: &str) -> String {
    let answer = host.call(&format!("acme picture {operation}"), body);
    format!("{operation} {} {}\n", answer.status, answer.text)
}

/// Every way in and out, with the numbers that a float of 32 bits has trouble with.
fn round_trips(host: &TestHost) -> String {
    let rows = [
        ("create", r#"{"data": {"number": 1, "seen": [0.1, -0.0, 16777217]}}"#),
        ("create", r#"{"data": {"number": 2, "seen": [3.4028235e38, 1e-45, -1.1754944e-38], "anchor": [1e-60, 7]}}"#),
        ("create", r#"{"data": {"number": 3, "seen": [3, 0, 4], "unit": true}}"#),
        ("update", r#"{"filter": {"number": 1}, "data": {"seen": [0.3, 1.00000005960464477540, 2e10]}}"#),
        ("update", r#"{"filter": {"number": 2}, "data": {"unit": false, "anchor": [0.2, 0.7]}}"#),
        ("read", r#"{"filter": {"number": 1}, "options": {"fields": ["anchor", "seen"]}}"#),
        (
            "bulk_create",
            r#"{"data": [{"number": 4, "seen": [1, 2, 3]}, {"number": 5, "seen": [4, 5, 6.5]}],
                "options": {"returning": "records"}}"#,
        ),
        ("list", r#"{"filter": {"whole": null}, "options": {"fields": ["number", "seen"]}}"#),
        ("count", r#"{"filter": {"seen": {"$null": true}}}"#),
        ("update", r#"{"filter": {"number": 1}, "data": {"seen": [0, 0, 0]}}"#),
        ("delete", r#"{"filter": {"number": 2}}"#),
    ];
    let texts: String = rows.iter().map(|(operation, body)| answered(host, operation, body)).collect();
    // Of so many dimensions none is lost, and null comes back as null.
    let whole: Vec<String> = (1..=2_000_u16).map(|at| (f32::from(at) / 7.0).to_string()).collect();
    for sent in [whole.join(","), String::new()] {
        let value = if sent.is_empty() { "null".to_owned() } else { format!("[{sent}]") };
        let written =
            answered(host, "update", &format!(r#"{{"filter": {{"number": 3}}, "data": {{"whole": {value}}}}}"#));
        let read = answered(host, "read", r#"{"filter": {"number": 3}, "options": {"fields": ["whole"]}}"#);
        assert!(written.starts_with("update 200"), "{written}");
        let found: serde_json::Value = serde_json::from_str(read.trim_start_matches("read 200 ")).expect("an answer");
        let expected: serde_json::Value = serde_json::from_str(&value).expect("what was sent");
        assert_eq!(numbers(&found["data"]["whole"]), numbers(&expected));
    }
    texts
}

/// As 32 bits, which is what was kept.
fn numbers(list: &serde_json::Value) -> Option<Vec<f32>> {
    let list = list.as_array()?;
    Some(list.iter().map(|number| number.to_string().parse().expect("a number")).collect())
}

/// What a server answers must be what SQLite does.
#[track_caller]
fn assert_as_on_sqlite(host: &TestHost) {
    let sqlite = serving(Setup::sqlite());
    assert_eq!(host.filtered(&round_trips(host)), sqlite.filtered(&round_trips(&sqlite)));
}

#[test]
fn vectors_come_back_as_they_went() {
    let host = serving(Setup::sqlite());
    insta::assert_snapshot!(round_trips(&host), @"");
    let stored =
        sqlite_texts(&host.file("acme"), "SELECT typeof(seen), length(seen), hex(seen) FROM picture WHERE number = 4");
    assert_eq!(stored, ["blob 12 0000803F0000004000004040"]);
}

#[test]
fn mysql_answers_the_same() {
    let Some(database) = mysql() else { return };
    let host = serving(Setup::on(&database.url()));
    assert_as_on_sqlite(&host);
}

#[test]
fn postgres_with_the_extension_answers_the_same() {
    let Some(database) = postgres() else { return };
    if database.texts(EXTENSION).is_empty() {
        return;
    }
    database.execute("CREATE EXTENSION vector");
    let host = serving(Setup::on(&database.url()));
    assert_as_on_sqlite(&host);
    let types = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'picture'::regclass AND \
                 attname IN ('seen', 'whole') ORDER BY attnum";
    assert_eq!(database.texts(types), ["vector(3)", "vector(2000)"]);
}

#[test]
fn postgres_without_the_extension_is_refused_and_nothing_is_made() {
    let Some(database) = postgres() else { return };
    let host = Setup::on(&database.url()).start();
    host.namespace("acme", Some("own"));
    let refused = host.deploys("acme", &[("no extension", artifacts::VECTORS)]);
    insta::assert_snapshot!(refused, @"");
    let made = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(database.texts(made), [""; 0]);
    // Other models need no extension, and the same place takes them.
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
}

#[test]
fn what_is_no_vector_of_the_field_is_refused() {
    let host = serving(Setup::sqlite());
    let rows = [
        ("too few", "acme picture create", r#"{"data": {"number": 1, "seen": [1, 2]}}"#),
        ("too many", "acme picture create", r#"{"data": {"number": 1, "seen": [1, 2, 3, 4]}}"#),
        ("none", "acme picture create", r#"{"data": {"number": 1, "seen": []}}"#),
        ("a string", "acme picture create", r#"{"data": {"number": 1, "seen": "[1, 2, 3]"}}"#),
        ("a number", "acme picture create", r#"{"data": {"number": 1, "seen": 1}}"#),
        ("NaN", "acme picture create", r#"{"data": {"number": 1, "seen": [1, "NaN", 3]}}"#),
        ("a string in it", "acme picture create", r#"{"data": {"number": 1, "seen": [1, 2, "3"]}}"#),
        ("null in it", "acme picture create", r#"{"data": {"number": 1, "seen": [1, null, 3]}}"#),
        ("too large", "acme picture create", r#"{"data": {"number": 1, "seen": [1, 2, 3.5e38]}}"#),
        ("missing", "acme picture create", r#"{"data": {"number": 1}}"#),
        ("a rule of the plugin", "acme picture create", r#"{"data": {"number": 1, "seen": [0, 0, 0]}}"#),
        ("a plugin's NaN", "acme picture create", r#"{"data": {"number": 1, "seen": [1, 2, 3], "broken": true}}"#),
        ("equality", "acme picture list", r#"{"filter": {"seen": [1, 2, 3]}}"#),
        ("comparison", "acme picture list", r#"{"filter": {"seen": {"$gt": [1, 2, 3]}}}"#),
        ("membership", "acme picture list", r#"{"filter": {"seen": {"$in": [[1, 2, 3]]}}}"#),
        ("order", "acme picture list", r#"{"options": {"order_by": ["seen"]}}"#),
    ];
    insta::assert_snapshot!(host.calls(&rows), @"");
    assert_eq!(host.data("acme picture count", "{}"), 0);
}
