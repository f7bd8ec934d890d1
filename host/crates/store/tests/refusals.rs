//! Servers that take no connection, played by sockets: each is told apart, and none makes the password appear.

mod support;

use std::path::Path;
use std::time::Duration;

use model::{Code, Describe};
use modelhost_store::{DataSource, Job, StoreError};
use sql::Place;
use support::{everything_of, name, played, settings, sql};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PASSWORD: &str = "hunter2-sesame";

/// What servers say: SQLSTATE, message, and the parameters of the URL that they say it to.
const ANSWERS: &[(&str, &str, &str)] = &[
    ("28P01", "password authentication failed for user \"me\"", ""),
    ("3D000", "database \"crm\" does not exist", ""),
    ("28000", "no pg_hba.conf entry for host \"10.0.0.1\", user \"me\", no encryption", "?sslmode=disable"),
    ("28000", "never said: it has no TLS", "?sslmode=require"),
    ("53300", "sorry, too many clients already", ""),
    ("57P03", "the database system is starting up", ""),
    ("58000", "something else", ""),
];

fn source(host: &str, port: u16, parameters: &str) -> DataSource {
    let url = format!("postgres://me:{PASSWORD}@{host}:{port}/crm{parameters}");
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

/// A server that has no TLS and answers every greeting with an error.
async fn server_that_says(severity: &str, state: &str, message: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mut fields = Vec::new();
    for (kind, text) in [('S', severity), ('V', severity), ('C', state), ('M', message)] {
        fields.push(kind as u8);
        fields.extend_from_slice(text.as_bytes());
        fields.push(0);
    }
    fields.push(0);
    let length = u32::try_from(fields.len() + 4).expect("short");
    let mut answer = vec![b'E'];
    answer.extend_from_slice(&length.to_be_bytes());
    answer.extend(fields);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            greet(stream, &answer).await;
        }
    });
    port
}

/// The question for TLS has 8 bytes; what comes next is the greeting.
async fn greet(mut stream: TcpStream, answer: &[u8]) {
    let mut buffer = [0; 1_024];
    let mut read = stream.read(&mut buffer).await.unwrap_or(0);
    if read == 8 {
        stream.write_all(b"N").await.ok();
        read = stream.read(&mut buffer).await.unwrap_or(0);
    }
    if read > 8 {
        stream.write_all(answer).await.ok();
    }
    stream.shutdown().await.ok();
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let mut refused = vec![source("127.0.0.1", nobody, ""), source("no-such-host.invalid", 5432, "")];
    for (state, message, parameters) in ANSWERS {
        let port = server_that_says("FATAL", state, message).await;
        refused.push(source("127.0.0.1", port, parameters));
    }
    let mut lines = Vec::new();
    for source in &refused {
        let error = refusal(source).await;
        let solutions = error.solutions();
        lines.push(format!("{}\n  {error}\n  {}", error.code(), solutions[0]));
    }
    insta::with_settings!({filters => vec![(r"127.0.0.1:\d+", "127.0.0.1:[port]"), (r"-p \d+", "-p [port]")]}, {
        insta::assert_snapshot!(lines.join("\n"), @r"
        database.refused
          `main` at 127.0.0.1:[port] refuses connections: nothing listens there
          start the database server
        database.unknown-host
          the host `no-such-host.invalid` of data source `main` has no address
          check the host's spelling in the URL of the data source
        database.auth-failed
          127.0.0.1:[port] refuses user `me` of data source `main`
          check user and password in the URL of data source `main`
        database.missing
          127.0.0.1:[port] has no database `crm`
          create it: createdb -h 127.0.0.1 -p [port] crm
        database.tls-required
          127.0.0.1:[port] takes only connections with TLS, and the URL has none
          add ?sslmode=require to the URL of the data source
        database.tls-required
          127.0.0.1:[port] has no TLS, and the URL demands it
          turn on ssl on the server
        database.refused
          `main` at 127.0.0.1:[port] has no connection left
          lower connections_max of the data source, or raise max_connections of the server
        database.refused
          `main` at 127.0.0.1:[port] is starting up or shutting down
          wait until the server is up, then try again
        database.failed
          postgres://me:***@127.0.0.1:[port]/crm answered with an error (code 58000)
          look into the host's log: it holds what the database said
        ");
    });
}

#[tokio::test]
async fn a_server_that_is_too_old_is_told_with_its_version_by_whoever_connects() {
    let port = played::postgres_of_version("13.4").await;
    let error = refusal(&source("127.0.0.1", port, "")).await;
    assert!(matches!(error, StoreError::TooOld { .. }), "{error:?}");
    let expected = format!("127.0.0.1:{port} runs version 13.4, at least PostgreSQL 14 is needed");
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_failed_handshake_and_a_missing_certificate_are_about_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 8];
            stream.read_exact(&mut buffer).await.ok();
            stream.write_all(b"Sthis is no handshake").await.ok();
        }
    });
    for parameters in ["?sslmode=require", "?sslmode=verify-full&sslrootcert=/no/such/file.pem"] {
        let error = refusal(&source("127.0.0.1", port, parameters)).await;
        assert_eq!(error.code(), Code::DatabaseTlsRequired, "{error:?}");
    }
    let socket = source("localhost", 5432, "?host=/no/such/folder");
    assert_eq!(refusal(&socket).await.code(), Code::DatabaseRefused);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let url = format!("postgres://me:{PASSWORD}@127.0.0.1:{port}/crm");
    let mut settings = settings(&url, Path::new("/"));
    settings.connect_ms_max = 50;
    let error = refusal(&DataSource::new(settings)).await;
    assert_eq!(error.code(), Code::DatabaseRefused);
    assert!(error.to_string().contains("within 50 ms"), "{error}");
}

#[tokio::test]
async fn connecting_and_waiting_for_a_place_are_different_errors() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let url = format!("postgres://me:{PASSWORD}@127.0.0.1:{port}/crm");
    let mut settings = settings(&url, Path::new("/"));
    (settings.connections_max, settings.wait_ms_max) = (1, 30);
    let source = DataSource::new(settings);
    let store = source.store(name("acme"), Place::Own);
    let first = {
        let store = store.clone();
        tokio::spawn(async move { store.run(Job::one(sql("SELECT 1"))).await })
    };
    while source.stats().size == 0 {
        tokio::task::yield_now().await;
    }
    let error = store.run(Job::one(sql("SELECT 1"))).await.expect_err("no place");
    assert_eq!(error.code(), Code::DatabasePoolExhausted);
    assert!(!everything_of(&error).contains(PASSWORD));
    first.abort();
    assert!(first.await.is_err());
    let stats = source.stats();
    assert_eq!((stats.size, stats.waiting), (0, 0), "nothing leaks");
    tokio::time::timeout(Duration::from_secs(1), source.close()).await.expect("closes");
}
