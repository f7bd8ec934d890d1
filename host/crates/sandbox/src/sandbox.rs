//! The sandbox as a whole: one engine, its pool, its cache and the plugins that are in use.
//!
//! Made once for a process. It holds no namespace, no grant and no database; a plugin stays loaded as long as somebody
//! outside holds it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use cap_std::fs::Dir;
use tokio::sync::Semaphore;

use crate::cache::Cache;
use crate::compiler::{Compiler, Compiling};
use crate::contract::Contract;
use crate::engine::{Core, SLOT_BYTES};
use crate::{Digest, Limits, Plugin, SandboxError};

/// How a sandbox is set up. Without a default: each of these is the operator's to say.
#[derive(Debug)]
pub struct SandboxSettings {
    /// What guest code may use, at most.
    pub limits: Limits,
    /// The folder of compiled plugins and of what their inspection found; without one, every start does both again.
    pub cache: Option<Dir>,
    /// Where components are compiled.
    pub compiling: Compiling,
    /// Compilations at one time, at most. Each takes the cores that nobody else wants, and some hundred megabytes.
    pub compiles_max: usize,
    /// Instances alive at one time, at most. 4,096 is a good number; `vm.max_map_count` allows about 16,000.
    pub instances_max: u32,
}

/// What a sandbox did since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Components that were compiled.
    pub compiled: u64,
    /// Components whose artifact came from the cache.
    pub from_cache: u64,
    /// Loads that found the plugin in use already.
    pub shared: u64,
    /// Plugins that somebody uses now.
    pub in_use: u64,
}

/// Loads plugins. See the crate.
pub struct Sandbox {
    pub(crate) core: Arc<Core>,
    pub(crate) cache: Option<Arc<Cache>>,
    pub(crate) contract: Arc<Contract>,
    pub(crate) compiles: Arc<Semaphore>,
    pub(crate) compiler: Arc<Compiler>,
    pub(crate) counters: Counters,
    plugins: Mutex<HashMap<Digest, Weak<Plugin>>>,
}

#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) compiled: AtomicU64,
    pub(crate) from_cache: AtomicU64,
    pub(crate) shared: AtomicU64,
}

impl Sandbox {
    /// A sandbox with these settings, its ticker running.
    pub fn new(settings: SandboxSettings) -> Result<Self, SandboxError> {
        let SandboxSettings { limits, cache, compiling, compiles_max, instances_max } = settings;
        if limits.memory_bytes_max > SLOT_BYTES {
            return Err(SandboxError::LimitTooHigh {
                limit: "memory_bytes_max",
                value: limits.memory_bytes_max,
                max: SLOT_BYTES,
            });
        }
        let core = Core::new(limits, instances_max)?;
        let cache = cache.map(|folder| Cache::open(folder, &core.engine)).transpose()?;
        Ok(Self {
            core: Arc::new(core),
            cache: cache.map(Arc::new),
            contract: Arc::new(Contract::new()),
            compiler: Arc::new(Compiler::new(compiling)?),
            compiles: Arc::new(Semaphore::new(compiles_max.clamp(1, Semaphore::MAX_PERMITS))),
            counters: Counters::default(),
            plugins: Mutex::default(),
        })
    }

    /// The sandbox's limits.
    pub fn limits(&self) -> &Limits {
        &self.core.limits
    }

    /// What it did so far.
    pub fn stats(&self) -> Stats {
        Stats {
            compiled: self.counters.compiled.load(Ordering::Relaxed),
            from_cache: self.counters.from_cache.load(Ordering::Relaxed),
            shared: self.counters.shared.load(Ordering::Relaxed),
            in_use: self.count_in_use(),
        }
    }

    fn count_in_use(&self) -> u64 {
        let plugins = self.plugins.lock().unwrap_or_else(PoisonError::into_inner);
        plugins.values().filter(|plugin| plugin.strong_count() > 0).count() as u64
    }

    /// The plugin of that digest, if somebody uses it.
    pub(crate) fn in_use(&self, digest: &Digest) -> Option<Arc<Plugin>> {
        let plugins = self.plugins.lock().unwrap_or_else(PoisonError::into_inner);
        let plugin = plugins.get(digest)?.upgrade()?;
        self.counters.shared.fetch_add(1, Ordering::Relaxed);
        Some(plugin)
    }

    pub(crate) fn remember(&self, plugin: &Arc<Plugin>) {
        let mut plugins = self.plugins.lock().unwrap_or_else(PoisonError::into_inner);
        plugins.retain(|_, plugin| plugin.strong_count() > 0);
        plugins.insert(*plugin.digest(), Arc::downgrade(plugin));
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("limits", &self.core.limits)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
