//! How much more memory the process has while it writes 100,000 records in one call.
//!
//! The call is made by a process of its own, which restores the namespace from the plugin's compiled code and has freed as
//! little as can be before: what an allocator keeps for later would hide what the call takes. The body is there already; a
//! caller of the engine owns it. The plugin has a validate hook. Three processes, because each is a run of its own. Linux
//! only. Invariant: what counts is the highest that the kernel has seen during the call.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::compare::Spread;
use crate::contact::{self, MANY};
use crate::database::Database;
use crate::figure::{Figure, Target};
use crate::hosted::{self, Model};
use crate::report::Report;

/// The argument that makes the bench the process whose memory is looked at.
pub(crate) const ARGUMENT: &str = "--be-the-bulk-caller";

const NAME: &str = "bulk_create, growth of memory";
const NAMESPACE: &str = "many-at-once";
const PROCESSES: usize = 3;
/// How the caller gets the data source's URL: arguments can be read by everybody on the machine.
const URL: &str = "FIGURES_DATA_SOURCE";

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let url = database.url(folder.path());
    let host = hosted::open(folder.path(), &url).await?;
    drop(hosted::deploy(&host, NAMESPACE, database.placement(), artifacts::BENCH_HOOKED).await?);
    host.close().await;
    // Only one host at a time has the folder.
    drop(host);
    let mut grown_mb = Vec::new();
    for _ in 0..PROCESSES {
        let mut command = Command::new(std::env::current_exe()?);
        let output = command.arg(ARGUMENT).arg(folder.path()).env(URL, &url).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "the caller failed: {said}{}", String::from_utf8_lossy(&output.stderr));
        grown_mb.push(said.trim().parse().with_context(|| format!("the caller said {said}"))?);
    }
    let measured = (Spread::of(grown_mb), "MB");
    report.add(Figure::alone(NAME, database.name(), measured, Target::Under(100.0)));
    Ok(())
}

/// The argument after [`ARGUMENT`]: the folder of the host. Prints by how many megabytes the process grew.
pub(crate) async fn call(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let folder = arguments.next().map(PathBuf::from).context("the folder")?;
    let host = hosted::open(&folder, &std::env::var(URL)?).await?;
    let model = Model { host: Arc::clone(&host), namespace: NAMESPACE.to_owned() };
    let body = contact::body_of_many(MANY);
    // From here on the kernel's highest is that of the call.
    std::fs::write("/proc/self/clear_refs", "5").context("resetting the highest")?;
    let before = resident_bytes("VmRSS:")?;
    model.create_many(&body).await;
    let highest = resident_bytes("VmHWM:")?;
    println!("{:.1}", (highest - before) / 1e6);
    host.close().await;
    Ok(())
}

fn resident_bytes(name: &str) -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1_024.0)
}
