//! A regular expression in a database's language.
//!
//! Two spellings: PostgreSQL's, and one that PCRE2 (MariaDB), ICU (MySQL 8) and Rust (SQLite) read alike. No flag is left to a
//! default: `.` is every character, and whether case matters was decided before.

use std::fmt::Write;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::Node;
use crate::Dialect;

pub(super) fn to_text(root: &Node, dialect: Dialect) -> String {
    let mut out = match dialect {
        Dialect::Postgres => String::new(),
        Dialect::Mysql | Dialect::Sqlite => "(?s)".to_owned(),
    };
    Printer { dialect, out: &mut out }.node(root);
    out
}

/// The node where something may stand around it.
pub(super) fn to_group(node: &Node, dialect: Dialect) -> String {
    let mut out = String::new();
    Printer { dialect, out: &mut out }.atom(node);
    out
}

/// A character as itself: letters and digits as they are, every other one by its number.
pub(in crate::filter) fn escape(character: char, dialect: Dialect, out: &mut String) {
    let number = u32::from(character);
    if character.is_alphanumeric() {
        out.push(character);
        return;
    }
    let written = match dialect {
        Dialect::Postgres if number <= 0xffff => write!(out, "\\u{number:04X}"),
        Dialect::Postgres => write!(out, "\\U{number:08X}"),
        Dialect::Mysql | Dialect::Sqlite => write!(out, "\\x{{{number:X}}}"),
    };
    written.expect("writing to a string");
}

struct Printer<'a> {
    dialect: Dialect,
    out: &'a mut String,
}

impl Printer<'_> {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Empty => {}
            Node::Start => self.out.push_str("\\A"),
            Node::End => self.out.push_str(match self.dialect {
                Dialect::Postgres => "\\Z",
                Dialect::Mysql | Dialect::Sqlite => "\\z",
            }),
            Node::Class(class) => self.class(class),
            Node::Concat(nodes) => nodes.iter().for_each(|node| match node {
                Node::Alternate(_) => self.atom(node),
                node => self.node(node),
            }),
            Node::Alternate(nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    self.out.push_str(if at > 0 { "|" } else { "" });
                    self.node(node);
                }
            }
            Node::Repeat { node, min, max } => {
                self.atom(node);
                let written = match (min, max) {
                    (0, Some(1)) => write!(self.out, "?"),
                    (0, None) => write!(self.out, "*"),
                    (1, None) => write!(self.out, "+"),
                    (min, None) => write!(self.out, "{{{min},}}"),
                    (min, Some(max)) if min == max => write!(self.out, "{{{min}}}"),
                    (min, Some(max)) => write!(self.out, "{{{min},{max}}}"),
                };
                written.expect("writing to a string");
            }
        }
    }

    fn atom(&mut self, node: &Node) {
        if let Node::Class(class) = node {
            return self.class(class);
        }
        self.out.push_str("(?:");
        self.node(node);
        self.out.push(')');
    }

    fn class(&mut self, class: &ClassUnicode) {
        let is_one = |class: &ClassUnicode| class.ranges().len() == 1 && class.ranges()[0].len() == 1;
        if is_one(class) {
            return escape(class.ranges()[0].start(), self.dialect, self.out);
        }
        let mut others = class.clone();
        others.negate();
        others.difference(&ClassUnicode::new([ClassUnicodeRange::new('\0', '\0')]));
        // What has the last character of all was a negated class, and is shorter as one.
        let is_negated = class.ranges().last().is_some_and(|range| range.end() == char::MAX);
        match is_negated {
            true if others.ranges().is_empty() => self.out.push('.'),
            true => self.ranges("[^", &others),
            false => self.ranges("[", class),
        }
    }

    fn ranges(&mut self, open: &str, class: &ClassUnicode) {
        self.out.push_str(open);
        for range in class.ranges() {
            escape(range.start(), self.dialect, self.out);
            if range.end() > range.start() {
                self.out.push('-');
                escape(range.end(), self.dialect, self.out);
            }
        }
        self.out.push(']');
    }
}
