//! That every crate keeps the workspace's lints.
//!
//! Dependencies are `cargo xtask deps`' business. Invariant: only the SDK is exempt, whose manifests are copied out of
//! the workspace and so can't inherit from it.

use super::tree::{TextFile, Tree};
use super::{Check, Finding};

pub(super) const CHECKS: &[Check] = &[Check {
    id: "lints-table",
    rule: "every Cargo.toml has `[lints] workspace = true`, or the crate is checked less than the others",
    run: |tree: &Tree| tree.texts().iter().filter_map(lints).collect(),
}];

fn lints(file: &TextFile) -> Option<Finding> {
    let folder = file.path.strip_suffix("/Cargo.toml")?;
    let is_template = folder.contains("template");
    if folder == "guest-sdk" || folder.starts_with("guest-sdk/") || is_template {
        return None;
    }
    let finding = |text: &str| Finding::new("lints-table", &file.path, 1, text);
    let table: toml::Table = match toml::from_str(&file.text) {
        Ok(table) => table,
        Err(error) => return Some(finding(error.message())),
    };
    let inherits = table.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
    (inherits != Some(true)).then(|| finding("no `[lints] workspace = true`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crate_without_the_lints_is_found() {
        let tree = Tree::of(&[
            ("Cargo.toml", "[workspace]"),
            ("guest-sdk/macros/Cargo.toml", "[package]"),
            ("host/Cargo.toml", "[lints]\nworkspace = true"),
            ("plugins/crm/Cargo.toml", "[package]"),
        ]);
        let found = (CHECKS[0].run)(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "plugins/crm/Cargo.toml");
    }
}
