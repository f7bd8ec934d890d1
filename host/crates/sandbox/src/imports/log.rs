//! `modelhost:plugin/log`: lines for the operator.
//!
//! A guest can flood, so lines are cut, their sum is bounded and the rest is counted; it can forge terminal output, so
//! acting characters are escaped. Lines are kept for whoever ran the operation and go to `tracing` as they come.

use crate::Limits;
use crate::text::printable;

/// How important a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// For whoever writes the plugin.
    Debug,
    /// Something happened.
    Info,
    /// Something is odd.
    Warn,
    /// Something went wrong.
    Error,
}

/// One line of a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How important it is.
    pub level: LogLevel,
    /// Printable, bounded.
    pub message: String,
}

/// What a guest logged during one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logs {
    /// In the order in which they came.
    pub lines: Vec<LogLine>,
    /// Lines that found no room any more.
    pub dropped: u64,
}

/// Collects the lines of one operation.
#[derive(Debug)]
pub(crate) struct LogBuffer {
    pub(crate) logs: Logs,
    line_bytes_max: usize,
    bytes_left: usize,
}

impl LogBuffer {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { logs: Logs::default(), line_bytes_max: limits.log_line_bytes_max, bytes_left: limits.log_bytes_max }
    }

    /// The line as it was kept; none if there was no room.
    pub(crate) fn push(&mut self, level: LogLevel, message: String) -> Option<&LogLine> {
        if self.bytes_left == 0 {
            self.logs.dropped += 1;
            return None;
        }
        let message = printable(message, self.line_bytes_max);
        // An empty line takes a byte: otherwise a flood of them would be free.
        let bytes = message.len().max(1);
        if bytes > self.bytes_left {
            self.bytes_left = 0;
            self.logs.dropped += 1;
            return None;
        }
        self.bytes_left -= bytes;
        self.logs.lines.push(LogLine { level, message });
        self.logs.lines.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_and_counts_what_finds_no_room() {
        let mut buffer = LogBuffer::new(&Limits { log_bytes_max: 10, log_line_bytes_max: 8, ..Limits::standard() });
        for message in ["a\nb", "123456789", "x", ""] {
            buffer.push(LogLevel::Info, message.to_owned());
        }
        let lines: Vec<_> = buffer.logs.lines.iter().map(|line| &line.message).collect();
        assert_eq!(lines, ["a\\nb"]);
        assert_eq!(buffer.logs.dropped, 3);
    }
}
