//! What the host keeps for one instance: one operation's counters, context, logs and handles.
//!
//! Made with the instance and dropped with it; nothing here is shared with another operation. Cheap to make: what most
//! calls never touch is made when it is first asked for.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::ResourceTable;

use crate::clock::GuestClock;
use crate::fault::Exceeded;
use crate::imports::{LogBuffer, LogLevel, OperationCtx, OutputTail, SplitMix64};
use crate::limiter::Limiter;
use crate::{CallContext, Limits};

/// The data of a store.
pub(crate) struct State {
    pub(crate) limits: Limits,
    pub(crate) limiter: Limiter,
    pub(crate) clock: GuestClock,
    pub(crate) table: ResourceTable,
    pub(crate) ctx: OperationCtx,
    /// Seeds of the guest's hash maps: a sequence of their own, so that a map more does not shift `ctx.random`.
    pub(crate) map_seed: SplitMix64,
    pub(crate) log: LogBuffer,
    pub(crate) output_tail: Option<OutputTail>,
    host_calls: u64,
    stop: Option<Stop>,
    namespace: Arc<str>,
    plugin: Arc<str>,
}

/// Why the host ended a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The time is used up.
    Time(Exceeded),
    /// Too many host calls.
    HostCalls(Exceeded),
}

/// The guest called `exit`.
#[derive(Debug, thiserror::Error)]
#[error("the guest called exit")]
pub(crate) struct Exit;

/// The host ended the call; why is in the state.
#[derive(Debug, thiserror::Error)]
#[error("the host ended the call")]
pub(crate) struct Stopped;

impl State {
    pub(crate) fn new(context: &CallContext, limits: Limits, plugin: Arc<str>) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles_max);
        Self {
            limits,
            limiter: Limiter::new(limits),
            clock: GuestClock::start(Duration::from_millis(limits.call_time_ms_max)),
            table,
            ctx: OperationCtx { now_us: context.now_us, random: SplitMix64::new(context.seed) },
            map_seed: SplitMix64::new(!context.seed),
            log: LogBuffer::new(&limits),
            output_tail: None,
            host_calls: 0,
            stop: None,
            namespace: Arc::clone(&context.namespace),
            plugin,
        }
    }

    /// Begins to count time and host calls anew.
    pub(crate) fn renew(&mut self) {
        self.clock = GuestClock::start(Duration::from_millis(self.limits.call_time_ms_max));
        self.host_calls = 0;
    }

    /// Why the host ended the call, if it did.
    pub(crate) fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Counts a call from the guest; an error ends the guest when there were too many.
    pub(crate) fn count_host_call(&mut self) -> wasmtime::Result<()> {
        self.host_calls += 1;
        Ok(self.check_host_calls()?)
    }

    /// Where streams live, for interfaces whose calls are only seen on their way here. They are counted, and the next look
    /// at the clock or the end of the call notices when there were too many.
    pub(crate) fn streams(&mut self) -> &mut ResourceTable {
        self.host_calls += 1;
        &mut self.table
    }

    /// Looks at clock and counters while the guest runs; an error ends it.
    pub(crate) fn check(&mut self) -> Result<(), Stopped> {
        self.clock.charge();
        self.check_host_calls()?;
        self.check_time()
    }

    /// An error when the guest called the host too often.
    pub(crate) fn check_host_calls(&mut self) -> Result<(), Stopped> {
        if self.host_calls <= self.limits.host_calls_max {
            return Ok(());
        }
        self.stop = Some(Stop::HostCalls(Exceeded {
            limit: "host_calls_max",
            max: self.limits.host_calls_max,
            unit: "host calls",
        }));
        Err(Stopped)
    }

    /// An error when no time is left.
    pub(crate) fn check_time(&mut self) -> Result<(), Stopped> {
        if !self.clock.is_used_up() {
            return Ok(());
        }
        self.stop =
            Some(Stop::Time(Exceeded { limit: "call_time_ms_max", max: self.limits.call_time_ms_max, unit: "ms" }));
        Err(Stopped)
    }

    /// One line of the guest.
    pub(crate) fn log(&mut self, level: LogLevel, message: String) -> wasmtime::Result<()> {
        self.count_host_call()?;
        let Some(line) = self.log.push(level, message) else {
            return Ok(());
        };
        let (namespace, plugin, message) = (&*self.namespace, &*self.plugin, &*line.message);
        match level {
            LogLevel::Debug => {
                tracing::debug!(target: "modelhost::guest", namespace, plugin, "{message}");
            }
            LogLevel::Info => {
                tracing::info!(target: "modelhost::guest", namespace, plugin, "{message}");
            }
            LogLevel::Warn => {
                tracing::warn!(target: "modelhost::guest", namespace, plugin, "{message}");
            }
            LogLevel::Error => {
                tracing::error!(target: "modelhost::guest", namespace, plugin, "{message}");
            }
        }
        Ok(())
    }
}
