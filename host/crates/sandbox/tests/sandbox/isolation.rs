//! What one operation leaves to the next: nothing. What one context decides: everything.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use model::Value;
use sandbox::{CallContext, CallError, Plugin, SandboxError, Session};

use crate::answers::whole;
use crate::support::{PATIENT, context, created, creating, fault, loaded, sandbox_with, thing};

async fn count(plugin: &Plugin, session: &mut Session) -> Value {
    let row = thing("text");
    let call = creating(&plugin.manifest().models[0]);
    let violations = session.validate(call, created(&[&row])).await.unwrap();
    violations[0].parameters[0].1.clone()
}

#[tokio::test]
async fn an_operation_has_one_instance_and_the_next_a_fresh_one() {
    let plugin = loaded(artifacts::KEEPS_STATE).await;
    for _ in 0..3 {
        let mut session = plugin.session(context());
        assert_eq!(count(&plugin, &mut session).await, Value::Int(1));
        assert_eq!(count(&plugin, &mut session).await, Value::Int(2));
    }
}

#[tokio::test]
async fn equal_contexts_give_equal_answers() {
    let plugin = loaded(artifacts::CRM).await;
    let answer = async |now_us| {
        let mut row = whole(&plugin, "Ada", "ada@example.com", "lead");
        row[8] = Value::Timestamp(1_000_000);
        let mut session = plugin.session(CallContext { now_us, ..context() });
        let call = creating(&plugin.manifest().models[0]);
        let violations = session.validate(call, created(&[&row])).await;
        violations.unwrap().len()
    };
    assert_eq!(answer(5_000_000).await, 0);
    assert_eq!(answer(5_000_000).await, 0);
    assert_eq!(answer(1).await, 1, "then the last contact is in the future");
}

#[tokio::test]
async fn a_broken_session_only_repeats_why() {
    let plugin = loaded(artifacts::PANICS).await;
    let call = creating(&plugin.manifest().models[0]);
    let (row, calm) = (thing("text"), thing("calm"));
    let mut session = plugin.session(context());
    let first = session.validate(call, created(&[&row])).await.unwrap_err();
    let second = session.validate(call, created(&[&calm])).await.unwrap_err();
    assert_eq!(fault(first), fault(second));
    let mut fresh = plugin.session(context());
    assert!(fresh.validate(call, created(&[&calm])).await.is_ok());
}

#[tokio::test]
async fn a_dropped_call_ends_the_session() {
    let plugin = loaded(artifacts::LOOPS_VALIDATE).await;
    let call = creating(&plugin.manifest().models[0]);
    let row = thing("text");
    let mut session = plugin.session(context());
    let records = [&row];
    let mut future = Box::pin(session.validate(call, created(&records)));
    let poll = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(poll, Poll::Pending), "the guest yields and goes on");
    drop(future);
    let error = session.validate(call, created(&records)).await.unwrap_err();
    assert!(matches!(error, CallError::Sandbox(SandboxError::Abandoned)));
}

#[tokio::test]
async fn equal_bytes_are_one_plugin() {
    let sandbox = sandbox_with(PATIENT);
    let bytes: Arc<[u8]> = artifacts::KEEPS_STATE.into();
    let (a, b) = tokio::join!(sandbox.load(Arc::clone(&bytes), &[]), sandbox.load(Arc::clone(&bytes), &[]));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(Arc::ptr_eq(&a, &b));
    assert_eq!(sandbox.stats().compiled, 1);
    assert_eq!(sandbox.stats().shared, 1);
    drop((a, b));
    sandbox.load(bytes, &[]).await.unwrap();
    assert_eq!(sandbox.stats().compiled, 2, "nobody held it any more");
}

#[tokio::test]
async fn a_plugin_outlives_its_sandbox_and_is_still_interrupted() {
    let plugin = loaded(artifacts::LOOPS_VALIDATE).await;
    let mut session = plugin.session(CallContext { limits: sandbox::Limits::standard(), ..context() });
    let call = creating(&plugin.manifest().models[0]);
    let error = session.validate(call, created(&[&thing("text")])).await;
    assert!(error.is_err());
}
