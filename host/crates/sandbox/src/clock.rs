//! How long a guest has been running, and how it lets others run.
//!
//! Counts the time in which the guest held its worker: while it waits for its turn after a yield the clock stands, so that a
//! busy host does not turn innocent guests into faults. It does not interrupt anybody; the epoch callback asks it and does.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The running time of one operation's guest code.
#[derive(Debug)]
pub(crate) struct GuestClock {
    base: Instant,
    budget_ns: u64,
    spent_ns: u64,
    /// When the running slice began, in nanoseconds after `base`.
    slice_ns: u64,
    /// Where a yield writes when it came back; made at the first yield, which most calls never see.
    resumed_ns: Option<Arc<AtomicU64>>,
}

/// What an epoch callback hands to wasmtime.
pub(crate) type Yield = Pin<Box<dyn Future<Output = ()> + Send>>;

impl GuestClock {
    /// A clock for an operation; it counts from now.
    pub(crate) fn start(budget: Duration) -> Self {
        Self { base: Instant::now(), budget_ns: nanoseconds(budget), spent_ns: 0, slice_ns: 0, resumed_ns: None }
    }

    /// Begins a slice: the guest is called.
    pub(crate) fn resume(&mut self) {
        self.slice_ns = self.now_ns();
    }

    /// Ends a slice: the guest came back, or is looked at in between.
    pub(crate) fn charge(&mut self) {
        let now = self.now_ns();
        if let Some(resumed) = &self.resumed_ns {
            self.slice_ns = self.slice_ns.max(resumed.load(Ordering::Relaxed));
        }
        self.spent_ns += now.saturating_sub(self.slice_ns);
        self.slice_ns = now;
    }

    /// Whether nothing of the budget is left.
    pub(crate) fn is_used_up(&self) -> bool {
        self.spent_ns >= self.budget_ns
    }

    /// Lets every other task of the worker run once. Through tokio, because tokio polls a task that merely woke itself
    /// before the others.
    pub(crate) fn yield_once(&mut self) -> Yield {
        let base = self.base;
        let resumed = Arc::clone(self.resumed_ns.get_or_insert_with(Arc::default));
        Box::pin(async move {
            tokio::task::yield_now().await;
            resumed.store(nanoseconds(base.elapsed()), Ordering::Relaxed);
        })
    }

    fn now_ns(&self) -> u64 {
        nanoseconds(self.base.elapsed())
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_of_nothing_is_used_up() {
        assert!(GuestClock::start(Duration::ZERO).is_used_up());
        assert!(!GuestClock::start(Duration::from_secs(1)).is_used_up());
    }

    #[tokio::test]
    async fn time_after_a_yield_began_is_not_charged() {
        let mut clock = GuestClock::start(Duration::from_secs(3600));
        clock.resume();
        clock.charge();
        let spent = clock.spent_ns;
        let waiting = clock.yield_once();
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(5) {
            std::hint::spin_loop();
        }
        waiting.await;
        clock.charge();
        assert!(clock.spent_ns - spent < 5_000_000);
    }
}
