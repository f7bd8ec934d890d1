//! What the second operation on a new namespace asks of the database: one statement, whichever operation it is. Where no
//! UPDATE can answer a record, an update is a transaction of two.
//!
//! Counts what the host counts for inspection; nothing is timed. Invariant: each operation gets a namespace of its own, new
//! and with one record.

use anyhow::Result;
use tempfile::TempDir;

use crate::compare::Spread;
use crate::contact::{self, Changes, NewContact};
use crate::database::{Database, Kind};
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

const NAME: &str = "second operation on a new namespace";

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let counts = Spread::of(counts(&folder, database).await?);
    // Judged by the operation that takes most.
    let most = Spread { median: counts.max, ..counts };
    let max = match database.kind() {
        Kind::Sqlite | Kind::Postgres => 1.0,
        // BEGIN, UPDATE, SELECT, COMMIT.
        Kind::Mysql => 4.0,
    };
    report.add(Figure::alone(NAME, database.name(), (most, "statements"), Target::AtMost(max)));
    Ok(())
}

/// The statements of each operation, in as many new namespaces.
async fn counts(folder: &TempDir, database: &Database) -> Result<Vec<f64>> {
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
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
        let model =
            hosted::deploy(&host, &format!("new-{operation}"), database.placement(), artifacts::BENCH_PLAIN).await?;
        model.fill(1).await;
        let before = model.statements().await?;
        model.call(operation, &body).await;
        counts.push(f64::from(u32::try_from(model.statements().await? - before)?));
    }
    host.close().await;
    Ok(counts)
}
