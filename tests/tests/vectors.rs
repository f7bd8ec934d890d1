//! Vectors through the program: what is sent comes back, on every database that keeps them, and what is none is refused.
//!
//! PostgreSQL keeps them by an extension that only an administrator makes: without it nothing is made at all. Invariant: an
//! answer is compared as text, digit by digit.

use std::io::Write;

use e2e::{Setup, TestHost, mysql, postgres, sqlite_open, sqlite_texts};

const EXTENSION: &str = "SELECT name FROM pg_available_extensions WHERE name = 'vector'";

/// A host with the plugin in the namespace `acme`.
#[track_caller]
fn serving(setup: Setup, placement: &str) -> TestHost {
    let host = setup.start();
    host.namespace("acme", Some(placement));
    let deployment = host.deploy("acme", artifacts::VECTORS);
    assert_eq!(deployment["state"], "done", "{deployment}");
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
    whole_comes_back(host);
    texts
}

/// Of as many dimensions as there can be none is lost, and null comes back as null.
#[track_caller]
fn whole_comes_back(host: &TestHost) {
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
}

/// As 32 bits, which is what was kept.
fn numbers(list: &serde_json::Value) -> Option<Vec<f32>> {
    let list = list.as_array()?;
    Some(list.iter().map(|number| number.to_string().parse().expect("a number")).collect())
}

/// What a server answers must be what SQLite does.
#[track_caller]
fn assert_as_on_sqlite(host: &TestHost) {
    let sqlite = serving(Setup::sqlite(), "own");
    assert_eq!(host.filtered(&round_trips(host)), sqlite.filtered(&round_trips(&sqlite)));
}

#[test]
fn vectors_come_back_as_they_went() {
    let host = serving(Setup::sqlite(), "own");
    insta::assert_snapshot!(round_trips(&host), @r#"
    create 200 {"data":{"number":1,"seen":[0.1,-0.0,16777216.0],"anchor":[0.1,-2.0],"whole":null,"unit":false,"broken":false}}
    create 200 {"data":{"number":2,"seen":[3.4028235e+38,1e-45,-1.1754944e-38],"anchor":[0.0,7.0],"whole":null,"unit":false,"broken":false}}
    create 200 {"data":{"number":3,"seen":[0.6,0.0,0.8],"anchor":[0.1,-2.0],"whole":null,"unit":true,"broken":false}}
    update 200 {"data":{"number":1,"seen":[0.3,1.0000001,20000000000.0],"anchor":[0.1,-2.0],"whole":null,"unit":false,"broken":false}}
    update 200 {"data":{"number":2,"seen":[3.4028235e+38,1e-45,-1.1754944e-38],"anchor":[0.2,0.7],"whole":null,"unit":false,"broken":false}}
    read 200 {"data":{"seen":[0.3,1.0000001,20000000000.0],"anchor":[0.1,-2.0]}}
    bulk_create 200 {"data":[{"number":4,"seen":[1.0,2.0,3.0],"anchor":[0.1,-2.0],"whole":null,"unit":false,"broken":false},{"number":5,"seen":[4.0,5.0,6.5],"anchor":[0.1,-2.0],"whole":null,"unit":false,"broken":false}],"created":2,"skipped":0}
    list 200 {"data":[{"number":1,"seen":[0.3,1.0000001,20000000000.0]},{"number":2,"seen":[3.4028235e+38,1e-45,-1.1754944e-38]},{"number":3,"seen":[0.6,0.0,0.8]},{"number":4,"seen":[1.0,2.0,3.0]},{"number":5,"seen":[4.0,5.0,6.5]}],"page":{"limit":100,"offset":0,"count":5,"next":null}}
    count 200 {"data":0}
    update 422 {"type":"urn:modelhost:error:record.refused","title":"record.refused","detail":"the record was refused","error":{"code":"record.refused","message":"the record was refused","blame":"caller","context":{},"cause":[],"solutions":["correct the fields that the violations name and send it again"],"docs":"modelhost explain record.refused","violations":[{"index":0,"field":"seen","code":"picture.blind","message":"nothing is seen","parameters":{},"severity":"error"}]},"status":422}
    delete 200 {"data":null,"deleted":1}
    "#);
    let stored = "SELECT typeof(seen), hex(seen) FROM picture WHERE number = 4";
    assert_eq!(sqlite_texts(&host.file("acme"), stored), ["blob 0000803F0000004000004040"]);
    let shorter = sqlite_open(&host.file("acme")).execute("UPDATE picture SET seen = x'0000803F'", []);
    assert!(shorter.is_err_and(|error| error.to_string().contains("length(\"seen\") = 12")));
}

#[test]
fn mysql_answers_the_same() {
    let Some(database) = mysql() else { return };
    let host = serving(Setup::on(&database.url()), "own");
    assert_as_on_sqlite(&host);
}

#[test]
fn postgres_with_the_extension_answers_the_same() {
    let Some(database) = postgres() else { return };
    if database.texts(EXTENSION).is_empty() {
        let line = "LEFT OUT: round trips of vectors on PostgreSQL: the server has no extension `vector`\n";
        return std::io::stderr().write_all(line.as_bytes()).expect("standard error");
    }
    database.execute("CREATE EXTENSION vector");
    let host = serving(Setup::on(&database.url()), "schema");
    assert_as_on_sqlite(&host);
    let types = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'acme.picture'::regclass AND \
                 attname IN ('seen', 'whole') ORDER BY attnum";
    assert_eq!(database.texts(types), ["vector(3)", "vector(2000)"]);
}

#[test]
fn postgres_without_the_extension_is_refused_and_nothing_is_made() {
    let Some(database) = postgres() else { return };
    let host = Setup::on(&database.url()).start();
    host.namespace("acme", Some("own"));
    let refused = host.deploys("acme", &[("no extension", artifacts::VECTORS)]);
    insta::assert_snapshot!(refused, @"
    # no extension
    exit 1 error[plan.unsupported]: vector(3) as column `seen` of table `picture` does not work on a PostgreSQL database without the extension `vector`
      hint: have an administrator run `CREATE EXTENSION vector` in this database (pgvector has to be installed on the server)
    ");
    let made = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(database.texts(made), [""; 0]);
    // Other models need no extension, and the same place takes them.
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
}

/// What was refused and why, a line for each body.
fn refusals(host: &TestHost, operation: &str, bodies: &[String]) -> String {
    let line = |body: &String| {
        let answer = host.call(&format!("acme picture {operation}"), body);
        let error = &answer.body["error"];
        let causes = [&error["cause"][0], &error["violations"][0]["message"], &error["message"]];
        let why = causes.into_iter().find_map(|cause| cause.as_str()).unwrap_or("nothing");
        let hint = error["solutions"][0].as_str().unwrap_or("nothing");
        format!("{body}\n    {} {}: {why}; {hint}\n", answer.status, answer.code())
    };
    bodies.iter().map(line).collect()
}

#[test]
fn what_is_no_vector_of_the_field_is_refused() {
    let host = serving(Setup::sqlite(), "own");
    let wrong = [
        "[1, 2]",
        "[1, 2, 3, 4]",
        "[]",
        "\"[1, 2, 3]\"",
        "1",
        "[1, \"NaN\", 3]",
        "[1, 2, \"3\"]",
        "[1, null, 3]",
        "[1, 2, 3.5e38]",
        "null",
        "[0, 0, 0]",
        "[1, 2, 3], \"broken\": true",
    ];
    let bodies = wrong.map(|seen| format!(r#"{{"data": {{"number": 1, "seen": {seen}}}}}"#));
    insta::assert_snapshot!(refusals(&host, "create", &bodies), @r#"
    {"data": {"number": 1, "seen": [1, 2]}}
        400 plan.type-mismatch: expected vector(3), found a list of 2 items; write a list of 3 numbers
    {"data": {"number": 1, "seen": [1, 2, 3, 4]}}
        400 plan.type-mismatch: expected vector(3), found a list of 4 items; write a list of 3 numbers
    {"data": {"number": 1, "seen": []}}
        400 plan.type-mismatch: expected vector(3), found a list of 0 items; write a list of 3 numbers
    {"data": {"number": 1, "seen": "[1, 2, 3]"}}
        400 plan.type-mismatch: expected vector(3), found string "[1, 2, 3]"; write a list of 3 numbers
    {"data": {"number": 1, "seen": 1}}
        400 plan.type-mismatch: expected vector(3), found number 1; write a list of 3 numbers
    {"data": {"number": 1, "seen": [1, "NaN", 3]}}
        400 plan.type-mismatch: expected float (finite, 32 bits), found string "NaN" as item 1; write a number, such as 0.5: values are not converted
    {"data": {"number": 1, "seen": [1, 2, "3"]}}
        400 plan.type-mismatch: expected float (finite, 32 bits), found string "3" as item 2; write a number, such as 0.5: values are not converted
    {"data": {"number": 1, "seen": [1, null, 3]}}
        400 plan.type-mismatch: expected float (finite, 32 bits), found null as item 1; write a number, such as 0.5: values are not converted
    {"data": {"number": 1, "seen": [1, 2, 3.5e38]}}
        400 plan.type-mismatch: expected float (finite, 32 bits), found 3.5e38, which is out of range as item 2; send a number between -3.4e38 and 3.4e38
    {"data": {"number": 1, "seen": null}}
        422 record.refused: `seen` is required; correct the fields that the violations name and send it again
    {"data": {"number": 1, "seen": [0, 0, 0]}}
        422 record.refused: nothing is seen; correct the fields that the violations name and send it again
    {"data": {"number": 1, "seen": [1, 2, 3], "broken": true}}
        500 guest.bad-output: plugin `guest-vectors` gave an answer to `normalize` that makes no sense: it sets field `seen` to NaN as item 1, expected a vector of finite floats; build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    "#);
    assert_eq!(host.data("acme picture count", "{}"), 0);
}

#[test]
fn no_filter_and_no_order_knows_vectors() {
    let host = serving(Setup::sqlite(), "own");
    let filters = ["[1, 2, 3]", r#"{"$gt": [1, 2, 3]}"#, r#"{"$in": [[1, 2, 3]]}"#, r#"{"$exists": true}"#];
    let mut bodies = filters.map(|filter| format!(r#"{{"filter": {{"seen": {filter}}}}}"#)).to_vec();
    bodies.push(r#"{"options": {"order_by": ["seen"]}}"#.to_owned());
    insta::assert_snapshot!(refusals(&host, "list", &bodies), @r#"
    {"filter": {"seen": [1, 2, 3]}}
        400 plan.unsupported: `$eq` with field `seen` does not work on a field of type vector(3); use `$null`: there is no search in vectors yet
    {"filter": {"seen": {"$gt": [1, 2, 3]}}}
        400 plan.unsupported: `$gt` with field `seen` does not work on a field of type vector(3); use `$null`: there is no search in vectors yet
    {"filter": {"seen": {"$in": [[1, 2, 3]]}}}
        400 plan.unsupported: `$in` with field `seen` does not work on a field of type vector(3); use `$null`: there is no search in vectors yet
    {"filter": {"seen": {"$exists": true}}}
        400 plan.unsupported: `$exists` with field `seen` does not work on a field of type vector(3); every record has every field: use {"seen": {"$null": false}}
    {"options": {"order_by": ["seen"]}}
        400 plan.unsupported: `order_by` with field `seen` does not work on a field of type vector(3); order by a field of another type
    "#);
}
