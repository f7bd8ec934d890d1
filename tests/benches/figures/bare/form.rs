//! The forms in which many records can be written, by statements that answer no rows.
//!
//! All rows of a call go into one transaction, whichever form it is. Invariant: [`Form::best`] is the fastest of the forms
//! that `--forms` measures on that database (docs/decisions/0011).

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

use crate::database::Kind;

/// How rows become statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One statement for one row, bound again and again.
    Each,
    /// `VALUES` of so many rows.
    Values(usize),
    /// `UNNEST` of one array for each column, with so many rows.
    Columns(usize),
}

impl Form {
    /// Those that are worth a look on a database.
    pub(crate) fn of(kind: Kind) -> Vec<Self> {
        match kind {
            Kind::Sqlite => vec![Self::Each, Self::Values(10), Self::Values(100), Self::Values(1_000)],
            Kind::Postgres => {
                vec![Self::Columns(1_000), Self::Columns(10_000), Self::Values(100), Self::Values(1_000)]
            }
            Kind::Mysql => vec![Self::Values(10), Self::Values(100), Self::Values(1_000), Self::Values(5_000)],
        }
    }

    pub(crate) fn best(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::Values(100),
            Kind::Postgres => Self::Columns(1_000),
            Kind::Mysql => Self::Values(1_000),
        }
    }

    /// The rows of one statement.
    pub(crate) fn rows(self) -> usize {
        match self {
            Self::Each => 1,
            Self::Values(rows) | Self::Columns(rows) => rows,
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Each => f.write_str("one row, bound again and again"),
            Self::Values(rows) => write!(f, "VALUES of {rows} rows"),
            Self::Columns(rows) => write!(f, "UNNEST of {rows} rows"),
        }
    }
}

/// Ids for so many records, which ascend and cost no system call each.
pub(crate) fn ids(now: DateTime<Utc>, count: usize) -> impl Iterator<Item = Uuid> {
    let (first, _) = Uuid::new_v4().as_u64_pair();
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    (0..count as u64).map(move |at| {
        let mut random = [0; 10];
        // The two highest bits are the variant's.
        random[2..].copy_from_slice(&(first >> 2).wrapping_add(at).to_be_bytes());
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    })
}
