//! Every code of the host is reached through the command line or HTTP.
//!
//! What is counted are the snapshots of these tests: a snapshot that no run produces fails its test, so a code that stands
//! in one was reached. Snapshots of rows that need PostgreSQL count only where it is.

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

/// The codes in the snapshots of the files below a folder.
fn codes(folder: &Path, has_postgres: bool) -> BTreeSet<String> {
    // `400 code: `, `error[code]: ` and the `[code] ` of one problem among several.
    let shown = Regex::new(r"(?m)^\s*(?:\d{3} |exit \d error\[|\[)([a-z-]+\.[a-z-]+)").expect("a pattern");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the tests' sources are there") {
        let path = entry.expect("readable").path();
        let is_left_out =
            !has_postgres && path.file_name().is_some_and(|name| name.to_string_lossy().contains("postgres"));
        if path.is_dir() {
            found.append(&mut codes(&path, has_postgres));
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
    let has_postgres = std::env::var_os("MODELHOST_TEST_POSTGRES").is_some();
    let reached = codes(&tests, has_postgres);
    let is_excused = |code: Code| UNREACHED.iter().any(|(unreached, _)| *unreached == code);
    let all = Code::ALL.iter().copied();
    let missing: Vec<&str> =
        all.filter(|code| !reached.contains(code.as_str()) && !is_excused(*code)).map(Code::as_str).collect();
    assert_eq!(missing, [""; 0], "no row of tests/tests shows these; PostgreSQL was there: {has_postgres}");
}
