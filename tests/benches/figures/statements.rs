//! What the second operation on a new namespace asks of the database: one statement, whichever operation it is.
//!
//! Counts what the host counts for inspection; nothing is timed. Invariant: each operation gets a namespace of its own, new
//! and with one record.

use anyhow::Result;
use engine::Placement;
use tempfile::TempDir;

use crate::compare::Spread;
use crate::contact::{self, Changes, NewContact};
use crate::database::Postgres;
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

const NAME: &str = "second operation on a new namespace";

pub(crate) async fn on_sqlite(report: &mut Report) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let url = hosted::sqlite_url(folder.path());
    let counts = counts(&folder, &url, Placement::Own).await?;
    add(report, "sqlite", counts);
    Ok(())
}

pub(crate) async fn on_postgres(report: &mut Report, postgres: &Postgres) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let counts = counts(&TempDir::new()?, postgres.url(), Placement::Schema).await?;
    add(report, "postgres", counts);
    Ok(())
}

/// The statements of each operation, in as many new namespaces.
async fn counts(folder: &TempDir, url: &str, placement: Placement) -> Result<Vec<f64>> {
    let host = hosted::open(folder.path(), url).await?;
    let id = contact::id(0);
    let seconds = [
        ("read", contact::body_by_key(id)),
        ("list", "{}".to_owned()),
        ("update", Changes::numbered(1).body(id)),
        ("create", NewContact::numbered(1).body(None)),
        ("delete", contact::body_by_key(id)),
    ];
    let mut counts = Vec::new();
    for (operation, body) in seconds {
        let model = hosted::deploy(&host, &format!("new-{operation}"), placement, artifacts::BENCH_PLAIN).await?;
        model.fill(1).await;
        let before = model.statements().await?;
        model.call(operation, &body).await;
        counts.push(f64::from(u32::try_from(model.statements().await? - before)?));
    }
    host.close().await;
    Ok(counts)
}

/// Judged by the operation that takes most.
fn add(report: &mut Report, database: &'static str, counts: Vec<f64>) {
    let counts = Spread::of(counts);
    let most = Spread { median: counts.max, ..counts };
    report.add(Figure::alone(NAME, database, (most, "statements"), Target::AtMost(1.0)));
}
