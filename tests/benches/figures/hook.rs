//! What a validate hook adds to a create: two plugins with the same model in one host, one of them with the hook.
//!
//! The guest instance is fresh for each operation, as always. Invariant: the two namespaces differ in nothing but the hook.

use std::hint::black_box;

use anyhow::Result;
use engine::Placement;
use tempfile::TempDir;

use crate::compare::{Comparison, Size, compare};
use crate::contact::NewContact;
use crate::cores::Cores;
use crate::database::Postgres;
use crate::figure::{Figure, Target};
use crate::hosted::{self, Model};
use crate::report::Report;

const NAME: &str = "engine create with validate hook";
const TARGET: Target = Target::More(15.0);
const SQLITE: Size = Size { operations: 2_000, block: 50 };
const POSTGRES: Size = Size { operations: 800, block: 10 };

pub(crate) async fn on_sqlite(report: &mut Report) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &hosted::sqlite_url(folder.path())).await?;
    let hooked = hosted::deploy(&host, "hooked", Placement::Own, artifacts::BENCH_HOOKED).await?;
    let plain = hosted::deploy(&host, "unhooked", Placement::Own, artifacts::BENCH_PLAIN).await?;
    let measured = measure(SQLITE, &hooked, &plain).await;
    report.add(Figure::beside(NAME, "sqlite", &measured, TARGET));
    host.close().await;
    Ok(())
}

pub(crate) async fn on_postgres(report: &mut Report, postgres: &Postgres) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), postgres.url()).await?;
    let hooked = hosted::deploy(&host, "hooked", Placement::Schema, artifacts::BENCH_HOOKED).await?;
    let plain = hosted::deploy(&host, "unhooked", Placement::Schema, artifacts::BENCH_PLAIN).await?;
    let cores = Cores::of_this_process();
    cores.place(&postgres.processes().await?);
    let measured = measure(POSTGRES, &hooked, &plain).await;
    cores.release();
    report.add(Figure::beside(NAME, "postgres", &measured, TARGET));
    host.close().await;
    Ok(())
}

async fn measure(size: Size, hooked: &Model, plain: &Model) -> Comparison {
    let bodies: Vec<String> = (0..size.total()).map(|number| NewContact::numbered(number).body(None)).collect();
    let hooked = async |number: usize| drop(black_box(hooked.call("create", &bodies[number]).await));
    let plain = async |number: usize| drop(black_box(plain.call("create", &bodies[number]).await));
    compare(size, hooked, plain).await
}
