//! Which form of writing many records is the fastest on each database: only bare programs, no target.
//!
//! `--forms` measures these rows and no others; docs/decisions/0011 is made of them. Forms take turns, every round writes
//! 100,000 records in each, into a table that each form has for itself. Invariant: every form writes the same records.

use std::time::Instant;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::bare::Connection;
use crate::bare::form::Form;
use crate::compare::{ROUNDS, Spread, microseconds, rows_per_second};
use crate::contact::{MANY, NewContact};
use crate::cores::Cores;
use crate::database::Database;
use crate::figure::{Figure, Target};
use crate::hosted;
use crate::report::Report;

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    let folder = TempDir::new()?;
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    hosted::deploy(&host, "forms", database.placement(), artifacts::BENCH_PLAIN).await?;
    let new: Vec<NewContact> = (0..MANY).map(NewContact::numbered).collect();
    let forms = Form::of(database.kind());
    let mut rates = vec![Vec::new(); forms.len()];
    let cores = Cores::of_this_process();
    for round in 0..=ROUNDS {
        for (form, rates) in forms.iter().zip(&mut rates) {
            // A table of its own that begins empty.
            let mut connection = Connection::beside(database, folder.path(), "forms").await?;
            cores.place(&database.threads().await?);
            let mut bare = connection.prepare()?;
            let start = Instant::now();
            let written = bare.create_many(*form, &new).await?;
            let us = microseconds(start.elapsed());
            ensure!(written == MANY as u64, "{form} wrote {written} records");
            if round > 0 {
                rates.push(rows_per_second(MANY, us));
            }
            drop(bare);
            cores.release();
            connection.close().await?;
        }
    }
    for (form, rates) in forms.iter().zip(rates) {
        let measured = (Spread::of(rates), "rows/s");
        report.add(Figure::alone(format!("form: {form}"), database.name(), measured, Target::Nothing));
    }
    host.close().await;
    Ok(())
}
