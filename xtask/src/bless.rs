//! `cargo xtask bless`: accept what a package's snapshots now say.
//!
//! It runs the tests with insta's update on, which writes snapshot files by itself, and then puts the pending inline
//! snapshots into the sources, as `cargo insta accept` would. Invariant: it changes string literals of snapshot
//! assertions and nothing else; reading the diff is the reviewer's part.

mod inline;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::databases::{Databases, Need};
use crate::db::Durability;
use crate::shell::Shell;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The package, such as modelhost-sql
    package: String,
    /// Passed on to `cargo test`: a test's name, `--lib`, `-- --nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "CARGO_TEST_ARGUMENTS")]
    rest: Vec<String>,
}

pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> Result<()> {
    let folder = package_folder(shell, &arguments.package)?;
    for leftover in pending_files(&folder)? {
        fs::remove_file(leftover)?;
    }
    let databases = Databases::open(shell, Durability::ThrowAway, Need::AtHand)?;
    let mut test = shell.cargo();
    test.args(["test", "--package", &arguments.package])
        .args(&arguments.rest)
        // `always` writes new texts; passing by force lets a test reach its later assertions.
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1");
    databases.lend_to(&mut test);
    let tests = shell.run(&mut test);

    let mut changed = 0;
    for pending in pending_files(&folder)? {
        changed += accept(&pending)?;
        fs::remove_file(&pending)?;
    }
    eprintln!("{changed} inline snapshots changed; read them: git diff -- {}", folder.display());
    tests
}

/// Puts the snapshots of one pending file into its source; answers how many changed it.
fn accept(pending: &Path) -> Result<usize> {
    let source = source_of(pending).context("a pending snapshot without a source")?;
    let text = fs::read_to_string(pending)?;
    let snapshots = inline::parse(&text).with_context(|| pending.display().to_string())?;
    let before = fs::read_to_string(&source).with_context(|| source.display().to_string())?;
    let after = inline::apply(&before, &snapshots).map_err(|error| anyhow::anyhow!("{}: {error}", source.display()))?;
    if after == before {
        return Ok(0);
    }
    fs::write(&source, after)?;
    eprintln!("blessed {}", source.display());
    Ok(snapshots.len())
}

/// `.name.rs.pending-snap` lies beside `name.rs`.
fn source_of(pending: &Path) -> Option<PathBuf> {
    let name = pending.file_name()?.to_str()?;
    let source = name.strip_prefix('.')?.strip_suffix(".pending-snap")?;
    Some(pending.with_file_name(source))
}

fn pending_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "pending-snap") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn package_folder(shell: &Shell, name: &str) -> Result<PathBuf> {
    let mut metadata = shell.cargo();
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&shell.output(&mut metadata)?)?;
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let package = packages.iter().find(|package| package["name"] == name);
    let Some(manifest) = package.and_then(|package| package["manifest_path"].as_str()) else {
        let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
        bail!("there is no package `{name}`; there are {}", names.join(", "));
    };
    let folder = Path::new(manifest).parent().unwrap_or(shell.root());
    Ok(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_file_leads_to_its_source() {
        let source = source_of(Path::new("src/.plan.rs.pending-snap"));
        assert_eq!(source, Some(PathBuf::from("src/plan.rs")));
        assert_eq!(source_of(Path::new("src/plan.rs.pending-snap")), None);
    }
}
