//! Activation on an unchanged schema, the first request after a swap, and what callers notice while plugins are swapped.
//!
//! Every swap is a deploy of the same code with another digest. From the cache: two digests in turn, both compiled before.
//! The slowest calls are those of the program over HTTP, while new digests are compiled for it; the first request is one over
//! HTTP too, beside those that follow it on the same connection. Invariant: what is timed is the whole deploy, from the bytes to the
//! new generation, and every call is answered.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use engine::Placement;
use serde_json::Value;
use tempfile::TempDir;

use crate::client::Client;
use crate::compare::{Comparison, ROUNDS, Spread, microseconds};
use crate::contact;
use crate::database::{Database, Kind};
use crate::figure::{Figure, Target};
use crate::hosted::{self, Model};
use crate::process::{self, Server};
use crate::report::Report;
use crate::start::with_digest_of_its_own;

const ACTIVATION: &str = "activation, unchanged, from the cache";
const FIRST: &str = "first request after a swap";
const SLOWEST: &str = "p99 of create while swapped";

/// Swaps of a round.
const SWAPS: usize = 10;
/// Calls whose slowest hundredth is what callers notice.
const CALLS: usize = 2_000;
const SWAP_EVERY: Duration = Duration::from_millis(200);
/// How often `modelhost deploy` asks, and more seldom later.
const ASK_EVERY: Duration = Duration::from_millis(10);
const COMPILED_SWAPS: usize = 4;

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    if ![ACTIVATION, SLOWEST].iter().any(|name| report.wants(name)) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    let model = hosted::deploy(&host, "swapped", database.placement(), artifacts::BENCH_HOOKED).await?;
    model.fill(1).await;
    swap_from_cache(report, database, &model).await?;
    host.close().await;
    // Only one host at a time has the folder.
    drop((model, host));
    if report.wants(SLOWEST) {
        report.add(slowest(database, folder.path())?);
    }
    Ok(())
}

async fn swap_from_cache(report: &mut Report, database: &Database, model: &Model) -> Result<()> {
    if !report.wants(ACTIVATION) {
        return Ok(());
    }
    let plugins: [Arc<[u8]>; 2] = [1, 2].map(|number| with_digest_of_its_own(artifacts::BENCH_HOOKED, number).into());
    let mut activations = Vec::new();
    for round in 0..=ROUNDS {
        let mut activation_ms = Vec::new();
        for swap in 0..SWAPS {
            let started = Instant::now();
            model.host.deploy(&model.namespace, Arc::clone(&plugins[swap % 2])).await?;
            activation_ms.push(started.elapsed().as_secs_f64() * 1e3);
        }
        // The first one compiles.
        if round > 0 {
            activations.push(Spread::of(activation_ms).median);
        }
    }
    let ms_max = if database.kind() == Kind::Sqlite { 5.0 } else { 10.0 };
    let measured = (Spread::of(activations), "ms");
    report.add(Figure::alone(ACTIVATION, database.name(), measured, Target::AtMost(ms_max)));
    Ok(())
}

/// The first request after a swap, as a caller of the program waits for it.
pub(crate) async fn first_request(report: &mut Report) -> Result<()> {
    if !report.wants(FIRST) {
        return Ok(());
    }
    let (program, folder) = (process::program()?, TempDir::new()?);
    let host = hosted::open(folder.path(), &hosted::sqlite_url(folder.path())).await?;
    let model = hosted::deploy(&host, "swapped", Placement::Own, artifacts::BENCH_HOOKED).await?;
    model.fill(1).await;
    host.close().await;
    drop((model, host));
    let server = Server::start(process::serve(&program, folder.path()))?;
    let mut client = server.connect()?;
    let read = post(
        "/v1/namespaces/swapped/models/contact/read",
        "application/json",
        contact::body_by_key(contact::id(0)).as_bytes(),
    );
    let plugins = [1, 2].map(|number| with_digest_of_its_own(artifacts::BENCH_HOOKED, number));
    let (mut firsts, mut warms) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (mut first_us, mut warm_us) = (Vec::new(), Vec::new());
        for swap in 0..SWAPS {
            deploy_over_http(&mut client, &plugins[swap % 2], Duration::from_millis(1))?;
            first_us.push(timed(&mut client, &read)?);
            for _ in 0..20 {
                warm_us.push(timed(&mut client, &read)?);
            }
        }
        if round > 0 {
            firsts.push(Spread::of(first_us).median);
            warms.push(Spread::of(warm_us).median);
        }
    }
    server.stop()?;
    report.add(Figure::beside(FIRST, "sqlite", &Comparison::of("us", firsts, warms), Target::Times(2.0)));
    Ok(())
}

fn post(path: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Deploys and asks until it is done.
fn deploy_over_http(client: &mut Client, plugin: &[u8], ask_every: Duration) -> Result<()> {
    let accepted = client.exchange(&post("/v1/admin/namespaces/swapped/deployments", "application/wasm", plugin))?;
    let accepted: Value = serde_json::from_slice(accepted)?;
    let id = accepted["deployment"]["id"].as_str().context("an id")?.to_owned();
    let ask = format!("GET /v1/admin/deployments/{id} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    loop {
        let deployment: Value = serde_json::from_slice(client.exchange(ask.as_bytes())?)?;
        match deployment["deployment"]["state"].as_str() {
            Some("running") => std::thread::sleep(ask_every),
            Some("done") => return Ok(()),
            _ => bail!("the deploy failed: {deployment}"),
        }
    }
}

fn timed(client: &mut Client, request: &[u8]) -> Result<f64> {
    let started = Instant::now();
    std::hint::black_box(client.send(request)?);
    Ok(microseconds(started.elapsed()))
}

/// Creates over HTTP, one after the other, while new versions are deployed over another connection.
fn slowest(database: &Database, folder: &Path) -> Result<Figure> {
    let program = process::program()?;
    let server = Server::start(process::serve_on(&program, folder, &database.url(folder)))?;
    let (mut client, mut operator) = (server.connect()?, server.connect()?);
    let (mut during, mut before) = (Vec::new(), Vec::new());
    let mut digest = 100;
    for round in 0..=ROUNDS {
        let quiet = p99(&mut client, || false)?;
        let plugins: Vec<_> = (0..COMPILED_SWAPS)
            .map(|_| {
                digest += 1;
                with_digest_of_its_own(artifacts::BENCH_HOOKED, digest)
            })
            .collect();
        let swapped = std::thread::scope(|scope| {
            let operator = &mut operator;
            let swaps = scope.spawn(move || {
                for plugin in plugins {
                    let started = Instant::now();
                    deploy_over_http(operator, &plugin, ASK_EVERY)?;
                    std::thread::sleep(SWAP_EVERY.saturating_sub(started.elapsed()));
                }
                anyhow::Ok(())
            });
            let swapped = p99(&mut client, || !swaps.is_finished());
            swaps.join().expect("it does not panic")?;
            swapped
        })?;
        if round > 0 {
            before.push(quiet);
            during.push(swapped);
        }
    }
    server.stop()?;
    let measured = Comparison::of("us", during, before);
    Ok(Figure::beside(SLOWEST, database.name(), &measured, Target::Times(2.0)))
}

/// What the slowest of a hundred calls takes, over [`CALLS`] calls and as many more as there are to be.
fn p99(client: &mut Client, goes_on: impl Fn() -> bool) -> Result<f64> {
    let mut us = Vec::with_capacity(CALLS);
    while us.len() < CALLS || goes_on() {
        let body = contact::NewContact::numbered(us.len()).body(None);
        let create = post("/v1/namespaces/swapped/models/contact/create", "application/json", body.as_bytes());
        us.push(timed(client, &create)?);
    }
    us.sort_by(f64::total_cmp);
    Ok(us[us.len() * 99 / 100])
}
