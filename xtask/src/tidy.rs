//! `cargo xtask tidy`: the rules of the repository that no compiler knows.
//!
//! Each file below is one topic; a check takes the tree and answers findings. Nothing is changed. Invariant: all findings
//! are printed at once, and an exception stands in tidy-allow.toml with its reason or it doesn't exist.

mod allow;
mod drivers;
mod links;
mod manifests;
mod names;
mod size;
mod source;
mod state;
mod tokens;
mod traits;
mod tree;
mod wit;
mod words;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::Shell;
use allow::Allowed;
use tree::Tree;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// The id of the check, as tidy-allow.toml names it.
    check: &'static str,
    path: String,
    line: usize,
    /// What stands there.
    text: String,
    /// The function or type, where an exception may name it.
    item: Option<String>,
}

/// A rule.
struct Check {
    id: &'static str,
    /// What to do, and why.
    rule: &'static str,
    run: fn(&Tree) -> Vec<Finding>,
}

const CHECKS: &[&[Check]] = &[
    size::CHECKS,
    names::CHECKS,
    words::CHECKS,
    state::CHECKS,
    drivers::CHECKS,
    traits::CHECKS,
    manifests::CHECKS,
    wit::CHECKS,
    links::CHECKS,
];

const ALLOW_FILE: &str = "xtask/tidy-allow.toml";

pub(crate) fn run(shell: &Shell) -> Result<()> {
    let tree = Tree::read(shell)?;
    let text = fs::read_to_string(shell.root().join(ALLOW_FILE)).context(ALLOW_FILE)?;
    let mut allowed = Allowed::parse(&text, &ids())?;
    let mut findings: Vec<Finding> = CHECKS
        .iter()
        .flat_map(|checks| *checks)
        .flat_map(|check| (check.run)(&tree))
        .chain(tree.unreadable().iter().cloned())
        .filter(|finding| !allowed.covers(finding))
        .collect();
    findings.extend(allowed.unused(ALLOW_FILE));
    eprint!("{}", report(&mut findings));
    match findings.len() {
        0 => {
            eprintln!("{} files are tidy", tree.file_count());
            Ok(())
        }
        count => bail!("{count} findings"),
    }
}

impl Finding {
    fn new(check: &'static str, path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { check, path: path.to_owned(), line, text: text.into(), item: None }
    }

    fn about(mut self, item: impl Into<String>) -> Self {
        self.item = Some(item.into());
        self
    }
}

fn ids() -> Vec<&'static str> {
    CHECKS.iter().flat_map(|checks| checks.iter().map(|check| check.id)).collect()
}

/// The findings grouped by rule, each rule said once.
fn report(findings: &mut [Finding]) -> String {
    findings.sort();
    let mut groups = BTreeMap::<&str, Vec<&Finding>>::new();
    for finding in findings.iter() {
        groups.entry(finding.check).or_default().push(finding);
    }
    let mut report = String::new();
    for (check, findings) in groups {
        report.push_str(&format!("{check}: {}\n", rule(check)));
        for finding in findings {
            let Finding { path, line, text, .. } = finding;
            report.push_str(&format!("  {path}:{line}  {text}\n"));
        }
        report.push('\n');
    }
    report
}

fn rule(id: &str) -> &'static str {
    match id {
        source::PARSE => "a Rust file must be readable, or no other rule can see into it",
        allow::UNUSED => "an exception that nothing needs is removed",
        id => CHECKS.iter().flat_map(|checks| *checks).find(|check| check.id == id).map_or("", |check| check.rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_an_id_of_its_own() {
        let mut ids = ids();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn report_groups_by_rule_and_says_each_once() {
        let mut findings = [
            Finding::new("file-name", "host/utils.rs", 1, "`utils.rs`"),
            Finding::new("file-name", "host/common.rs", 1, "`common.rs`"),
            Finding::new("parse", "a.rs", 3, "expected `;`"),
        ];
        insta::assert_snapshot!(report(&mut findings), @"
        file-name: name a file after the noun it holds; a drawer for everything grows without end
          host/common.rs:1  `common.rs`
          host/utils.rs:1  `utils.rs`

        parse: a Rust file must be readable, or no other rule can see into it
          a.rs:3  expected `;`
        ");
    }
}
