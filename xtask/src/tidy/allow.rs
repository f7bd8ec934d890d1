//! tidy-allow.toml: exceptions, each with its reason.
//!
//! It decides nothing by itself. Invariant: an exception names a check that exists and says why; one that covers nothing
//! is itself a finding, so the list never grows stale.

use anyhow::{Context, Result, bail};

use super::Finding;

/// The id of the finding for an exception that covers nothing.
pub(super) const UNUSED: &str = "unused-exception";

/// The exceptions, and which of them were needed.
pub(super) struct Allowed {
    exceptions: Vec<Exception>,
}

struct Exception {
    check: String,
    /// A file, or a folder when it ends in `/`.
    path: String,
    /// The function or type; all of the file when there is none.
    item: Option<String>,
    used: bool,
}

impl Allowed {
    pub(super) fn parse(text: &str, checks: &[&str]) -> Result<Self> {
        let table: toml::Table = toml::from_str(text).context("tidy-allow.toml")?;
        let mut exceptions = Vec::new();
        let list = table.get("allow").and_then(toml::Value::as_array);
        for entry in list.into_iter().flatten() {
            let get = |key| entry.get(key).and_then(toml::Value::as_str);
            let (Some(check), Some(path), Some(reason)) = (get("check"), get("path"), get("reason")) else {
                bail!("tidy-allow.toml: `{entry}` needs check, path and reason");
            };
            if !checks.contains(&check) && check != super::source::PARSE {
                bail!("tidy-allow.toml: there is no check `{check}`; there are {}", checks.join(", "));
            }
            if reason.trim().is_empty() {
                bail!("tidy-allow.toml: the exception for {path} gives no reason");
            }
            exceptions.push(Exception {
                check: check.to_owned(),
                path: path.to_owned(),
                item: get("item").map(str::to_owned),
                used: false,
            });
        }
        Ok(Self { exceptions })
    }

    pub(super) fn covers(&mut self, finding: &Finding) -> bool {
        let mut covered = false;
        for exception in &mut self.exceptions {
            if exception.matches(finding) {
                exception.used = true;
                covered = true;
            }
        }
        covered
    }

    pub(super) fn unused(&self, file: &str) -> Vec<Finding> {
        self.exceptions
            .iter()
            .filter(|exception| !exception.used)
            .map(|exception| {
                let text = format!("`{}` for {} covers nothing", exception.check, exception.path);
                Finding::new(UNUSED, file, 1, text)
            })
            .collect()
    }
}

impl Exception {
    fn matches(&self, finding: &Finding) -> bool {
        let is_there =
            if self.path.ends_with('/') { finding.path.starts_with(&self.path) } else { finding.path == self.path };
        is_there && self.check == finding.check && (self.item.is_none() || self.item == finding.item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_what_it_names_and_reports_what_it_does_not() {
        let text = r#"
            [[allow]]
            check = "file-name"
            path = "host/"
            reason = "generated"
            [[allow]]
            check = "file-name"
            path = "tests/utils.rs"
            item = "other"
            reason = "never needed"
        "#;
        let mut allowed = Allowed::parse(text, &["file-name"]).unwrap();
        assert!(allowed.covers(&Finding::new("file-name", "host/src/utils.rs", 1, "")));
        assert!(!allowed.covers(&Finding::new("todo", "host/src/utils.rs", 1, "")));
        assert!(!allowed.covers(&Finding::new("file-name", "tests/utils.rs", 1, "").about("it")));
        assert_eq!(allowed.unused("f").len(), 1);
    }

    #[test]
    fn refuses_an_exception_without_reason_or_check() {
        let entry = |check: &str, reason: &str| {
            format!("[[allow]]\ncheck = \"{check}\"\npath = \"a\"\nreason = \"{reason}\"\n")
        };
        assert!(Allowed::parse(&entry("todo", " "), &["todo"]).is_err());
        assert!(Allowed::parse(&entry("tido", "typo"), &["todo"]).is_err());
        assert!(Allowed::parse("[[allow]]\ncheck = \"todo\"\n", &["todo"]).is_err());
    }
}
