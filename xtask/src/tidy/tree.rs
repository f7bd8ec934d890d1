//! All files that git knows or would add, read once.
//!
//! It leaves out what git ignores. Invariant: paths are relative to the root with `/` on every system, and sorted.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::Finding;
use super::source::RustFile;
use crate::shell::Shell;

/// The files that the checks look at.
#[derive(Default)]
pub(super) struct Tree {
    paths: BTreeSet<String>,
    texts: Vec<TextFile>,
    rust: Vec<RustFile>,
    unreadable: Vec<Finding>,
}

/// A file of text, Rust or not.
pub(super) struct TextFile {
    pub(super) path: String,
    pub(super) text: String,
}

impl Tree {
    pub(super) fn read(shell: &Shell) -> Result<Self> {
        let mut list = Command::new("git");
        list.current_dir(shell.root());
        list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let list = shell.output(&mut list).context("tidy needs git to know which files are the project's")?;
        let mut files = Vec::new();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            let file = shell.root().join(path);
            // What was removed but not yet committed is listed too.
            if let Ok(bytes) = fs::read(&file) {
                files.push((path.to_owned(), String::from_utf8(bytes).ok()));
            }
        }
        Ok(Self::build(files))
    }

    /// A tree of small sources, for tests of checks.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned())));
        Self::build(files.collect())
    }

    pub(super) fn file_count(&self) -> usize {
        self.paths.len()
    }

    pub(super) fn texts(&self) -> &[TextFile] {
        &self.texts
    }

    pub(super) fn rust(&self) -> &[RustFile] {
        &self.rust
    }

    pub(super) fn unreadable(&self) -> &[Finding] {
        &self.unreadable
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// Whether a file or a folder of that path exists.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.paths.contains(path)
            || self.paths.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    }

    fn build(files: Vec<(String, Option<String>)>) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            if let Some(text) = text {
                if path.ends_with(".rs") {
                    match RustFile::read(&path, &text) {
                        Ok(file) => tree.rust.push(file),
                        Err(finding) => tree.unreadable.push(finding),
                    }
                }
                tree.texts.push(TextFile { path: path.clone(), text });
            }
            tree.paths.insert(path);
        }
        let tests: BTreeSet<String> = tree.rust.iter().flat_map(RustFile::test_modules).collect();
        for file in &mut tree.rust {
            file.is_test |= tests.contains(&file.path);
        }
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_declared_for_tests_is_a_test_file() {
        let tree = Tree::of(&[
            ("a/src/lib.rs", "#[cfg(test)]\nmod kit;\nmod other;\n"),
            ("a/src/kit.rs", "fn a() {}"),
            ("a/src/other.rs", "fn a() {}"),
        ]);
        let tests: Vec<bool> = tree.rust().iter().map(|file| file.is_test).collect();
        assert_eq!(tests, [false, true, false]);
    }

    #[test]
    fn folders_exist_when_a_file_is_in_them() {
        let tree = Tree::of(&[("docs/a/b.md", "")]);
        assert!(tree.has("docs/a") && tree.has("docs/") && tree.has("docs/a/b.md"));
        assert!(!tree.has("docs/a/b") && !tree.has("doc"));
    }
}
