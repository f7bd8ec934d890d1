//! 100,000 records in one call, from the text of the body to the count, beside the bare driver.
//!
//! Both write all records or none, and answer no record. The bare program gets values of Rust and writes them in the form
//! that is the fastest on its database; tables begin empty and grow alike. On SQLite the clock stops when everything has
//! moved from the log into the file, so that what a side leaves to a later call, or to another thread, is its own. Every
//! round is three pairs of calls of each side. Invariant: both say that they wrote every record.

use std::hint::black_box;
use std::path::Path;

use anyhow::Result;
use tempfile::TempDir;

use crate::bare::Connection;
use crate::bare::form::Form;
use crate::bare::sqlite::{self, Log};
use crate::compare::{Size, compare};
use crate::contact::{self, MANY, NewContact};
use crate::cores::Cores;
use crate::database::{Database, Kind};
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

/// Name of the row, namespace, component, how much of the bare rate it has to reach.
const ROWS: [(&str, &str, &[u8], f64); 2] = [
    ("bulk_create 100,000 x 10 fields", "many-plain", artifacts::BENCH_PLAIN, 0.75),
    ("bulk_create with validate hook", "many-hooked", artifacts::BENCH_HOOKED, 0.6),
];
/// Calls that are timed together: what the first one leaves in SQLite's log the second one may find there.
const CALLS: usize = 2;
const SIZE: Size = Size { operations: 3, block: 1 };

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
        let [host_log, bare_log] = logs(database, folder.path(), namespace)?;
        let ours = async |_| {
            for _ in 0..CALLS {
                ours.create_many(&body).await;
            }
            move_all(&host_log);
        };
        let bare_calls = async |_| {
            for _ in 0..CALLS {
                let written = bare.create_many(form, black_box(&new)).await.expect("every record is written");
                assert_eq!(written, MANY as u64);
            }
            move_all(&bare_log);
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

/// The logs of the host's file and of the bare program's, where there are any.
fn logs(database: &Database, folder: &Path, namespace: &str) -> Result<[Option<Log>; 2]> {
    Ok(match database.kind() {
        Kind::Sqlite => {
            let files = [hosted::sqlite_file(folder, namespace), sqlite::file_beside(folder, namespace)];
            let [host, bare] = files.map(|file| Log::of(&file));
            [Some(host?), Some(bare?)]
        }
        Kind::Postgres | Kind::Mysql => [None, None],
    })
}

fn move_all(log: &Option<Log>) {
    if let Some(log) = log {
        log.move_all().expect("the log moves");
    }
}
