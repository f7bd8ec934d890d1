//! What was applied, as a chain of checksums.
//!
//! Each entry's checksum covers the entry and the checksum before it, so that a changed, removed or inserted row is found
//! by whoever reads the chain next.

use model::{Row, Value, format_timestamp};
use sha2::{Digest, Sha256};

use crate::Fingerprint;

/// The migrations of one namespace, oldest first, known to be unbroken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    entries: Vec<Entry>,
}

/// One applied migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1.
    pub sequence: i64,
    /// The generation it was applied for.
    pub generation: i64,
    /// Of the schema it led to.
    pub fingerprint: Fingerprint,
    /// The plan as people read it.
    pub plan_text: String,
    /// When, in microseconds.
    pub applied_at_us: i64,
    /// Over this entry and the checksum before.
    pub checksum: String,
}

/// Why the history in the database can't be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// A row is missing or stands twice.
    #[error("migration {expected} is missing from the history, found {found}")]
    Gap {
        /// What should come.
        expected: i64,
        /// What came.
        found: i64,
    },
    /// A row is not as it was written.
    #[error("migration {sequence} was changed after it was applied")]
    Changed {
        /// Which.
        sequence: i64,
    },
    /// A row that no host wrote.
    #[error("the history holds a row that is no migration")]
    Foreign,
}

impl History {
    /// Reads the rows of `modelhost_history`, oldest first, and follows the chain.
    pub fn from_rows(rows: &[Row]) -> Result<Self, HistoryError> {
        let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
        for row in rows {
            let entry = Entry::from_row(row).ok_or(HistoryError::Foreign)?;
            let expected = entries.len() as i64 + 1;
            if entry.sequence != expected {
                return Err(HistoryError::Gap { expected, found: entry.sequence });
            }
            let before = entries.last().map_or("", |entry| &entry.checksum);
            if entry.checksum != entry.checksum_after(before) {
                return Err(HistoryError::Changed { sequence: entry.sequence });
            }
            entries.push(entry);
        }
        Ok(Self { entries })
    }

    /// The entry that continues the chain.
    pub fn next(&self, generation: i64, fingerprint: Fingerprint, plan_text: String, applied_at_us: i64) -> Entry {
        let mut entry = Entry {
            sequence: self.entries.len() as i64 + 1,
            generation,
            fingerprint,
            plan_text,
            applied_at_us,
            checksum: String::new(),
        };
        entry.checksum = entry.checksum_after(self.entries.last().map_or("", |entry| &entry.checksum));
        entry
    }

    /// Oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl Entry {
    /// The row of `modelhost_history`.
    pub fn to_row(&self) -> Row {
        vec![
            Value::Int(self.sequence),
            Value::Int(self.generation),
            Value::Text(self.fingerprint.to_string()),
            Value::Text(self.plan_text.clone()),
            Value::Timestamp(self.applied_at_us),
            Value::Text(self.checksum.clone()),
        ]
    }

    fn from_row(row: &Row) -> Option<Self> {
        let [
            Value::Int(sequence),
            Value::Int(generation),
            Value::Text(fingerprint),
            Value::Text(plan_text),
            Value::Timestamp(applied_at_us),
            Value::Text(checksum),
        ] = row.as_slice()
        else {
            return None;
        };
        Some(Self {
            sequence: *sequence,
            generation: *generation,
            fingerprint: Fingerprint::from_stored(fingerprint),
            plan_text: plan_text.clone(),
            applied_at_us: *applied_at_us,
            checksum: checksum.clone(),
        })
    }

    fn checksum_after(&self, before: &str) -> String {
        let parts = [
            before,
            &self.sequence.to_string(),
            &self.generation.to_string(),
            self.fingerprint.as_str(),
            &self.plan_text,
            &format_timestamp(self.applied_at_us),
        ];
        let digest = Sha256::digest(parts.join("\0"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: i64) -> Vec<Row> {
        let mut rows = Vec::new();
        for generation in 1..=count {
            let history = History::from_rows(&rows).expect("unbroken");
            let fingerprint = Fingerprint::from_stored(&format!("f{generation}"));
            rows.push(history.next(generation, fingerprint, "create table customer".to_owned(), 7).to_row());
        }
        rows
    }

    #[test]
    fn an_untouched_chain_is_accepted() {
        assert_eq!(History::from_rows(&rows(3)).expect("unbroken").entries().len(), 3);
    }

    #[test]
    fn a_changed_row_is_found() {
        let mut rows = rows(3);
        rows[1][3] = Value::Text("drop table customer".to_owned());
        assert_eq!(History::from_rows(&rows), Err(HistoryError::Changed { sequence: 2 }));
    }

    #[test]
    fn a_missing_row_is_found() {
        let mut rows = rows(3);
        rows.remove(1);
        assert_eq!(History::from_rows(&rows), Err(HistoryError::Gap { expected: 2, found: 3 }));
    }
}
