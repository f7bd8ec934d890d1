//! A database file: one writer, a few readers, and when they are open.
//!
//! A file object lives as long as somebody may ask for it; its connections come and go. There is one object for each path
//! of a data source, so that one queue orders its writers. Memory is one connection that does both and is never closed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Instant;

use model::NamespaceName;
use tokio::sync::OwnedSemaphorePermit;

use super::connection::{Role, SqliteConnection};
use super::files::Files;
use super::lane::Lane;
use super::log::LogWatch;
use super::slow::SlowTexts;
use super::{errors, private, run};
use crate::holders::Ticket;
use crate::{DataSourceSettings, PoolStats, StoreError};

/// Readers of one file: with reads of microseconds, more than the threads of a runtime are never busy at once.
const READERS_MAX: usize = 4;

/// A database file or memory.
#[derive(Debug)]
pub(super) struct SqliteFile {
    /// None in memory.
    path: Option<PathBuf>,
    location: String,
    settings: Arc<DataSourceSettings>,
    files: Weak<Files>,
    writer: Lane,
    readers: Lane,
    /// Held while a connection is opened: the first one decides the file's journal mode.
    opening: tokio::sync::Mutex<()>,
    created: Instant,
    used_us: AtomicU64,
    is_shut: AtomicBool,
    log: LogWatch,
    /// What is not tried in place.
    pub(super) slow: SlowTexts,
    /// The namespace's lock in memory, where no other process can come.
    pub(super) memory_lock: Arc<tokio::sync::Mutex<()>>,
}

/// A connection in use. Dropped, it goes back without an open transaction.
#[derive(Debug)]
pub(super) struct Held {
    /// Always there until the drop.
    connection: Option<SqliteConnection>,
    role: Role,
    file: Arc<SqliteFile>,
    /// Rows that the connection had changed before.
    changed_before: u64,
    ticket: Ticket,
    _permit: OwnedSemaphorePermit,
}

impl SqliteFile {
    pub(super) fn new(path: Option<PathBuf>, location: String, files: &Arc<Files>) -> Self {
        let settings = Arc::clone(files.settings());
        let connections_max = settings.connections_max as usize;
        Self {
            path,
            location,
            writer: Lane::new(1),
            readers: Lane::new(connections_max.saturating_sub(1).clamp(1, READERS_MAX)),
            settings,
            files: Arc::downgrade(files),
            opening: tokio::sync::Mutex::new(()),
            created: files.created(),
            used_us: AtomicU64::new(0),
            is_shut: AtomicBool::new(false),
            log: LogWatch::default(),
            slow: SlowTexts::default(),
            memory_lock: Arc::new(tokio::sync::Mutex::new(())),
        }
    }

    pub(super) fn location(&self) -> &str {
        &self.location
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn settings(&self) -> &DataSourceSettings {
        &self.settings
    }

    /// When it was used last; only compared with other files of the data source.
    pub(super) fn used_us(&self) -> u64 {
        self.used_us.load(Ordering::Relaxed)
    }

    pub(super) fn stats(&self) -> PoolStats {
        self.writer.stats().and(self.readers.stats())
    }

    /// Waits for a connection and opens one where none is idle.
    pub(super) async fn take(self: &Arc<Self>, role: Role, namespace: &NamespaceName) -> Result<Held, StoreError> {
        let role = match self.path {
            Some(_) => role,
            None => Role::Writer,
        };
        let permit = self.lane(role).permit(&self.settings).await?;
        self.take_with(role, namespace, permit).await
    }

    /// Like `take`, for housekeeping: a file that nobody has open, or that is gone, is left alone.
    async fn take_if_open(self: &Arc<Self>, role: Role, namespace: &NamespaceName) -> Result<Option<Held>, StoreError> {
        // As long as one has a permit, the file can't be destroyed.
        let permit = self.lane(role).permit(&self.settings).await?;
        match self.writer.stats().size {
            0 => Ok(None),
            _ => self.take_with(role, namespace, permit).await.map(Some),
        }
    }

    async fn take_with(
        self: &Arc<Self>,
        role: Role,
        namespace: &NamespaceName,
        permit: OwnedSemaphorePermit,
    ) -> Result<Held, StoreError> {
        let lane = self.lane(role);
        let now = Instant::now();
        let used_us = now.duration_since(self.created).as_micros();
        self.used_us.store(u64::try_from(used_us).unwrap_or(u64::MAX), Ordering::Relaxed);
        if let Some((connection, ticket)) = lane.pop(namespace, now) {
            return Ok(self.held(connection, role, permit, ticket));
        }
        let connection = self.open(role).await?;
        let ticket = lane.opened(namespace, now);
        let held = self.held(connection, role, permit, ticket);
        if let Some(files) = self.files.upgrade() {
            files.close_least_recently_used(self).await;
        }
        Ok(held)
    }

    fn held(
        self: &Arc<Self>,
        connection: SqliteConnection,
        role: Role,
        permit: OwnedSemaphorePermit,
        ticket: Ticket,
    ) -> Held {
        connection.clock().lease();
        let changed_before = connection.rows_changed();
        Held { connection: Some(connection), role, file: Arc::clone(self), changed_before, ticket, _permit: permit }
    }

    /// Moves the log into the file, beside the writer.
    fn move_log(self: &Arc<Self>, namespace: &NamespaceName) {
        let (file, namespace) = (Arc::clone(self), namespace.clone());
        tokio::spawn(async move {
            // Only housekeeping: when it fails, the writer does it itself later.
            if let Ok(Some(held)) = file.take_if_open(Role::Reader, &namespace).await {
                let work = |connection: &SqliteConnection| connection.move_log().is_ok();
                run::on_blocking_thread(held, work).await;
            }
        });
    }

    /// Closes what nobody uses. Memory stays: it would be gone.
    pub(super) async fn close_idle(&self) {
        if self.path.is_some() {
            self.drop_idle().await;
        }
    }

    /// Turns everybody away from now on and closes what nobody uses; the rest is closed when it comes back.
    pub(super) async fn shut(&self) {
        self.refuse();
        self.drop_idle().await;
    }

    /// Turns everybody away from now on.
    pub(super) fn refuse(&self) {
        self.is_shut.store(true, Ordering::Relaxed);
        self.writer.shut();
        self.readers.shut();
    }

    /// Removes the file with its companions. False when it is not the namespace's own.
    pub(super) async fn destroy(&self) -> Result<bool, StoreError> {
        if !self.settings.url.is_per_namespace() {
            return Ok(false);
        }
        let _writer = self.writer.all_permits(&self.settings).await?;
        let _readers = self.readers.all_permits(&self.settings).await?;
        self.drop_idle().await;
        let Some(path) = self.path.clone() else {
            return Ok(true);
        };
        let removed = tokio::task::spawn_blocking(move || {
            // The database first: without it the others mean nothing.
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let path = beside(&path, suffix);
                match std::fs::remove_file(&path) {
                    Ok(()) => {}
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => return Err(errors::system(&error, path)),
                }
            }
            Ok(true)
        });
        removed.await.unwrap_or_else(|_| Err(self.shut_down()))
    }

    /// What a caller gets when the runtime goes down under it.
    pub(super) fn shut_down(&self) -> StoreError {
        StoreError::Closed { data_source: self.settings.name.clone() }
    }

    async fn open(self: &Arc<Self>, role: Role) -> Result<SqliteConnection, StoreError> {
        let _opening = self.opening.lock().await;
        let file = Arc::clone(self);
        let opened = tokio::task::spawn_blocking(move || {
            if let Some(path) = file.path() {
                private::make_database(path).map_err(|error| errors::system(&error, path.to_owned()))?;
            }
            SqliteConnection::open(file.path(), role, &file.settings).map_err(|error| errors::driver(error, &file))
        });
        opened.await.unwrap_or_else(|_| Err(self.shut_down()))
    }

    /// Closing the last connection writes the log back, which may take the disk a while.
    async fn drop_idle(&self) {
        let mut idle = self.readers.drain();
        idle.extend(self.writer.drain());
        if !idle.is_empty() {
            tokio::task::spawn_blocking(move || drop(idle)).await.ok();
        }
    }

    fn lane(&self, role: Role) -> &Lane {
        match role {
            Role::Reader => &self.readers,
            Role::Writer => &self.writer,
        }
    }
}

impl Held {
    pub(super) fn connection(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("there until the drop")
    }

    pub(super) fn file(&self) -> &Arc<SqliteFile> {
        &self.file
    }

    /// To be called when what was written is committed.
    pub(super) fn wrote(&self, namespace: &NamespaceName) {
        let connection = self.connection();
        if self.file.log.is_due(connection, connection.rows_changed() - self.changed_before) {
            self.file.move_log(namespace);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let lane = self.file.lane(self.role);
        let is_usable = connection.clean_up() && !self.file.is_shut.load(Ordering::Relaxed);
        match is_usable {
            true => lane.push(connection, self.ticket),
            false => lane.closed(self.ticket),
        }
    }
}

/// The path with something behind its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
