//! Asking a component what it is: one trial instantiation for each of two worlds that differ in time and seed.
//!
//! A description that depends on either is no description. Nothing is granted while it is asked for, and what it answers is
//! a draft until the model crate judged it.

use std::sync::Arc;

use model::{ManifestDraft, ModelDraft};

use crate::classify::{Site, answer_error, call_error};
use crate::engine::Core;
use crate::instance::Instance;
use crate::plugin::Prepared;
use crate::state::State;
use crate::text::printable;
use crate::{CallContext, CallError, DescribeFailure, Digest, GuestFunction, LoadError, abi::v0_1::AnswerError};

/// Bytes of a plugin's refusal that are shown.
const REFUSAL_BYTES_MAX: usize = 1 << 10;

/// The manifest, as both trials gave it.
pub(crate) async fn describe(core: &Core, prepared: &Prepared, digest: &Digest) -> Result<ManifestDraft, LoadError> {
    let first = ask(core, prepared, digest, (1_000_000, 1)).await?;
    let second = ask(core, prepared, digest, (2_000_000_000_000_000, u64::MAX)).await?;
    match difference(&first, &second) {
        None => Ok(first),
        Some(difference) => Err(LoadError::DescribeDiffers { difference }),
    }
}

async fn ask(
    core: &Core,
    prepared: &Prepared,
    digest: &Digest,
    (now_us, seed): (i64, u64),
) -> Result<ManifestDraft, LoadError> {
    let plugin: Arc<str> = digest.short().into();
    let context = CallContext { now_us, seed, limits: core.limits, namespace: "".into() };
    let site = Site {
        namespace: &context.namespace,
        plugin: &plugin,
        function: GuestFunction::Describe,
        instances_max: core.instances_max,
    };
    let state = State::new(&context, core.limits, Arc::clone(&plugin));
    let mut instance = Instance::start(&prepared.pre, state)
        .await
        .map_err(|(error, state)| failed(call_error(&error, &state, site)))?;
    match instance.describe(&prepared.exports).await {
        Ok(Ok(Ok(draft))) => Ok(draft),
        Ok(Ok(Err(problems))) => Err(LoadError::InvalidModel { problems }),
        Ok(Err(message)) => Err(LoadError::BadDescribe {
            failure: DescribeFailure::Refused { message: printable(message, REFUSAL_BYTES_MAX) },
        }),
        Err(error) => {
            let error: AnswerError = error;
            Err(failed(answer_error(error, instance.state(), site)))
        }
    }
}

fn failed(error: CallError) -> LoadError {
    match error {
        CallError::Fault(fault) => LoadError::BadDescribe { failure: DescribeFailure::Broke(fault) },
        CallError::Sandbox(error) => LoadError::Sandbox(error),
    }
}

/// Where two descriptions differ. Compares what is printed, because a float that is no number is not equal to itself.
fn difference(first: &ManifestDraft, second: &ManifestDraft) -> Option<String> {
    let differ = |a: &dyn std::fmt::Debug, b: &dyn std::fmt::Debug| format!("{a:?}") != format!("{b:?}");
    if !differ(first, second) {
        return None;
    }
    let parts: [(&str, &dyn std::fmt::Debug, &dyn std::fmt::Debug); 4] = [
        ("its name", &first.name, &second.name),
        ("its version", &first.version, &second.version),
        ("its sdk", &first.sdk, &second.sdk),
        ("what it wants", &first.wants, &second.wants),
    ];
    if let Some((part, ..)) = parts.iter().find(|(_, a, b)| differ(*a, *b)) {
        return Some((*part).to_owned());
    }
    if first.models.len() != second.models.len() {
        return Some("the number of its models".to_owned());
    }
    let mut models = first.models.iter().zip(&second.models);
    let changed = models.find(|(a, b)| differ(a, b));
    changed.map(|(a, b): (&ModelDraft, &ModelDraft)| {
        let name = printable(a.name.clone(), 60);
        let mut fields = a.fields.iter().zip(&b.fields);
        match fields.find(|(a, b)| differ(a, b)) {
            Some((field, _)) => {
                let field = printable(field.name.clone(), 60);
                format!("model `{name}`, field `{field}`")
            }
            None => format!("model `{name}`"),
        }
    })
}
