//! The statement log: one event for each statement that ran, and a count that tests hold against a budget.
//!
//! Holds texts and never binds. When nobody listens it costs one comparison: no clock is read and nothing is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use model::NamespaceName;
use sql::SqlText;
use tracing::Level;

const TARGET: &str = "modelhost::statement";

/// Counts and reports the statements of one namespace.
#[derive(Debug)]
pub(crate) struct StatementLog {
    namespace: NamespaceName,
    data_source: Arc<str>,
    count: AtomicU64,
}

/// What one job ran. Kept until the job is over: an attempt that is repeated elsewhere is not reported twice.
#[derive(Debug)]
pub(crate) struct Trace {
    count: u64,
    /// None when nobody listens.
    entries: Option<Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    text: Text,
    us: u64,
    rows: u64,
}

/// A statement's text.
#[derive(Debug)]
pub(crate) enum Text {
    /// One of ours: `BEGIN`, `COMMIT`.
    Fixed(&'static str),
    /// One of `sql`.
    Sql(SqlText),
}

impl StatementLog {
    pub(crate) fn new(namespace: NamespaceName, data_source: Arc<str>) -> Self {
        Self { namespace, data_source, count: AtomicU64::new(0) }
    }

    pub(crate) fn namespace(&self) -> &NamespaceName {
        &self.namespace
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// An empty trace.
    pub(crate) fn trace(&self) -> Trace {
        Trace { count: 0, entries: tracing::enabled!(target: TARGET, Level::DEBUG).then(Vec::new) }
    }

    /// Counts and reports what a trace holds.
    pub(crate) fn write(&self, trace: Trace) {
        self.count.fetch_add(trace.count, Ordering::Relaxed);
        for entry in trace.entries.into_iter().flatten() {
            let sql = match &entry.text {
                Text::Fixed(text) => text,
                Text::Sql(text) => text.as_str(),
            };
            tracing::event!(
                target: TARGET,
                Level::DEBUG,
                namespace = self.namespace.as_str(),
                data_source = &*self.data_source,
                sql,
                us = entry.us,
                rows = entry.rows,
            );
        }
    }
}

impl Trace {
    /// The time, when somebody listens.
    pub(crate) fn now(&self) -> Option<Instant> {
        self.entries.as_ref().map(|_| Instant::now())
    }

    /// Adds a statement that ended, well or not. `text` is only asked for when somebody listens.
    pub(crate) fn add(&mut self, text: impl FnOnce() -> Text, started: Option<Instant>, rows: usize) {
        self.count += 1;
        if let (Some(entries), Some(started)) = (&mut self.entries, started) {
            entries.push(Entry {
                text: text(),
                us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
                rows: rows as u64,
            });
        }
    }

    /// An empty trace for another thread, to be joined again.
    pub(crate) fn split(&self) -> Self {
        Self { count: 0, entries: self.entries.as_ref().map(|_| Vec::new()) }
    }

    /// Adds what another trace holds.
    pub(crate) fn join(&mut self, other: Self) {
        self.count += other.count;
        if let (Some(entries), Some(others)) = (&mut self.entries, other.entries) {
            entries.extend(others);
        }
    }

    /// Forgets everything: the job starts again.
    pub(crate) fn clear(&mut self) {
        self.count = 0;
        if let Some(entries) = &mut self.entries {
            entries.clear();
        }
    }
}
