//! The program `modelhost`, run as a user runs it.
//!
//! It is found beside the test's own executable and never built from here: cargo would wait for its own lock. Invariant:
//! no variable of the surroundings that the program reads gets through to it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest that anything waited for may take, on a machine that is busy with other tests.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a command left behind.
#[derive(Debug)]
pub struct Output {
    /// Its exit code; -1 where a signal ended it.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Output {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in the standard output of a command with --json: {self:?}"))
    }

    /// The output of a command that has to succeed.
    #[track_caller]
    pub fn success(self) -> Self {
        assert_eq!(self.status, 0, "{}{}", self.stdout, self.stderr);
        self
    }
}

/// The program in a folder, with an environment of its own.
pub fn program(folder: &Path) -> Command {
    program_inside(folder, &[])
}

/// The program, run by another command that becomes it.
pub(crate) fn program_inside(folder: &Path, outer: &[String]) -> Command {
    let path = path();
    assert!(path.is_file(), "{} is missing; type: cargo build -p modelhost", path.display());
    let mut command = match outer {
        [] => Command::new(path),
        [outer, arguments @ ..] => {
            let mut command = Command::new(outer);
            command.args(arguments).arg(path);
            command
        }
    };
    command.current_dir(folder).stdin(Stdio::null());
    let ours =
        std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("MODELHOST_"));
    for name in ours {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    Output { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Asks again and again until there is an answer; panics with what was waited for when it does not come.
#[track_caller]
pub fn wait_until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited {DEADLINE:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn path() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test.parent().and_then(Path::parent).expect("a test is in target/PROFILE/deps");
    folder.join(format!("modelhost{}", std::env::consts::EXE_SUFFIX))
}
