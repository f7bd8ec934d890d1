//! Patterns with wildcards: `$like`, `$ilike`, and the literal `$contains`, `$startsWith`, `$endsWith`.
//!
//! A pattern is read once into tokens, and every database gets the tokens in its own spelling. One token is one code point,
//! case matters, and where it does not (`$ilike`), a token lists the characters that Unicode's simple case folding makes
//! equal: what is the same letter is decided here and not by a database.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::regex::escape;
use crate::Dialect;

/// Bytes of a pattern, at most: a letter becomes a class of up to ten bytes, and SQLite takes patterns of 50,000.
pub const LIKE_BYTES_MAX: usize = 1_000;

/// A pattern that a whole text matches or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikePattern {
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// This character.
    One(char),
    /// One of these letters, which differ in case only.
    OneOf(Vec<char>),
    /// `_`
    Any,
    /// `%`; never two of them in a row.
    Rest,
}

/// Whether case matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Exact,
    Folded,
}

/// How a caller writes a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LikeKind {
    Like,
    Ilike,
    Contains,
    StartsWith,
    EndsWith,
}

impl LikePattern {
    /// The error is the position of a `\` that escapes nothing.
    pub(super) fn parse(text: &str, kind: LikeKind) -> Result<Self, usize> {
        let literals = text.chars().map(Token::One);
        let rest = || std::iter::once(Token::Rest);
        let tokens: Vec<Token> = match kind {
            LikeKind::Like => with_wildcards(text, Case::Exact)?,
            LikeKind::Ilike => with_wildcards(text, Case::Folded)?,
            LikeKind::Contains => rest().chain(literals).chain(rest()).collect(),
            LikeKind::StartsWith => literals.chain(rest()).collect(),
            LikeKind::EndsWith => rest().chain(literals).collect(),
        };
        let mut pattern = Self { tokens };
        pattern.tokens.dedup_by(|a, b| (&*a, &*b) == (&Token::Rest, &Token::Rest));
        Ok(pattern)
    }

    /// Whether the whole text matches. After a mismatch only the last `%` takes one character more, so that the time is at
    /// most the product of both lengths.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut token) = (0, 0);
        let mut last_rest = None;
        while at < text.len() {
            match self.tokens.get(token) {
                Some(Token::Rest) => {
                    last_rest = Some((at, token + 1));
                    token += 1;
                    continue;
                }
                Some(one) if one.takes(text[at]) => {
                    at += 1;
                    token += 1;
                    continue;
                }
                _ => {}
            }
            let Some((from, behind)) = last_rest else {
                return false;
            };
            last_rest = Some((from + 1, behind));
            (at, token) = (from + 1, behind);
        }
        self.tokens[token..].iter().all(|token| *token == Token::Rest)
    }

    /// For `LIKE ... ESCAPE '|'`, which has no word for letters of both cases.
    pub(super) fn to_like(&self) -> Option<String> {
        let mut like = String::new();
        for token in &self.tokens {
            match token {
                Token::One(special @ ('%' | '_' | '|')) => like.extend(['|', *special]),
                Token::One(character) => like.push(*character),
                Token::OneOf(_) => return None,
                Token::Any => like.push('_'),
                Token::Rest => like.push('%'),
            }
        }
        Some(like)
    }

    /// For SQLite's `GLOB`, which escapes by classes of one.
    pub(super) fn to_glob(&self) -> String {
        let mut glob = String::new();
        for token in &self.tokens {
            match token {
                Token::One(special @ ('*' | '?' | '[')) => glob.extend(['[', *special, ']']),
                Token::One(character) => glob.push(*character),
                Token::OneOf(letters) => push_class(letters, &mut glob),
                Token::Any => glob.push('?'),
                Token::Rest => glob.push('*'),
            }
        }
        glob
    }

    /// For `~` and `REGEXP`. MySQL and MariaDB try one way after another: each text behind a `%` is found where it stands
    /// first and never again (`(?>...)`), which finds every match and keeps the time linear.
    pub(super) fn to_regex(&self, dialect: Dialect) -> String {
        if dialect == Dialect::Postgres {
            return format!("\\A{}\\Z", written(&self.tokens, dialect));
        }
        let mut parts = self.tokens.split(|token| *token == Token::Rest).map(|part| written(part, dialect));
        let mut regex = format!("(?s)\\A{}", parts.next().unwrap_or_default());
        let mut parts: Vec<String> = parts.collect();
        let last = parts.pop();
        for part in parts {
            regex.push_str(&format!("(?>.*?{part})"));
        }
        if let Some(last) = last {
            regex.push_str(&format!(".*{last}"));
        }
        regex.push_str("\\z");
        regex
    }
}

impl Token {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::One(one) => *one == character,
            Self::OneOf(letters) => letters.contains(&character),
            Self::Any => true,
            Self::Rest => false,
        }
    }
}

fn written(tokens: &[Token], dialect: Dialect) -> String {
    let mut regex = String::new();
    for token in tokens {
        match token {
            Token::One(character) => escape(*character, dialect, &mut regex),
            Token::OneOf(letters) => push_class(letters, &mut regex),
            Token::Any => regex.push('.'),
            Token::Rest => regex.push_str(".*"),
        }
    }
    regex
}

/// Letters only: nothing that is special in a class has another case.
fn push_class(letters: &[char], out: &mut String) {
    out.push('[');
    out.extend(letters);
    out.push(']');
}

/// `%` is any text, `_` any character, `\` makes the next of these three a character like any other.
fn with_wildcards(text: &str, case: Case) -> Result<Vec<Token>, usize> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().enumerate();
    while let Some((at, character)) = rest.next() {
        tokens.push(match character {
            '%' => Token::Rest,
            '_' => Token::Any,
            '\\' => match rest.next() {
                Some((_, escaped @ ('%' | '_' | '\\'))) => Token::One(escaped),
                _ => return Err(at + 1),
            },
            character => literal(character, case),
        });
    }
    Ok(tokens)
}

fn literal(character: char, case: Case) -> Token {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(character, character)]);
    if case == Case::Folded {
        class.case_fold_simple();
    }
    match class.iter().flat_map(|range| range.start()..=range.end()).collect::<Vec<char>>() {
        letters if letters.len() > 1 => Token::OneOf(letters),
        _ => Token::One(character),
    }
}
