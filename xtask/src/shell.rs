//! Running other programs from the workspace's root, and noticing ctrl-c while they run.
//!
//! It knows no command of its own. Invariant: a ctrl-c never ends this process at once; the running program ends, its
//! caller gets an error, and what the caller holds (a database server) is dropped in order.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The workspace, and the means to run programs in it.
pub(crate) struct Shell {
    root: PathBuf,
    target: PathBuf,
    interrupted: Arc<AtomicBool>,
}

impl Shell {
    /// Finds the workspace that the current folder belongs to.
    pub(crate) fn here() -> Result<Self> {
        let folder = env::current_dir().context("the current folder is gone")?;
        let Some(root) = folder.ancestors().find(|folder| is_root(folder)) else {
            bail!("no workspace with an xtask folder at or above {}", folder.display());
        };
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => root.join(target),
            None => root.join("target"),
        };
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst)).context("listening for ctrl-c")?;
        Ok(Self { root: root.to_owned(), target, interrupted })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The cargo that runs this program, in the workspace's root.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command
    }

    /// Runs a command with the terminal's own output; anything but success is an error.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let line = line(command);
        eprintln!("$ {line}");
        let mut child = command.spawn().with_context(|| format!("starting `{line}`"))?;
        let status = self.wait(&mut child)?;
        if self.interrupted.load(Ordering::SeqCst) {
            bail!("`{line}` was interrupted");
        }
        if !status.success() {
            bail!("`{line}` ended with {status}");
        }
        Ok(())
    }

    /// Runs a command and answers what it wrote to standard output; its errors go to the terminal.
    pub(crate) fn output(&self, command: &mut Command) -> Result<String> {
        let line = line(command);
        let output = command
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("starting `{line}`"))?;
        if !output.status.success() {
            bail!("`{line}` ended with {}", output.status);
        }
        String::from_utf8(output.stdout).with_context(|| format!("the output of `{line}`"))
    }

    fn wait(&self, child: &mut Child) -> Result<ExitStatus> {
        /// How long a program may take to end after ctrl-c before it is killed.
        const GRACE: Duration = Duration::from_secs(5);
        let mut since: Option<Instant> = None;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.interrupted.load(Ordering::SeqCst) && since.get_or_insert_with(Instant::now).elapsed() > GRACE {
                child.kill()?;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join("Cargo.lock").is_file() && folder.join("xtask/Cargo.toml").is_file()
}

/// The command as one would type it: file names without folders, arguments with spaces in quotes.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        line.push(' ');
        if argument.contains(' ') || argument.is_empty() {
            line.push_str(&format!("'{argument}'"));
        } else {
            line.push_str(&argument);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_command_as_one_types_it() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "--", "a b"]);
        assert_eq!(line(&command), "cargo test -- 'a b'");
    }
}
