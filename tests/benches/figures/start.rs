//! From starting the program to its first answer, with one deployed namespace and with a hundred.
//!
//! Each namespace has a plugin of its own: the same code with another digest, so that each one is read from the cache and
//! activated by itself. Compiling them belongs to the preparation. Invariant: a start counts only when every namespace
//! serves.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use engine::Placement;
use tempfile::TempDir;

use crate::compare::{ROUNDS, Spread};
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::process::{self, Server};
use crate::report::Report;

const ROWS: [(&str, usize, f64); 2] =
    [("start with 1 namespace", 1, 200.0), ("restart with 100 namespaces", 100, 1_000.0)];

const READY: &[u8] = b"GET /health/ready HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";

pub(crate) async fn run(report: &mut Report) -> Result<()> {
    for (name, namespaces, ms_max) in ROWS {
        if !report.wants(name) {
            continue;
        }
        let program = process::program()?;
        let folder = TempDir::new()?;
        prepare(folder.path(), namespaces).await?;
        let mut starts_ms = Vec::new();
        for round in 0..=ROUNDS {
            let ms = start(&program, folder.path(), namespaces)?;
            // The first one finds the program's own pages on the disk.
            if round > 0 {
                starts_ms.push(ms);
            }
        }
        let measured = (Spread::of(starts_ms), "ms");
        report.add(Figure::alone(name, "sqlite", measured, Target::Under(ms_max)));
    }
    Ok(())
}

async fn prepare(folder: &Path, namespaces: usize) -> Result<()> {
    let host = hosted::open(folder, &hosted::sqlite_url(folder)).await?;
    for number in 0..namespaces {
        let plugin = with_digest_of_its_own(artifacts::BENCH_HOOKED, number);
        hosted::deploy(&host, &format!("n{number}"), Placement::Own, plugin).await?.fill(1).await;
    }
    host.close().await;
    Ok(())
}

/// Milliseconds until the program says that it is ready; then it is stopped.
fn start(program: &Path, folder: &Path, namespaces: usize) -> Result<f64> {
    let command = process::serve(program, folder);
    let start = Instant::now();
    let server = Server::start(command)?;
    server.connect()?.send(READY)?;
    let elapsed = start.elapsed();
    let listed = server.announced()["host"]["namespaces"].as_array().context("the host lists its namespaces")?;
    let serving = listed.iter().filter(|namespace| namespace["state"] == "serving").count();
    ensure!(serving == namespaces, "{serving} of {namespaces} namespaces serve");
    server.stop()?;
    Ok(elapsed.as_secs_f64() * 1e3)
}

/// The component with a custom section at its end, which nobody reads.
pub(crate) fn with_digest_of_its_own(component: &[u8], number: usize) -> Vec<u8> {
    let content = format!("\u{7}figures{number:04}");
    let length = u8::try_from(content.len()).expect("a dozen bytes");
    [component, &[0, length], content.as_bytes()].concat()
}
