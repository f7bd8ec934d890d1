//! How long files and functions may get, and that every module says what it is for.
//!
//! Parameters are clippy's business (`too_many_arguments`, clippy.toml). Invariant: a file counts lines of code, neither
//! blank nor only a comment; a function counts every line from `fn` to its closing brace.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::source::RustFile;
use super::tree::Tree;
use super::{Check, Finding};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 50;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "file-length",
        rule: "at most 400 lines of code in a file: split it by noun, so that a reader finds things",
        run: |tree| tree.rust().iter().filter_map(file_length).collect(),
    },
    Check {
        id: "function-length",
        rule: "at most 50 lines in a function, tests included: name its parts",
        run: |tree| tree.rust().iter().flat_map(function_lengths).collect(),
    },
    Check {
        id: "module-doc",
        rule: "every Rust file opens with `//!`: what it is for, what it does not do, its invariant",
        run: module_docs,
    },
];

fn file_length(file: &RustFile) -> Option<Finding> {
    let count = file.text.lines().filter(|line| is_code(line)).count();
    (count > FILE_LINES_MAX).then(|| Finding::new("file-length", &file.path, 1, format!("{count} lines of code")))
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

fn function_lengths(file: &RustFile) -> Vec<Finding> {
    let mut functions = Functions::default();
    functions.visit_file(&file.syntax);
    functions
        .found
        .into_iter()
        .filter(|function| function.lines() > FUNCTION_LINES_MAX)
        .map(|function| {
            let text = format!("`{}` has {} lines", function.name, function.lines());
            Finding::new("function-length", &file.path, function.first, text).about(function.name)
        })
        .collect()
}

#[derive(Default)]
struct Functions {
    found: Vec<Function>,
}

struct Function {
    name: String,
    first: usize,
    last: usize,
}

impl Function {
    fn lines(&self) -> usize {
        self.last + 1 - self.first
    }
}

impl Functions {
    fn note(&mut self, signature: &syn::Signature, block: &syn::Block) {
        self.found.push(Function {
            name: signature.ident.to_string(),
            first: signature.fn_token.span().start().line,
            last: block.brace_token.span.close().end().line,
        });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.note(&node.sig, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.note(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if let Some(block) = &node.default {
            self.note(&node.sig, block);
        }
        visit::visit_trait_item_fn(self, node);
    }
}

fn module_docs(tree: &Tree) -> Vec<Finding> {
    tree.texts()
        .iter()
        .filter(|file| file.path.ends_with(".rs") && !is_fixture(&file.path))
        .filter(|file| !file.text.trim_start().starts_with("//!"))
        .map(|file| {
            let first = file.text.lines().next().unwrap_or_default();
            let text = format!("opens with `{}`", first.chars().take(60).collect::<String>());
            Finding::new("module-doc", &file.path, 1, text)
        })
        .collect()
}

/// A program that a test compiles to read the compiler's answer: input, not a module.
fn is_fixture(path: &str) -> bool {
    let in_folder = |name: &str| path.contains(&format!("/tests/{name}/"));
    ["ui", "compile-fail", "compile_fail", "fail", "pass"].iter().any(|name| in_folder(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(check: usize, path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        (CHECKS[check].run)(&tree)
            .into_iter()
            .map(|finding| format!("{}:{} {}", finding.path, finding.line, finding.text))
            .collect()
    }

    #[test]
    fn comments_and_blank_lines_are_not_code() {
        let text = "const A: u8 = 1;\n\n// one\n".repeat(400);
        assert_eq!(run(0, "a.rs", &text), [""; 0]);
        let text = format!("{text}const A: u8 = 1;\n");
        assert_eq!(run(0, "a.rs", &text), ["a.rs:1 401 lines of code"]);
    }

    #[test]
    fn function_is_counted_from_fn_to_brace_also_in_traits_and_tests() {
        let body = "x();\n".repeat(48);
        assert_eq!(run(1, "a.rs", &format!("fn a() {{\n{body}}}")), [""; 0]);
        let body = "x();\n".repeat(49);
        let text = format!("trait T {{\n/// Doc.\nfn a() {{\n{body}}}\n}}");
        assert_eq!(run(1, "a.rs", &text), ["a.rs:3 `a` has 51 lines"]);
    }

    #[test]
    fn module_without_purpose_is_found() {
        assert_eq!(run(2, "a.rs", "//! Why.\nfn a() {}"), [""; 0]);
        assert_eq!(run(2, "a.rs", "fn a() {}"), ["a.rs:1 opens with `fn a() {}`"]);
        assert_eq!(run(2, "sdk/tests/ui/no_key.rs", "fn a() {}"), [""; 0]);
    }
}
