//! The figures: what the host costs beside bare drivers, bare wasmtime and a bare server.
//!
//! `cargo xtask bench [--json FILE]` builds the program, brings PostgreSQL and runs this; `--only TEXT` measures the rows
//! whose name has the text in it. How each bare program is made stands in its own file below `bare/`. Measures nothing by
//! itself and knows no target: each family of rows is a file.

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

mod hook;
mod http;
mod instance;
mod operations;
mod start;
mod statements;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use bare::server;
use database::Postgres;
use report::{Conclusion, Report};
use tokio::runtime::Builder;

/// Set where a missing database is a failure.
const EVERY_DATABASE: &str = "REQUIRE_DATABASES";

struct Arguments {
    json: Option<PathBuf>,
    only: Option<String>,
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
    runtime.block_on(run(Arguments::parse(arguments)?))
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    let mut report = Report::new(arguments.only);
    println!("SQLite {}", rusqlite::version());
    measure(&mut report).await?;
    if let Some(file) = arguments.json {
        report.write_json(&file)?;
    }
    let Conclusion { all_hold, all_there } = report.conclude();
    let must_be_there = std::env::var(EVERY_DATABASE).is_ok_and(|value| value == "1");
    let succeeds = all_hold && (all_there || !must_be_there);
    Ok(if succeeds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(report: &mut Report) -> Result<()> {
    operations::on_sqlite(report).await?;
    hook::on_sqlite(report).await?;
    match std::env::var(database::VARIABLE) {
        Ok(server) if !server.is_empty() => {
            let postgres = Postgres::create(&server).await?;
            println!("{}", postgres.version());
            let measured = measure_postgres(report, &postgres).await;
            postgres.discard().await?;
            measured?;
        }
        _ => report.miss("every row on postgres: MODELHOST_TEST_POSTGRES is not set; `cargo xtask bench` sets it"),
    }
    http::run(report).await?;
    instance::run(report).await?;
    statements::on_sqlite(report).await?;
    start::run(report).await
}

async fn measure_postgres(report: &mut Report, postgres: &Postgres) -> Result<()> {
    operations::on_postgres(report, postgres).await?;
    hook::on_postgres(report, postgres).await?;
    statements::on_postgres(report, postgres).await
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut parsed = Self { json: None, only: None };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // cargo says so to every bench.
                "--bench" => {}
                "--json" => parsed.json = arguments.next().map(PathBuf::from),
                "--only" => parsed.only = arguments.next(),
                _ => bail!("`{argument}` is no argument; there are --json FILE and --only TEXT"),
            }
        }
        Ok(parsed)
    }
}
