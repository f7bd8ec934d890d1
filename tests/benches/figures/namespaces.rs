//! Reads by key in 1,000 namespaces round robin, beside the same reads in one of them.
//!
//! Every namespace is a schema of one PostgreSQL database with the same plugin and the same records. One caller, so that one
//! connection serves all and has as many statements to keep as there are namespaces. Invariant: both sides read the same
//! record in the same turn.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::compare::{Size, compare};
use crate::contact;
use crate::cores::Cores;
use crate::database::{Database, Kind};
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

const NAME: &str = "read, 1,000 namespaces round robin";
const NAMESPACES: usize = 1_000;
/// Records of each namespace.
const EACH: usize = 5;
const SIZE: Size = Size { operations: 2_000, block: 100 };

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    if database.kind() != Kind::Postgres || !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    let start = Instant::now();
    let mut models = Vec::with_capacity(NAMESPACES);
    for number in 0..NAMESPACES {
        let name = format!("n{number}");
        let model = hosted::deploy(&host, &name, database.placement(), artifacts::BENCH_PLAIN).await?;
        model.fill(EACH).await;
        models.push(model);
    }
    println!("{NAMESPACES} namespaces were made in {:.1} s", start.elapsed().as_secs_f64());
    let one = models.first().context("a namespace")?;
    let bodies: Vec<String> = (0..EACH).map(|number| contact::body_by_key(contact::id(number))).collect();
    // A turn of all namespaces reads the same record in each.
    let body = |number: usize| &bodies[number / NAMESPACES % EACH];
    let in_turn = async |number: usize| {
        drop(black_box(models[number % NAMESPACES].call("read", body(number)).await));
    };
    let in_one = async |number: usize| drop(black_box(one.call("read", body(number)).await));
    let cores = Cores::of_this_process();
    cores.place(&database.threads().await?);
    let measured = compare(SIZE, in_turn, in_one).await;
    cores.release();
    report.add(Figure::beside(NAME, database.name(), &measured, Target::Times(1.5)));
    host.close().await;
    Ok(())
}
