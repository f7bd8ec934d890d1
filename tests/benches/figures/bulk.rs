//! 100,000 records in one call, from the text of the body to the count, beside the bare driver.
//!
//! Both write all records or none, and answer no record. The bare program gets values of Rust and writes them in the form
//! that is the fastest on its database; tables begin empty and grow alike. Every round is five calls of each side, whose
//! time is added up. Invariant: both say that they wrote every record.

use std::hint::black_box;

use anyhow::Result;
use tempfile::TempDir;

use crate::bare::Connection;
use crate::bare::form::Form;
use crate::compare::{Size, compare};
use crate::contact::{self, MANY, NewContact};
use crate::cores::Cores;
use crate::database::Database;
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

/// Name of the row, namespace, component, how much of the bare rate it has to reach.
const ROWS: [(&str, &str, &[u8], f64); 2] = [
    ("bulk_create 100,000 x 10 fields", "many-plain", artifacts::BENCH_PLAIN, 0.75),
    ("bulk_create with validate hook", "many-hooked", artifacts::BENCH_HOOKED, 0.6),
];
/// Calls whose time is added up: in so many the bare program moves SQLite's log into the file once, and the host twice on
/// another thread.
const CALLS: usize = 5;
const SIZE: Size = Size { operations: 1, block: 1 };

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    let wanted = report.wanted(ROWS, |(name, ..)| name);
    if wanted.is_empty() {
        return Ok(());
    }
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    let form = Form::best(database.kind());
    let new: Vec<NewContact> = (0..MANY).map(NewContact::numbered).collect();
    let body = contact::body_of_many(MANY);
    let cores = Cores::of_this_process();
    for (name, namespace, component, target) in wanted {
        let ours = hosted::deploy(&host, namespace, database.placement(), component).await?;
        let mut connection = Connection::beside(database, folder.path(), namespace).await?;
        let mut bare = connection.prepare()?;
        let ours = async |_| {
            for _ in 0..CALLS {
                ours.create_many(&body).await;
            }
        };
        let bare_calls = async |_| {
            for _ in 0..CALLS {
                let written = bare.create_many(form, black_box(&new)).await.expect("every record is written");
                assert_eq!(written, MANY as u64);
            }
        };
        cores.place(&database.threads().await?);
        let measured = compare(SIZE, ours, bare_calls).await.rates(CALLS * MANY);
        cores.release();
        report.add(Figure::beside(name, database.name(), &measured, Target::AtLeast(target)));
        drop(bare);
        connection.close().await?;
    }
    host.close().await;
    Ok(())
}
