//! Running cargo for a plugin: the wasm target, the build, the component's path.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use model::{Code, Problem};
use serde_json::Value;

use crate::cli::Failed;
use crate::cli::report::file_problem;

const TARGET: &str = "wasm32-wasip2";

/// Builds the plugin in the folder and answers where its component is. What the compiler says goes to standard error.
pub(super) fn build(folder: &Path) -> Result<PathBuf, Failed> {
    if !folder.join("Cargo.toml").is_file() {
        let message = format!("there is no plugin in `{}`: it has no Cargo.toml", folder.display());
        let problem =
            Problem::new(Code::PluginBuildFailed, message).solution("begin one with `modelhost plugin new NAME`");
        return Err(problem.into());
    }
    require_target(folder)?;
    let arguments = ["build", "--release", "--target", TARGET, "--message-format=json-render-diagnostics"];
    let output = cargo(folder).args(arguments).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| no_cargo(&error))?;
    if !output.status.success() {
        let problem = Problem::new(Code::PluginBuildFailed, "the plugin does not compile");
        return Err(problem.solution("correct what the compiler says above").into());
    }
    let manifest = folder.join("Cargo.toml");
    let manifest = manifest.canonicalize().map_err(|error| file_problem(&manifest, "read", &error))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let component = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
        let is_own = message["manifest_path"].as_str().map(Path::new) == Some(manifest.as_path());
        let files = message["filenames"].as_array().filter(|_| is_own)?;
        files.iter().filter_map(Value::as_str).find(|file| file.ends_with(".wasm")).map(PathBuf::from)
    });
    component.ok_or_else(|| {
        let problem = Problem::new(Code::PluginBuildFailed, "the build made no component");
        problem.solution("write into Cargo.toml: [lib] crate-type = [\"cdylib\", \"rlib\"]").into()
    })
}

/// Makes sure that Rust can compile to the guest target, adding it where rustup can.
fn require_target(folder: &Path) -> Result<(), Failed> {
    let has_target = || {
        let arguments = ["--print", "target-libdir", "--target", TARGET];
        let output = Command::new("rustc").args(arguments).current_dir(folder).stderr(Stdio::null()).output();
        let folder = output.ok().filter(|output| output.status.success())?;
        Path::new(String::from_utf8_lossy(&folder.stdout).trim()).is_dir().then_some(())
    };
    if has_target().is_some() {
        return Ok(());
    }
    Command::new("rustc").arg("--version").output().map_err(|error| no_cargo(&error))?;
    let added =
        Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).stdout(Stdio::null()).status();
    if added.is_ok_and(|status| status.success()) && has_target().is_some() {
        return Ok(());
    }
    let problem = Problem::new(Code::PluginNoTarget, format!("Rust has no target {TARGET} here"));
    Err(problem.solution(format!("type: rustup target add {TARGET}")).into())
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR"] {
        command.env_remove(variable);
    }
    command
}

fn no_cargo(error: &std::io::Error) -> Failed {
    let mut problem = Problem::new(Code::PluginBuildFailed, "cargo does not start");
    problem.cause.push(error.to_string());
    problem.solution("install Rust: https://rustup.rs").into()
}
