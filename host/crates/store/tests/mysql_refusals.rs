//! MySQL servers that take no connection, played by sockets: each is told apart, and none makes the password appear.

mod support;

use std::path::Path;

use model::{Code, Describe};
use modelhost_store::{DataSource, Job, StoreError};
use sql::Place;
use support::{everything_of, name, played, settings, sql};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

const PASSWORD: &str = "hunter2-sesame";

/// What differs from run to run.
const PORTS: [(&str, &str); 1] = [(r"127.0.0.1:\d+", "127.0.0.1:[port]")];

/// What servers say: number, SQLSTATE, message.
const ANSWERS: &[(u16, &str, &str)] = &[
    (1045, "28000", "Access denied for user 'me'@'localhost' (using password: YES)"),
    (1044, "42000", "Access denied for user 'me'@'%' to database 'crm'"),
    (1049, "42000", "Unknown database 'crm'"),
    (3159, "HY000", "Connections using insecure transport are prohibited while --require_secure_transport=ON."),
    (1203, "42000", "User me already has more than 'max_user_connections' active connections"),
    (1053, "08S01", "Server shutdown in progress"),
    (1105, "HY000", "Unknown error"),
];

fn source(host: &str, port: u16, parameters: &str) -> DataSource {
    let url = format!("mysql://me:{PASSWORD}@{host}:{port}/crm{parameters}");
    DataSource::new(settings(&url, Path::new("/")))
}

async fn refusal(source: &DataSource) -> StoreError {
    let error = source.probe().await.expect_err("no connection");
    let store = source.store(name("acme"), Place::Own);
    let same = store.run(Job::one(sql("SELECT 1"))).await.expect_err("no connection");
    assert_eq!(error.code(), same.code());
    let text = everything_of(&error) + &everything_of(&same) + &format!("{source:?} {store:?}");
    assert!(!text.contains(PASSWORD), "{text}");
    let stats = source.stats();
    assert_eq!((stats.size, stats.in_use, stats.waiting), (0, 0, 0));
    error
}

async fn report(refused: &[DataSource]) -> String {
    let mut lines = Vec::new();
    for source in refused {
        let error = refusal(source).await;
        lines.push(format!("{}\n  {error}\n  {}", error.code(), error.solutions()[0]));
    }
    lines.join("\n")
}

#[tokio::test]
async fn refusals_before_a_login_are_told_apart() {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let another_program = played::server(|mut stream| async move {
        stream.write_all(&[3, 0, 0, 0]).await.ok();
        stream.shutdown().await.ok();
    });
    let refused = [
        source("127.0.0.1", nobody, ""),
        source("no-such-host.invalid", 3306, ""),
        source("localhost", 3306, "?socket=/no/such/socket"),
        source("127.0.0.1", another_program.await, ""),
        source("127.0.0.1", played::mysql_that_is_full().await, ""),
        source("127.0.0.1", played::mysql_that_says(1045, "28000", "not asked").await, "?ssl-mode=require"),
        source("127.0.0.1", played::mysql_of_version("5.7.44-log").await, ""),
        source("127.0.0.1", played::mysql_of_version("10.5.26-MariaDB").await, ""),
    ];
    let report = report(&refused).await;
    insta::with_settings!({filters => PORTS.to_vec()}, { insta::assert_snapshot!(report, @r"
    database.refused
      `main` at 127.0.0.1:[port] refuses connections: nothing listens there
      start the database server
    database.unknown-host
      the host `no-such-host.invalid` of data source `main` has no address
      check the host's spelling in the URL of the data source
    database.refused
      `main` at /no/such/socket:3306 refuses connections: nothing listens there
      start the database server
    database.refused
      `main` at 127.0.0.1:[port] takes connections and does not answer as MySQL does
      check that a MySQL or MariaDB server listens there, and not another program
    database.refused
      `main` at 127.0.0.1:[port] has no connection left
      lower connections_max of the data source, or raise max_connections of the server
    database.tls-required
      127.0.0.1:[port] has no TLS, and the URL demands it
      turn on ssl on the server
    database.failed
      127.0.0.1:[port] runs version 5.7.44-log, at least MySQL 8.0.17 is needed
      upgrade the server to MySQL 8.0.17 or newer
    database.failed
      127.0.0.1:[port] runs version 10.5.26-MariaDB, at least MariaDB 10.6 is needed
      upgrade the server to MariaDB 10.6 or newer
    ") });
}

#[tokio::test]
async fn refusals_of_a_login_are_told_apart() {
    let mut refused = Vec::new();
    for (number, state, message) in ANSWERS {
        refused.push(source("127.0.0.1", played::mysql_that_says(*number, state, message).await, ""));
    }
    let report = report(&refused).await;
    insta::with_settings!({filters => PORTS.to_vec()}, { insta::assert_snapshot!(report, @r"
    database.auth-failed
      127.0.0.1:[port] refuses user `me` of data source `main`
      check user and password in the URL of data source `main`
    database.auth-failed
      127.0.0.1:[port] refuses user `me` of data source `main`
      check user and password in the URL of data source `main`
    database.missing
      127.0.0.1:[port] has no database `crm`
      create it: CREATE DATABASE `crm`
    database.tls-required
      127.0.0.1:[port] takes only connections with TLS, and the URL has none
      add ?ssl-mode=require to the URL of the data source
    database.refused
      `main` at 127.0.0.1:[port] has no connection left
      lower connections_max of the data source, or raise max_connections of the server
    database.refused
      `main` at 127.0.0.1:[port] is starting up or shutting down
      wait until the server is up, then try again
    database.failed
      mysql://me:***@127.0.0.1:[port]/crm answered with an error (code 1105)
      look into the host's log: it holds what the database said
    ") });
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let mut settings = settings(&format!("mysql://me:{PASSWORD}@127.0.0.1:{port}/crm"), Path::new("/"));
    settings.connect_ms_max = 50;
    let error = refusal(&DataSource::new(settings)).await;
    assert_eq!(error.code(), Code::DatabaseRefused);
    assert!(error.to_string().contains("within 50 ms"), "{error}");
}
