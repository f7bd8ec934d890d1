//! The lock of a namespace, held by a session for as long as a migration takes.
//!
//! It excludes other hosts and other tasks of this one. It is not a fence: when a connection dies the lock is gone and its
//! holder doesn't know, so that each step of a migration checks a number of its own too.

use crate::{mysql, postgres, sqlite};

/// A namespace's lock. Dropped, it is free.
#[derive(Debug)]
pub struct SessionLock {
    _held: Held,
}

#[derive(Debug)]
enum Held {
    Sqlite(#[expect(dead_code, reason = "held for its drop")] sqlite::Lock),
    Postgres(#[expect(dead_code, reason = "held for its drop")] postgres::Lock),
    Mysql(#[expect(dead_code, reason = "held for its drop")] mysql::Lock),
}

impl From<sqlite::Lock> for SessionLock {
    fn from(lock: sqlite::Lock) -> Self {
        Self { _held: Held::Sqlite(lock) }
    }
}

impl From<postgres::Lock> for SessionLock {
    fn from(lock: postgres::Lock) -> Self {
        Self { _held: Held::Postgres(lock) }
    }
}

impl From<mysql::Lock> for SessionLock {
    fn from(lock: mysql::Lock) -> Self {
        Self { _held: Held::Mysql(lock) }
    }
}
