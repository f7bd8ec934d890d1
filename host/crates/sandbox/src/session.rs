//! One operation's calls into a plugin.
//!
//! A session has at most one instance, made fresh at the first hook call and dropped with the session. It never calls an
//! instance again that broke or whose call was dropped: then it only repeats why.

use std::sync::Arc;

use model::{HookKind, ModelDef, Row, Value, Violation};

use crate::classify::{Site, answer_error, call_error};
use crate::instance::Instance;
use crate::state::State;
use crate::{CallError, GuestFunction, Limits, Logs, Plugin, SandboxError};

/// What is fixed for one operation. Equal contexts and equal arguments give equal answers.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// The time of the operation, in microseconds since 1970.
    pub now_us: i64,
    /// Where the operation's random sequence begins.
    pub seed: u64,
    /// The namespace's limits. Only what is lower than the sandbox's has an effect.
    pub limits: Limits,
    /// The namespace, for the log.
    pub namespace: Arc<str>,
}

/// The operation around which a hook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookOperation {
    /// A record is created.
    Create,
    /// A record is changed.
    Update,
    /// A record is deleted.
    Delete,
}

/// What one hook call is about; the same for every record of the batch.
#[derive(Debug, Clone, Copy)]
pub struct HookCall<'a> {
    /// The model, of this plugin's manifest.
    pub model: &'a ModelDef,
    /// The operation.
    pub operation: HookOperation,
}

/// Records for `validate`, each full width and in the model's order.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// As they will be; for a delete, as they are.
    pub after: &'a [&'a Row],
    /// The same records as they were, if the hook's view asks for it.
    pub before: Option<&'a [&'a Row]>,
}

/// A new value that `normalize` gave to a field: of the field's type or null, and never for the key or a managed field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Position of the record in the batch.
    pub index: usize,
    /// Position of the field in the model.
    pub field: usize,
    /// The value.
    pub value: Value,
}

/// One operation's calls.
#[derive(Debug)]
pub struct Session {
    plugin: Arc<Plugin>,
    context: CallContext,
    stage: Stage,
    /// The lines of an instance that is gone.
    logs: Logs,
}

enum Stage {
    /// Nothing was called yet.
    Fresh,
    /// Between two calls.
    Live(Box<Instance>),
    /// A call broke.
    Broken(CallError),
    /// A call is under way; who sees it afterwards knows that its future was dropped.
    Calling,
}

impl Session {
    pub(crate) fn new(plugin: Arc<Plugin>, context: CallContext) -> Self {
        Self { plugin, context, stage: Stage::Fresh, logs: Logs::default() }
    }

    /// Gives the guest the time and host calls of one operation anew, on a new instance where the last one broke: the
    /// batches of a bulk operation are judged as they would be one by one.
    pub fn begin_batch(&mut self) {
        match &mut self.stage {
            Stage::Live(instance) => instance.renew(),
            Stage::Broken(_) => self.stage = Stage::Fresh,
            Stage::Fresh | Stage::Calling => {}
        }
    }

    /// Asks what is wrong with the records.
    pub async fn validate(&mut self, call: HookCall<'_>, records: Records<'_>) -> Result<Vec<Violation>, CallError> {
        let mut instance = self.enter(GuestFunction::Validate).await?;
        let exports = &self.plugin.prepared.exports;
        let answer = instance.validate(exports, &call, records).await;
        self.leave(GuestFunction::Validate, instance, answer)
    }

    /// Asks which fields of the records get another value.
    pub async fn normalize(&mut self, call: HookCall<'_>, rows: &[&Row]) -> Result<Vec<FieldChange>, CallError> {
        let mut instance = self.enter(GuestFunction::Normalize).await?;
        let exports = &self.plugin.prepared.exports;
        let answer = instance.normalize(exports, &call, rows).await;
        self.leave(GuestFunction::Normalize, instance, answer)
    }

    /// What the guest logged so far.
    pub fn logs(&self) -> &Logs {
        match &self.stage {
            Stage::Live(instance) => &instance.state().log.logs,
            Stage::Fresh | Stage::Broken(_) | Stage::Calling => &self.logs,
        }
    }

    /// Ends the operation.
    pub fn finish(self) -> Logs {
        match self.stage {
            Stage::Live(instance) => instance.into_state().log.logs,
            Stage::Fresh | Stage::Broken(_) | Stage::Calling => self.logs,
        }
    }

    /// Takes the instance for a call. While it is taken the session is `Calling`: if the call's future is dropped, so is
    /// the instance, and the session stays as it is.
    async fn enter(&mut self, function: GuestFunction) -> Result<Box<Instance>, CallError> {
        match std::mem::replace(&mut self.stage, Stage::Calling) {
            Stage::Live(instance) => Ok(instance),
            Stage::Fresh => self.start(function).await,
            Stage::Broken(error) => {
                self.stage = Stage::Broken(error.clone());
                Err(error)
            }
            Stage::Calling => Err(CallError::Sandbox(SandboxError::Abandoned)),
        }
    }

    async fn start(&mut self, function: GuestFunction) -> Result<Box<Instance>, CallError> {
        let plugin = &self.plugin;
        let limits = self.context.limits.at_most(&plugin.core.limits);
        let state = State::new(&self.context, limits, Arc::clone(&plugin.name));
        match Instance::start(&plugin.prepared.pre, state).await {
            Ok(instance) => Ok(Box::new(instance)),
            Err((error, state)) => {
                let error = call_error(&error, &state, self.site(function));
                Err(self.broken(error, state))
            }
        }
    }

    fn leave<T>(
        &mut self,
        function: GuestFunction,
        instance: Box<Instance>,
        answer: Result<T, crate::abi::v0_1::AnswerError>,
    ) -> Result<T, CallError> {
        match answer {
            Ok(answer) => {
                self.stage = Stage::Live(instance);
                Ok(answer)
            }
            Err(error) => {
                let error = answer_error(error, instance.state(), self.site(function));
                Err(self.broken(error, instance.into_state()))
            }
        }
    }

    fn broken(&mut self, error: CallError, state: State) -> CallError {
        self.logs = state.log.logs;
        self.stage = Stage::Broken(error.clone());
        error
    }

    fn site(&self, function: GuestFunction) -> Site<'_> {
        Site {
            namespace: &self.context.namespace,
            plugin: &self.plugin.name,
            function,
            instances_max: self.plugin.core.instances_max,
        }
    }
}

impl From<HookKind> for GuestFunction {
    fn from(kind: HookKind) -> Self {
        match kind {
            HookKind::Validate => Self::Validate,
            HookKind::Normalize => Self::Normalize,
        }
    }
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fresh => "Fresh",
            Self::Live(_) => "Live",
            Self::Broken(_) => "Broken",
            Self::Calling => "Calling",
        })
    }
}
