//! What the documents point at: files behind links, and the tests behind the invariants of ARCHITECTURE.md.
//!
//! Addresses on the network are not visited. Invariant: a document never names a file or a test that does not exist.

use std::collections::BTreeSet;

use super::tree::{TextFile, Tree};
use super::{Check, Finding};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "link",
        rule: "a link in a document leads to a file of this repository, from the document's own folder",
        run: links,
    },
    Check {
        id: "guarding-test",
        rule: "each numbered invariant of ARCHITECTURE.md names the test that guards it: guarded by `path::name_of_test`",
        run: guarding_tests,
    },
];

fn links(tree: &Tree) -> Vec<Finding> {
    tree.texts().iter().filter(|file| file.path.ends_with(".md")).flat_map(|file| broken_links(tree, file)).collect()
}

fn broken_links(tree: &Tree, file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_code = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for target in targets(&without_code(line)) {
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            let path = target.split('#').next().unwrap_or_default();
            if !is_elsewhere && !path.is_empty() && !tree.has(&resolve(&file.path, path)) {
                findings.push(Finding::new("link", &file.path, number, format!("`{target}`")));
            }
        }
    }
    findings
}

/// The targets of `[text](target)` and `[text](target "title")` in a line.
fn targets(line: &str) -> Vec<String> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter_map(|inside| inside.split_whitespace().next())
        .map(|target| target.trim_matches(['<', '>']).to_owned())
        .collect()
}

/// The line without what stands between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// The path that a link means, from the root.
fn resolve(document: &str, link: &str) -> String {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if link.starts_with('/') {
        parts.clear();
    }
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn guarding_tests(tree: &Tree) -> Vec<Finding> {
    const DOCUMENT: &str = "ARCHITECTURE.md";
    let Some(text) = tree.text(DOCUMENT) else {
        return Vec::new();
    };
    let functions: BTreeSet<&str> = tree
        .rust()
        .iter()
        .flat_map(|file| file.tokens.windows(2))
        .filter(|pair| pair[0].text == "fn")
        .map(|pair| pair[1].text.as_str())
        .collect();
    invariants(text)
        .into_iter()
        .flat_map(|(number, item)| {
            unguarded(&item, |name| functions.contains(name))
                .into_iter()
                .map(move |text| Finding::new("guarding-test", DOCUMENT, number, text))
        })
        .collect()
}

/// The items of the numbered lists below headings that speak of invariants, each as one line, with its line number.
fn invariants(text: &str) -> Vec<(usize, String)> {
    let mut items = Vec::<(usize, String)>::new();
    let mut inside = false;
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('#') {
            inside = line.to_lowercase().contains("invariant");
            open = false;
        } else if inside && is_item(line) {
            items.push((number, line.trim().to_owned()));
            open = true;
        } else if line.trim().is_empty() {
            open = false;
        } else if open && let Some((_, item)) = items.last_mut() {
            item.push(' ');
            item.push_str(line.trim());
        }
    }
    items
}

fn is_item(line: &str) -> bool {
    line.trim_start().split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
}

/// What is wrong with the tests that an invariant names: all after "guarded by" must exist, else at least one of the
/// names that could be a test.
fn unguarded(item: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let guarded = item.to_lowercase().find("guarded by");
    let names: Vec<&str> = item[guarded.unwrap_or(0)..].split('`').skip(1).step_by(2).collect();
    // `cargo xtask deps` and its like guard what no test can.
    if names.iter().any(|name| name.starts_with("cargo ")) {
        return Vec::new();
    }
    let mut tests = names
        .iter()
        .map(|name| name.rsplit("::").next().unwrap_or(name).trim_end_matches("()"))
        .filter(|name| name.contains('_') && !name.contains(['/', '.', ' ']));
    if guarded.is_none() {
        return match tests.any(exists) {
            true => Vec::new(),
            false => vec!["names no test that exists".to_owned()],
        };
    }
    let (found, missing): (Vec<&str>, Vec<&str>) = tests.partition(|name| exists(name));
    if found.is_empty() && missing.is_empty() {
        return vec!["names no test after \"guarded by\"".to_owned()];
    }
    missing.iter().map(|name| format!("there is no test `{name}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_links_are_found_and_code_is_not_read() {
        let tree = Tree::of(&[
            (
                "docs/a.md",
                "[x](b.md#top) [y](../README.md) [z](gone.md)\n`[c](no)`\n```\n[d](no)\n```\n[e](https://x/y) [f](#here) [g](../docs/)",
            ),
            ("docs/b.md", ""),
            ("README.md", ""),
        ]);
        let found = links(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].text.as_str()), (1, "`gone.md`"));
    }

    #[test]
    fn invariant_must_name_a_test_that_exists() {
        let text = "## Invariants\n\n\
            1. One. Guarded by `store::tests::real_test`.\n\
            2. Two,\n   guarded by `no_such_test` and `real_test`.\n\
            3. Three: nothing.\n\
            4. Four, `real_test` and `a_field`.\n\
            5. Five, guarded by `cargo xtask deps`.\n\n\
            ## Other\n\n1. Not one.\n";
        let tree = Tree::of(&[("ARCHITECTURE.md", text), ("a.rs", "#[test]\nfn real_test() {}")]);
        let found: Vec<String> =
            guarding_tests(&tree).into_iter().map(|finding| format!("{} {}", finding.line, finding.text)).collect();
        assert_eq!(found, ["4 there is no test `no_such_test`", "6 names no test that exists"]);
    }
}
