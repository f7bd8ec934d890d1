//! The figures: what the host costs beside bare drivers, bare wasmtime and a bare server.
//!
//! `cargo xtask bench` builds the program, brings the servers and runs this. `--only TEXT` measures the rows whose name has
//! the text in it, `--on DATABASE` those of one database, `--forms` other rows: how many records are best written. How each
//! bare program is made stands in its own file below `bare/`. Measures nothing by itself and knows no target: each family
//! of rows is a file.

#![allow(clippy::print_stdout, reason = "a bench answers on its terminal")]

mod compare;
mod contact;
mod figure;
mod report;

mod client;
mod cores;
mod database;
mod hosted;
mod process;

mod bare;

mod bulk;
mod forms;
mod hook;
mod http;
mod instance;
mod listing;
mod many;
mod namespaces;
mod operations;
mod resident;
mod start;
mod statements;
mod swap;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use bare::server;
use database::{Database, Kind};
use report::{Conclusion, Report};
use tokio::runtime::Builder;

/// Set where a missing database is a failure.
const EVERY_DATABASE: &str = "REQUIRE_DATABASES";

struct Arguments {
    json: Option<PathBuf>,
    only: Option<String>,
    on: Option<String>,
    rows: Rows,
}

/// Which rows are measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Those with a target.
    Figures,
    /// How many records are best written.
    Forms,
}

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|argument| argument == server::ARGUMENT).is_some() {
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(server::run(arguments))?;
        return Ok(ExitCode::SUCCESS);
    }
    // One thread, so that no figure has a hop between threads in it which the scheduler may or may not make.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if arguments.next_if(|argument| argument == resident::ARGUMENT).is_some() {
        runtime.block_on(resident::call(arguments))?;
        return Ok(ExitCode::SUCCESS);
    }
    runtime.block_on(run(Arguments::parse(arguments)?))
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    let mut report = Report::new(arguments.only);
    for kind in Kind::ALL {
        if arguments.on.as_deref().is_some_and(|on| on != kind.name()) {
            continue;
        }
        let Some(database) = Database::open(kind).await? else {
            report.miss(kind.missing());
            continue;
        };
        println!("{}", database.version());
        let measured = measure(&mut report, &database, arguments.rows).await;
        database.discard().await?;
        measured?;
    }
    if arguments.on.is_none() && arguments.rows == Rows::Figures {
        http::run(&mut report).await?;
        instance::run(&mut report).await?;
        start::run(&mut report).await?;
        swap::first_request(&mut report).await?;
        many::run(&mut report).await?;
    }
    if let Some(file) = arguments.json {
        report.write_json(&file)?;
    }
    let Conclusion { all_hold, all_there } = report.conclude();
    let must_be_there = std::env::var(EVERY_DATABASE).is_ok_and(|value| value == "1");
    let succeeds = all_hold && (all_there || !must_be_there);
    Ok(if succeeds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(report: &mut Report, database: &Database, rows: Rows) -> Result<()> {
    if rows == Rows::Forms {
        return forms::run(report, database).await;
    }
    operations::run(report, database).await?;
    hook::run(report, database).await?;
    listing::run(report, database).await?;
    bulk::run(report, database).await?;
    resident::run(report, database).await?;
    statements::run(report, database).await?;
    swap::run(report, database).await?;
    namespaces::run(report, database).await
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut parsed = Self { json: None, only: None, on: None, rows: Rows::Figures };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // cargo says so to every bench.
                "--bench" => {}
                "--json" => parsed.json = arguments.next().map(PathBuf::from),
                "--only" => parsed.only = arguments.next(),
                "--on" => parsed.on = arguments.next(),
                "--forms" => parsed.rows = Rows::Forms,
                _ => {
                    bail!("`{argument}` is no argument; there are --json FILE, --only TEXT, --on DATABASE and --forms")
                }
            }
        }
        Ok(parsed)
    }
}
