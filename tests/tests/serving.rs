//! The process `modelhost serve` as whoever starts it sees it: what it prints, what it locks, how it ends.
//!
//! `lifecycle.rs` looks at what becomes of plugins meanwhile. Invariant: standard output carries the announcement and
//! nothing else.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use e2e::{Request, Setup, program, run};
use serde_json::{Value, json};

/// The program as it is started, until its first line.
fn serve(folder: &std::path::Path, arguments: &[&str]) -> (Child, BufReader<ChildStdout>, String) {
    let mut command = program(folder);
    command.args(["serve", "--state-dir", "state", "--listen", "127.0.0.1:0"]).args(arguments);
    command.args(["--data-source", "main=sqlite:data/{namespace}.db"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("text");
    (child, stdout, line)
}

/// Sends a signal; what the program printed until its end, and its exit code.
fn end(mut child: Child, mut stdout: BufReader<ChildStdout>, signal: &str) -> (String, Option<i32>) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the process takes the signal");
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("text");
    (rest, child.wait().expect("it ends").code())
}

#[test]
fn json_is_one_line_and_both_signals_end_with_success() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for signal in ["-INT", "-TERM"] {
        let (child, stdout, line) = serve(folder.path(), &["--json"]);
        let announced: Value = serde_json::from_str(&line).expect("a line of JSON");
        let address = announced["listen"].as_str().and_then(|url| url.strip_prefix("http://")).expect("an address");
        assert_eq!(announced["host"]["data_sources"][0]["name"], "main");
        assert_eq!(Request::new(address, "GET", "/health/ready").send().body, json!({"status": "ready"}));
        assert_eq!(end(child, stdout, signal), (String::new(), Some(0)), "{signal}");
    }
}

#[test]
fn people_read_where_each_namespace_is() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.terminate();
    assert!(host.ended().success());
    let (child, stdout, first) = serve(host.folder(), &[]);
    assert!(first.contains("on http://127.0.0.1:"), "{first}");
    let (rest, status) = end(child, stdout, "-TERM");
    assert_eq!(status, Some(0));
    for part in ["data source main: sqlite:", "namespace acme on main", "data/acme.db", "serves crm 0.1.0", "no keys"] {
        assert!(rest.contains(part), "`{part}` is not in {rest}");
    }
}

#[test]
fn a_second_host_gets_neither_the_folder_nor_the_port() {
    let host = Setup::sqlite().start();
    let serve = |state: &str, listen: &str| {
        let arguments = ["serve", "--json", "--state-dir", state, "--listen", listen];
        let output = run(program(host.folder()).args(arguments).args(["--data-source", "main=sqlite:other.db"]));
        (output.status, output.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(serve("state", "127.0.0.1:0"), (1, "host.state-locked".to_owned()));
    assert_eq!(serve("another", host.address()), (1, "host.port-in-use".to_owned()));
    assert_eq!(host.get("/health/live").body, json!({"status": "live"}));
}

#[test]
fn a_compiled_plugin_that_somebody_changed_is_not_run() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::PANICS);
    host.kill();
    let mut changed = 0;
    for entry in std::fs::read_dir(host.folder().join("state/cache")).expect("it is there") {
        let file = entry.expect("it can be listed").path();
        let mut bytes = std::fs::read(&file).expect("it can be read");
        // The key that signs artifacts is short; what is left is machine code.
        if bytes.len() > 4_096 {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&file, bytes).expect("it can be written");
            changed += 1;
        }
    }
    assert_eq!(changed, 1);
    host.restart();
    assert_eq!(host.data("acme thing create", r#"{"data": {"number": 1, "text": "calm"}}"#)["number"], 1);
    assert!(host.log().contains("made anew"), "{}", host.log());
}
