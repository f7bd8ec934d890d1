//! Names that say nothing, of files and of types.
//!
//! Good names are a reviewer's business; these are the ones that are never good. Invariant: only names that this
//! repository declares are judged, never those of libraries.

use super::source::RustFile;
use super::tree::{TextFile, Tree};
use super::{Check, Finding};

const FILES: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "manager", "misc", "shared"];
const ENDINGS: [&str; 4] = ["Manager", "Helper", "Handler", "Impl"];
const TYPE_WORDS: [&str; 5] = ["struct", "enum", "trait", "type", "union"];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "file-name",
        rule: "name a file after the noun it holds; a drawer for everything grows without end",
        run: |tree| tree.texts().iter().filter_map(file_name).collect(),
    },
    Check {
        id: "type-name",
        rule: "name a type after what it is; -Manager, -Helper, -Handler, -Impl and Base- say nothing",
        run: |tree: &Tree| tree.rust().iter().flat_map(type_names).collect(),
    },
];

fn file_name(file: &TextFile) -> Option<Finding> {
    let stem = file.path.strip_suffix(".rs")?;
    let name = stem.split('/').find(|part| FILES.contains(part))?;
    Some(Finding::new("file-name", &file.path, 1, format!("`{name}`")))
}

fn type_names(file: &RustFile) -> Vec<Finding> {
    file.tokens
        .windows(2)
        .filter(|pair| TYPE_WORDS.contains(&pair[0].text.as_str()))
        .filter(|pair| is_empty_name(&pair[1].text))
        .map(|pair| {
            let name = &pair[1];
            let text = format!("`{}`", name.text);
            Finding::new("type-name", &file.path, name.line, text).about(&name.text)
        })
        .collect()
}

fn is_empty_name(name: &str) -> bool {
    let is_base = name.strip_prefix("Base").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    is_base || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawers_are_found_as_files_and_folders() {
        let tree = Tree::of(&[
            ("host/src/utils.rs", ""),
            ("tests/common/mod.rs", ""),
            ("host/src/manager_of.rs", ""),
            ("docs/common.md", ""),
        ]);
        let paths: Vec<String> = (CHECKS[0].run)(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["host/src/utils.rs", "tests/common/mod.rs"]);
    }

    #[test]
    fn empty_type_names_are_found_where_they_are_declared() {
        let tree = Tree::of(&[(
            "a.rs",
            "struct PoolManager;\nfn a(x: OtherManager) {}\nenum BaseModel {}\nstruct Baseline;\ntype StoreImpl = u8;",
        )]);
        let found: Vec<String> =
            (CHECKS[1].run)(&tree).into_iter().map(|finding| format!("{} {}", finding.line, finding.text)).collect();
        assert_eq!(found, ["1 `PoolManager`", "3 `BaseModel`", "5 `StoreImpl`"]);
    }
}
