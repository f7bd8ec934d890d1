//! The log of a serving host: lines on standard error, written by a thread of their own.
//!
//! Does not decide what is worth a line. Invariant: nobody who logs waits for whoever reads standard error: lines that the
//! queue can't take are dropped and counted.

use std::io::Write;

use model::{Code, Problem};
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config;

/// Lines that may wait for the reader of standard error. Prevents a guest that floods its log from filling the memory: a
/// line of one is at most as long as `limits.log_bytes_max`.
const LINES_MAX: usize = 4_096;

/// The running log. It ends when this is dropped: what waits is written, within a second.
pub(crate) struct Log {
    writer: NonBlocking,
    _writing: WorkerGuard,
}

impl Log {
    /// Starts the log of this process, once.
    pub(crate) fn start(settings: &config::Log) -> Result<Self, Problem> {
        let filter = EnvFilter::try_new(&settings.level).map_err(|error| {
            let mut problem = Problem::new(Code::ConfigInvalidValue, "log.level is not a filter");
            problem.cause.push(error.to_string());
            problem.solution("write for example level = \"info\"")
        })?;
        let (writer, writing) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(LINES_MAX)
            .thread_name("modelhost-log")
            .finish(std::io::stderr());
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer.clone());
        match settings.format {
            config::LogFormat::Text => builder.init(),
            config::LogFormat::Json => builder.json().init(),
        }
        Ok(Self { writer, _writing: writing })
    }

    /// Ends the log with a last line, after what was lost.
    pub(crate) fn end(mut self, last: &str) {
        let dropped = self.writer.error_counter().dropped_lines();
        if dropped > 0 {
            tracing::warn!(target: "modelhost::log", dropped, "standard error was read too slowly: lines were dropped");
        }
        // Not through the filter: who stops a host sees that it has stopped, at every level. Lost like any other line.
        let _ = self.writer.write_all(format!("{last}\n").as_bytes());
    }
}
