//! That the SDK's own version numbers are those of the workspace's table.
//!
//! The SDK's manifests are complete in themselves, because `plugin new` writes them beside a plugin far from this
//! workspace; so they repeat numbers. Invariant: a repeated number is equal to the one in the root Cargo.toml.

use toml::{Table, Value};

use super::Finding;

const WHY: &str = "the SDK is copied out of this workspace, and must be built there with what was tested here";

pub(super) fn check(path: &str, manifest: &Table, root: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    let workspace = root.get("workspace");
    for key in ["version", "edition", "rust-version"] {
        let ours = workspace.and_then(|table| table.get("package")?.get(key));
        let theirs = manifest.get("package").and_then(|table| table.get(key));
        if theirs.is_some() && theirs != ours {
            findings.push(finding(path, &format!("package.{key}"), theirs, ours));
        }
    }
    let table = workspace.and_then(|workspace| workspace.get("dependencies"));
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let dependencies = manifest.get(section).and_then(Value::as_table);
        for (name, theirs) in dependencies.into_iter().flatten() {
            let ours = table.and_then(|table| table.get(name));
            // A path alone leads to the SDK's other crate, which is copied with it.
            let is_path = theirs.get("path").is_some() && theirs.get("version").is_none();
            if !is_path && version(Some(theirs)) != version(ours) {
                findings.push(finding(path, name, Some(theirs), ours));
            }
        }
    }
    findings
}

/// The version in `"1"` or `{ version = "1", ... }`.
fn version(dependency: Option<&Value>) -> Option<&str> {
    let dependency = dependency?;
    dependency.as_str().or_else(|| dependency.get("version")?.as_str())
}

fn finding(path: &str, what: &str, theirs: Option<&Value>, ours: Option<&Value>) -> Finding {
    Finding {
        place: path.to_owned(),
        found: format!("{what} = {}", text(theirs)),
        expected: format!("{} as in the root Cargo.toml, written out", text(ours)),
        why: WHY,
    }
}

fn text(value: Option<&Value>) -> String {
    match (version(value), value) {
        (Some(version), _) => format!("\"{version}\""),
        (None, Some(value)) => value.to_string(),
        (None, None) => "nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(manifest: &str) -> Vec<String> {
        let root = r#"
            [workspace.package]
            version = "0.1.0"
            [workspace.dependencies]
            syn = { version = "2", features = ["full"] }
            quote = "1"
        "#;
        check("guest-sdk/Cargo.toml", &toml::from_str(manifest).unwrap(), &toml::from_str(root).unwrap())
            .into_iter()
            .map(|finding| format!("{}; expected {}", finding.found, finding.expected))
            .collect()
    }

    #[test]
    fn equal_numbers_pass() {
        let manifest = r#"
            [package]
            version = "0.1.0"
            [dependencies]
            syn = "2"
            quote = { version = "1" }
            modelhost-guest-macros = { path = "macros" }
        "#;
        assert_eq!(found(manifest), [""; 0]);
    }

    #[test]
    fn other_and_unwritten_numbers_are_findings() {
        let manifest = r#"
            [package]
            version = "0.2.0"
            [dependencies]
            syn = "1"
            quote = { workspace = true }
            [dev-dependencies]
            trybuild = "1"
        "#;
        insta::assert_snapshot!(found(manifest).join("\n"), @r#"
        package.version = "0.2.0"; expected "0.1.0" as in the root Cargo.toml, written out
        quote = { workspace = true }; expected "1" as in the root Cargo.toml, written out
        syn = "1"; expected "2" as in the root Cargo.toml, written out
        trybuild = "1"; expected nothing as in the root Cargo.toml, written out
        "#);
    }
}
