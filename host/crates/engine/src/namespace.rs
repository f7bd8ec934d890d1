//! A namespace: the isolation unit. One plugin, one place on one data source, one generation at a time.
//!
//! Nothing here is shared with another namespace but the data source's pool and the compiled code of an equal plugin.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use model::Problem;
use store::Store;

use crate::{EngineError, Generation, NamespaceRecord};

/// A loaded namespace.
pub(crate) struct Namespace {
    pub(crate) record: NamespaceRecord,
    pub(crate) store: Store,
    /// Held by whoever changes the generation; requests never take it.
    pub(crate) activation: Arc<tokio::sync::Mutex<()>>,
    state: ArcSwap<State>,
    /// Generations that were replaced and still have requests, by their number.
    draining: Mutex<Vec<(i64, Weak<Generation>)>>,
    pub(crate) counters: Counters,
    /// The last time the plugin broke, for inspection.
    last_fault: Mutex<Option<(i64, Problem)>>,
}

/// What a namespace answers requests with.
pub(crate) enum State {
    /// Nothing was deployed yet.
    Empty,
    /// Unloaded by an operator.
    Unloaded,
    /// Its generation could not be activated when the host started.
    Failed(Arc<EngineError>),
    /// This generation.
    Serving(Arc<Generation>),
}

/// Counted since the namespace was loaded.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) calls: AtomicU64,
    pub(crate) refusals: AtomicU64,
    pub(crate) faults: AtomicU64,
}

impl Namespace {
    pub(crate) fn new(record: NamespaceRecord, store: Store) -> Self {
        let state = if record.unloaded { State::Unloaded } else { State::Empty };
        Self {
            record,
            store,
            activation: Arc::default(),
            state: ArcSwap::from_pointee(state),
            draining: Mutex::default(),
            counters: Counters::default(),
            last_fault: Mutex::new(None),
        }
    }

    /// The generation that a request keeps to its end.
    pub(crate) fn generation(&self) -> Result<Arc<Generation>, EngineError> {
        match &**self.state.load() {
            State::Serving(generation) => Ok(Arc::clone(generation)),
            State::Failed(error) => {
                Err(EngineError::NotActivated { namespace: self.record.name.to_string(), error: Arc::clone(error) })
            }
            State::Empty | State::Unloaded => {
                Err(EngineError::NothingDeployed { namespace: self.record.name.to_string() })
            }
        }
    }

    pub(crate) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// Serves as before.
    pub(crate) fn swap_back(&self, state: Arc<State>) {
        self.state.store(state);
    }

    /// One pointer store: requests that began before keep what they have, and end when `drain_max` is over.
    pub(crate) fn swap(&self, state: State, drain_max: Duration) {
        let before = self.state.swap(Arc::new(state));
        let State::Serving(generation) = &*before else { return };
        let mut draining = self.draining.lock().expect("no panic while it is held");
        draining.retain(|(_, generation)| generation.strong_count() > 0);
        let generation = Arc::downgrade(generation);
        if let Some(number) = generation.upgrade().map(|generation| generation.number) {
            draining.push((number, Weak::clone(&generation)));
        }
        tokio::spawn(end_after(generation, drain_max));
    }

    /// Generations that were replaced and still have requests.
    pub(crate) fn draining(&self) -> Vec<i64> {
        let draining = self.draining.lock().expect("no panic while it is held");
        draining.iter().filter(|(_, generation)| generation.strong_count() > 0).map(|(number, _)| *number).collect()
    }

    pub(crate) fn count(&self, error: Option<&EngineError>, now_us: i64) {
        self.counters.calls.fetch_add(1, Ordering::Relaxed);
        match error {
            Some(EngineError::Refused(_)) => {
                self.counters.refusals.fetch_add(1, Ordering::Relaxed);
            }
            Some(error @ EngineError::Fault(_)) => {
                self.counters.faults.fetch_add(1, Ordering::Relaxed);
                let mut last = self.last_fault.lock().expect("no panic while it is held");
                *last = Some((now_us, Problem::of(error)));
            }
            _ => {}
        }
    }

    pub(crate) fn last_fault(&self) -> Option<(i64, Problem)> {
        self.last_fault.lock().expect("no panic while it is held").clone()
    }
}

/// Ends what still goes on in a generation that was replaced.
async fn end_after(generation: Weak<Generation>, drain_max: Duration) {
    tokio::time::sleep(drain_max).await;
    if let Some(generation) = generation.upgrade() {
        tracing::warn!(
            target: "modelhost::engine",
            namespace = %generation.namespace, generation = generation.number,
            "requests were still under way in a replaced generation, and are ended",
        );
        generation.end();
    }
}
