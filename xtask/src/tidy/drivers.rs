//! Who names wasmtime and drivers in source, and who vouches for SQL text.
//!
//! Manifests are checked by `cargo xtask deps`; this catches a name that comes in through another crate's re-export.
//! Invariant: package e2e is exempt, it is the outside client and the bare program of the figures.

use super::source::RustFile;
use super::tree::Tree;
use super::{Check, Finding};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "driver-name",
        rule: "only `sandbox` names wasmtime, only `store` names rusqlite and sqlx: a new version changes one crate",
        run: |tree: &Tree| tree.rust().iter().flat_map(driver_names).collect(),
    },
    Check {
        id: "sql-safe",
        rule: "one file may wrap text in AssertSqlSafe: SQL is made by `sql`, and vouched for in one place",
        run: sql_safe,
    },
];

/// The beginning of a name and the folder that may use it.
const HOMES: [(&str, &str); 3] =
    [("wasmtime", "host/crates/sandbox/"), ("rusqlite", "host/crates/store/"), ("sqlx", "host/crates/store/")];

fn driver_names(file: &RustFile) -> Vec<Finding> {
    let is_product = ["host/", "guest-sdk/", "plugins/"].iter().any(|folder| file.path.starts_with(folder));
    if !is_product {
        return Vec::new();
    }
    file.tokens
        .windows(2)
        // A field or a variable may be called so; a path is what reaches into the library.
        .filter(|pair| pair[1].text == "::")
        .filter(|pair| {
            HOMES.iter().any(|(name, home)| {
                let is_it = pair[0].text == *name || pair[0].text.starts_with(&format!("{name}_"));
                is_it && !file.path.starts_with(home)
            })
        })
        .map(|pair| {
            let name = &pair[0];
            Finding::new("driver-name", &file.path, name.line, format!("`{}`", name.text))
        })
        .collect()
}

fn sql_safe(tree: &Tree) -> Vec<Finding> {
    let uses: Vec<Finding> = tree
        .rust()
        .iter()
        .filter(|file| file.path.starts_with("host/"))
        .filter_map(|file| {
            let token = file.tokens.iter().find(|token| token.text == "AssertSqlSafe")?;
            Some(Finding::new("sql-safe", &file.path, token.line, "names AssertSqlSafe"))
        })
        .collect();
    if uses.len() > 1 { uses } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drivers_are_named_in_their_home_only() {
        let tree = Tree::of(&[
            ("host/crates/store/src/lib.rs", "use sqlx::Row;"),
            ("host/crates/engine/src/lib.rs", "//! wasmtime\nuse wasmtime_wasi::X;\nfn a(sqlx: u8) {}"),
            ("tests/benches/figures.rs", "use rusqlite::Connection;"),
        ]);
        let found = (CHECKS[0].run)(&tree);
        assert_eq!((found.len(), found[0].line), (1, 2));
    }

    #[test]
    fn second_file_that_vouches_for_sql_is_found() {
        let one = ("host/crates/store/src/text.rs", "use sqlx::AssertSqlSafe;");
        let other = ("host/crates/store/src/rows.rs", "fn a() { AssertSqlSafe(x); }");
        assert_eq!((CHECKS[1].run)(&Tree::of(&[one])), []);
        assert_eq!((CHECKS[1].run)(&Tree::of(&[one, other])).len(), 2);
    }
}
