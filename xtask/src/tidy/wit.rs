//! The contract's texts: what is released stays as it is, what is a draft says so.
//!
//! It reads no WIT grammar. Invariant: a released folder holds exactly the files of its SHA256SUMS, byte for byte.

use std::collections::BTreeMap;

use super::tree::Tree;
use super::{Check, Finding};
use crate::wit::{CHECKSUMS, digest};

const RELEASED: &str = "wit/released/";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "frozen-contract",
        rule: "a released contract is never edited, old plugins were built against it: change wit/draft",
        run: frozen,
    },
    Check {
        id: "draft-contract",
        rule: "a draft of the contract says DRAFT, in its package's doc or in each file, so that nobody relies on it",
        run: draft,
    },
];

fn frozen(tree: &Tree) -> Vec<Finding> {
    let mut folders = BTreeMap::<&str, Vec<(&str, &str)>>::new();
    for file in tree.texts() {
        let inside = file.path.strip_prefix(RELEASED);
        if let Some((folder, name)) = inside.and_then(|inside| inside.split_once('/')) {
            folders.entry(folder).or_default().push((name, &file.text));
        }
    }
    folders.into_iter().flat_map(|(folder, files)| frozen_folder(folder, &files)).collect()
}

fn frozen_folder(folder: &str, files: &[(&str, &str)]) -> Vec<Finding> {
    let finding =
        |name: &str, text: &str| Finding::new("frozen-contract", &format!("{RELEASED}{folder}/{name}"), 1, text);
    let Some((_, sums)) = files.iter().find(|(name, _)| *name == CHECKSUMS) else {
        return vec![finding(CHECKSUMS, "is missing")];
    };
    let mut expected: BTreeMap<&str, &str> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name, sum)).collect();
    let mut findings = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| *name != CHECKSUMS) {
        match expected.remove(name) {
            None => findings.push(finding(name, "has no checksum: it was added later")),
            Some(sum) if sum != digest(text.as_bytes()) => {
                findings.push(finding(name, "differs from its checksum: it was edited"));
            }
            Some(_) => {}
        }
    }
    findings.extend(expected.keys().map(|name| finding(name, "was removed")));
    findings
}

fn draft(tree: &Tree) -> Vec<Finding> {
    let files: Vec<_> =
        tree.texts().iter().filter(|file| file.path.starts_with("wit/draft/") && file.path.ends_with(".wit")).collect();
    if files.iter().any(|file| package_says_draft(&file.text)) {
        return Vec::new();
    }
    files
        .into_iter()
        .filter(|file| !file.text.contains("DRAFT"))
        .map(|file| Finding::new("draft-contract", &file.path, 1, "doesn't say DRAFT"))
        .collect()
}

/// Whether the comment right above `package` says so.
fn package_says_draft(text: &str) -> bool {
    let mut comment = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("package ") {
            return comment;
        }
        comment = line.starts_with("//") && (comment || line.contains("DRAFT"));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edited_added_and_removed_files_are_found() {
        let sums = format!("{}  a.wit\n{}  gone.wit\n", digest(b"old"), digest(b""));
        let tree = Tree::of(&[
            ("wit/released/0.1.0/SHA256SUMS", &sums),
            ("wit/released/0.1.0/a.wit", "new"),
            ("wit/released/0.1.0/b.wit", ""),
            ("wit/released/0.2.0/a.wit", ""),
        ]);
        let found: Vec<String> =
            frozen(&tree).into_iter().map(|finding| format!("{} {}", finding.path, finding.text)).collect();
        insta::assert_snapshot!(found.join("\n"), @"
        wit/released/0.1.0/a.wit differs from its checksum: it was edited
        wit/released/0.1.0/b.wit has no checksum: it was added later
        wit/released/0.1.0/gone.wit was removed
        wit/released/0.2.0/SHA256SUMS is missing
        ");
        let sums = format!("{}  a.wit\n", digest(b"same"));
        let tree = Tree::of(&[("wit/released/0.1.0/SHA256SUMS", &sums), ("wit/released/0.1.0/a.wit", "same")]);
        assert_eq!(frozen(&tree), []);
    }

    #[test]
    fn one_package_doc_speaks_for_the_draft() {
        let log = ("wit/draft/log.wit", "interface log {}");
        let package = "/// DRAFT: may change.\n/// Still.\npackage a:b@0.1.0;";
        assert_eq!(draft(&Tree::of(&[log, ("wit/draft/types.wit", package)])), []);
        assert_eq!(draft(&Tree::of(&[log])).len(), 1);
    }
}
