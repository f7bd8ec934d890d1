//! A thousand namespaces of one plugin with three models, one SQLite file each: how fast a host with them starts, and what
//! each of them keeps in memory.
//!
//! Memory is that of the program, after one request to each namespace: what 1,000 take more than 500. Linux only. Invariant: a
//! start counts only when every namespace serves.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use engine::Placement;
use tempfile::TempDir;

use crate::compare::Spread;
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::process::{self, Server};
use crate::report::Report;

const START: &str = "start with 1,000 namespaces";
const MEMORY: &str = "memory of each of 1,000 namespaces";
const HALF: usize = 500;
const STARTS: usize = 3;

pub(crate) async fn run(report: &mut Report) -> Result<()> {
    if !report.wants(START) && !report.wants(MEMORY) {
        return Ok(());
    }
    let program = process::program()?;
    let folder = TempDir::new()?;
    prepare(folder.path(), 0..HALF).await?;
    let mut of_half = Vec::new();
    for _ in 0..STARTS {
        of_half.push(started(&program, folder.path(), HALF)?.1);
    }
    prepare(folder.path(), HALF..2 * HALF).await?;
    let (mut starts_ms, mut each_kib) = (Vec::new(), Vec::new());
    for half in of_half {
        let (ms, kib) = started(&program, folder.path(), 2 * HALF)?;
        starts_ms.push(ms);
        each_kib.push((kib - half) / HALF as f64);
    }
    if report.wants(START) {
        let measured = (Spread::of(starts_ms), "ms");
        report.add(Figure::alone(START, "sqlite", measured, Target::Under(3_000.0)));
    }
    if report.wants(MEMORY) {
        let measured = (Spread::of(each_kib), "KiB");
        report.add(Figure::alone(MEMORY, "sqlite", measured, Target::AtMost(32.0)));
    }
    Ok(())
}

async fn prepare(folder: &Path, numbers: std::ops::Range<usize>) -> Result<()> {
    let host = hosted::open(folder, &hosted::sqlite_url(folder)).await?;
    for number in numbers {
        hosted::deploy(&host, &format!("n{number}"), Placement::Own, artifacts::BENCH_THREE).await?;
    }
    host.close().await;
    Ok(())
}

/// Milliseconds until the program is ready, and the KiB that it has after one request to each namespace.
fn started(program: &Path, folder: &Path, namespaces: usize) -> Result<(f64, f64)> {
    let command = process::serve(program, folder);
    let start = Instant::now();
    let server = Server::start(command)?;
    let ms = start.elapsed().as_secs_f64() * 1e3;
    let listed = server.announced()["host"]["namespaces"].as_array().context("the host lists its namespaces")?;
    let serving = listed.iter().filter(|namespace| namespace["state"] == "serving").count();
    ensure!(serving == namespaces, "{serving} of {namespaces} namespaces serve");
    let mut client = server.connect()?;
    for number in 0..namespaces {
        let request = format!(
            "POST /v1/namespaces/n{number}/models/customer/list HTTP/1.1\r\nhost: 127.0.0.1\r\n\
             content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        client.send(request.as_bytes())?;
    }
    let kib = server.resident_kib()?;
    server.stop()?;
    Ok((ms, kib))
}
