//! Data sources that do not answer, tried by `config check --connect`. The servers are played, so that no database is
//! needed; `postgres_refusals` asks a real one.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

use e2e::{Filters, program, run};

const PASSWORD: &str = "hunter2";

fn check(title: &str, url: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "state_dir = \"state\"\n[data_sources.main]\nurl_env = \"MAIN_URL\"\nconnect_ms_max = 1000\n";
    std::fs::write(folder.path().join("modelhost.toml"), file).expect("written");
    let output = run(program(folder.path()).args(["config", "check", "--connect"]).env("MAIN_URL", url));
    let shown = output.shown();
    assert!(!shown.contains(PASSWORD), "{shown}");
    let filters = Filters::new().hide(&folder.path().display().to_string(), "[dir]");
    let port = regex::Regex::new(r"(port:? |-p |:)\d{5}\b").expect("a pattern");
    format!("# {title}\n{}", port.replace_all(&filters.apply(&shown), "$1[port]"))
}

/// A server that reads once and answers each connection with the same bytes, or keeps silent.
fn played(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4_096]);
            let _ = stream.write_all(answer);
            if answer.is_empty() {
                silent.push(stream);
            }
        }
    });
    address
}

/// PostgreSQL's answer to a client that pg_hba.conf lets in with TLS only.
const TLS_ONLY: &[u8] =
    b"E\0\0\0\x60SFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry for host \"127.0.0.1\", user \"app\", no encryption\0\0";

#[test]
fn servers() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let url = |address: SocketAddr, options: &str| format!("postgres://app:{PASSWORD}@{address}/crm{options}");
    let rows = [
        check("nobody listens", &url(closed, "")),
        check("a host name that is none", &format!("postgres://app:{PASSWORD}@no-such-host.invalid/crm")),
        check("nothing answers", &url(played(b""), "?sslmode=disable")),
        check("the server wants TLS", &url(played(TLS_ONLY), "?sslmode=disable")),
        check("the server has no TLS", &url(played(b"N"), "?sslmode=require")),
        check("something else answers", &url(played(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "?sslmode=disable")),
    ];
    insta::assert_snapshot!(rows.concat(), @r#"
    # nobody listens
    exit 1 error[database.refused]: `main` at 127.0.0.1:[port] refuses connections: nothing listens there
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error communicating with database: Connection refused (os error 111)
      hint: start the database server
      hint: check host and port in the URL of the data source
      hint: try it: pg_isready -h 127.0.0.1 -p [port]
    # a host name that is none
    exit 1 error[database.unknown-host]: the host `no-such-host.invalid` of data source `main` has no address
      data_source: main
      host: no-such-host.invalid
      port: 5432
      user: app
      database: crm
      cause: error communicating with database: failed to lookup address information: Name or service not known
      hint: check the host's spelling in the URL of the data source
      hint: check that the name resolves on this machine
    # nothing answers
    exit 1 error[database.refused]: `main` at 127.0.0.1:[port] gave no answer within 1000 ms
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: connecting took too long
      hint: check host and port in the URL of the data source
      hint: check that no firewall is in between
      hint: try it: pg_isready -h 127.0.0.1 -p [port]
    # the server wants TLS
    exit 1 error[database.tls-required]: 127.0.0.1:[port] takes only connections with TLS, and the URL has none
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error returned from database: no pg_hba.conf entry for host "127.0.0.1", user "app", no encryption
      hint: add ?sslmode=require to the URL of the data source
    # the server has no TLS
    exit 1 error[database.tls-required]: 127.0.0.1:[port] has no TLS, and the URL demands it
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error occurred while attempting to establish a TLS connection: server does not support TLS
      hint: turn on ssl on the server
      hint: on a trusted network, write ?sslmode=disable in the URL of the data source
    # something else answers
    exit 1 error[database.refused]: `main` at 127.0.0.1:[port] takes connections and does not answer as PostgreSQL does
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error communicating with database: expected to read 1414811696 bytes, got 28 bytes at EOF
      hint: check that a PostgreSQL server listens there, and not another program
      hint: try it: pg_isready -h 127.0.0.1 -p [port]
    "#);
}

#[test]
fn files() {
    let rows = [
        check("below a file", "sqlite:modelhost.toml/{namespace}.db"),
        check("a file that is no database", "sqlite:modelhost.toml"),
    ];
    insta::assert_snapshot!(rows.concat(), @"
    # below a file
    exit 1 error[database.file]: the database file `[dir]/modelhost.toml` can't be used
      path: [dir]/modelhost.toml
      cause: File exists (os error 17)
      hint: check that the folder exists, that this user may write there and that the disk is not full
      hint: check that the file is an SQLite database
    # a file that is no database
    exit 1 error[database.file]: the database file `[dir]/modelhost.toml` can't be used
      path: [dir]/modelhost.toml
      cause: file is not a database
      hint: check that the folder exists, that this user may write there and that the disk is not full
      hint: check that the file is an SQLite database
    ");
}
