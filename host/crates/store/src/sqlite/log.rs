//! The write-ahead log of a file: when what is committed moves from it into the file.
//!
//! It moves beside the writer, on a reader's connection; the writer does it itself only when that falls behind. Does not
//! decide on which thread. Invariant: a look at the log waits for nobody.

use std::sync::atomic::{AtomicU64, Ordering};

use super::connection::SqliteConnection;

/// What the writer is told: from how many pages on (64 MB) it moves them itself, at a commit.
pub(super) const WRITER: &str = "PRAGMA wal_autocheckpoint = 16000;";
const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE);";
/// Tells how long the log is, and moves nothing.
const LOOK: &str = "PRAGMA wal_checkpoint(NOOP);";

/// Pages that are not moved yet from which on they are: as many as one block of the log's index has, so that a read looks into one block
/// (https://sqlite.org/walformat.html, 2.2).
const PAGES_TO_MOVE: u64 = 4_000;
/// Writes after which the log is looked at: most change a few pages, and a look costs as much as a read by key.
const WRITES_PER_LOOK: u64 = 25;
/// Rows of one commit that count as one more write.
const ROWS_PER_WRITE: u64 = 100;

/// Counts what was written since the log was looked at.
#[derive(Debug, Default)]
pub(super) struct LogWatch {
    writes: AtomicU64,
}

impl LogWatch {
    /// Counts a commit of so many rows. True when the log is to be moved.
    pub(super) fn is_due(&self, connection: &SqliteConnection, rows: u64) -> bool {
        let writes = 1 + rows / ROWS_PER_WRITE;
        if self.writes.fetch_add(writes, Ordering::Relaxed) + writes < WRITES_PER_LOOK {
            return false;
        }
        self.writes.store(0, Ordering::Relaxed);
        connection.pages_to_move() >= PAGES_TO_MOVE
    }
}

impl SqliteConnection {
    /// Moves what is committed from the log into the file, as far as that hinders nobody.
    pub(super) fn move_log(&self) -> Result<(), rusqlite::Error> {
        self.begin_without_deadline();
        self.raw().execute_batch(MOVE)
    }

    /// Pages of the log that are not in the file yet; none where there is no log, or it can't be told.
    fn pages_to_move(&self) -> u64 {
        let look = self.raw().prepare_cached(LOOK).and_then(|mut look| {
            look.query_row([], |row| {
                let (all, moved): (i64, i64) = (row.get(1)?, row.get(2)?);
                Ok(all - moved)
            })
        });
        look.map_or(0, |pages| u64::try_from(pages).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::connection::Role;
    use super::*;
    use crate::{DataSourceSettings, DataSourceUrl};

    fn open(path: Option<&Path>) -> SqliteConnection {
        let url = DataSourceUrl::parse("sqlite::memory:", Path::new("")).expect("a URL");
        SqliteConnection::open(path, Role::Writer, &DataSourceSettings::new("test", url)).expect("a connection")
    }

    #[test]
    fn what_is_moved_is_not_moved_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("acme.db");
        std::fs::write(&path, "").expect("a file");
        let connection = open(Some(&path));
        let write = |text| connection.raw().execute_batch(text).expect("written");
        write("CREATE TABLE t (n INTEGER) STRICT");
        assert!(connection.pages_to_move() > 0);
        connection.move_log().expect("moved");
        assert_eq!(connection.pages_to_move(), 0);
        write("INSERT INTO t VALUES (1)");
        assert_eq!(connection.pages_to_move(), 1);
        assert_eq!(open(None).pages_to_move(), 0, "memory has no log");
    }
}
