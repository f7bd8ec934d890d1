//! A fresh instance, one validate and its drop, in the sandbox and in bare wasmtime.
//!
//! The sandbox converts the record, arms its limits and judges the answer; bare wasmtime gets a record that is converted
//! already. Invariant: both run the same component with the same engine settings, in engines of their own.

use std::hint::black_box;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use chrono::DateTime;
use sandbox::{CallContext, Compiling, HookCall, HookOperation, Limits, Plugin, Records, Sandbox, SandboxSettings};

use crate::bare::guest::Guest;
use crate::compare::{Size, compare};
use crate::contact::{self, Contact, NewContact};
use crate::figure::{Figure, Target};
use crate::report::Report;

const NAME: &str = "instance, validate, drop";
const SIZE: Size = Size { operations: 4_000, block: 200 };

/// As many as a host allows.
const INSTANCES_MAX: u32 = 4_096;

pub(crate) async fn run(report: &mut Report) -> Result<()> {
    if !report.wants(NAME) {
        return Ok(());
    }
    let limits = Limits::standard();
    let settings = SandboxSettings {
        limits,
        cache: None,
        compiling: Compiling::Here,
        compiles_max: 1,
        instances_max: INSTANCES_MAX,
    };
    let sandbox = Sandbox::new(settings)?;
    let plugin = sandbox.load(artifacts::BENCH_HOOKED.into(), &[]).await?;
    let bare = bare()?;
    let contact = contact();
    let ours = ours(&plugin, &contact)?;
    let bare = async |_| assert_eq!(bare.validate(&contact).await.expect("an answer"), 0);
    let measured = compare(SIZE, ours, bare).await;
    report.add(Figure::beside(NAME, "none", &measured, Target::Times(1.5)));
    Ok(())
}

/// The same component in an engine of bare wasmtime.
pub(crate) fn bare() -> Result<Guest> {
    Guest::compile(artifacts::BENCH_HOOKED, Limits::standard(), INSTANCES_MAX)
        .map_err(|error| anyhow!("bare wasmtime: {error:?}"))
}

fn ours<'a>(plugin: &'a Arc<Plugin>, contact: &Contact) -> Result<impl AsyncFnMut(usize) + use<'a>> {
    let model = plugin.manifest().models.first().context("a model")?;
    let row = contact.to_row();
    let context = CallContext { now_us: 0, seed: 1, limits: Limits::standard(), namespace: Arc::from("figures") };
    Ok(async move |_| {
        let mut session = plugin.session(context.clone());
        let call = HookCall { model, operation: HookOperation::Create };
        let violations = session.validate(call, Records { after: &[&row], before: None }).await;
        assert!(black_box(violations.expect("an answer")).is_empty());
    })
}

/// A record that the hook accepts.
pub(crate) fn contact() -> Contact {
    let NewContact { name, email, status, credit, score, active } = NewContact::numbered(7);
    Contact {
        id: contact::id(7),
        name,
        email,
        status: status.to_owned(),
        credit,
        score,
        active,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}
