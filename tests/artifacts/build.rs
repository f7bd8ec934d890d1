//! Compiles every folder of `plugins/` and `tests/guests/` to a component, and writes one constant for each.
//!
//! One nested `cargo build` with a target directory of its own (`target/guests`), so that neither the outer build's lock
//! nor clippy's wrapper touches it. Invariant: adding a folder is enough, and a folder whose package is called otherwise
//! stops the build.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "cargo reads a build script's output")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::{env, fs};

const TARGET: &str = "wasm32-wasip2";
const PROFILE: &str = "guest";

/// What the outer cargo, clippy or rustdoc set for native code. Inherited, they would rebuild the guests each time or
/// break them.
const NOT_FOR_GUESTS: &[&str] = &[
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_ENCODED_RUSTDOCFLAGS",
    "CARGO_MAKEFLAGS",
    "CARGO_TARGET_DIR",
    "CLIPPY_ARGS",
    "CLIPPY_CONF_DIR",
    "MAKEFLAGS",
    "MFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOCFLAGS",
    "RUSTFLAGS",
];

/// A folder that becomes a component.
struct Guest {
    folder: String,
    package: String,
}

fn main() {
    let workspace = workspace();
    let plugins = guests(&workspace, "plugins", "");
    let guests = guests(&workspace, "tests/guests", "guest-");
    for file in ["Cargo.toml", "Cargo.lock", "guest-sdk/Cargo.toml", "guest-sdk/macros/Cargo.toml"] {
        println!("cargo::rerun-if-changed={}", workspace.join(file).display());
    }
    ensure_target();
    let target_dir = workspace.join("target/guests");
    compile(&workspace, &target_dir, plugins.iter().chain(&guests));
    let components = target_dir.join(TARGET).join(PROFILE);
    let mut code = String::new();
    for guest in plugins.iter().chain(&guests) {
        watch_sources(&components.join(guest.file_stem()).with_extension("d"));
        let component = components.join(guest.file_stem()).with_extension("wasm");
        writeln!(code, "/// The component of `{}`.", guest.package).expect("a text takes every line");
        writeln!(code, "pub const {}: &[u8] = include_bytes!({component:?});", guest.constant())
            .expect("a text takes every line");
    }
    code += &list("PLUGINS", "The example plugins, by folder.", plugins.iter());
    code += &list("GUESTS", "The misbehaving guests, by folder.", guests.iter());
    code += &list("ALL", "Everything, by folder.", plugins.iter().chain(&guests));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("components.rs");
    fs::write(&out, code).unwrap_or_else(|error| stop(&format!("cannot write {}: {error}", out.display())));
}

impl Guest {
    /// Name of the constant: `loops-describe` becomes `LOOPS_DESCRIBE`.
    fn constant(&self) -> String {
        self.folder.replace('-', "_").to_uppercase()
    }

    /// Name of cargo's output without its extension.
    fn file_stem(&self) -> String {
        self.package.replace('-', "_")
    }
}

fn workspace() -> PathBuf {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let workspace = here.parent().and_then(Path::parent);
    workspace.expect("this package is two folders below the workspace").to_owned()
}

/// The folders of `parent` that hold a package, in alphabetical order.
fn guests(workspace: &Path, parent: &str, prefix: &str) -> Vec<Guest> {
    let parent = workspace.join(parent);
    println!("cargo::rerun-if-changed={}", parent.display());
    let entries =
        fs::read_dir(&parent).unwrap_or_else(|error| stop(&format!("cannot list {}: {error}", parent.display())));
    let folders = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut folders: Vec<String> = folders.filter(|folder| parent.join(folder).join("Cargo.toml").is_file()).collect();
    folders.sort();
    let classified = folders.into_iter().map(|folder| {
        let package = format!("{prefix}{folder}");
        let manifest = parent.join(&folder).join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap_or_default();
        if !text.lines().any(|line| line.trim() == format!("name = \"{package}\"")) {
            stop(&format!("{}: the package must be called `{package}`", manifest.display()));
        }
        Guest { folder, package }
    });
    classified.collect()
}

/// Adds the wasm target when it is missing: rustup's automatic installation may be off.
fn ensure_target() {
    if has_target() {
        return;
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    if !(added.is_ok_and(|status| status.success()) && has_target()) {
        stop(&format!("the Rust target {TARGET} is missing; type: rustup target add {TARGET}"));
    }
}

fn has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| {
        let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success() && Path::new(&folder).is_dir()
    })
}

fn compile<'a>(workspace: &Path, target_dir: &Path, guests: impl Iterator<Item = &'a Guest>) {
    let mut cargo = Command::new(env::var_os("CARGO").expect("cargo sets it"));
    cargo.current_dir(workspace).args(["build", "--quiet", "--target", TARGET, "--profile", PROFILE]);
    cargo.arg("--target-dir").arg(target_dir);
    for guest in guests {
        cargo.args(["--package", &guest.package]);
    }
    for name in NOT_FOR_GUESTS {
        cargo.env_remove(name);
    }
    match cargo.status() {
        Ok(status) if status.success() => {}
        Ok(_) => stop("the guests do not compile; the compiler's errors stand above"),
        Err(error) => stop(&format!("cannot start cargo: {error}")),
    }
}

/// Asks for a new run when a source changes that cargo says the component was made from.
fn watch_sources(dep_info: &Path) {
    let text = fs::read_to_string(dep_info)
        .unwrap_or_else(|error| stop(&format!("cannot read {}: {error}", dep_info.display())));
    let sources = text.split_once(": ").map_or("", |(_, sources)| sources).trim_end();
    // Cargo writes a space inside of a path as `\ `.
    for source in sources.replace("\\ ", "\0").split(' ').filter(|source| !source.is_empty()) {
        println!("cargo::rerun-if-changed={}", source.replace('\0', " "));
    }
}

fn list<'a>(name: &str, doc: &str, guests: impl Iterator<Item = &'a Guest>) -> String {
    let entries: String = guests.map(|guest| format!("({:?}, {}), ", guest.folder, guest.constant())).collect();
    format!("/// {doc}\npub const {name}: &[(&str, &[u8])] = &[{entries}];\n")
}

/// Ends the build with one line.
fn stop(line: &str) -> ! {
    eprintln!("error: {line}");
    exit(1);
}
