//! `cargo xtask new`: skeletons that follow the recipes of CONTRIBUTING.md.
//!
//! For plugins of this repository; `modelhost plugin new` makes those that live elsewhere. Invariant: what exists is never
//! overwritten, and what is written passes `cargo xtask tidy`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell::Shell;

#[derive(clap::Subcommand)]
pub(crate) enum Task {
    /// A minimal plugin in plugins/NAME: manifest, 15 lines of code, a test, README
    Plugin {
        /// Lower-case, words with `-`, such as crm or price-list
        name: String,
    },
    /// Print the checklist, with file names, for a new operation
    Op {
        /// As in URLs, such as count or bulk_create
        name: String,
    },
    /// docs/decisions/NNNN-title.md with the next number
    Decision {
        /// A sentence in a few words: "SQLite runs in place"
        title: String,
    },
}

pub(crate) fn run(shell: &Shell, task: &Task) -> Result<()> {
    match task {
        Task::Plugin { name } => plugin(shell.root(), name),
        Task::Op { name } => op(name),
        Task::Decision { title } => decision(shell.root(), title),
    }
}

fn plugin(root: &Path, name: &str) -> Result<()> {
    if !is_slug(name, '-') {
        bail!("`{name}` is not a plugin's name: lower-case letters and digits, words joined by `-`");
    }
    let folder = root.join("plugins").join(name);
    if folder.exists() {
        bail!("plugins/{name} exists");
    }
    fs::create_dir_all(folder.join("src"))?;
    for (file, template) in [
        ("Cargo.toml", include_str!("new/plugin.Cargo.toml.txt")),
        ("src/lib.rs", include_str!("new/plugin.lib.rs.txt")),
        ("README.md", include_str!("new/plugin.README.md.txt")),
    ] {
        let text = template.replace("{{name}}", name);
        fs::write(folder.join(file), text).with_context(|| format!("plugins/{name}/{file}"))?;
        println!("wrote plugins/{name}/{file}");
    }
    println!("next: cargo test -p {name}");
    Ok(())
}

fn op(name: &str) -> Result<()> {
    if !is_slug(name, '_') {
        bail!("`{name}` is not an operation's name: lower-case words joined by `_`");
    }
    print!("{}", include_str!("new/op.txt").replace("{{name}}", name));
    Ok(())
}

fn decision(root: &Path, title: &str) -> Result<()> {
    let slug = slug(title);
    if slug.is_empty() {
        bail!("the title needs a word");
    }
    let folder = root.join("docs/decisions");
    fs::create_dir_all(&folder)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    let number = next_number(&names);
    let name = format!("{number:04}-{slug}.md");
    let text = include_str!("new/decision.md.txt")
        .replace("{{number}}", &number.to_string())
        .replace("{{title}}", title.trim());
    fs::write(folder.join(&name), text)?;
    println!("wrote docs/decisions/{name}");
    Ok(())
}

fn is_slug(name: &str, separator: char) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .split(separator)
            .all(|word| !word.is_empty() && word.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()))
}

fn slug(title: &str) -> String {
    title
        .to_lowercase()
        .split(|it: char| !it.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// One more than the highest number at the beginning of a name.
fn next_number(names: &[String]) -> u32 {
    names.iter().filter_map(|name| name.split('-').next()?.parse::<u32>().ok()).max().map_or(1, |highest| highest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_names_that_are_no_crate_or_operation() {
        assert!(is_slug("price-list", '-') && is_slug("bulk_create", '_'));
        for name in ["", "Crm", "a--b", "-a", "1a", "../a", "a_b"] {
            assert!(!is_slug(name, '-'), "{name}");
        }
    }

    #[test]
    fn decisions_are_numbered_on() {
        assert_eq!(next_number(&[]), 1);
        let names = ["0007-a.md".to_owned(), "README.md".to_owned()];
        assert_eq!(next_number(&names), 8);
        assert_eq!(slug("SQLite runs *in place*"), "sqlite-runs-in-place");
    }

    #[test]
    fn plugin_is_written_once() {
        let root = std::env::temp_dir().join(format!("modelhost-new-{}", std::process::id()));
        plugin(&root, "price-list").unwrap();
        let manifest = fs::read_to_string(root.join("plugins/price-list/Cargo.toml")).unwrap();
        assert!(manifest.contains("name = \"price-list\""), "{manifest}");
        assert!(plugin(&root, "price-list").is_err());
        fs::remove_dir_all(&root).unwrap();
    }
}
