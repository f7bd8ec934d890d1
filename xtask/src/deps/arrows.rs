//! The arrow table: which crate of the workspace may name which.
//!
//! It says nothing about crates of other people. Invariant: every crate has a row, or stands in a folder that has one; a
//! row's reason is a sentence of the form "X must not know Y".

use super::Finding;
use super::graph::{Graph, Kind, Package};

struct Row {
    krate: &'static str,
    may_name: May,
    why: &'static str,
}

enum May {
    Name(&'static [&'static str]),
    NameAll,
}

/// From the nouns up to the program. Tests may name more: dev-dependencies are not arrows.
const TABLE: &[Row] = &[
    Row { krate: "modelhost-model", may_name: May::Name(&[]), why: "the nouns must not know what is done with them" },
    Row {
        krate: "modelhost-sql",
        may_name: May::Name(&["modelhost-model"]),
        why: "the renderer must not know where its text runs, so that every statement can be snapshotted",
    },
    Row {
        krate: "modelhost-migrate",
        may_name: May::Name(&["modelhost-model", "modelhost-sql"]),
        why: "a migration plan must not know the database it runs on: it is decided purely and acted on elsewhere",
    },
    Row {
        krate: "modelhost-store",
        may_name: May::Name(&["modelhost-model", "modelhost-sql"]),
        why: "the databases must not know plugins or migrations: they run the jobs they are given",
    },
    Row {
        krate: "modelhost-sandbox",
        may_name: May::Name(&["modelhost-model"]),
        why: "the sandbox must not know databases, so that no guest call can hold a connection by accident",
    },
    Row {
        krate: "modelhost-engine",
        may_name: May::Name(&[
            "modelhost-migrate",
            "modelhost-model",
            "modelhost-sandbox",
            "modelhost-sql",
            "modelhost-store",
        ]),
        why: "the engine composes the crates below it and must not know HTTP or the command line",
    },
    Row {
        krate: "modelhost",
        may_name: May::Name(&["artifacts", "modelhost-engine", "modelhost-model"]),
        why: "the program must not know stores and sandboxes: what it needs, an embedder needs from the engine too",
    },
    Row {
        krate: "modelhost-guest",
        may_name: May::Name(&["modelhost-guest-macros"]),
        why: "what plugin authors link must not know the host: the contract in wit/ is all they share",
    },
    Row {
        krate: "modelhost-guest-macros",
        may_name: May::Name(&[]),
        why: "the macros must not know the host: they write code against the contract",
    },
    Row {
        krate: "artifacts",
        may_name: May::Name(&[]),
        why: "compiled guests are bytes and must not know who loads them",
    },
    Row { krate: "e2e", may_name: May::NameAll, why: "tests try promises from outside" },
    Row {
        krate: "xtask",
        may_name: May::Name(&[]),
        why: "the project's commands must not know the product, or they would fail to build when it does",
    },
];

/// Folders whose crates share a row.
const FOLDERS: &[(&str, &Row)] = &[("plugins/", &GUEST), ("tests/guests/", &GUEST)];

const GUEST: Row = Row {
    krate: "a plugin",
    may_name: May::Name(&["modelhost-guest"]),
    why: "a plugin must not know the host: the contract in wit/ is all they share",
};

pub(super) fn check(graph: &Graph) -> Vec<Finding> {
    graph.packages().iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let Some(row) = row(package) else {
        return vec![Finding {
            place: package.manifest(),
            found: format!("crate `{}`, which has no row in the arrow table", package.name),
            expected: "a row in xtask/src/deps/arrows.rs with its arrows and its reason".to_owned(),
            why: "a new crate needs a sentence of the form \"X must not know Y\"",
        }];
    };
    let May::Name(allowed) = row.may_name else {
        return Vec::new();
    };
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.local && dependency.kind != Kind::Dev)
        .filter(|dependency| !allowed.contains(&dependency.name.as_str()))
        .map(|dependency| Finding {
            place: package.manifest(),
            found: format!("`{}` in {} of `{}`", dependency.name, dependency.kind.table(), package.name),
            expected: match allowed {
                [] => "no crate of this workspace".to_owned(),
                allowed => format!("only {}", allowed.join(", ")),
            },
            why: row.why,
        })
        .collect()
}

fn row(package: &Package) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.krate == package.name)
        .or_else(|| FOLDERS.iter().find(|(folder, _)| package.folder.starts_with(folder)).map(|(_, row)| *row))
}

#[cfg(test)]
mod tests {
    use super::super::graph::example;
    use super::*;

    #[test]
    fn allows_the_arrows_of_the_design() {
        let graph = example(&[
            ("modelhost-model", "host/crates/model", &[]),
            ("modelhost-sql", "host/crates/sql", &[("modelhost-model", Kind::Normal), ("serde", Kind::Normal)]),
            ("artifacts", "tests/artifacts", &[]),
            (
                "modelhost-sandbox",
                "host/crates/sandbox",
                &[("modelhost-model", Kind::Normal), ("artifacts", Kind::Dev)],
            ),
        ]);
        assert_eq!(check(&graph), []);
    }

    #[test]
    fn refuses_an_upward_arrow_and_says_why() {
        let graph = example(&[
            ("modelhost-store", "host/crates/store", &[]),
            ("modelhost-migrate", "host/crates/migrate", &[("modelhost-store", Kind::Normal)]),
        ]);
        insta::assert_snapshot!(check(&graph)[0], @"
        host/crates/migrate/Cargo.toml
          found     `modelhost-store` in [dependencies] of `modelhost-migrate`
          expected  only modelhost-model, modelhost-sql
          why       a migration plan must not know the database it runs on: it is decided purely and acted on elsewhere
        ");
    }

    #[test]
    fn plugin_may_name_the_sdk_only() {
        let graph = example(&[
            ("modelhost-guest", "guest-sdk", &[]),
            ("modelhost-model", "host/crates/model", &[]),
            ("crm", "plugins/crm", &[("modelhost-guest", Kind::Normal), ("modelhost-model", Kind::Build)]),
        ]);
        let findings = check(&graph);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].found.contains("[build-dependencies]"));
    }

    #[test]
    fn crate_without_a_row_is_a_finding() {
        let graph = example(&[("modelhost-cache", "host/crates/cache", &[])]);
        assert!(check(&graph)[0].expected.contains("a row"));
    }
}
