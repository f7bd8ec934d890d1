//! Calling the guest's functions.
//!
//! Positions of exports are found once, at load; functions of an instance when a hook is first called. Arguments are lent,
//! answers are judged before they are returned.

use model::{ManifestDraft, ModelDef, Problems, Row, Severity, Violation};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::batch::Batch;
use super::bindings::exports::modelhost::plugin::{descriptor, normalize, validate};
use super::bindings::modelhost::plugin::types;
use super::descriptor as convert;
use super::value::{NoSuchValue, from_wit, parameter};
use crate::artifact::Outline;
use crate::fault::Exceeded;
use crate::state::State;
use crate::text::printable;
use crate::{BadOutput, FieldChange, HookCall, HookOperation, Records, output};

/// Where a component keeps the functions of the contract.
pub(crate) struct Exports {
    descriptor: descriptor::GuestIndices,
    validate: Option<validate::GuestIndices>,
    normalize: Option<normalize::GuestIndices>,
}

/// The functions of one instance, as far as they were called.
pub(crate) struct Functions {
    instance: Instance,
    validate: Option<validate::Guest>,
    normalize: Option<normalize::Guest>,
}

/// Why a call gave no usable answer.
pub(crate) enum AnswerError {
    /// The call itself failed.
    Call(wasmtime::Error),
    /// It answered with nonsense.
    Output(BadOutput),
    /// It answered with too much.
    TooMuch(Exceeded),
    /// The component has no such export.
    NoSuchHook,
}

impl Exports {
    pub(crate) fn of(pre: &InstancePre<State>, outline: &Outline) -> wasmtime::Result<Self> {
        let validate = outline.exports("validate");
        let normalize = outline.exports("normalize");
        Ok(Self {
            descriptor: descriptor::GuestIndices::new(pre)?,
            validate: validate.then(|| validate::GuestIndices::new(pre)).transpose()?,
            normalize: normalize.then(|| normalize::GuestIndices::new(pre)).transpose()?,
        })
    }
}

impl Functions {
    pub(crate) fn of(instance: Instance) -> Self {
        Self { instance, validate: None, normalize: None }
    }

    /// What the plugin says about itself, or the text with which it refuses to.
    pub(crate) async fn describe(
        &self,
        store: &mut Store<State>,
        exports: &Exports,
    ) -> wasmtime::Result<Result<Result<ManifestDraft, Problems>, String>> {
        let guest = exports.descriptor.load(&mut *store, &self.instance)?;
        let answer = guest.call_describe(store).await?;
        Ok(answer.map(convert::manifest))
    }

    pub(crate) async fn validate(
        &mut self,
        store: &mut Store<State>,
        exports: &Exports,
        call: &HookCall<'_>,
        Records { after, before }: Records<'_>,
    ) -> Result<Vec<Violation>, AnswerError> {
        let guest = match self.validate.take() {
            Some(guest) => guest,
            None => {
                let indices = exports.validate.as_ref().ok_or(AnswerError::NoSuchHook)?;
                indices.load(&mut *store, &self.instance)?
            }
        };
        let records = after.len();
        assert!(before.is_none_or(|before| before.len() == records), "each record is as it was and as it will be");
        let after = Batch::of(call.model, after);
        let before = before.map(|before| Batch::of(call.model, before));
        let (columns, columns_before) = (after.columns(), before.as_ref().map(Batch::columns).unwrap_or_default());
        let before = before.as_ref().map(|before| before.lend(&columns_before));
        let answer = guest.call_validate(&mut *store, call_to_wit(call), after.lend(&columns), before).await?;
        self.validate = Some(guest);
        judge_violations(answer, call.model, records, store.data())
    }

    pub(crate) async fn normalize(
        &mut self,
        store: &mut Store<State>,
        exports: &Exports,
        call: &HookCall<'_>,
        rows: &[&Row],
    ) -> Result<Vec<FieldChange>, AnswerError> {
        let guest = match self.normalize.take() {
            Some(guest) => guest,
            None => {
                let indices = exports.normalize.as_ref().ok_or(AnswerError::NoSuchHook)?;
                indices.load(&mut *store, &self.instance)?
            }
        };
        let batch = Batch::of(call.model, rows);
        let columns = batch.columns();
        let answer = guest.call_normalize(&mut *store, call_to_wit(call), batch.lend(&columns)).await?;
        self.normalize = Some(guest);
        Ok(judge_changes(answer, call.model, rows.len())?)
    }
}

fn call_to_wit(call: &HookCall<'_>) -> types::Call {
    types::Call {
        model: u32::try_from(call.model.position).expect("a manifest has at most 200 models"),
        operation: match call.operation {
            HookOperation::Create => types::Operation::Create,
            HookOperation::Update => types::Operation::Update,
            HookOperation::Delete => types::Operation::Delete,
        },
    }
}

fn judge_violations(
    answer: Vec<types::Violation>,
    model: &ModelDef,
    records: usize,
    state: &State,
) -> Result<Vec<Violation>, AnswerError> {
    let max = state.limits.violations_max;
    if answer.len() > max {
        return Err(AnswerError::TooMuch(Exceeded { limit: "violations_max", max: max as u64, unit: "violations" }));
    }
    let bytes_max = state.limits.violation_text_bytes_max;
    let judged = answer
        .into_iter()
        .map(|violation| judge_violation(violation, model, records, bytes_max))
        .collect::<Result<_, _>>()?;
    Ok(judged)
}

fn judge_violation(
    violation: types::Violation,
    model: &ModelDef,
    records: usize,
    bytes_max: usize,
) -> Result<Violation, BadOutput> {
    let code = output::violation_code(violation.code)?;
    output::parameter_count(&code, violation.parameters.len())?;
    let field = violation.field.map(|field| output::field(field, model));
    let parameters = violation.parameters.into_iter();
    Ok(Violation {
        index: output::record(violation.index, records)?,
        field: field.transpose()?,
        message: printable(violation.message, bytes_max),
        parameters: parameters.map(|(name, scalar)| (printable(name, 64), parameter(scalar, bytes_max))).collect(),
        severity: match violation.severity {
            types::Severity::Error => Severity::Error,
            types::Severity::Warning => Severity::Warning,
        },
        code,
    })
}

fn judge_changes(
    answer: Vec<normalize::FieldChange>,
    model: &ModelDef,
    records: usize,
) -> Result<Vec<FieldChange>, BadOutput> {
    let values = records * model.fields.len();
    if answer.len() > values {
        return Err(BadOutput::ChangeCount { changes: answer.len(), values });
    }
    answer
        .into_iter()
        .map(|change| {
            let index = output::record(change.index, records)?;
            let field = output::field(change.field, model)?;
            output::writable(field, model)?;
            let def = &model.fields[field];
            let value = from_wit(change.value, def.field_type).map_err(|NoSuchValue { found }| {
                BadOutput::ValueType { field: def.name.to_string(), expected: def.field_type.to_string(), found }
            })?;
            output::value_for(field, model, &value)?;
            Ok(FieldChange { index, field, value })
        })
        .collect()
}

impl From<wasmtime::Error> for AnswerError {
    fn from(error: wasmtime::Error) -> Self {
        Self::Call(error)
    }
}

impl From<BadOutput> for AnswerError {
    fn from(problem: BadOutput) -> Self {
        Self::Output(problem)
    }
}
