//! The threads that compile: half as many as there are cores, and behind everybody else who wants one.
//!
//! A compiler that takes every core would be noticed by each request that is served meanwhile. Knows nothing of components:
//! whatever is run here, and whatever it spreads over threads, has the low priority.

use std::num::NonZeroUsize;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::SandboxError;
use crate::error::Cause;

/// How far these threads step back, in Unix's niceness: a tenth of the share of a thread that does not.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Threads that compile.
pub(crate) struct Threads(ThreadPool);

impl Threads {
    pub(super) fn new() -> Result<Self, SandboxError> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let pool = ThreadPoolBuilder::new()
            .num_threads((cores / 2).max(1))
            .thread_name(|number| format!("modelhost-compiler-{number}"))
            .start_handler(|_| step_back())
            .build();
        pool.map(Self).map_err(|error| SandboxError::Engine { source: Cause::text(error.to_string()) })
    }

    /// Runs something on these threads, and waits for it.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

/// On Linux niceness is a thread's own; elsewhere it would be the process's.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(target: "modelhost::sandbox", %error, "a compiler's thread keeps its priority");
    }
}
