//! The pool of a PostgreSQL data source.
//!
//! A permit is a place in the pool; who has one takes an idle connection or makes one. So waiting for a place and failing
//! to connect are different errors. A connection that is dropped in the middle of anything is closed, never lent again; its
//! place is free when the server is done with it, so that callers that leave never make it work for more than the pool.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::connect::{self, Connector};
use crate::{PoolStats, StoreError};

/// A connection that rested longer is asked whether it is still there. One in steady use never is.
const ASK_AFTER: Duration = Duration::from_secs(1);
/// A connection that rested longer is closed when the next one is leased: the server may need its place.
const IDLE_MAX: Duration = Duration::from_secs(600);
/// A connection that is older is closed: what the server keeps for it grows.
const AGE_MAX: Duration = Duration::from_secs(1_800);

/// The pool.
#[derive(Debug)]
pub(super) struct Pool {
    connector: Connector,
    permits: Arc<Semaphore>,
    /// The one used last is at the end.
    idle: Mutex<Vec<Idle>>,
    size: AtomicUsize,
    waiting: AtomicUsize,
    is_closed: AtomicBool,
}

#[derive(Debug)]
struct Idle {
    connection: PgConnection,
    opened: Instant,
    since: Instant,
    /// The namespace that it served last: the server has its statements ready.
    affinity: u64,
}

/// A connection in use. Dropped, it goes back when it is clean and is closed when it is not.
#[derive(Debug)]
pub(super) struct Leased {
    /// Always there until the drop.
    connection: Option<PgConnection>,
    opened: Instant,
    affinity: u64,
    condition: Condition,
    pool: Arc<Pool>,
    /// Always there until the drop.
    permit: Option<OwnedSemaphorePermit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Nothing is under way: it may be lent again.
    Clean,
    /// A statement or a transaction may be under way.
    InUse,
    /// The server didn't answer in the time that it has.
    Silent,
}

/// Counts a caller for as long as it waits, also one that goes away.
struct Waiting<'a>(&'a AtomicUsize);

/// Counts a connection for as long as it is being made; the lease counts it from then on.
struct Opening<'a>(&'a AtomicUsize);

impl Pool {
    pub(super) fn new(connector: Connector) -> Arc<Self> {
        let max = connector.settings().connections_max.max(1) as usize;
        Arc::new(Self {
            connector,
            permits: Arc::new(Semaphore::new(max)),
            idle: Mutex::new(Vec::new()),
            size: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
        })
    }

    pub(super) fn connector(&self) -> &Connector {
        &self.connector
    }

    /// A connection, the one that served the namespace last where it is idle.
    pub(super) async fn lease(self: &Arc<Self>, affinity: u64) -> Result<Leased, StoreError> {
        loop {
            let permit = self.permit().await?;
            let Some(idle) = self.pop(affinity) else {
                return self.open(affinity, permit).await;
            };
            let (rested, age) = (idle.since.elapsed(), idle.opened.elapsed());
            let mut leased = self.leased(idle.connection, idle.opened, affinity, permit);
            if age > AGE_MAX {
                leased.discard();
            } else if rested < ASK_AFTER || leased.is_alive().await {
                return Ok(leased);
            }
        }
    }

    /// A connection that was just made, for when idle ones turned out to be dead.
    pub(super) async fn lease_fresh(self: &Arc<Self>, affinity: u64) -> Result<Leased, StoreError> {
        let dead = std::mem::take(&mut *self.idle());
        self.size.fetch_sub(dead.len(), Ordering::Relaxed);
        drop(dead);
        let permit = self.permit().await?;
        self.open(affinity, permit).await
    }

    pub(super) fn stats(&self) -> PoolStats {
        let size = self.size.load(Ordering::Relaxed);
        PoolStats {
            size,
            in_use: size.saturating_sub(self.idle().len()),
            waiting: self.waiting.load(Ordering::Relaxed),
            max: self.connector.settings().connections_max as usize,
        }
    }

    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle());
        self.size.fetch_sub(idle.len(), Ordering::Relaxed);
        for idle in idle {
            connect::close(idle.connection).await;
        }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        let settings = self.connector.settings();
        let closed = || StoreError::Closed { data_source: settings.name.clone() };
        match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => return Ok(permit),
            Err(TryAcquireError::Closed) => return Err(closed()),
            Err(TryAcquireError::NoPermits) => {}
        }
        let waiting = Waiting::new(&self.waiting);
        let permit = Arc::clone(&self.permits).acquire_owned();
        let outcome = tokio::time::timeout(Duration::from_millis(settings.wait_ms_max), permit).await;
        drop(waiting);
        match outcome {
            Ok(permit) => permit.map_err(|_| closed()),
            Err(_) => {
                let stats = self.stats();
                Err(StoreError::PoolExhausted {
                    data_source: settings.name.clone(),
                    size: stats.size,
                    in_use: stats.in_use,
                    waiting: stats.waiting,
                    wait_ms: settings.wait_ms_max,
                })
            }
        }
    }

    async fn open(self: &Arc<Self>, affinity: u64, permit: OwnedSemaphorePermit) -> Result<Leased, StoreError> {
        let opening = Opening::new(&self.size);
        let connection = self.connector.connect().await?;
        opening.done();
        Ok(self.leased(connection, Instant::now(), affinity, permit))
    }

    /// The idle connection to use, after those that rested too long are gone.
    fn pop(&self, affinity: u64) -> Option<Idle> {
        let mut idle = self.idle();
        // The ones at the front rested longest.
        while idle.first().is_some_and(|idle| idle.since.elapsed() > IDLE_MAX) {
            idle.remove(0);
            self.size.fetch_sub(1, Ordering::Relaxed);
        }
        match idle.iter().rposition(|idle| idle.affinity == affinity) {
            Some(at) => Some(idle.remove(at)),
            None => idle.pop(),
        }
    }

    fn leased(
        self: &Arc<Self>,
        connection: PgConnection,
        opened: Instant,
        affinity: u64,
        permit: OwnedSemaphorePermit,
    ) -> Leased {
        Leased {
            connection: Some(connection),
            opened,
            affinity,
            condition: Condition::Clean,
            pool: Arc::clone(self),
            permit: Some(permit),
        }
    }

    /// Waits until the server is done with what is under way and closes the connection; only then its place is free.
    async fn end(self: Arc<Self>, mut connection: PgConnection, permit: OwnedSemaphorePermit) {
        tokio::time::timeout(self.connector.answer_time(), connection.ping()).await.ok();
        connect::close(connection).await;
        self.size.fetch_sub(1, Ordering::Relaxed);
        drop(permit);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leased {
    /// The connection, which counts as unclean from here on.
    pub(super) fn begin_use(&mut self) -> &mut PgConnection {
        self.condition = Condition::InUse;
        self.connection.as_mut().expect("there until the drop")
    }

    /// Closes the connection instead of giving it back.
    fn discard(mut self) {
        self.condition = Condition::InUse;
    }

    async fn is_alive(&mut self) -> bool {
        let time = Duration::from_millis(self.connector().settings().connect_ms_max);
        let answer = tokio::time::timeout(time, self.begin_use().ping()).await;
        match answer {
            Ok(Ok(())) => self.end_use(),
            Ok(Err(_)) => {}
            Err(_) => self.gave_no_answer(),
        }
        self.is_clean()
    }

    /// Whether nothing is under way.
    pub(super) fn is_clean(&self) -> bool {
        self.condition == Condition::Clean
    }

    /// Nothing is under way on the connection: it may be lent again.
    pub(super) fn end_use(&mut self) {
        self.condition = Condition::Clean;
    }

    /// The server had its time, so that nobody waits for it again.
    pub(super) fn gave_no_answer(&mut self) {
        self.condition = Condition::Silent;
    }

    pub(super) fn connector(&self) -> &Connector {
        &self.pool.connector
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        let (Some(connection), Some(permit)) = (self.connection.take(), self.permit.take()) else {
            return;
        };
        let is_closed = self.pool.is_closed.load(Ordering::Relaxed);
        match (self.condition, Handle::try_current()) {
            (Condition::Clean, _) if !is_closed => self.pool.idle().push(Idle {
                connection,
                opened: self.opened,
                since: Instant::now(),
                affinity: self.affinity,
            }),
            (Condition::Clean | Condition::InUse, Ok(runtime)) => {
                runtime.spawn(Arc::clone(&self.pool).end(connection, permit));
            }
            (Condition::Silent, _) | (_, Err(_)) => {
                self.pool.size.fetch_sub(1, Ordering::Relaxed);
            }
        }
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

impl<'a> Opening<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    fn done(self) {
        std::mem::forget(self);
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
