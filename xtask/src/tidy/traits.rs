//! Traits with a single implementation.
//!
//! It counts `impl Trait for` by the trait's last name. An impl inside a macro counts twice, because a macro is written to
//! repeat it. Invariant: a trait is a promise that several things keep; one thing keeps it better as itself.

use std::collections::BTreeMap;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::tokens::tokens;
use super::tree::Tree;
use super::{Check, Finding};

pub(super) const CHECKS: &[Check] = &[Check {
    id: "one-implementation",
    rule: "no trait with one implementation, except to invert an arrow: call the thing itself, or make an enum",
    run: check,
}];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut declared = Vec::new();
    let mut implemented = BTreeMap::<String, usize>::new();
    for file in tree.rust() {
        let mut names = Names::default();
        names.visit_file(&file.syntax);
        for (name, line) in names.declared {
            if !file.is_test_line(line) {
                declared.push((file.path.as_str(), line, name));
            }
        }
        for (name, line) in names.implemented {
            if !file.is_test_line(line) {
                *implemented.entry(name).or_default() += 1;
            }
        }
    }
    declared
        .into_iter()
        .filter(|(_, _, name)| implemented.get(name) == Some(&1))
        .map(|(path, line, name)| {
            let text = format!("trait `{name}` has one implementation");
            Finding::new("one-implementation", path, line, text).about(name)
        })
        .collect()
}

#[derive(Default)]
struct Names {
    declared: Vec<(String, usize)>,
    implemented: Vec<(String, usize)>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_trait(&mut self, node: &'ast syn::ItemTrait) {
        let line = node.trait_token.span().start().line;
        self.declared.push((node.ident.to_string(), line));
        visit::visit_item_trait(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        if let Some((_, path, _)) = &node.trait_
            && let Some(last) = path.segments.last()
        {
            let line = node.impl_token.span().start().line;
            self.implemented.push((last.ident.to_string(), line));
        }
        visit::visit_item_impl(self, node);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        /// How far before `Trait for` its `impl` may stand: generics and a path lie between them.
        const REACH: usize = 20;
        let tokens = tokens(node.tokens.clone());
        for (index, pair) in tokens.windows(2).enumerate() {
            let before = &tokens[index.saturating_sub(REACH)..index];
            if pair[1].text == "for" && before.iter().any(|token| token.text == "impl") {
                let implemented = (pair[0].text.clone(), pair[0].line);
                self.implemented.extend([implemented.clone(), implemented]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_do_not_count_and_macros_count_twice() {
        let tree = Tree::of(&[
            ("a/src/lib.rs", "trait One {}\ntrait Two {}\ntrait None {}\nimpl One for u8 {}\nimpl Two for u8 {}"),
            (
                "b/src/lib.rs",
                "impl a::Two for u16 {}\ntrait Many {}\nmacro_rules! m { ($t:ty) => { impl<T> Many for $t {} } }",
            ),
            ("b/tests/t.rs", "impl a::One for u16 {}"),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "trait `One` has one implementation");
    }
}
