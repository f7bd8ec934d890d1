//! A list of 1,000 of 100,000 records: those of a range of an indexed field, in its order, beside the bare driver.
//!
//! The index is declared by the guest `bench-indexed` and stands in both tables. Every list begins elsewhere. Invariant:
//! both answer equal records, which is checked before anything is measured.

use std::hint::black_box;

use anyhow::{Result, ensure};
use model::Row;
use tempfile::TempDir;

use crate::bare::Connection;
use crate::compare::{Size, compare};
use crate::contact;
use crate::cores::Cores;
use crate::database::Database;
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

const NAME: &str = "engine list of 1,000 of 100,000";
const SIZE: Size = Size { operations: 100, block: 5 };

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    let ours = hosted::deploy(&host, "indexed", database.placement(), artifacts::BENCH_INDEXED).await?;
    ours.create_many(&contact::body_of_many(contact::MANY)).await;
    let mut connection = Connection::beside(database, folder.path(), "indexed").await?;
    let mut bare = connection.prepare()?;
    let bodies: Vec<String> = (0..SIZE.total()).map(contact::first_credit).map(contact::body_by_credit).collect();
    let answer = contact::rows(ours.call("list", &bodies[1]).await.outcome);
    let same = bare.list_by_credit(contact::first_credit(1)).await?;
    let same: Vec<Row> = same.iter().map(contact::Contact::to_row).collect();
    ensure!(answer == same && same.len() == contact::CREDITS, "the host and the bare program answer other lists");

    let ours = async |number: usize| drop(black_box(ours.call("list", &bodies[number]).await));
    let bare_list = async |number| {
        drop(black_box(bare.list_by_credit(contact::first_credit(number)).await.expect("a list")));
    };
    let cores = Cores::of_this_process();
    cores.place(&database.threads().await?);
    let measured = compare(SIZE, ours, bare_list).await;
    cores.release();
    report.add(Figure::beside(NAME, database.name(), &measured, Target::Times(1.25)));
    drop(bare);
    connection.close().await?;
    host.close().await;
    Ok(())
}
