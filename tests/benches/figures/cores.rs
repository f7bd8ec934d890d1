//! Which core works for whom while a server in another process is measured: callers have one, servers another.
//!
//! Left to the scheduler, one of the two servers shares the caller's core and the other one does not, for as long as the
//! connections last; waking a core costs more than what is measured here. Uses `taskset`, where there is one. Invariant:
//! both sides of a comparison are placed alike, or the bench says that they are not.

use std::process::{Command, Stdio};

/// Two cores, or none where they can't be chosen.
#[derive(Debug, Clone)]
pub(crate) struct Cores {
    all: String,
    two: Option<(String, String)>,
}

impl Cores {
    pub(crate) fn of_this_process() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let all = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or("").trim();
        let numbers: Vec<String> = all.split(',').flat_map(numbers).map(|number| number.to_string()).collect();
        let two = match numbers.as_slice() {
            [caller, server, ..] => Some((caller.clone(), server.clone())),
            _ => None,
        };
        Self { all: all.to_owned(), two }
    }

    /// Gives this thread the callers' core, and threads of servers the servers'. Without a server nothing changes.
    pub(crate) fn place(&self, servers: &[u32]) {
        if servers.is_empty() {
            return;
        }
        let placed = self.two.as_ref().is_some_and(|(caller_core, server_core)| {
            pin(std::process::id(), caller_core) && servers.iter().all(|server| pin(*server, server_core))
        });
        if !placed {
            println!("!!! caller and servers are wherever the scheduler puts them: the next ratios say little");
        }
    }

    /// Gives this thread every core again.
    pub(crate) fn release(&self) {
        if self.two.is_some() {
            pin(std::process::id(), &self.all);
        }
    }
}

fn numbers(range: &str) -> std::ops::Range<u32> {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    match (first.parse::<u32>(), last.parse::<u32>()) {
        (Ok(first), Ok(last)) => first..last + 1,
        _ => 0..0,
    }
}

/// The number of a process is that of its first thread; threads that one makes later have its cores.
fn pin(thread: u32, cores: &str) -> bool {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "--pid", cores]).arg(thread.to_string());
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
