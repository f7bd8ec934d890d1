//! The trial of a plugin's hooks: each is called once without records before a generation is made of it.
//!
//! No record is made up for it, since one that is sound for the host might be none that callers write. So this finds a hook
//! that breaks whatever it gets, or answers for records that it did not get.

use std::sync::Arc;

use model::{HookKind, ModelDef};

use crate::{CallContext, CallError, HookCall, HookOperation, LoadError, Plugin, Records};

pub(crate) async fn try_hooks(plugin: &Arc<Plugin>) -> Result<(), LoadError> {
    for model in &plugin.manifest().models {
        for (kind, operation) in hooks(model) {
            try_hook(plugin, kind, HookCall { model, operation }).await.map_err(|error| match error {
                CallError::Fault(fault) => LoadError::BadHook { model: model.name.to_string(), fault },
                CallError::Sandbox(error) => LoadError::Sandbox(error),
            })?;
        }
    }
    Ok(())
}

/// Each on an instance of its own, as an operation has it.
async fn try_hook(plugin: &Arc<Plugin>, kind: HookKind, call: HookCall<'_>) -> Result<(), CallError> {
    let context = CallContext { now_us: 0, seed: 0, limits: plugin.core.limits, namespace: "".into() };
    let mut session = plugin.session(context);
    match kind {
        HookKind::Validate => session.validate(call, Records { after: &[], before: None }).await.map(drop),
        HookKind::Normalize => session.normalize(call, &[]).await.map(drop),
    }
}

fn hooks(model: &ModelDef) -> impl Iterator<Item = (HookKind, HookOperation)> {
    model.hooks.iter().flat_map(|hook| {
        let operations = [
            (hook.on_create, HookOperation::Create),
            (hook.on_update, HookOperation::Update),
            (hook.on_delete, HookOperation::Delete),
        ];
        operations.into_iter().filter(|(runs, _)| *runs).map(|(_, operation)| (hook.kind, operation))
    })
}
