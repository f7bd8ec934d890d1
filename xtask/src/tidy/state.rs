//! State, output and surroundings: statics that hold something, prints and environment variables in library crates.
//!
//! Constants in statics are fine. Invariant: state has three homes (the host, a namespace, the variables of one call), and
//! what a library does depends on its arguments alone.

use super::source::RustFile;
use super::tokens::{Token, sequences};
use super::tree::Tree;
use super::{Check, Finding};

/// Types that make a static remember something. `Atomic...` too.
const MUTABLE: [&str; 10] =
    ["OnceLock", "LazyLock", "OnceCell", "Lazy", "Mutex", "RwLock", "DashMap", "UnsafeCell", "ArcSwap", "Once"];

const PRINTS: [&str; 5] = ["println", "print", "eprintln", "eprint", "dbg"];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "static-state",
        rule: "no statics with state: it belongs to `Host`, to a namespace or to one call, so that tests and hosts can't meet",
        run: |tree: &Tree| tree.rust().iter().flat_map(statics).collect(),
    },
    Check {
        id: "print",
        rule: "crates answer, only the program prints: return a value, or use tracing for operators",
        run: |tree: &Tree| host_crates(tree).flat_map(prints).collect(),
    },
    Check {
        id: "environment",
        rule: "crates don't read the environment: the program does, and passes what it read with its provenance",
        run: |tree: &Tree| host_crates(tree).flat_map(environment).collect(),
    },
];

fn host_crates(tree: &Tree) -> impl Iterator<Item = &RustFile> {
    tree.rust().iter().filter(|file| file.path.starts_with("host/crates/"))
}

fn statics(file: &RustFile) -> Vec<Finding> {
    let tokens = &file.tokens;
    let finding = |index: usize| {
        let name = tokens.get(index + 1).map_or("", |token| token.text.as_str());
        let text = match name {
            "!" => "`thread_local!`".to_owned(),
            name => format!("`static {name}`"),
        };
        Finding::new("static-state", &file.path, tokens[index].line, text).about(name)
    };
    let items = tokens
        .iter()
        .enumerate()
        .filter(|(index, token)| token.text == "static" && holds_state(&tokens[*index..]))
        .map(|(index, _)| finding(index));
    let thread_locals = sequences(tokens, &["thread_local", "!"]);
    items.chain(thread_locals.into_iter().map(finding)).collect()
}

/// Whether the declaration that starts here names a type that can change, before its value.
fn holds_state(tokens: &[Token]) -> bool {
    let is_local = tokens.get(2).is_some_and(|token| token.text == ":");
    let declaration = tokens.iter().take_while(|token| token.text != "=" && token.text != ";");
    let mut names = declaration.map(|token| token.text.as_str());
    tokens.get(1).is_some_and(|token| token.text == "mut")
        || (is_local && names.any(|name| MUTABLE.contains(&name) || name.starts_with("Atomic")))
}

fn prints(file: &RustFile) -> Vec<Finding> {
    PRINTS
        .iter()
        .flat_map(|name| sequences(&file.tokens, &[name, "!"]))
        .map(|index| {
            let token = &file.tokens[index];
            Finding::new("print", &file.path, token.line, format!("`{}!`", token.text))
        })
        .collect()
}

/// `std::env` and `env::var`, outside of tests; `env!` and `std::env::consts` are facts of the compilation.
fn environment(file: &RustFile) -> Vec<Finding> {
    let tokens = &file.tokens;
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text.as_str());
    tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.text == "env" && !file.is_test_line(token.line))
        .filter(|(index, _)| {
            let is_std = *index >= 2 && text(index - 1) == "::" && text(index - 2) == "std";
            let has_path = text(index + 1) == "::";
            (is_std || has_path) && text(index + 1) != "!" && text(index + 2) != "consts"
        })
        .map(|(index, token)| {
            let text = match text(index + 1) {
                "::" => format!("`env::{}`", text(index + 2)),
                _ => "`std::env`".to_owned(),
            };
            Finding::new("environment", &file.path, token.line, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: usize, text: &str) -> Vec<String> {
        let tree = Tree::of(&[("host/crates/store/src/lib.rs", text)]);
        (CHECKS[check].run)(&tree).into_iter().map(|finding| format!("{} {}", finding.line, finding.text)).collect()
    }

    #[test]
    fn statics_with_state_are_found_and_constants_are_not() {
        let text = "static A: OnceLock<u8> = OnceLock::new();\n\
                    static NAMES: &[&str] = &[\"a\"];\n\
                    fn f(x: &'static Mutex<u8>) {}\n\
                    fn g() { static COUNT: AtomicU64 = AtomicU64::new(0); }\n\
                    static mut X: u8 = 0;\n\
                    thread_local! { static Y: RefCell<u8> = RefCell::new(0); }\n";
        assert_eq!(found(0, text), ["1 `static A`", "4 `static COUNT`", "5 `static mut`", "6 `thread_local!`"]);
    }

    #[test]
    fn prints_are_found_also_inside_macros() {
        let text = "fn a() { select! { _ = b => println!(\"x\") } }\nfn print() {}";
        assert_eq!(found(1, text), ["1 `println!`"]);
    }

    #[test]
    fn environment_is_for_programs_and_tests() {
        let text = "use std::env;\n\
                    const A: &str = env!(\"X\");\n\
                    fn a() { env::var(\"X\"); }\n\
                    const B: &str = std::env::consts::OS;\n\
                    #[cfg(test)]\nmod tests { fn a() { std::env::var(\"X\"); } }";
        assert_eq!(found(2, text), ["1 `std::env`", "3 `env::var`"]);
    }
}
