//! A lane: the connections of a file that do the same work, and the queue for them.
//!
//! Permits come first: who has one may take an idle connection or open another. Waiting is async and bounded; a permit goes
//! back after its connection.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::NamespaceName;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::connection::SqliteConnection;
use crate::holders::{Holders, Ticket};
use crate::{DataSourceSettings, PoolStats, StoreError};

/// Connections that do the same work.
#[derive(Debug)]
pub(super) struct Lane {
    permits: Arc<Semaphore>,
    places: Mutex<Places>,
    max: usize,
    size: AtomicUsize,
    waiting: AtomicUsize,
}

#[derive(Debug, Default)]
struct Places {
    /// The one used last is taken first: its caches are warm.
    idle: Vec<SqliteConnection>,
    holders: Holders,
}

/// Counts a caller for as long as it waits, also one that goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl Lane {
    pub(super) fn new(max: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(max)),
            places: Mutex::default(),
            max,
            size: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Waits for a turn.
    pub(super) async fn permit(&self, settings: &DataSourceSettings) -> Result<OwnedSemaphorePermit, StoreError> {
        match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => Ok(permit),
            Err(TryAcquireError::Closed) => Err(closed(settings)),
            Err(TryAcquireError::NoPermits) => self.wait(Arc::clone(&self.permits).acquire_owned(), settings).await,
        }
    }

    /// Waits until nobody uses a connection, and keeps it so.
    pub(super) async fn all_permits(&self, settings: &DataSourceSettings) -> Result<OwnedSemaphorePermit, StoreError> {
        let all = u32::try_from(self.max).unwrap_or(u32::MAX);
        self.wait(Arc::clone(&self.permits).acquire_many_owned(all), settings).await
    }

    async fn wait(
        &self,
        permits: impl Future<Output = Result<OwnedSemaphorePermit, AcquireError>>,
        settings: &DataSourceSettings,
    ) -> Result<OwnedSemaphorePermit, StoreError> {
        let waiting = Waiting::new(&self.waiting);
        let outcome = tokio::time::timeout(Duration::from_millis(settings.wait_ms_max), permits).await;
        drop(waiting);
        match outcome {
            Ok(permit) => permit.map_err(|_| closed(settings)),
            Err(_) => Err(self.stats().exhausted(settings)),
        }
    }

    /// Takes an idle connection.
    pub(super) fn pop(&self, namespace: &NamespaceName, now: Instant) -> Option<(SqliteConnection, Ticket)> {
        let mut places = self.places();
        let connection = places.idle.pop()?;
        let ticket = places.holders.add(namespace, now);
        Some((connection, ticket))
    }

    /// Puts a connection back.
    pub(super) fn push(&self, connection: SqliteConnection, ticket: Ticket) {
        let mut places = self.places();
        places.idle.push(connection);
        places.holders.remove(ticket);
    }

    /// Counts a connection that was opened and is in use.
    pub(super) fn opened(&self, namespace: &NamespaceName, now: Instant) -> Ticket {
        self.size.fetch_add(1, Ordering::Relaxed);
        self.places().holders.add(namespace, now)
    }

    /// Counts a connection that was closed.
    pub(super) fn closed(&self, ticket: Ticket) {
        self.size.fetch_sub(1, Ordering::Relaxed);
        self.places().holders.remove(ticket);
    }

    /// Takes out what is idle, to be closed.
    pub(super) fn drain(&self) -> Vec<SqliteConnection> {
        let idle = std::mem::take(&mut self.places().idle);
        self.size.fetch_sub(idle.len(), Ordering::Relaxed);
        idle
    }

    /// Turns everybody away from now on.
    pub(super) fn shut(&self) {
        self.permits.close();
    }

    pub(super) fn stats(&self) -> PoolStats {
        let size = self.size.load(Ordering::Relaxed);
        let places = self.places();
        PoolStats {
            size,
            in_use: size.saturating_sub(places.idle.len()),
            waiting: self.waiting.load(Ordering::Relaxed),
            max: self.max,
            longest: places.holders.longest(),
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn closed(settings: &DataSourceSettings) -> StoreError {
    StoreError::Closed { data_source: settings.name.clone() }
}
