//! What is wrong on the command line before a host is asked, and hosts that do not answer.

use std::io::{Read, Write};
use std::net::TcpListener;

use e2e::{Filters, program, run};

fn shown(rows: &[(&str, &[&str])]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |(title, arguments): &(&str, &[&str])| {
        format!("# {title}\n{}", run(program(folder.path()).args(*arguments)).shown())
    };
    let text: String = rows.iter().map(row).collect();
    Filters::new().hide(&folder.path().display().to_string(), "[dir]").apply(&text)
}

#[test]
fn usage() {
    insta::assert_snapshot!(shown(&[
        ("a command that is none", &["serv"]),
        ("a verb that is none", &["namespace", "delete", "acme"]),
        ("an argument that is missing", &["deploy", "crm.wasm"]),
        ("an argument too many", &["deploy", "crm.wasm", "acme", "--namespace", "acme"]),
        ("a flag that is misspelt", &["inspect", "--sever", "http://127.0.0.1:1"]),
        ("JSON that the shell split", &["call", "acme", "customer", "create", "{data:", "{name:", "Ada}}"]),
        ("a shell that is none", &["completion", "cmd"]),
        ("a server without http", &["inspect", "--server", "127.0.0.1:7474"]),
        ("a code that is none", &["explain", "plan.unknown-feld"]),
        ("a code without its family", &["explain", "not-unique"]),
        ("for programs", &["inspect", "--json", "--sever", "http://127.0.0.1:1"]),
    ]), @r#"
    # a command that is none
    exit 2 error[cli.usage]: unrecognized subcommand 'serv'
      tip: a similar subcommand exists: 'serve'
    Usage: modelhost [OPTIONS] <COMMAND>
    For more information, try '--help'.
    # a verb that is none
    exit 2 error[cli.usage]: unrecognized subcommand 'delete'
    Usage: modelhost namespace [OPTIONS] <COMMAND>
    For more information, try '--help'.
    # an argument that is missing
    exit 2 error[cli.usage]: the following required arguments were not provided:
      --namespace <NAMESPACE>
    Usage: modelhost deploy --namespace <NAMESPACE> <FILE>
    For more information, try '--help'.
    # an argument too many
    exit 2 error[cli.usage]: unexpected argument 'acme' found
    Usage: modelhost deploy [OPTIONS] --namespace <NAMESPACE> [FILE]
    For more information, try '--help'.
    # a flag that is misspelt
    exit 2 error[cli.usage]: unexpected argument '--sever' found
      tip: a similar argument exists: '--server'
    Usage: modelhost inspect --server <URL> [NAMESPACE]
    For more information, try '--help'.
    # JSON that the shell split
    exit 2 error[cli.usage]: unexpected argument '{name:' found
    Usage: modelhost call [OPTIONS] <NAMESPACE> <MODEL> <OPERATION> [BODY]
    For more information, try '--help'.
    # a shell that is none
    exit 2 error[cli.usage]: invalid value 'cmd' for '<SHELL>'
      [possible values: bash, elvish, fish, powershell, zsh]
    For more information, try '--help'.
    # a server without http
    exit 2 error[cli.usage]: `127.0.0.1:7474` is not the address of a host
      hint: write for example --server http://127.0.0.1:7474
    # a code that is none
    exit 1 error[cli.unknown-code]: there is no error code `plan.unknown-feld`
      hint: did you mean `plan.unknown-field`?
      hint: list all codes with `modelhost explain`
    # a code without its family
    exit 1 error[cli.unknown-code]: there is no error code `not-unique`
      hint: did you mean `plan.not-unique`?
      hint: list all codes with `modelhost explain`
    # for programs
    exit 2 {
      "error": {
        "code": "cli.usage",
        "message": "unexpected argument '--sever' found",
        "blame": "caller",
        "context": {},
        "cause": [],
        "solutions": [
          "tip: a similar argument exists: '--server'",
          "Usage: modelhost inspect --json --server <URL> [NAMESPACE]",
          "For more information, try '--help'."
        ],
        "docs": "modelhost explain cli.usage"
      }
    }
    "#);
}

#[test]
fn files() {
    insta::assert_snapshot!(shown(&[
        ("a plugin that is not there", &["deploy", "crm.wasm", "--namespace", "acme"]),
        ("a folder", &["deploy", ".", "--namespace", "acme"]),
        ("a body that is not there", &["call", "acme", "customer", "create", "@customer.json"]),
    ]), @"
    # a plugin that is not there
    exit 1 error[cli.file-unreadable]: can't read `crm.wasm`
      cause: No such file or directory (os error 2)
      hint: check the path and its permissions
    # a folder
    exit 1 error[cli.file-unreadable]: can't read `.`
      cause: Is a directory (os error 21)
      hint: check the path and its permissions
    # a body that is not there
    exit 1 error[cli.file-unreadable]: can't read `customer.json`
      cause: No such file or directory (os error 2)
      hint: check the path and its permissions
    ");
}

#[test]
fn servers() {
    // Bound and closed again: a port at which nobody listens.
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let other = listener.local_addr().expect("a port");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4_096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello");
        }
    });
    let (closed, other) = (format!("http://{closed}"), format!("http://{other}"));
    insta::assert_snapshot!(shown(&[
        ("nobody listens", &["inspect", "--server", &closed]),
        ("something else listens", &["inspect", "--server", &other]),
        ("a name that is none", &["inspect", "--server", "http://no-such-host.invalid:7474"]),
    ]), @"
    # nobody listens
    exit 1 error[cli.server-unreachable]: no host answers at http://127.0.0.1:[port]
      cause: client error (Connect)
      cause: tcp connect error
      cause: Connection refused (os error 111)
      hint: start one with `modelhost serve`
      hint: or name another one with --server URL or MODELHOST_SERVER
    # something else listens
    exit 1 error[cli.server-unreachable]: what answers at http://127.0.0.1:[port] is not a modelhost (HTTP 200 OK)
      hint: name the host with --server URL or MODELHOST_SERVER
    # a name that is none
    exit 1 error[cli.server-unreachable]: no host answers at http://no-such-host.invalid:7474
      cause: client error (Connect)
      cause: dns error
      cause: failed to lookup address information: Name or service not known
      hint: start one with `modelhost serve`
      hint: or name another one with --server URL or MODELHOST_SERVER
    ");
}
