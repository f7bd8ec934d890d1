//! Inline snapshots: reading insta's pending ones and writing them into a source text.
//!
//! It works on texts and touches no file. Invariant: the literal that is written reads back as the snapshot, in the form
//! that insta itself would choose, so that rustfmt and insta leave it alone.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;

/// A text that the assertion starting at a line should hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    line: usize,
    text: String,
}

/// Why snapshots can't be put into a source.
#[derive(Debug)]
pub(super) enum ApplyError {
    /// The source isn't Rust (any more).
    Unreadable(String),
    /// No assertion with an inline snapshot starts there.
    NoAssertion { line: usize },
}

/// Reads a pending file: one JSON object a line, appended run by run. Only the last run counts.
pub(super) fn parse(pending: &str) -> Result<Vec<Snapshot>, serde_json::Error> {
    let entries: Vec<Value> = pending.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let Some(last) = entries.last().map(|entry| entry["run_id"].clone()) else {
        return Ok(Vec::new());
    };
    let mut snapshots = Vec::<Snapshot>::new();
    for entry in entries.iter().filter(|entry| entry["run_id"] == last) {
        let text = entry["new"]["snapshot"].as_str();
        let line = entry["line"].as_u64().and_then(|line| line.try_into().ok());
        if let (Some(text), Some(line)) = (text, line) {
            // An assertion in a loop is pending several times; it can only hold its last text.
            snapshots.retain(|snapshot| snapshot.line != line);
            snapshots.push(Snapshot { line, text: text.to_owned() });
        }
    }
    Ok(snapshots)
}

/// The source with the snapshots in it.
pub(super) fn apply(source: &str, snapshots: &[Snapshot]) -> Result<String, ApplyError> {
    let stream = TokenStream::from_str(source).map_err(|error| ApplyError::Unreadable(error.to_string()))?;
    let mut literals = Vec::new();
    collect(stream, &mut literals);
    let mut edits = Vec::new();
    for snapshot in snapshots {
        let line = snapshot.line;
        let literal = literals.iter().find(|literal| literal.line == line).ok_or(ApplyError::NoAssertion { line })?;
        let first = source.lines().nth(line - 1).unwrap_or_default();
        let indentation: String = first.chars().take_while(|character| character.is_whitespace()).collect();
        edits.push((literal.bytes.clone(), to_literal(&snapshot.text, &indentation)));
    }
    edits.sort_by_key(|(bytes, _)| std::cmp::Reverse(bytes.start));
    let mut text = source.to_owned();
    for (bytes, literal) in edits {
        text.replace_range(bytes, &literal);
    }
    Ok(text)
}

impl fmt::Display for ApplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(formatter, "the source can't be read: {error}"),
            Self::NoAssertion { line } => {
                write!(formatter, "no assertion with an inline snapshot starts at line {line}")
            }
        }
    }
}

/// The literal behind `@` in a macro call, and the line where the call starts.
struct Literal {
    line: usize,
    bytes: Range<usize>,
}

fn collect(stream: TokenStream, literals: &mut Vec<Literal>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        if let Some(line) = macro_line(&trees[..index])
            && let Some(bytes) = behind_at_sign(group.stream())
        {
            literals.push(Literal { line, bytes });
        }
        collect(group.stream(), literals);
    }
}

/// The line where `path::name!` starts, when that is what stands before a group.
fn macro_line(before: &[TokenTree]) -> Option<usize> {
    let (bang, path) = before.split_last()?;
    if !matches!(bang, TokenTree::Punct(punct) if punct.as_char() == '!') {
        return None;
    }
    let is_path = |tree: &TokenTree| match tree {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let start = path.iter().rposition(|tree| !is_path(tree)).map_or(0, |it| it + 1);
    Some(path.get(start)?.span().start().line)
}

fn behind_at_sign(arguments: TokenStream) -> Option<Range<usize>> {
    let trees: Vec<TokenTree> = arguments.into_iter().collect();
    trees.windows(2).rev().find_map(|pair| match pair {
        [TokenTree::Punct(sign), TokenTree::Literal(literal)] if sign.as_char() == '@' => {
            Some(literal.span().byte_range())
        }
        _ => None,
    })
}

fn to_literal(snapshot: &str, indentation: &str) -> String {
    let text = normalize(snapshot);
    // Control characters can't stand in a literal as they are.
    if text.chars().any(|it| it.is_control() && it != '\n' && it != '\t') {
        return format!("{text:?}");
    }
    let raw = if text.contains(['\\', '"']) { "r" } else { "" };
    let hashes = "#".repeat(required_hashes(&text));
    if !text.contains('\n') {
        return format!("{raw}{hashes}\"{text}\"{hashes}");
    }
    let mut block = String::new();
    for line in text.lines() {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(indentation);
        }
        block.push_str(line);
    }
    format!("{raw}{hashes}\"{block}\n{indentation}\"{hashes}")
}

/// Without common indentation and without blanks at the end, as insta compares.
fn normalize(snapshot: &str) -> String {
    let snapshot = snapshot.trim_end();
    if snapshot.lines().count() <= 1 {
        return snapshot.to_owned();
    }
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = snapshot.lines().filter(|line| !line.is_empty()).map(blanks).min().unwrap_or_default();
    let lines: Vec<&str> = snapshot.lines().map(|line| line.get(common..).unwrap_or_default()).collect();
    lines.join("\n")
}

fn required_hashes(text: &str) -> usize {
    text.split('"').skip(1).map(|rest| rest.chars().take_while(|it| *it == '#').count() + 1).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "fn a() {\n    insta::assert_snapshot!(x(\"é\"), @\"old\");\n    \
                          assert_snapshot!(\n        y, @\"\"\n    );\n}\n";

    fn snapshot(line: usize, text: &str) -> Snapshot {
        Snapshot { line, text: text.to_owned() }
    }

    #[test]
    fn writes_single_lines_blocks_and_raw_strings() {
        let text = apply(SOURCE, &[snapshot(2, "new"), snapshot(3, "a \"b\"\n\n  c")]).unwrap();
        let expected = "fn a() {\n    insta::assert_snapshot!(x(\"é\"), @\"new\");\n    \
                        assert_snapshot!(\n        y, @r#\"\n    a \"b\"\n\n      c\n    \"#\n    );\n}\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn assertion_that_moved_is_an_error() {
        let error = apply(SOURCE, &[snapshot(1, "new")]).unwrap_err();
        assert_eq!(error.to_string(), "no assertion with an inline snapshot starts at line 1");
    }

    #[test]
    fn only_the_last_run_counts_and_passed_ones_do_not() {
        let pending = "{\"run_id\":\"1\",\"line\":9,\"new\":{\"snapshot\":\"old\"},\"old\":null}\n\
                       {\"run_id\":\"2\",\"line\":3,\"new\":{\"snapshot\":\"x\"},\"old\":null}\n\
                       {\"run_id\":\"2\",\"line\":4,\"new\":null,\"old\":null}\n\
                       {\"run_id\":\"2\",\"line\":3,\"new\":{\"snapshot\":\"y\"},\"old\":null}\n";
        assert_eq!(parse(pending).unwrap(), [snapshot(3, "y")]);
        assert_eq!(parse("").unwrap(), []);
    }

    #[test]
    fn quotes_decide_the_number_of_hashes() {
        assert_eq!(to_literal("a\"#b", ""), "r##\"a\"#b\"##");
        assert_eq!(to_literal("a\\b", ""), "r\"a\\b\"");
        assert_eq!(to_literal("\u{1b}", ""), "\"\\u{1b}\"");
    }
}
