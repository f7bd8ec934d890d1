//! The workspace's crates and what they name, as `cargo metadata` tells.
//!
//! It judges nothing. Invariant: paths are relative to the workspace's root, so that findings read the same everywhere.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

/// What `cargo metadata` says, as far as the checks need it.
pub(super) struct Graph {
    packages: Vec<Package>,
    versions: BTreeMap<String, BTreeSet<String>>,
}

/// A crate of the workspace.
pub(super) struct Package {
    pub(super) name: String,
    /// `host/crates/sql`
    pub(super) folder: String,
    pub(super) dependencies: Vec<Dependency>,
}

/// One line of a `[dependencies]` table.
pub(super) struct Dependency {
    /// The package's own name, not what it is renamed to.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether it is a crate of this workspace.
    pub(super) local: bool,
}

/// Which table it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Graph {
    pub(super) fn parse(metadata: &str) -> Result<Self> {
        let metadata: Value = serde_json::from_str(metadata).context("`cargo metadata`")?;
        Self::read(&metadata).context("`cargo metadata` has an unknown shape")
    }

    pub(super) fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// Every version of a package that the lock file holds.
    pub(super) fn versions(&self, name: &str) -> Vec<&str> {
        self.versions.get(name).map(|versions| versions.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    fn read(metadata: &Value) -> Option<Self> {
        let root = metadata.get("workspace_root")?.as_str()?;
        let mut packages = Vec::new();
        let mut versions = BTreeMap::<String, BTreeSet<String>>::new();
        for package in metadata.get("packages")?.as_array()? {
            let name = package.get("name")?.as_str()?;
            let version = package.get("version")?.as_str()?;
            versions.entry(name.to_owned()).or_default().insert(version.to_owned());
            if package.get("source")?.is_null() {
                packages.push(Package::read(package, root)?);
            }
        }
        packages.sort_by(|left, right| left.folder.cmp(&right.folder));
        Some(Self { packages, versions })
    }
}

impl Package {
    pub(super) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }

    fn read(package: &Value, root: &str) -> Option<Self> {
        let manifest = package.get("manifest_path")?.as_str()?;
        let folder = manifest.strip_suffix("/Cargo.toml")?;
        let folder = folder.strip_prefix(root).unwrap_or(folder);
        let dependencies = package.get("dependencies")?.as_array()?;
        Some(Self {
            name: package.get("name")?.as_str()?.to_owned(),
            folder: folder.trim_start_matches('/').to_owned(),
            dependencies: dependencies.iter().map(Dependency::read).collect::<Option<_>>()?,
        })
    }
}

impl Dependency {
    fn read(dependency: &Value) -> Option<Self> {
        Some(Self {
            name: dependency.get("name")?.as_str()?.to_owned(),
            kind: match dependency.get("kind").and_then(Value::as_str) {
                None => Kind::Normal,
                Some("build") => Kind::Build,
                Some(_) => Kind::Dev,
            },
            local: dependency.get("path").is_some_and(Value::is_string),
        })
    }
}

impl Kind {
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Normal => "[dependencies]",
            Self::Build => "[build-dependencies]",
            Self::Dev => "[dev-dependencies]",
        }
    }
}

/// A crate as name, folder and dependencies with their kind.
#[cfg(test)]
pub(super) type Example<'a> = (&'a str, &'a str, &'a [(&'a str, Kind)]);

/// What `cargo metadata` would say of these crates.
#[cfg(test)]
pub(super) fn example(crates: &[Example]) -> Graph {
    let names: BTreeSet<&str> = crates.iter().map(|(name, _, _)| *name).collect();
    let packages = crates
        .iter()
        .map(|(name, folder, dependencies)| Package {
            name: (*name).to_owned(),
            folder: (*folder).to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency { name: (*name).to_owned(), kind: *kind, local: names.contains(name) })
                .collect(),
        })
        .collect();
    Graph { packages, versions: BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_kinds_paths_and_versions() {
        let graph = Graph::parse(
            r#"{"workspace_root": "/w", "packages": [
                {"name": "a", "version": "1.0.0", "source": null, "manifest_path": "/w/x/a/Cargo.toml", "dependencies": [
                    {"name": "b", "kind": null, "path": "/w/b"},
                    {"name": "tokio", "kind": "dev"}]},
                {"name": "sqlx", "version": "0.8.0", "source": "registry", "manifest_path": "/r/Cargo.toml", "dependencies": []},
                {"name": "sqlx", "version": "0.9.0", "source": "registry", "manifest_path": "/s/Cargo.toml", "dependencies": []}
            ]}"#,
        )
        .unwrap();
        let package = &graph.packages()[0];
        assert_eq!(package.manifest(), "x/a/Cargo.toml");
        assert!(package.dependencies[0].local);
        assert_eq!(package.dependencies[0].kind, Kind::Normal);
        assert_eq!(package.dependencies[1].kind, Kind::Dev);
        assert_eq!(graph.versions("sqlx"), ["0.8.0", "0.9.0"]);
        assert!(Graph::parse("{}").is_err());
    }
}
