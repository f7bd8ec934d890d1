//! What `plugin new`, `plugin build` and `plugin check` refuse. No host runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use e2e::{Filters, program, run};

fn shown(folder: &Path, rows: &[(&str, &[&str])]) -> String {
    shown_with(folder, rows, |_| {})
}

fn shown_with(folder: &Path, rows: &[(&str, &[&str])], change: impl Fn(&mut Command)) -> String {
    let row = |(title, arguments): &(&str, &[&str])| {
        let mut command = program(folder);
        command.args(*arguments);
        change(&mut command);
        format!("# {title}\n{}", run(&mut command).shown())
    };
    let text: String = rows.iter().map(row).collect();
    Filters::new().hide(&folder.display().to_string(), "[dir]").apply(&text)
}

#[test]
fn new() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("crm")).expect("made");
    fs::write(folder.path().join("file"), "").expect("written");
    insta::assert_snapshot!(shown(folder.path(), &[
        ("a folder that is there", &["plugin", "new", "crm"]),
        ("a name that is none", &["plugin", "new", "My Plugin"]),
        ("a path for a name", &["plugin", "new", "../crm"]),
        ("below a file", &["plugin", "new", "billing", "--in", "file"]),
    ]), @"
    # a folder that is there
    exit 1 error[plugin.folder-exists]: `./crm` exists already
      hint: choose another name or another --in
    # a name that is none
    exit 2 error[cli.usage]: `My Plugin` is not the name of a plugin
      cause: name `My Plugin` has the character `M` (U+004D) at position 0
      hint: write `my-plugin`
    # a path for a name
    exit 2 error[cli.usage]: `../crm` is not the name of a plugin
      cause: name `../crm` has the character `.` (U+002E) at position 0
      hint: write `crm`
    # below a file
    exit 1 error[cli.file-unreadable]: can't write `file/billing/Cargo.toml`
      cause: Not a directory (os error 20)
      hint: check the path and its permissions
    ");
}

#[test]
fn build() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run(program(folder.path()).args(["plugin", "new", "crm"])).success();
    assert!(made.stdout.contains("plugin build"));
    let tools = tempfile::tempdir().expect("a folder");
    let rustc = tools.path().join("rustc");
    fs::write(&rustc, "#!/bin/sh\necho /nowhere\n").expect("written");
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755)).expect("executable");
    let missing = shown(
        folder.path(),
        &[("no plugin", &["plugin", "build"]), ("a folder that is not there", &["plugin", "build", "elsewhere"])],
    );
    let no_target =
        shown_with(folder.path(), &[("no wasm target, no rustup", &["plugin", "build", "crm"])], |command| {
            command.env("PATH", format!("{}:/bin", tools.path().display()));
        });
    let no_rust = shown_with(folder.path(), &[("no Rust at all", &["plugin", "build", "crm"])], |command| {
        command.env("PATH", folder.path());
    });
    insta::assert_snapshot!(format!("{missing}{no_target}{no_rust}"), @"
    # no plugin
    exit 1 error[plugin.build-failed]: there is no plugin in `.`: it has no Cargo.toml
      hint: begin one with `modelhost plugin new NAME`
    # a folder that is not there
    exit 1 error[plugin.build-failed]: there is no plugin in `elsewhere`: it has no Cargo.toml
      hint: begin one with `modelhost plugin new NAME`
    # no wasm target, no rustup
    exit 1 error[plugin.no-wasm-target]: Rust has no target wasm32-wasip2 here
      hint: type: rustup target add wasm32-wasip2
    # no Rust at all
    exit 1 error[plugin.build-failed]: cargo does not start
      cause: No such file or directory (os error 2)
      hint: install Rust: https://rustup.rs
    ");
}

#[test]
fn check() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("text.wasm"), "hello").expect("written");
    fs::write(folder.path().join("world.wasm"), artifacts::ANOTHER_WORLD).expect("written");
    let large = [&artifacts::CRM[..8], &vec![0; 8 << 20]].concat();
    fs::write(folder.path().join("large.wasm"), large).expect("written");
    insta::assert_snapshot!(shown(folder.path(), &[
        ("not there", &["plugin", "check", "crm.wasm"]),
        ("a folder", &["plugin", "check", "."]),
        ("a text", &["plugin", "check", "text.wasm"]),
        ("another world", &["plugin", "check", "world.wasm"]),
        ("too large", &["plugin", "check", "large.wasm"]),
    ]), @r#"
    # not there
    exit 1 error[cli.file-unreadable]: can't read `crm.wasm`
      cause: No such file or directory (os error 2)
      hint: check the path and its permissions
    # a folder
    exit 1 error[cli.file-unreadable]: can't read `.`
      cause: Is a directory (os error 21)
      hint: check the path and its permissions
    # a text
    exit 1 error[plugin.not-wasm]: this is not a WebAssembly component but text
      hint: give the `.wasm` file that `modelhost plugin build` wrote
    # another world
    exit 1 error[plugin.wrong-world]: the component is not a model plugin: it exports `acme:greeter/greet@1.0.0`
      hint: implement the world `validator` of `modelhost:plugin@0.1.0`; `modelhost plugin new` writes one
    # too large
    exit 1 error[plugin.too-large]: the component has 8388616 bytes, at most 8388608 are allowed
      hint: build with `lto = true` and `strip = true`
      hint: an operator can raise `component_bytes_max`
    "#);
}
