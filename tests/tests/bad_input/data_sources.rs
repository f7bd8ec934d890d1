//! Data sources that do not answer, tried by `config check --connect`. The servers are played, so that no database is
//! needed; `postgres_refusals` and `mysql_refusals` ask real ones.

use std::net::{SocketAddr, TcpListener};

use e2e::{Filters, program, run};

use crate::played;

const PASSWORD: &str = "hunter2";

fn check(title: &str, url: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "state_dir = \"state\"\n[data_sources.main]\nurl_env = \"MAIN_URL\"\nconnect_ms_max = 1000\n";
    std::fs::write(folder.path().join("modelhost.toml"), file).expect("written");
    let output = run(program(folder.path()).args(["config", "check", "--connect"]).env("MAIN_URL", url));
    let shown = output.shown();
    assert!(!shown.contains(PASSWORD), "{shown}");
    let filters = Filters::new().hide(&folder.path().display().to_string(), "[dir]");
    let port = regex::Regex::new(r"(port:? |-[pP] |:)\d{5}\b").expect("a pattern");
    format!("# {title}\n{}", port.replace_all(&filters.apply(&shown), "$1[port]"))
}

/// A port at which nobody listens any more.
fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port")
}

#[test]
fn postgres_servers() {
    let url = |address: SocketAddr, options: &str| format!("postgres://app:{PASSWORD}@{address}/crm{options}");
    let (plain, silent) = ("?sslmode=disable", played::server(Vec::new()));
    let rows = [
        check("nobody listens", &url(closed(), "")),
        check("a host name that is none", &format!("postgres://app:{PASSWORD}@no-such-host.invalid/crm")),
        check("nothing answers", &url(silent, plain)),
        check("the server wants TLS", &url(played::answering(played::POSTGRES_TLS_ONLY), plain)),
        check("the server has no TLS", &url(played::answering(b"N"), "?sslmode=require")),
        check("something else answers", &url(played::answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), plain)),
        check("the server is too old", &url(played::postgres_of_version("13.22"), "")),
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
    # the server is too old
    exit 1 error[database.failed]: 127.0.0.1:[port] runs version 13.22, at least PostgreSQL 14 is needed
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      hint: upgrade the server to PostgreSQL 14 or newer
    "#);
}

#[test]
fn mysql_servers() {
    let url = |address: SocketAddr, options: &str| format!("mysql://app:{PASSWORD}@{address}/crm{options}");
    let refusing = |number, state, message| url(played::mysql_that_refuses(number, state, message), "");
    let rows = [
        check("nobody listens", &url(closed(), "")),
        check("nothing answers", &url(played::server(Vec::new()), "")),
        check("wrong password", &refusing(1045, Some("28000"), "Access denied for user 'app'@'localhost'")),
        check("no such database", &refusing(1049, Some("42000"), "Unknown database 'crm'")),
        check(
            "the server wants TLS",
            &refusing(3159, Some("HY000"), "Connections using insecure transport are prohibited"),
        ),
        check("the server has no TLS", &url(played::mysql_of_version("8.0.36"), "?ssl-mode=require")),
        check("the server has no connection left", &refusing(1040, None, "Too many connections")),
        check("the server stops", &refusing(1053, Some("08S01"), "Server shutdown in progress")),
        check("something else answers", &url(played::server(vec![b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec()]), "")),
        check("MySQL is too old", &url(played::mysql_of_version("5.7.44-log"), "")),
        check("MariaDB is too old", &url(played::mysql_of_version("10.5.26-MariaDB"), "")),
    ];
    insta::assert_snapshot!(rows.concat(), @"
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
      hint: try it: mysqladmin -h 127.0.0.1 -P [port] status
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
      hint: try it: mysqladmin -h 127.0.0.1 -P [port] status
    # wrong password
    exit 1 error[database.auth-failed]: 127.0.0.1:[port] refuses user `app` of data source `main`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error returned from database: 1045 (28000): Access denied for user 'app'@'localhost'
      hint: check user and password in the URL of data source `main`
      hint: in a password write `@` as %40, `:` as %3A and `/` as %2F
      hint: check what the server grants to this user from this address, and whether only with TLS
    # no such database
    exit 1 error[database.missing]: 127.0.0.1:[port] has no database `crm`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error returned from database: 1049 (42000): Unknown database 'crm'
      hint: create it: CREATE DATABASE `crm`
      hint: check the database's name in the URL of the data source
    # the server wants TLS
    exit 1 error[database.tls-required]: 127.0.0.1:[port] takes only connections with TLS, and the URL has none
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error returned from database: 3159 (HY000): Connections using insecure transport are prohibited
      hint: add ?ssl-mode=require to the URL of the data source
    # the server has no TLS
    exit 1 error[database.tls-required]: 127.0.0.1:[port] has no TLS, and the URL demands it
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error occurred while attempting to establish a TLS connection: server does not support TLS
      hint: turn on ssl on the server
      hint: on a trusted network, write ?ssl-mode=disable in the URL of the data source
    # the server has no connection left
    exit 1 error[database.refused]: `main` at 127.0.0.1:[port] has no connection left
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error returned from database: 1040: Too many connections
      hint: lower connections_max of the data source, or raise max_connections of the server
      hint: look for other programs that hold connections
      hint: try it: mysqladmin -h 127.0.0.1 -P [port] status
    # the server stops
    exit 1 error[database.refused]: `main` at 127.0.0.1:[port] is starting up or shutting down
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error returned from database: 1053 (08S01): Server shutdown in progress
      hint: wait until the server is up, then try again
      hint: try it: mysqladmin -h 127.0.0.1 -P [port] status
    # something else answers
    exit 1 error[database.refused]: `main` at 127.0.0.1:[port] takes connections and does not answer as MySQL does
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      cause: error communicating with database: expected to read 4739923 bytes, got 19 bytes at EOF
      hint: check that a MySQL or MariaDB server listens there, and not another program
      hint: try it: mysqladmin -h 127.0.0.1 -P [port] status
    # MySQL is too old
    exit 1 error[database.failed]: 127.0.0.1:[port] runs version 5.7.44-log, at least MySQL 8.0.17 is needed
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      hint: upgrade the server to MySQL 8.0.17 or newer
    # MariaDB is too old
    exit 1 error[database.failed]: 127.0.0.1:[port] runs version 10.5.26-MariaDB, at least MariaDB 10.6 is needed
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: app
      database: crm
      hint: upgrade the server to MariaDB 10.6 or newer
    ");
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
