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

/// What these threads ask to run in a row: the most that Linux grants. Whoever wakes and asks for less, as everybody does who
/// asks for nothing, runs at once instead of at the end of such a turn. Before Linux 6.12 it is ignored
/// (Documentation/scheduler/sched-eevdf.rst).
#[cfg(target_os = "linux")]
const TURN_NS: u64 = 100_000_000;

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

/// Puts the calling thread, and those that it starts, behind everybody else. On Linux this is a thread's own; elsewhere it
/// would be the process's.
pub(super) fn step_back() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};
        let niceness = getpriority_process(None).map_or(NICENESS, |now| now.max(NICENESS));
        let stepped_back = setpriority_process(None, niceness);
        // Some sandboxes have the first of the two system calls only.
        if let Err(error) = stepped_back.map_err(Into::into).and_then(|()| ask_for_long_turns(niceness)) {
            tracing::debug!(target: "modelhost::sandbox", %error, "a compiler's thread keeps its priority");
        }
    }
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "no library wraps this system call for threads without a deadline")]
fn ask_for_long_turns(niceness: i32) -> std::io::Result<()> {
    let attributes = libc::sched_attr {
        size: size_of::<libc::sched_attr>() as u32,
        sched_policy: libc::SCHED_OTHER as u32,
        sched_flags: 0,
        sched_nice: niceness,
        sched_priority: 0,
        sched_runtime: TURN_NS,
        sched_deadline: 0,
        sched_period: 0,
    };
    let (this_thread, no_flags): (libc::c_long, libc::c_long) = (0, 0);
    // SAFETY: the kernel reads as many bytes as the structure says that it has, and keeps no pointer.
    match unsafe { libc::syscall(libc::SYS_sched_setattr, this_thread, &raw const attributes, no_flags) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// What the kernel says of the thread in one of its files.
    fn of_a_thread(file: &str) -> String {
        let threads = Threads::new().expect("threads");
        threads.run(|| std::fs::read_to_string(format!("/proc/thread-self/{file}"))).unwrap_or_default()
    }

    #[test]
    fn these_threads_stand_behind_everybody_else() {
        let stat = of_a_thread("stat");
        // Behind the name in brackets the state is the third field of all, the niceness the nineteenth.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        assert_eq!(fields[16], NICENESS.to_string(), "{stat}");
        // Not every kernel tells the length of a turn.
        let sched = of_a_thread("sched");
        if let Some(turn) = sched.lines().find(|line| line.starts_with("se.slice")) {
            assert!(turn.ends_with(&TURN_NS.to_string()), "{turn}");
        }
    }
}
