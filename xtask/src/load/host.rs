//! The built program, used as a user does: a host that serves, and commands that talk to it.
//!
//! It knows no data and no database beyond its URL. Invariant: the host has a folder and a port of its own and is gone
//! when the value is; no variable of the surroundings that the program reads gets through to it.

use std::env;
use std::fmt;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell::Shell;

/// How the program is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    Dev,
    Release,
}

/// The program `modelhost`.
pub(super) struct Program {
    path: PathBuf,
}

/// A host that serves.
pub(super) struct Host<'a> {
    program: &'a Program,
    folder: PathBuf,
    address: String,
    child: Child,
}

impl Program {
    pub(super) fn build(shell: &Shell, profile: Profile) -> Result<Self> {
        let mut cargo = shell.cargo();
        cargo.args(["build", "--package", "modelhost"]);
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => {
                cargo.arg("--release");
                "release"
            }
        };
        shell.run(&mut cargo)?;
        Ok(Self { path: shell.target().join(folder).join(format!("modelhost{}", env::consts::EXE_SUFFIX)) })
    }

    fn command(&self, arguments: &[&str], folder: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(folder).arg("--json").args(arguments);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MODELHOST_")) {
            command.env_remove(name);
        }
        command
    }
}

/// The component of a plugin, as the build of the program's own guests leaves it: mostly there is nothing to do.
pub(super) fn component(shell: &Shell, plugin: &str) -> Result<PathBuf> {
    let folder = shell.root().join("target/guests");
    let mut cargo = shell.cargo();
    cargo.args(["build", "--package", plugin, "--target", "wasm32-wasip2", "--profile", "guest"]);
    // Flags of the caller's are for native code.
    shell.run(cargo.arg("--target-dir").arg(&folder).env_remove("RUSTFLAGS"))?;
    Ok(folder.join("wasm32-wasip2/guest").join(format!("{plugin}.wasm")))
}

impl<'a> Host<'a> {
    /// Serves data sources, each a name and a URL.
    pub(super) fn start(shell: &Shell, program: &'a Program, sources: &[(&str, String)]) -> Result<Self> {
        let folder = shell.target().join("load").join(std::process::id().to_string());
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let mut command = program.command(&["serve", "--state-dir", "state", "--listen", "127.0.0.1:0"], &folder);
        // A guest's time is measured on the clock, and the machine may be building at the same time.
        command.env("MODELHOST_LIMITS__CALL_TIME_MS_MAX", "10000");
        for (name, url) in sources {
            // Not as arguments, which everybody on the machine can read: there is a password in it.
            command.env(format!("MODELHOST_DATA_SOURCES__{}__URL", name.to_uppercase()), url);
        }
        let log = File::create(folder.join("log"))?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn();
        let child = child.with_context(|| format!("starting {}", program.path.display()))?;
        let mut host = Self { program, folder, address: String::new(), child };
        host.address = host.announced()?;
        Ok(host)
    }

    /// Runs a command on the host, with a text as its input.
    pub(super) fn run(&self, arguments: &[&str], input: &str) -> Result<Value> {
        let mut command = self.program.command(arguments, &self.folder);
        run(command.env("MODELHOST_SERVER", &self.address), input)
            .with_context(|| format!("`modelhost {}`", arguments.join(" ")))
    }

    /// Takes the folder away too; without this it stays, with the log of what went wrong.
    pub(super) fn end(self) -> Result<()> {
        let folder = self.folder.clone();
        drop(self);
        fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))
    }

    /// Where its log is.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The address in the one line that the host prints when it is ready.
    fn announced(&mut self) -> Result<String> {
        let mut line = String::new();
        let stdout = self.child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line)?;
        let announced: Value = serde_json::from_str(&line).unwrap_or_default();
        match announced["listen"].as_str() {
            Some(address) => Ok(address.to_owned()),
            None => bail!("the host does not start:\n{}", fs::read_to_string(self.log())?.trim()),
        }
    }
}

impl Drop for Host<'_> {
    fn drop(&mut self) {
        // It keeps nothing that is worth an orderly end.
        self.child.kill().and_then(|()| self.child.wait().map(drop)).ok();
    }
}

/// Runs a command to its end and answers the document that it prints.
fn run(command: &mut Command, input: &str) -> Result<Value> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().with_context(|| format!("starting {}", command.get_program().display()))?;
    let mut stdin = child.stdin.take().expect("it is piped");
    // A command that fails before it reads says why; the broken pipe says nothing.
    stdin.write_all(input.as_bytes()).ok();
    drop(stdin);
    let output = child.wait_with_output()?;
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match output.status.success() {
        true => Ok(answer),
        false => Err(Refused { error: answer["error"].clone(), status: output.status }.into()),
    }
}

/// Why the program did not do what it was asked.
#[derive(Debug)]
pub(super) struct Refused {
    /// The error, as the program prints it with `--json`; null where it printed none.
    pub(super) error: Value,
    status: ExitStatus,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// One record out of thousands that are wrong says as much as all of them.
        const VIOLATIONS_MAX: usize = 5;
        let (Some(code), Some(message)) = (self.error["code"].as_str(), self.error["message"].as_str()) else {
            return write!(formatter, "ended with {}", self.status);
        };
        write!(formatter, "{code}: {message}")?;
        let parts = ["cause", "problems", "violations"].map(|name| self.error[name].as_array().into_iter().flatten());
        for part in parts.into_iter().flatten().take(VIOLATIONS_MAX) {
            write!(formatter, "\n  {part}")?;
        }
        Ok(())
    }
}
