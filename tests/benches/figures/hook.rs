//! What a validate hook adds to a create: two plugins with the same model in one host, one of them with the hook.
//!
//! The guest instance is fresh for each operation, as always. A second row holds the hook against what nobody can save: a
//! bare instance of the same guest before the create without the hook. Invariant: the two namespaces differ in nothing but
//! the hook.

use std::hint::black_box;

use anyhow::Result;
use engine::Placement;
use tempfile::TempDir;

use crate::bare::guest;
use crate::compare::{Size, compare};
use crate::contact::NewContact;
use crate::cores::Cores;
use crate::database::Postgres;
use crate::figure::{Figure, Target};
use crate::hosted::{self, Model};
use crate::instance;
use crate::report::Report;

const HOOK: &str = "engine create with validate hook";
const BARE_INSTANCE: &str = "validate hook and bare instance";
const TARGET: Target = Target::More(15.0);
const SQLITE: Size = Size { operations: 2_000, block: 50 };
const POSTGRES: Size = Size { operations: 800, block: 10 };

pub(crate) async fn on_sqlite(report: &mut Report) -> Result<()> {
    if report.wanted([HOOK, BARE_INSTANCE], |name| name).is_empty() {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &hosted::sqlite_url(folder.path())).await?;
    let hooked = hosted::deploy(&host, "hooked", Placement::Own, artifacts::BENCH_HOOKED).await?;
    let plain = hosted::deploy(&host, "unhooked", Placement::Own, artifacts::BENCH_PLAIN).await?;
    measure(report, ("sqlite", SQLITE), &hooked, &plain).await?;
    host.close().await;
    Ok(())
}

pub(crate) async fn on_postgres(report: &mut Report, postgres: &Postgres) -> Result<()> {
    if report.wanted([HOOK, BARE_INSTANCE], |name| name).is_empty() {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), postgres.url()).await?;
    let hooked = hosted::deploy(&host, "hooked", Placement::Schema, artifacts::BENCH_HOOKED).await?;
    let plain = hosted::deploy(&host, "unhooked", Placement::Schema, artifacts::BENCH_PLAIN).await?;
    let cores = Cores::of_this_process();
    cores.place(&postgres.processes().await?);
    measure(report, ("postgres", POSTGRES), &hooked, &plain).await?;
    cores.release();
    host.close().await;
    Ok(())
}

async fn measure(
    report: &mut Report,
    (database, size): (&'static str, Size),
    hooked: &Model,
    plain: &Model,
) -> Result<()> {
    let bodies: Vec<String> = (0..size.total()).map(|number| NewContact::numbered(number).body(None)).collect();
    let mut with_hook = async |number: usize| drop(black_box(hooked.call("create", &bodies[number]).await));
    let mut without = async |number: usize| drop(black_box(plain.call("create", &bodies[number]).await));
    if report.wants(HOOK) {
        let measured = compare(size, &mut with_hook, &mut without).await;
        report.add(Figure::beside(HOOK, database, &measured, TARGET));
    }
    if report.wants(BARE_INSTANCE) {
        let (guest, contact) = (instance::bare()?, instance::contact());
        let row = guest::row(&contact);
        let instance_and_create = async |number: usize| {
            assert_eq!(guest.validate(&row).await.expect("an answer"), 0);
            without(number).await;
        };
        let measured = compare(size, &mut with_hook, instance_and_create).await;
        report.add(Figure::beside(BARE_INSTANCE, database, &measured, TARGET));
    }
    Ok(())
}
