//! The program: reads arguments, runs one command, prints its report.
//!
//! Everything that prints or reads the environment is in this package; what it calls answers with values. Standard output
//! carries the report and nothing else, so that `--json` can be piped; progress and errors go to standard error.

mod cli;
mod config;
mod http;
mod log;
mod render;

use std::process::ExitCode;

use clap::Parser;

/// Polls for I/O after every fourth task: with guests that yield at each tick, the default of 61 lets a request wait.
const EVENT_INTERVAL: u32 = 4;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::usage(&error),
    };
    let as_json = cli.json;
    if let Some(compile) = cli.as_compile() {
        return finish(compile.run(), as_json);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().event_interval(EVENT_INTERVAL).enable_all().build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            render::eprint(&format!("error: the runtime does not start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(cli::run(cli));
    runtime.shutdown_timeout(std::time::Duration::from_millis(100));
    finish(result, as_json)
}

/// Prints what a command answered, and ends as it says.
fn finish(result: Result<cli::Report, cli::Failed>, as_json: bool) -> ExitCode {
    match result {
        Ok(report) => {
            let exit_code = ExitCode::from(report.exit_code);
            if !report.is_silent() {
                render::print(&if as_json { report.to_json() } else { report.text });
            }
            exit_code
        }
        Err(failure) => {
            let text = if as_json { failure.to_json() } else { render::error_text(failure.value()) };
            if as_json {
                render::print(&text)
            } else {
                render::eprint(&text)
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
