//! The one place that knows how to set up a sandbox and call a hook; tests are what goes in and the text that comes out.

use std::fmt::Write as _;
use std::sync::Arc;

use model::{Describe, ModelDef, Problem, Row, Value};
use sandbox::{
    CallContext, CallError, Compiling, Fault, HookCall, HookOperation, Limits, LoadError, Plugin, Records, Sandbox,
    SandboxSettings,
};

/// Long enough for what is tested to break by itself, on a machine that is busy with other tests.
pub(crate) const PATIENT: Limits = Limits { call_time_ms_max: 10_000, ..Limits::standard() };

pub(crate) fn sandbox_with(limits: Limits) -> Sandbox {
    Sandbox::new(SandboxSettings {
        limits,
        cache: None,
        compiling: Compiling::Here,
        compiles_max: 1,
        instances_max: 32,
    })
    .expect("the engine starts")
}

pub(crate) async fn load(bytes: &[u8]) -> Result<Arc<Plugin>, LoadError> {
    sandbox_with(PATIENT).load(bytes.into(), &[]).await
}

pub(crate) async fn loaded(bytes: &[u8]) -> Arc<Plugin> {
    loaded_with(PATIENT, bytes).await
}

pub(crate) async fn loaded_with(limits: Limits, bytes: &[u8]) -> Arc<Plugin> {
    let sandbox = sandbox_with(limits);
    sandbox.load(bytes.into(), &[]).await.expect("loads")
}

/// Why the component is refused, as its reader sees it.
pub(crate) async fn refused(bytes: &[u8]) -> String {
    told(&load(bytes).await.expect_err("is refused"))
}

pub(crate) fn context() -> CallContext {
    CallContext { now_us: 1_767_225_600_000_000, seed: 7, limits: PATIENT, namespace: "acme".into() }
}

/// A record of the guests' model `thing`.
pub(crate) fn thing(text: &str) -> Row {
    vec![Value::Int(1), Value::Text(text.to_owned())]
}

pub(crate) fn creating(model: &ModelDef) -> HookCall<'_> {
    HookCall { model, operation: HookOperation::Create }
}

pub(crate) fn created<'a>(rows: &'a [&'a Row]) -> Records<'a> {
    Records { after: rows, before: None }
}

/// Validates one `thing` with the sandbox's own limits; the answer as text.
pub(crate) async fn validated(bytes: &[u8]) -> String {
    validated_with(PATIENT, bytes).await
}

pub(crate) async fn validated_with(limits: Limits, bytes: &[u8]) -> String {
    let plugin = loaded(bytes).await;
    let mut session = plugin.session(CallContext { limits, ..context() });
    let call = creating(&plugin.manifest().models[0]);
    match session.validate(call, created(&[&thing("text")])).await {
        Ok(violations) => format!("{violations:?}"),
        Err(error) => told(&error),
    }
}

/// Normalises one `thing`; the answer as text.
pub(crate) async fn normalized(bytes: &[u8], row: Row) -> String {
    let plugin = loaded(bytes).await;
    let mut session = plugin.session(context());
    let call = creating(&plugin.manifest().models[0]);
    match session.normalize(call, &[&row]).await {
        Ok(changes) => format!("{changes:?}"),
        Err(error) => told(&error),
    }
}

pub(crate) fn fault(error: CallError) -> Fault {
    match error {
        CallError::Fault(fault) => *fault,
        CallError::Sandbox(error) => panic!("the host broke: {error}"),
    }
}

/// An error as its reader sees it.
pub(crate) fn told(error: &dyn Describe) -> String {
    let problem = Problem::of(error);
    let mut text = format!("{}: {}\n", problem.code, problem.message);
    for cause in &problem.cause {
        writeln!(text, "  because {cause}").expect("a String takes every write");
    }
    for (name, value) in &problem.context {
        writeln!(text, "  {name}: {value}").expect("a String takes every write");
    }
    for solution in &problem.solutions {
        writeln!(text, "  -> {solution}").expect("a String takes every write");
    }
    text
}

/// Without the digest that stands for a plugin whose name is not known yet.
pub(crate) fn stable(text: String) -> String {
    let is_digest = |word: &&str| {
        let word = word.trim_matches('`');
        word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let digest = text.split_whitespace().find(is_digest).map(|word| word.trim_matches('`').to_owned());
    digest.map_or(text.clone(), |digest| text.replace(&digest, "DIGEST"))
}

/// A panic's message without line and column, which change with every edit of the guest.
pub(crate) fn without_place(panic: &str) -> String {
    let (before, after) = panic.split_once(".rs:").expect("a panic names its file");
    let (_, message) = after.split_once('\n').expect("a message follows");
    format!("{before}.rs:PLACE\n{message}")
}
