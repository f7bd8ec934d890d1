//! The processes of servers: programs that run to their end, and servers that live and are told to stop.
//!
//! It starts no server. Invariant: no process gets a signal but one whose arguments name the server's own folder, since
//! a pid file outlives a crash and its number may by then be somebody else's.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Kind;
use super::account;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    Terminate,
    Quit,
    Kill,
}

impl Signal {
    /// As `kill` and `setpriv` call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
            Self::Quit => "QUIT",
            Self::Kill => "KILL",
        }
    }
}

/// Runs a program that ends by itself; what it says is kept for its failure.
pub(super) fn finish(program: &str, command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("starting `{program}`"))?;
    if output.status.success() {
        return Ok(());
    }
    let [said, complained] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    bail!("`{program}` ended with {}:\n{}\n{}", output.status, said.trim(), complained.trim())
}

/// The process of the server in a folder, while it lives.
pub(super) fn living(kind: Kind, folder: &Path) -> Option<u32> {
    let text = fs::read_to_string(folder.join(kind.pid_file())).ok()?;
    let pid = text.lines().next()?.trim().parse().ok()?;
    arguments(pid)?.contains(&*folder.to_string_lossy()).then_some(pid)
}

/// Stops the server in a folder, as far as it runs.
pub(super) fn stop(kind: Kind, folder: &Path) -> Result<()> {
    /// A server of tests has little to write; a machine that builds at the same time is slower.
    const PATIENCE: Duration = Duration::from_secs(20);
    for signal in kind.stop_signals() {
        let Some(pid) = living(kind, folder) else {
            return Ok(());
        };
        let kill = format!("kill -s {} {pid}", signal.name());
        // It may have ended in the meantime, so what counts is whether it lives.
        account::owner(&folder.join("data"))?
            .command(Path::new("sh"), folder, None)
            .args(["-c", &kill])
            .output()
            .with_context(|| format!("starting `{kill}`"))?;
        let start = Instant::now();
        while living(kind, folder) == Some(pid) && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
    }
    match living(kind, folder) {
        None => Ok(()),
        Some(pid) => bail!("{} in {} (process {pid}) does not stop", kind.title(), folder.display()),
    }
}

/// What a process was started with; none when it is gone or only waits for its parent to notice that it ended.
fn arguments(pid: u32) -> Option<String> {
    if Path::new("/proc/self").exists() {
        return fs::read(format!("/proc/{pid}/cmdline")).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    }
    let output = Command::new("ps").args(["-ww", "-o", "args=", "-p", &pid.to_string()]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_of_somebody_else_is_not_the_server() {
        let folder = std::env::temp_dir().join(format!("modelhost-pid-{}", std::process::id()));
        fs::create_dir_all(folder.join("data")).unwrap();
        fs::write(folder.join(Kind::Mariadb.pid_file()), format!("{}\n", std::process::id())).unwrap();
        let found = living(Kind::Mariadb, &folder);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, None);
        assert!(arguments(std::process::id()).is_some_and(|arguments| !arguments.is_empty()));
    }
}
