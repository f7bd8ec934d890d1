//! wasmtime's engine with our settings, and the thread that ticks for it.
//!
//! Here is what a setting is and why; what a limit is worth is in `limits.rs`. The engine's ticker lives as long as anything
//! that can run a guest: without ticks an endless loop would never be interrupted.

use std::num::NonZeroUsize;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::component::Linker;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::error::Cause;
use crate::state::State;
use crate::{Limits, SandboxError, abi, imports};

/// Bytes of one linear memory, at most: the size of a pool slot.
pub(crate) const SLOT_BYTES: usize = 64 << 20;
/// Bytes of a memory that stay resident when its slot is given back: what a Rust guest dirties in a call, with room.
const KEPT_BYTES: usize = 1 << 20;
/// As `KEPT_BYTES`, for a table.
const KEPT_TABLE_BYTES: usize = 64 << 10;
/// Bytes of stack for host functions beneath the guest's.
const HOST_STACK_BYTES: usize = 1 << 20;
/// Frames of a backtrace, for the operator.
const FRAMES_MAX: usize = 16;
/// Time between two ticks. An endless loop ends 1 to 2 ms after its deadline and other tasks of the worker wait at most some
/// milliseconds; with 10 ms these are 12 to 22 ms and 30 to 54 ms. A tick costs one atomic addition.
const TICK: Duration = Duration::from_millis(1);

/// What every plugin of a sandbox shares. The last one to hold it stops the ticker.
pub(crate) struct Core {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) limits: Limits,
    pub(crate) instances_max: u32,
    _ticker: Ticker,
}

impl Core {
    pub(crate) fn new(limits: Limits, instances_max: u32) -> Result<Self, SandboxError> {
        let broken = |error: wasmtime::Error| SandboxError::Engine { source: Cause::of(&error) };
        let engine = Engine::new(&engine_config(&limits, instances_max)).map_err(broken)?;
        let mut linker = Linker::new(&engine);
        abi::v0_1::add_to_linker(&mut linker).map_err(broken)?;
        imports::add_wasi_to_linker(&mut linker).map_err(broken)?;
        let ticker = Ticker::start(&engine)?;
        Ok(Self { engine, linker, limits, instances_max, _ticker: ticker })
    }
}

/// The settings of the sandbox's engine. Public so that a benchmark can run bare wasmtime with the same ones.
pub fn engine_config(limits: &Limits, instances_max: u32) -> Config {
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(instances_max)))
        .memory_reservation(SLOT_BYTES as u64)
        .memory_init_cow(true)
        .epoch_interruption(true)
        // On by default, makes calls 3 to 4 times slower; WASI 0.2 does not need it.
        .concurrency_support(false)
        // Costs nothing measurable, and a replayed call gives the same bits.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .max_wasm_stack(limits.stack_bytes_max)
        .async_stack_size(limits.stack_bytes_max + HOST_STACK_BYTES)
        .wasm_backtrace_max_frames(NonZeroUsize::new(FRAMES_MAX))
        // What no plugin needs and every line of which is attack surface. Threads, gc and exceptions are not even compiled
        // into this host.
        .wasm_memory64(false)
        .wasm_custom_page_sizes(false)
        .shared_memory(false)
        .gc_support(false);
    config
}

/// The pool, with room for what a Python interpreter compiled to a component has (100 core instances, 20 memories, 40
/// tables, 100,000 elements), because a change here invalidates every compiled artifact. What an instance may really take
/// is [`Limits`].
fn pool(instances_max: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances_max)
        .total_stacks(instances_max)
        .total_memories(instances_max.max(20))
        // A Rust guest has 3 core instances and 2 tables.
        .total_core_instances(instances_max.saturating_mul(4).max(100))
        .total_tables(instances_max.saturating_mul(4).max(40))
        .max_core_instances_per_component(100)
        .max_memories_per_component(20)
        .max_tables_per_component(40)
        .max_memories_per_module(20)
        .max_tables_per_module(40)
        .max_component_instance_size(8 << 20)
        .max_core_instance_size(8 << 20)
        .table_elements(100_000)
        .max_memory_size(SLOT_BYTES)
        // With both, resetting a slot touches only the pages the guest wrote: 10 us for a fresh instance instead of 34.
        .linear_memory_keep_resident(KEPT_BYTES)
        .table_keep_resident(KEPT_TABLE_BYTES)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// A thread of its own, because a task of the runtime would not run while a guest keeps the runtime's workers.
struct Ticker {
    /// Dropped to stop the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engine: &Engine) -> Result<Self, SandboxError> {
        let engine = engine.weak();
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::Builder::new()
            .name("modelhost-ticker".to_owned())
            .spawn(move || {
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(TICK) {
                    let Some(engine) = engine.upgrade() else {
                        return;
                    };
                    engine.increment_epoch();
                }
            })
            .map_err(|source| SandboxError::Ticker { source: std::sync::Arc::new(source) })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A ticker cannot panic, and a drop has nobody to tell.
            let _ = thread.join();
        }
    }
}
