//! Who may depend on drivers, on wasmtime and on an async runtime, and that there is one version of each.
//!
//! It sees direct dependencies only; the arrow table keeps the rest out. Invariant: package `e2e` is exempt, because it is
//! the outside client and the bare program that figures are compared with.

use super::Finding;
use super::graph::{Dependency, Graph, Kind, Package};

/// Crates that decide and never act.
const PURE: [&str; 3] = ["modelhost-model", "modelhost-sql", "modelhost-migrate"];

/// Ways to reach a database, with the crate that owns them.
const DATABASE_DRIVERS: [&str; 5] = ["rusqlite", "sqlx", "mongodb", "redis", "tokio-postgres"];

/// Libraries of which a second version would mean a second engine or driver in the program.
const ONE_VERSION: [&str; 3] = ["rusqlite", "sqlx", "wasmtime"];

pub(super) fn check(graph: &Graph) -> Vec<Finding> {
    let direct =
        graph.packages().iter().filter(|package| package.name != "e2e").flat_map(|package| {
            package.dependencies.iter().filter_map(|dependency| check_dependency(package, dependency))
        });
    let doubled = ONE_VERSION.iter().filter_map(|name| check_versions(name, &graph.versions(name)));
    direct.chain(doubled).collect()
}

fn check_dependency(package: &Package, dependency: &Dependency) -> Option<Finding> {
    let name = dependency.name.as_str();
    let (expected, why) = if DATABASE_DRIVERS.contains(&name) && package.name != "modelhost-store" {
        (
            "database drivers in `modelhost-store` only",
            "one crate names drivers, so that a new database or driver version changes one crate",
        )
    } else if name.starts_with("wasmtime") && package.name != "modelhost-sandbox" {
        (
            "wasmtime in `modelhost-sandbox` only",
            "one crate knows the runtime, so that limits can't be forgotten on another path",
        )
    } else if name == "tokio" && PURE.contains(&package.name.as_str()) && dependency.kind != Kind::Dev {
        (
            "no async runtime in a pure crate",
            "deciding is pure: it is tested in seconds and runs the same in every program",
        )
    } else {
        return None;
    };
    Some(Finding {
        place: package.manifest(),
        found: format!("`{name}` in {} of `{}`", dependency.kind.table(), package.name),
        expected: expected.to_owned(),
        why,
    })
}

fn check_versions(name: &str, versions: &[&str]) -> Option<Finding> {
    (versions.len() > 1).then(|| Finding {
        place: "Cargo.lock".to_owned(),
        found: format!("{name} {}", versions.join(" and ")),
        expected: format!("one version of {name} (`cargo tree -i {name}` tells who asks)"),
        why: "two versions don't share connections, engines or types, and both are compiled",
    })
}

#[cfg(test)]
mod tests {
    use super::super::graph::example;
    use super::*;

    #[test]
    fn drivers_and_runtimes_have_one_home() {
        let graph = example(&[
            (
                "modelhost-engine",
                "host/crates/engine",
                &[("wasmtime-wasi", Kind::Normal), ("rusqlite", Kind::Dev), ("tokio", Kind::Normal)],
            ),
            ("modelhost-sql", "host/crates/sql", &[("tokio", Kind::Normal)]),
            ("modelhost-store", "host/crates/store", &[("sqlx", Kind::Normal), ("rusqlite", Kind::Normal)]),
            ("modelhost-sandbox", "host/crates/sandbox", &[("wasmtime", Kind::Normal)]),
            ("e2e", "tests", &[("rusqlite", Kind::Normal), ("wasmtime", Kind::Dev)]),
        ]);
        let found: Vec<String> = check(&graph).into_iter().map(|finding| finding.found).collect();
        insta::assert_snapshot!(found.join("\n"), @"
        `wasmtime-wasi` in [dependencies] of `modelhost-engine`
        `rusqlite` in [dev-dependencies] of `modelhost-engine`
        `tokio` in [dependencies] of `modelhost-sql`
        ");
    }

    #[test]
    fn second_version_is_a_finding() {
        assert!(check_versions("sqlx", &["0.9.0"]).is_none());
        let finding = check_versions("sqlx", &["0.8.6", "0.9.0"]).unwrap();
        assert_eq!(finding.found, "sqlx 0.8.6 and 0.9.0");
    }
}
