//! What a table holds, in a form that is the same text wherever it comes from.
//!
//! It neither orders nor filters. Invariant: two tables with equal hashes have equal records in an equal order, as far as
//! JSON tells them apart.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A record by field, in the order of the fields' names.
pub(super) type Record = BTreeMap<String, Value>;

/// The records of a table, one line of canonical JSON each: fields sorted, no blanks.
#[derive(Debug, Default)]
pub(super) struct Contents {
    lines: Vec<String>,
}

/// The first position at which two tables differ, and what stands there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference<'a> {
    pub(super) position: usize,
    pub(super) ours: Option<&'a str>,
    pub(super) theirs: Option<&'a str>,
}

impl Contents {
    pub(super) fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut contents = Self::default();
        contents.extend(records);
        contents
    }

    pub(super) fn extend<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) {
        let line = |record| serde_json::to_string(record).expect("a record is JSON already");
        self.lines.extend(records.into_iter().map(line));
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// SHA-256 over all lines, each with its end.
    pub(super) fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for line in &self.lines {
            hash.update(line);
            hash.update("\n");
        }
        format!("{:x}", hash.finalize())
    }

    pub(super) fn difference<'a>(&'a self, other: &'a Self) -> Option<Difference<'a>> {
        let mut positions = 0..self.len().max(other.len());
        let position = positions.find(|at| self.line(*at) != other.line(*at))?;
        Some(Difference { position, ours: self.line(position), theirs: other.line(position) })
    }

    /// The record at a position.
    pub(super) fn line(&self, position: usize) -> Option<&str> {
        self.lines.get(position).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(json: &str) -> Contents {
        let records: Vec<Record> = serde_json::from_str(json).unwrap();
        Contents::of(&records)
    }

    #[test]
    fn a_hash_is_of_the_records_and_not_of_how_they_are_written() {
        let hash = contents(r#"[{"id": 1, "name": "Bj\u00f6rk"}, {"id": 2, "name": null}]"#).hash();
        assert_eq!(hash, contents(r#"[{"name":"Björk","id":1},{"name":null,"id":2}]"#).hash());
        insta::assert_snapshot!(hash, @"c3fd319c3534c2da6987b60dd24196d9b45999eb6c2985c3428fdf76bbcacbd9");
    }

    #[test]
    fn a_hash_tells_apart_what_is_nearly_the_same() {
        let tables = [
            r#"[{"id": 1, "name": ""}, {"id": 2, "name": ""}]"#,
            r#"[{"id": 1, "name": ""}, {"id": 2, "name": null}]"#,
            r#"[{"id": 2, "name": ""}, {"id": 1, "name": ""}]"#,
            r#"[{"id": 1, "name": ""}, {"id": "2", "name": ""}]"#,
            r#"[{"id": 1, "name": ""}]"#,
        ];
        let mut hashes = tables.map(|table| contents(table).hash()).to_vec();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), tables.len());
    }

    #[test]
    fn finds_the_first_difference() {
        let (longer, shorter) = (contents(r#"[{"id": 1}, {"id": 2}]"#), contents(r#"[{"id": 1}]"#));
        let expected = Difference { position: 1, ours: Some(r#"{"id":2}"#), theirs: None };
        assert_eq!(longer.difference(&shorter), Some(expected));
        assert_eq!(longer.difference(&longer), None);
    }
}
