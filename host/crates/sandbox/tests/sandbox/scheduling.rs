//! A guest that spins takes its own time, not that of others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sandbox::{CallContext, Limits};

use crate::support::{PATIENT, context, created, creating, loaded, sandbox_with, thing};

/// How long a spinning guest lets other tasks of its worker wait at most, and for how long it could spin.
async fn longest_wait(limits: Limits) -> (Duration, Duration) {
    let plugin = loaded(artifacts::LOOPS_VALIDATE).await;
    let spinning = tokio::spawn(async move {
        let mut session = plugin.session(CallContext { limits, ..context() });
        let call = creating(&plugin.manifest().models[0]);
        let row = thing("text");
        let began = Instant::now();
        let answer = session.validate(call, created(&[&row])).await;
        assert!(answer.is_err());
        began.elapsed()
    });
    let mut longest = Duration::ZERO;
    while !spinning.is_finished() {
        let began = Instant::now();
        tokio::task::yield_now().await;
        longest = longest.max(began.elapsed());
    }
    (longest, spinning.await.unwrap())
}

#[tokio::test]
async fn a_spinning_guest_lets_others_run_on_one_thread() {
    let limits = Limits { call_time_ms_max: 500, ..PATIENT };
    let (longest, spun) = longest_wait(limits).await;
    assert!(spun >= Duration::from_millis(500), "{spun:?}");
    assert!(longest < spun / 2, "waited {longest:?} of {spun:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spinning_guest_is_stopped_on_many_threads() {
    let limits = Limits { call_time_ms_max: 100, ..PATIENT };
    let (_, spun) = longest_wait(limits).await;
    assert!(spun >= Duration::from_millis(100), "{spun:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loads_may_run_on_any_thread() {
    let sandbox = Arc::new(sandbox_with(PATIENT));
    let loads = [artifacts::CRM, artifacts::SHOP, artifacts::CRM].map(|bytes| {
        let sandbox = Arc::clone(&sandbox);
        tokio::spawn(async move { sandbox.load(bytes.into(), &[]).await })
    });
    let mut plugins = Vec::new();
    for load in loads {
        plugins.push(load.await.unwrap().unwrap());
    }
    assert_eq!(plugins[0].digest(), plugins[2].digest());
    assert_eq!(sandbox.stats().compiled, 2);
}
