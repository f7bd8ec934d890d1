//! One Rust file as the checks see it: text, tokens, syntax, and which lines are tests.
//!
//! It reads; it judges nothing. Invariant: a line counts as a test when `#[cfg(test)]`, `#[test]` or the file's place says
//! so, and for no other reason.

use std::ops::RangeInclusive;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::Finding;
use super::tokens::{self, Token};

/// The id of the finding for a file that is not Rust.
pub(super) const PARSE: &str = "parse";

/// A readable Rust file.
pub(super) struct RustFile {
    /// From the workspace's root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    pub(super) syntax: syn::File,
    /// Set by its place, or when another file declares it as a test module.
    pub(super) is_test: bool,
    tests: Vec<RangeInclusive<usize>>,
}

impl RustFile {
    pub(super) fn read(path: &str, text: &str) -> Result<Self, Finding> {
        let unreadable = |(line, error): (usize, String)| Finding::new(PARSE, path, line, error);
        let stream = tokens::stream(text).map_err(unreadable)?;
        let syntax: syn::File = syn::parse2(stream.clone())
            .map_err(|error| unreadable((error.span().start().line.max(1), error.to_string())))?;
        let mut finder = TestFinder::default();
        finder.visit_file(&syntax);
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens: tokens::tokens(stream),
            is_test: is_test_path(path),
            tests: finder.ranges,
            syntax,
        })
    }

    /// Whether a line belongs to a test.
    pub(super) fn is_test_line(&self, line: usize) -> bool {
        self.is_test || self.tests.iter().any(|range| range.contains(&line))
    }

    /// The paths that `#[cfg(test)] mod name;` in this file may mean.
    pub(super) fn test_modules(&self) -> Vec<String> {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let stem = file.trim_end_matches(".rs");
        let home = match stem {
            "lib" | "main" | "mod" => folder.to_owned(),
            stem => format!("{folder}/{stem}"),
        };
        self.syntax
            .items
            .iter()
            .filter_map(|item| match item {
                syn::Item::Mod(module) if module.content.is_none() => Some(module),
                _ => None,
            })
            .filter(|module| module.attrs.iter().any(is_test_attribute))
            .flat_map(|module| {
                let name = module.ident.to_string();
                [format!("{home}/{name}.rs"), format!("{home}/{name}/mod.rs")]
            })
            .collect()
    }
}

/// Whether a file is a test by its place: `tests/` beside a crate's `src`, benches, and the package e2e.
fn is_test_path(path: &str) -> bool {
    let is_guest = path.starts_with("tests/guests/") || path.starts_with("tests/artifacts/");
    !is_guest && (path.starts_with("tests/") || path.contains("/tests/") || path.contains("/benches/"))
}

#[derive(Default)]
struct TestFinder {
    ranges: Vec<RangeInclusive<usize>>,
}

impl TestFinder {
    /// Remembers the lines of a test; tests inside tests add nothing.
    fn note(&mut self, attributes: &[syn::Attribute], node: &impl Spanned) -> bool {
        let is_test = attributes.iter().any(is_test_attribute);
        if is_test {
            let span = node.span();
            self.ranges.push(span.start().line..=span.end().line);
        }
        is_test
    }
}

impl<'ast> Visit<'ast> for TestFinder {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if !self.note(&node.attrs, node) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.note(&node.attrs, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.note(&node.attrs, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        if !self.note(&node.attrs, node) {
            visit::visit_item_impl(self, node);
        }
    }

    fn visit_item_use(&mut self, node: &'ast syn::ItemUse) {
        self.note(&node.attrs, node);
    }

    fn visit_item_const(&mut self, node: &'ast syn::ItemConst) {
        self.note(&node.attrs, node);
    }

    fn visit_item_struct(&mut self, node: &'ast syn::ItemStruct) {
        self.note(&node.attrs, node);
    }

    fn visit_item_trait(&mut self, node: &'ast syn::ItemTrait) {
        self.note(&node.attrs, node);
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[cfg(all(test, ...))]`
fn is_test_attribute(attribute: &syn::Attribute) -> bool {
    if attribute.path().is_ident("cfg") {
        let syn::Meta::List(list) = &attribute.meta else {
            return false;
        };
        let condition = list.tokens.to_string();
        return condition == "test" || condition.starts_with("all (test");
    }
    attribute.path().segments.last().is_some_and(|segment| segment.ident == "test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_lines_of_tests() {
        let file = RustFile::read(
            "a/src/lib.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\n#[cfg(test)]\nmod kit;\n",
        )
        .unwrap();
        let lines: Vec<usize> = (1..=7).filter(|line| file.is_test_line(*line)).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
        assert_eq!(file.test_modules(), ["a/src/kit.rs", "a/src/kit/mod.rs"]);
    }

    #[test]
    fn knows_tests_by_their_place() {
        assert!(is_test_path("tests/src/lib.rs"));
        assert!(is_test_path("guest-sdk/tests/derive.rs"));
        assert!(!is_test_path("tests/guests/loops/src/lib.rs"));
        assert!(!is_test_path("host/src/main.rs"));
    }

    #[test]
    fn unreadable_file_is_one_finding() {
        let finding = RustFile::read("a.rs", "fn a() {\nlet\n}").err().unwrap();
        assert_eq!((finding.check, finding.line), ("parse", 3));
    }
}
