//! A read by key over HTTP: the program as it is served, beside a bare axum server.
//!
//! Both are processes of their own on loopback and get the same key; one caller waits for each answer. Invariant: both
//! answer the same JSON, which is checked before anything is measured.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use engine::{Placement, Role, Scope};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::bare::{server, sqlite};
use crate::client::Client;
use crate::compare::{Size, compare};
use crate::contact::{self, RECORDS};
use crate::cores::Cores;
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::process::{self, Server};
use crate::report::Report;

const NAME: &str = "http read";
const NAMESPACE: &str = "plain";
const SIZE: Size = Size { operations: 2_000, block: 50 };

pub(crate) async fn run(report: &mut Report) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let program = process::program()?;
    let folder = TempDir::new()?;
    let key = fill(folder.path()).await?;
    let bare_file = folder.path().join("bare.db");
    sqlite::copy(&hosted::sqlite_file(folder.path(), NAMESPACE), &bare_file)?;

    let ours = Server::start(process::serve(&program, folder.path()))?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(server::ARGUMENT).arg(&bare_file).arg(&key);
    let bare = Server::start(command)?;
    let (mut ours_client, mut bare_client) = (ours.connect()?, bare.connect()?);
    for number in 0..RECORDS {
        let id = contact::id(number);
        let same = json(&mut ours_client, &our_request(id, &key))? == json(&mut bare_client, &bare_request(id, &key))?;
        ensure!(same, "record {number} differs between the host and the bare program");
    }
    let ids: Vec<Uuid> = (0..RECORDS).map(contact::pick).collect();
    let our_requests: Vec<_> = ids.iter().map(|id| our_request(*id, &key)).collect();
    let bare_requests: Vec<_> = ids.iter().map(|id| bare_request(*id, &key)).collect();
    let ours_read = async |number: usize| {
        ours_client.send(&our_requests[number % RECORDS]).expect("a record");
    };
    let bare_read = async |number: usize| {
        bare_client.send(&bare_requests[number % RECORDS]).expect("a record");
    };
    let cores = Cores::of_this_process();
    cores.place(&[ours.threads(), bare.threads()].concat());
    let measured = compare(SIZE, ours_read, bare_read).await;
    cores.release();
    report.add(Figure::beside(NAME, "sqlite", &measured, Target::Times(1.4)));
    ours.stop()
}

/// Deploys the model, fills it and makes a key for reading.
async fn fill(folder: &Path) -> Result<String> {
    let host = hosted::open(folder, &hosted::sqlite_url(folder)).await?;
    let model = hosted::deploy(&host, NAMESPACE, Placement::Own, artifacts::BENCH_PLAIN).await?;
    model.fill(RECORDS).await;
    let key = host.create_key("figures", Role::Read, Scope::All).await?;
    host.close().await;
    Ok(key.text)
}

fn our_request(id: Uuid, key: &str) -> Vec<u8> {
    let body = contact::body_by_key(id);
    let length = body.len();
    format!(
        "POST /v1/namespaces/{NAMESPACE}/models/contact/read HTTP/1.1\r\nhost: 127.0.0.1\r\n\
         authorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn bare_request(id: Uuid, key: &str) -> Vec<u8> {
    format!("GET /contacts/{id} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n\r\n").into_bytes()
}

fn json(client: &mut Client, request: &[u8]) -> Result<Value> {
    Ok(serde_json::from_slice(client.send(request)?)?)
}
