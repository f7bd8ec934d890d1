//! What a validate hook adds to a create: two plugins with the same model in one host, one of them with the hook.
//!
//! The guest instance is fresh for each operation, as always. A second row holds the hook against what nobody can save: a
//! bare instance of the same guest before the create without the hook. Invariant: the two namespaces differ in nothing but
//! the hook.

use std::hint::black_box;

use anyhow::Result;
use tempfile::TempDir;

use crate::compare::{Size, compare};
use crate::contact::NewContact;
use crate::cores::Cores;
use crate::database::{Database, Kind};
use crate::figure::{Figure, Target};
use crate::hosted::{self, Model};
use crate::instance;
use crate::report::Report;

const HOOK: &str = "engine create with validate hook";
const BARE_INSTANCE: &str = "validate hook and bare instance";
const TARGET: Target = Target::More(15.0);

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    if report.wanted([HOOK, BARE_INSTANCE], |name| name).is_empty() {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    let hooked = hosted::deploy(&host, "hooked", database.placement(), artifacts::BENCH_HOOKED).await?;
    let plain = hosted::deploy(&host, "unhooked", database.placement(), artifacts::BENCH_PLAIN).await?;
    // Each has been written to, so that no connection is made later.
    hooked.fill(1).await;
    plain.fill(1).await;
    let cores = Cores::of_this_process();
    cores.place(&database.threads().await?);
    measure(report, database.kind(), &hooked, &plain).await?;
    cores.release();
    host.close().await;
    Ok(())
}

async fn measure(report: &mut Report, kind: Kind, hooked: &Model, plain: &Model) -> Result<()> {
    let size = match kind {
        Kind::Sqlite => Size { operations: 2_000, block: 50 },
        Kind::Postgres | Kind::Mysql => Size { operations: 800, block: 10 },
    };
    let bodies: Vec<String> = (0..size.total()).map(|number| NewContact::numbered(number).body(None)).collect();
    let mut with_hook = async |number: usize| drop(black_box(hooked.call("create", &bodies[number]).await));
    let mut without = async |number: usize| drop(black_box(plain.call("create", &bodies[number]).await));
    if report.wants(HOOK) {
        let measured = compare(size, &mut with_hook, &mut without).await;
        report.add(Figure::beside(HOOK, kind.name(), &measured, TARGET));
    }
    if report.wants(BARE_INSTANCE) {
        let (guest, contact) = (instance::bare()?, instance::contact());
        let instance_and_create = async |number: usize| {
            assert_eq!(guest.validate(&contact).await.expect("an answer"), 0);
            without(number).await;
        };
        let measured = compare(size, &mut with_hook, instance_and_create).await;
        report.add(Figure::beside(BARE_INSTANCE, kind.name(), &measured, TARGET));
    }
    Ok(())
}
