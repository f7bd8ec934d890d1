//! `cargo xtask wit freeze`: turns the draft of the contract into a released text.
//!
//! It doesn't judge the contract; `cargo xtask tidy` later compares a released folder with its checksums. Invariant: a
//! released folder is written once and never again.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::shell::Shell;

/// The file of a released folder that holds the digest of every other file in it.
pub(crate) const CHECKSUMS: &str = "SHA256SUMS";

#[derive(clap::Subcommand)]
pub(crate) enum Task {
    /// Copy wit/draft to wit/released/VERSION with checksums; refused when that version exists
    Freeze {
        /// The contract's version, such as 0.1.0
        version: String,
    },
}

pub(crate) fn run(shell: &Shell, task: &Task) -> Result<()> {
    let Task::Freeze { version } = task;
    freeze(&shell.root().join("wit"), version)?;
    println!("wrote wit/released/{version}; from now on its text is frozen");
    println!("next: git add wit/released/{version}, and raise the version in wit/draft/types.wit");
    Ok(())
}

/// The digest as `sha256sum` prints it.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn freeze(wit: &Path, version: &str) -> Result<()> {
    let parts: Vec<&str> = version.split('.').collect();
    if parts.len() != 3 || parts.iter().any(|part| part.parse::<u32>().is_err()) {
        bail!("`{version}` is not a version of the form 0.1.0");
    }
    let released = wit.join("released").join(version);
    if released.exists() {
        bail!("{} exists, and a released contract is never edited; choose the next version", released.display());
    }
    let texts = draft_texts(&wit.join("draft"))?;
    let package = format!("package modelhost:plugin@{version};");
    if !texts.iter().any(|(_, text)| text.contains(&package)) {
        bail!("no file of wit/draft says `{package}`; set the version there first");
    }
    fs::create_dir_all(&released)?;
    let mut sums = String::new();
    for (name, text) in &texts {
        let text = without_draft_lines(text);
        fs::write(released.join(name), &text)?;
        sums.push_str(&format!("{}  {name}\n", digest(text.as_bytes())));
    }
    fs::write(released.join(CHECKSUMS), sums).context("writing the checksums")
}

fn draft_texts(draft: &Path) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(draft).with_context(|| format!("reading {}", draft.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wit")
            && let Some(name) = path.file_name()
        {
            texts.push((name.to_string_lossy().into_owned(), fs::read_to_string(&path)?));
        }
    }
    texts.sort();
    Ok(texts)
}

/// A released text doesn't call itself a draft.
fn without_draft_lines(text: &str) -> String {
    text.lines()
        .filter(|line| !(line.trim_start().starts_with("//") && line.contains("DRAFT")))
        .flat_map(|line| [line, "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    #[test]
    fn freezes_once_with_checksums_and_refuses_to_overwrite() {
        let wit = env::temp_dir().join(format!("modelhost-freeze-{}", std::process::id()));
        fs::create_dir_all(wit.join("draft")).unwrap();
        let draft = "/// DRAFT: may change.\npackage modelhost:plugin@0.1.0;\n";
        fs::write(wit.join("draft/types.wit"), draft).unwrap();

        let early = freeze(&wit, "0.2.0").unwrap_err().to_string();
        assert!(early.contains("set the version there first"), "{early}");
        freeze(&wit, "0.1.0").unwrap();
        let text = fs::read(wit.join("released/0.1.0/types.wit")).unwrap();
        assert_eq!(text, b"package modelhost:plugin@0.1.0;\n");
        let sums = fs::read_to_string(wit.join("released/0.1.0/SHA256SUMS")).unwrap();
        assert_eq!(sums, format!("{}  types.wit\n", digest(&text)));
        let again = freeze(&wit, "0.1.0").unwrap_err().to_string();
        assert!(again.contains("never edited"), "{again}");
        assert!(freeze(&wit, "../x").is_err());
        fs::remove_dir_all(&wit).unwrap();
    }
}
