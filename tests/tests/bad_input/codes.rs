//! Every code of the host is reached through the command line or HTTP.
//!
//! What is counted are the snapshots of these tests: a snapshot that no run produces fails its test, so a code that stands
//! in one was reached. Snapshots of rows that need a server count only where it is.

use std::collections::BTreeSet;
use std::path::Path;

use model::Code;
use regex::Regex;

/// Codes that no input reaches, each with its reason.
const UNREACHED: &[(Code, &str)] = &[
    (Code::HostBug, "whoever knows an input that reaches a bug should mend the bug instead"),
    (
        Code::HostOverloaded,
        "4,096 guests at once: more than a test may ask of a machine; the sandbox's own tests reach it with one",
    ),
];

/// Codes that only a real server reaches: excused where there is none.
const ON_SERVERS: [Code; 2] = [Code::DatabasePoolExhausted, Code::DatabaseConnectionLost];

/// What the name of a file holds whose rows need a server, and the variable that names one.
const SERVERS: [(&str, &str); 2] = [("postgres", "MODELHOST_TEST_POSTGRES"), ("mysql", "MODELHOST_TEST_MYSQL")];

/// The codes in the snapshots of the files below a folder.
fn codes(folder: &Path, missing: &[&str]) -> BTreeSet<String> {
    // `400 code: `, `error[code]: ` and the `[code] ` of one problem among several.
    let shown = Regex::new(r"(?m)^\s*(?:\d{3} |exit \d error\[|\[)([a-z-]+\.[a-z-]+)").expect("a pattern");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the tests' sources are there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let is_left_out = missing.iter().any(|server| name.contains(server));
        if path.is_dir() {
            found.append(&mut codes(&path, missing));
        } else if !is_left_out {
            let text = std::fs::read_to_string(&path).expect("a text");
            found.extend(shown.captures_iter(&text).map(|found| found[1].to_owned()));
        }
    }
    found
}

#[test]
fn every_code_is_reached() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let is_missing =
        |(server, variable): &(&'static str, &str)| std::env::var_os(variable).is_none().then_some(*server);
    let servers: Vec<&str> = SERVERS.iter().filter_map(is_missing).collect();
    let reached = codes(&tests, &servers);
    let has_server = servers.len() < SERVERS.len();
    let is_excused = |code: Code| {
        UNREACHED.iter().any(|(unreached, _)| *unreached == code) || (!has_server && ON_SERVERS.contains(&code))
    };
    let all = Code::ALL.iter().copied();
    let missing: Vec<&str> =
        all.filter(|code| !reached.contains(code.as_str()) && !is_excused(*code)).map(Code::as_str).collect();
    assert_eq!(missing, [""; 0], "no row of tests/tests shows these; left out: {servers:?}");
}
