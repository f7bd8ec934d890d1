//! The lock of a namespace on SQLite: a file beside the database that one session holds.
//!
//! The system releases it when the process ends, however it ends. Waiting looks again and again: a blocked `flock` would
//! hold a thread, and can't be given up.

use std::fs::{File, TryLockError};
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::NamespaceName;
use tokio::sync::OwnedMutexGuard;

use super::file::{SqliteFile, beside};
use super::{errors, private};
use crate::StoreError;

/// Between two looks; a migration takes longer than that.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A lock that is held.
#[derive(Debug)]
pub(crate) enum Lock {
    /// Released when it is closed.
    File(#[expect(dead_code, reason = "held for its drop")] File),
    Memory(#[expect(dead_code, reason = "held for its drop")] OwnedMutexGuard<()>),
}

pub(super) async fn lock(file: &Arc<SqliteFile>, namespace: &NamespaceName, wait_ms: u64) -> Result<Lock, StoreError> {
    let wait = Duration::from_millis(wait_ms);
    let locked = || StoreError::Locked { namespace: namespace.to_string(), wait_ms };
    let Some(path) = file.path() else {
        let lock = Arc::clone(&file.memory_lock).lock_owned();
        let held = tokio::time::timeout(wait, lock).await;
        return held.map(Lock::Memory).map_err(|_| locked());
    };
    let path = beside(path, ".lock");
    let started = Instant::now();
    loop {
        // Opened for each look: whoever held it may have removed the file.
        let opened = private::open_lock(&path).map_err(|error| errors::system(&error, path.clone()))?;
        match opened.try_lock() {
            Ok(()) => return Ok(Lock::File(opened)),
            Err(TryLockError::WouldBlock) if started.elapsed() >= wait => return Err(locked()),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK_EVERY).await,
            Err(TryLockError::Error(error)) => return Err(errors::system(&error, path)),
        }
    }
}
