//! Names that are safe everywhere: in SQL, in URLs, in file names and on a terminal.
//!
//! [`Ident`] names models, fields, tables and columns; [`NamespaceName`] names namespaces. Both are checked once, here, and
//! by nobody else. They do not quote: quoting belongs to the dialect that writes them.

use std::fmt;
use std::sync::Arc;

use unicode_security::skeleton;

use crate::reserved::is_reserved;

/// The name of a model, field, table or column: `[a-z][a-z0-9_]*`, 1 to 40 bytes, not reserved.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(Arc<str>);

/// The name of a namespace: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, 1 to 20 bytes, so that `<namespace>__<table>` is injective,
/// and not a schema that a database keeps.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NamespaceName(Arc<str>);

/// Schemas that databases keep for themselves: a namespace placed in a schema of its own name would share them. Their
/// others, such as `information_schema`, have an underscore.
const SCHEMAS_OF_DATABASES: [&str; 3] = ["mysql", "public", "sys"];

/// Why a text is not a name. Carries the text as it was written, cut to a printable length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentError {
    /// Nothing was written.
    #[error("a name is empty")]
    Empty,
    /// Longer than the database allows for a name and its prefixes.
    #[error("name `{name}` has {bytes} bytes, at most {bytes_max} are allowed")]
    TooLong {
        /// The name, cut.
        name: String,
        /// Its length.
        bytes: usize,
        /// What is allowed.
        bytes_max: usize,
    },
    /// A character that a name can't have.
    #[error("name `{name}` has the character {character} at position {position}")]
    Character {
        /// The name, escaped.
        name: String,
        /// The character with its code point.
        character: String,
        /// Counted in characters from 0.
        position: usize,
        /// A spelling that would be accepted.
        closest: Option<String>,
    },
    /// A word that SQL or a database keeps for itself.
    #[error("name `{name}` is reserved by SQL or by a database")]
    Reserved {
        /// The name.
        name: String,
        /// A spelling that would be accepted.
        closest: Option<String>,
    },
}

impl Ident {
    /// Longest name in bytes: with a namespace and `__` before it, it still fits PostgreSQL's 63.
    pub const BYTES_MAX: usize = 40;

    /// Checks a name.
    pub fn new(name: &str) -> Result<Self, IdentError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        check(name, Self::BYTES_MAX, allowed, '_')?;
        if is_reserved(name) {
            let free = ["pg_", "sqlite_", "mysql_", "modelhost_"]
                .iter()
                .find_map(|prefix| name.strip_prefix(prefix))
                .map_or_else(|| format!("{name}_"), str::to_owned);
            return Err(IdentError::Reserved {
                name: name.to_owned(),
                closest: Self::new(&free).is_ok().then_some(free),
            });
        }
        Ok(Self(name.into()))
    }

    /// A name of the host's own, which may begin with `modelhost_`.
    ///
    /// # Panics
    /// When it is no name at all: it stands in our own source.
    pub(crate) fn of_host(name: &'static str) -> Self {
        let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(is_name && name.len() <= Self::BYTES_MAX, "`{name}` is a name");
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NamespaceName {
    /// Longest name in bytes.
    pub const BYTES_MAX: usize = 20;

    /// Checks a name.
    pub fn new(name: &str) -> Result<Self, IdentError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        check(name, Self::BYTES_MAX, allowed, '-')?;
        let dash = name.find("--").or_else(|| name.ends_with('-').then(|| name.len() - 1));
        match dash {
            Some(position) => Err(IdentError::Character {
                name: name.to_owned(),
                character: "`-` (U+002D)".to_owned(),
                position,
                closest: suggestion(name, Self::BYTES_MAX, '-'),
            }),
            None if SCHEMAS_OF_DATABASES.contains(&name) => {
                Err(IdentError::Reserved { name: name.to_owned(), closest: Some(format!("{name}-1")) })
            }
            None => Ok(Self(name.into())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl IdentError {
    /// A spelling that would be accepted, where one is near.
    pub fn closest(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::TooLong { .. } => None,
            Self::Character { closest, .. } | Self::Reserved { closest, .. } => closest.as_deref(),
        }
    }
}

fn check(name: &str, bytes_max: usize, allowed: impl Fn(char) -> bool, joint: char) -> Result<(), IdentError> {
    if name.is_empty() {
        return Err(IdentError::Empty);
    }
    let wrong = name.chars().enumerate().find(|&(at, c)| !allowed(c) || (at == 0 && !c.is_ascii_lowercase()));
    if let Some((position, c)) = wrong {
        return Err(IdentError::Character {
            name: printable(name),
            character: format!("`{}` (U+{:04X})", c.escape_debug(), c as u32),
            position,
            closest: suggestion(name, bytes_max, joint),
        });
    }
    if name.len() > bytes_max {
        return Err(IdentError::TooLong { name: printable(name), bytes: name.len(), bytes_max });
    }
    Ok(())
}

/// Folds look-alikes, capitals and separators into a name that is allowed, where anything is left of it.
fn suggestion(name: &str, bytes_max: usize, joint: char) -> Option<String> {
    let mut folded = String::new();
    let mut before = joint;
    for c in without_look_alikes(name).take(4 * bytes_max) {
        let next = match c {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => c,
            c if c.is_ascii_uppercase() => {
                if before.is_ascii_lowercase() && folded.len() < bytes_max {
                    folded.push(joint);
                }
                c.to_ascii_lowercase()
            }
            _ if before != joint => joint,
            _ => continue,
        };
        folded.push(next);
        before = if c.is_ascii() { c } else { joint };
        if next == joint {
            before = joint;
        }
    }
    let folded = folded.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let folded = folded.trim_start_matches(|c: char| c.is_ascii_digit() || c == joint);
    (!folded.is_empty() && folded.len() <= bytes_max).then(|| folded.to_owned())
}

/// The name with each character that only looks like an ASCII one replaced by that. ASCII stays as it is: to Unicode `m`
/// looks like `rn`.
pub(crate) fn without_look_alikes(name: &str) -> impl Iterator<Item = char> + '_ {
    let fold = |c: char| match c.is_ascii() {
        true => c.to_string(),
        false => skeleton(c.encode_utf8(&mut [0; 4])).collect(),
    };
    name.chars().flat_map(move |c| fold(c).chars().collect::<Vec<_>>())
}

/// At most 64 characters, control and direction characters escaped: safe to print.
fn printable(name: &str) -> String {
    let mut text: String = name.chars().take(64).flat_map(char::escape_debug).collect();
    if name.chars().count() > 64 {
        text.push_str("...");
    }
    text
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NamespaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for NamespaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(names: &[&str]) -> String {
        let line = |name: &&str| match Ident::new(name) {
            Ok(ident) => format!("{ident}"),
            Err(error) => format!("{error}; closest {:?}", error.closest()),
        };
        names.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn names_what_is_wrong_and_what_would_do() {
        let long = "a".repeat(64);
        let names = [
            "email",
            "",
            "Email",
            "firstName",
            "first name",
            "1st",
            "_x",
            "select",
            "pg_type",
            "\u{421}ustomer",
            "na\u{202e}me",
            "a\"b",
            "a\0b",
            &long,
        ];
        insta::assert_snapshot!(report(&names));
    }

    #[test]
    fn a_namespace_has_no_underscore_and_no_double_dash() {
        for name in ["acme", "acme-crm", "a1-2"] {
            assert!(NamespaceName::new(name).is_ok(), "{name}");
        }
        for name in ["acme_crm", "acme--crm", "acme-", "-acme", "1a", "Acme", &"a".repeat(21)] {
            assert!(NamespaceName::new(name).is_err(), "{name}");
        }
        let error = NamespaceName::new("Acme_CRM").expect_err("capitals and underscore");
        assert_eq!(error.closest(), Some("acme-crm"));
    }

    #[test]
    fn a_namespace_is_not_a_schema_of_the_database() {
        for (name, closest) in [("public", "public-1"), ("mysql", "mysql-1"), ("sys", "sys-1")] {
            let error = NamespaceName::new(name).expect_err(name);
            assert!(matches!(error, IdentError::Reserved { .. }), "{name}");
            assert_eq!(error.closest(), Some(closest));
            assert!(NamespaceName::new(closest).is_ok());
        }
    }
}
