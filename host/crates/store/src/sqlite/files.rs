//! The files of a data source: one object for each path, and how many are open.
//!
//! Thousands of namespaces have a file each; only some are open, and the one that nobody has used for longest is closed
//! first. A file in use is never closed, so that the limit gives way before a request does.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use model::NamespaceName;

use super::connection::Role;
use super::file::SqliteFile;
use super::{errors, private};
use crate::url::Target;
use crate::{DataSourceSettings, PoolStats, StoreError};

/// The files of a data source.
#[derive(Debug)]
pub(super) struct Files {
    settings: Arc<DataSourceSettings>,
    created: Instant,
    registry: Mutex<Registry>,
}

#[derive(Debug, Default)]
struct Registry {
    by_path: HashMap<PathBuf, Weak<SqliteFile>>,
    /// Held, because nobody else keeps the data while no one asks.
    in_memory: HashMap<NamespaceName, Arc<SqliteFile>>,
    is_shut: bool,
}

impl Files {
    pub(super) fn new(settings: Arc<DataSourceSettings>) -> Arc<Self> {
        Arc::new(Self { settings, created: Instant::now(), registry: Mutex::default() })
    }

    pub(super) fn settings(&self) -> &Arc<DataSourceSettings> {
        &self.settings
    }

    pub(super) fn created(&self) -> Instant {
        self.created
    }

    /// The namespace's file; several namespaces share one where the URL has no placeholder.
    pub(super) fn file(self: &Arc<Self>, namespace: &NamespaceName) -> Arc<SqliteFile> {
        let url = self.settings.url.for_namespace(namespace);
        let mut registry = self.registry();
        let Target::SqliteFile(path) = url.target() else {
            let new = || Arc::new(SqliteFile::new(None, url.to_string(), self));
            let file = registry.in_memory.entry(namespace.clone());
            return Arc::clone(file.or_insert_with(new));
        };
        if let Some(file) = registry.by_path.get(path).and_then(Weak::upgrade) {
            return file;
        }
        let file = Arc::new(SqliteFile::new(Some(path.clone()), url.to_string(), self));
        if registry.is_shut {
            file.refuse();
        }
        registry.by_path.retain(|_, file| file.strong_count() > 0);
        registry.by_path.insert(path.clone(), Arc::downgrade(&file));
        file
    }

    /// Whether the folder is there or can be made, and a fixed file can be opened.
    pub(super) async fn probe(self: &Arc<Self>) -> Result<(), StoreError> {
        let Target::SqliteFile(path) = self.settings.url.target() else {
            return Ok(());
        };
        if !self.settings.url.is_per_namespace() && path.exists() {
            let namespace = NamespaceName::new("probe").expect("a name");
            return self.file(&namespace).take(Role::Reader, &namespace).await.map(drop);
        }
        let folder = folder_before_placeholder(path);
        let made = tokio::task::spawn_blocking(move || {
            private::make_folder(&folder).map_err(|error| errors::system(&error, folder))
        });
        made.await.unwrap_or(Ok(()))
    }

    pub(super) fn stats(&self) -> PoolStats {
        let all = self.all();
        let max = all.last().map_or(0, |file| file.stats().max * self.settings.files_open_max);
        let total = all.iter().map(|file| file.stats()).fold(PoolStats::default(), PoolStats::and);
        PoolStats { max, ..total }
    }

    /// Closes files until no more than allowed are open; `opened` stays.
    pub(super) async fn close_least_recently_used(&self, opened: &Arc<SqliteFile>) {
        let mut open: Vec<_> = self.all();
        open.retain(|file| file.path().is_some() && file.stats().size > 0);
        let surplus = open.len().saturating_sub(self.settings.files_open_max);
        if surplus == 0 {
            return;
        }
        open.retain(|file| !Arc::ptr_eq(file, opened) && file.stats().in_use == 0);
        open.sort_by_key(|file| file.used_us());
        for file in open.into_iter().take(surplus) {
            file.close_idle().await;
        }
    }

    pub(super) async fn close(&self) {
        self.registry().is_shut = true;
        for file in self.all() {
            file.shut().await;
        }
    }

    fn all(&self) -> Vec<Arc<SqliteFile>> {
        let registry = self.registry();
        let files = registry.by_path.values().filter_map(Weak::upgrade);
        files.chain(registry.in_memory.values().cloned()).collect()
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The deepest folder that all namespaces share.
fn folder_before_placeholder(path: &Path) -> PathBuf {
    let parts = path.components();
    let shared = parts.take_while(|part| !part.as_os_str().to_string_lossy().contains('{'));
    let folder: PathBuf = shared.collect();
    match folder == path {
        true => folder.parent().unwrap_or(&folder).to_owned(),
        false => folder,
    }
}
