//! The pool of a data source on a server.
//!
//! A permit is a place in the pool; who has one takes an idle connection or makes one. So waiting for a place and failing
//! to connect are different errors. A connection that is dropped in the middle of anything is closed, never lent again; its
//! place is free when the server is done with it, so that callers that leave never make it work for more than the pool.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::NamespaceName;
use sqlx::Connection;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::{Driver, connect};
use crate::holders::{Holders, Ticket};
use crate::{PoolStats, StoreError};

/// A connection that rested longer is asked whether it is still there. One in steady use never is.
const ASK_AFTER: Duration = Duration::from_secs(1);
/// A connection that rested longer is closed when the next one is leased: the server may need its place.
const IDLE_MAX: Duration = Duration::from_secs(600);
/// A connection that is older is closed: what the server keeps for it grows.
const AGE_MAX: Duration = Duration::from_secs(1_800);
/// Connections beside the pool that a server must have room for: a namespace's lock, a probe.
const BESIDE_THE_POOL: usize = 1;

/// The pool.
#[derive(Debug)]
pub(super) struct Pool<D: Driver> {
    driver: D,
    permits: Arc<Semaphore>,
    places: Mutex<Places<D>>,
    /// As many connections as there may be.
    max: AtomicUsize,
    /// As many as the server takes; 0 until it was asked.
    server_max: AtomicU32,
    size: AtomicUsize,
    waiting: AtomicUsize,
    is_closed: AtomicBool,
}

#[derive(Debug)]
struct Places<D: Driver> {
    /// The one used last is at the end.
    idle: Vec<Idle<D>>,
    holders: Holders,
}

#[derive(Debug)]
struct Idle<D: Driver> {
    connection: D::Connection,
    opened: Instant,
    since: Instant,
    /// Whom it served last: the server has this namespace's statements ready.
    namespace: NamespaceName,
}

/// A connection in use. Dropped, it goes back when it is clean and is closed when it is not.
#[derive(Debug)]
pub(super) struct Leased<D: Driver> {
    /// Always there until the drop.
    connection: Option<D::Connection>,
    opened: Instant,
    namespace: NamespaceName,
    condition: Condition,
    pool: Arc<Pool<D>>,
    /// Always there until the drop.
    permit: Option<OwnedSemaphorePermit>,
    ticket: Ticket,
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

/// Counts something for as long as it lasts, also where its caller goes away.
struct Counted<'a>(&'a AtomicUsize);

impl<D: Driver> Pool<D> {
    pub(super) fn new(driver: D) -> Arc<Self> {
        let max = driver.address().settings().connections_max.max(1) as usize;
        Arc::new(Self {
            driver,
            permits: Arc::new(Semaphore::new(max)),
            places: Mutex::new(Places { idle: Vec::new(), holders: Holders::default() }),
            max: AtomicUsize::new(max),
            server_max: AtomicU32::new(0),
            size: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
        })
    }

    pub(super) fn driver(&self) -> &D {
        &self.driver
    }

    /// A connection, the one that served the namespace last where it is idle.
    pub(super) async fn lease(self: &Arc<Self>, namespace: &NamespaceName) -> Result<Leased<D>, StoreError> {
        loop {
            let permit = self.permit().await?;
            let now = Instant::now();
            let Some((idle, ticket)) = self.pop(namespace, now) else {
                return self.open(namespace, permit).await;
            };
            let (rested, age) = (now.duration_since(idle.since), now.duration_since(idle.opened));
            let mut leased = self.leased(idle.connection, idle.opened, namespace, permit, ticket);
            if age > AGE_MAX {
                leased.discard();
            } else if rested < ASK_AFTER || leased.is_alive().await {
                return Ok(leased);
            }
        }
    }

    /// A connection that was just made, for when idle ones turned out to be dead.
    pub(super) async fn lease_fresh(self: &Arc<Self>, namespace: &NamespaceName) -> Result<Leased<D>, StoreError> {
        drop(self.take_idle());
        let permit = self.permit().await?;
        self.open(namespace, permit).await
    }

    pub(super) fn stats(&self) -> PoolStats {
        let size = self.size.load(Ordering::Relaxed);
        let places = self.places();
        PoolStats {
            size,
            in_use: size.saturating_sub(places.idle.len()),
            waiting: self.waiting.load(Ordering::Relaxed),
            max: self.max.load(Ordering::Relaxed),
            longest: places.holders.longest(),
        }
    }

    /// Keeps how many connections the server takes.
    pub(super) fn found_connections_max(&self, connections_max: u32) {
        self.server_max.store(connections_max, Ordering::Relaxed);
    }

    /// Gives up places until as many pools of this size find room on the server. The size from then on.
    pub(super) fn fit(&self, shared_by: usize) -> usize {
        let surplus = match self.server_max.load(Ordering::Relaxed) as usize {
            0 => 0,
            server_max => {
                let share = (server_max / shared_by.max(1)).saturating_sub(BESIDE_THE_POOL).max(1);
                self.max.load(Ordering::Relaxed).saturating_sub(share)
            }
        };
        let given_up = self.permits.forget_permits(surplus);
        let max = self.max.fetch_sub(given_up, Ordering::Relaxed) - given_up;
        let free = self.permits.available_permits();
        let mut places = self.places();
        let too_many = places.idle.len().saturating_sub(free);
        places.idle.drain(..too_many);
        self.size.fetch_sub(too_many, Ordering::Relaxed);
        max
    }

    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.permits.close();
        for idle in self.take_idle() {
            connect::close(idle.connection).await;
        }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        let settings = self.driver.address().settings();
        let closed = || StoreError::Closed { data_source: settings.name.clone() };
        match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => return Ok(permit),
            Err(TryAcquireError::Closed) => return Err(closed()),
            Err(TryAcquireError::NoPermits) => {}
        }
        let waiting = Counted::new(&self.waiting);
        let permit = Arc::clone(&self.permits).acquire_owned();
        let outcome = tokio::time::timeout(Duration::from_millis(settings.wait_ms_max), permit).await;
        drop(waiting);
        match outcome {
            Ok(permit) => permit.map_err(|_| closed()),
            Err(_) => Err(self.stats().exhausted(settings)),
        }
    }

    async fn open(
        self: &Arc<Self>,
        namespace: &NamespaceName,
        permit: OwnedSemaphorePermit,
    ) -> Result<Leased<D>, StoreError> {
        // Counts a connection that is being made; from then on the lease does.
        let opening = Counted::new(&self.size);
        let (connection, _) = connect::connect(&self.driver).await?;
        opening.keep();
        let now = Instant::now();
        let ticket = self.places().holders.add(namespace, now);
        Ok(self.leased(connection, now, namespace, permit, ticket))
    }

    /// The idle connection to use, after those that rested too long are gone.
    fn pop(&self, namespace: &NamespaceName, now: Instant) -> Option<(Idle<D>, Ticket)> {
        let mut places = self.places();
        // The ones at the front rested longest.
        while places.idle.first().is_some_and(|idle| now.duration_since(idle.since) > IDLE_MAX) {
            places.idle.remove(0);
            self.size.fetch_sub(1, Ordering::Relaxed);
        }
        let idle = match places.idle.iter().rposition(|idle| idle.namespace == *namespace) {
            Some(at) => places.idle.remove(at),
            None => places.idle.pop()?,
        };
        let ticket = places.holders.add(namespace, now);
        Some((idle, ticket))
    }

    fn leased(
        self: &Arc<Self>,
        connection: D::Connection,
        opened: Instant,
        namespace: &NamespaceName,
        permit: OwnedSemaphorePermit,
        ticket: Ticket,
    ) -> Leased<D> {
        Leased {
            connection: Some(connection),
            opened,
            namespace: namespace.clone(),
            condition: Condition::Clean,
            pool: Arc::clone(self),
            permit: Some(permit),
            ticket,
        }
    }

    /// Waits until the server is done with what is under way and closes the connection; only then its place is free.
    async fn end(self: Arc<Self>, mut connection: D::Connection, permit: OwnedSemaphorePermit, ticket: Ticket) {
        tokio::time::timeout(self.driver.address().answer_time(), connection.ping()).await.ok();
        connect::close(connection).await;
        self.ended(ticket);
        drop(permit);
    }

    /// Counts a connection that is gone.
    fn ended(&self, ticket: Ticket) {
        self.size.fetch_sub(1, Ordering::Relaxed);
        self.places().holders.remove(ticket);
    }

    fn take_idle(&self) -> Vec<Idle<D>> {
        let idle = std::mem::take(&mut self.places().idle);
        self.size.fetch_sub(idle.len(), Ordering::Relaxed);
        idle
    }

    fn places(&self) -> MutexGuard<'_, Places<D>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Driver> Leased<D> {
    /// The connection, which counts as unclean from here on.
    pub(super) fn begin_use(&mut self) -> &mut D::Connection {
        self.condition = Condition::InUse;
        self.connection.as_mut().expect("there until the drop")
    }

    /// Closes the connection instead of giving it back.
    fn discard(mut self) {
        self.condition = Condition::InUse;
    }

    async fn is_alive(&mut self) -> bool {
        let time = self.driver().address().connect_time();
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

    pub(super) fn driver(&self) -> &D {
        &self.pool.driver
    }
}

impl<D: Driver> Drop for Leased<D> {
    fn drop(&mut self) {
        let (Some(connection), Some(permit)) = (self.connection.take(), self.permit.take()) else {
            return;
        };
        let is_closed = self.pool.is_closed.load(Ordering::Relaxed);
        match (self.condition, Handle::try_current()) {
            (Condition::Clean, _) if !is_closed => {
                let idle =
                    Idle { connection, opened: self.opened, since: Instant::now(), namespace: self.namespace.clone() };
                let mut places = self.pool.places();
                places.idle.push(idle);
                places.holders.remove(self.ticket);
            }
            (Condition::Clean | Condition::InUse, Ok(runtime)) => {
                runtime.spawn(Arc::clone(&self.pool).end(connection, permit, self.ticket));
            }
            (Condition::Silent, _) | (_, Err(_)) => self.pool.ended(self.ticket),
        }
    }
}

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    /// Leaves it counted.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
