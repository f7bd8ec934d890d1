//! Hooks around a write: normalize, then the declared constraints, then validate.
//!
//! Decides what each hook sees and believes nothing a guest says: patches are checked against the model by the sandbox and
//! by the constraints here, exactly like a caller's data.

use std::time::Instant;

use model::{Hook, HookKind, ModelDef, Role, Row, Severity, Value, View, Violation, Wholeness};
use sandbox::{Change, HookCall, HookOperation, Session};
use sql::{Filter, Plan};

use crate::request::Request;
use crate::{EngineError, RefusedRecord};

/// Whether hooks need the record as it is before the operation can be judged.
pub(crate) fn wants_before(def: &ModelDef, plan: &Plan) -> bool {
    match plan {
        Plan::Create { .. } | Plan::Read { .. } | Plan::List { .. } => false,
        Plan::Delete { .. } => hook(def, HookKind::Validate, HookOperation::Delete).is_some(),
        Plan::Update { filter, row, .. } => {
            let knows_all = || {
                def.fields.iter().zip(row).enumerate().all(|(at, (field, value))| match field.role {
                    Role::Plain => !value.is_absent() || (at == def.key && filter.fixed_value(at).is_some()),
                    Role::UpdatedAt => true,
                    Role::CreatedAt | Role::Version => false,
                })
            };
            [HookKind::Normalize, HookKind::Validate].into_iter().any(|kind| {
                hook(def, kind, HookOperation::Update).is_some_and(|hook| match hook.view {
                    View::Sent => false,
                    View::Whole => !knows_all(),
                    View::Before => true,
                })
            })
        }
    }
}

/// The plan as hooks leave it, with their warnings; or what they and the constraints refuse.
pub(crate) async fn judge(
    request: &Request,
    session: &mut Session,
    plan: Plan,
    before: Option<&Row>,
) -> Result<(Plan, Vec<Violation>), EngineError> {
    match plan {
        Plan::Create { mut row } => {
            let mut whole = row.clone();
            normalize(request, session, HookOperation::Create, &mut row, &mut whole).await?;
            check(request, &row, Wholeness::Whole)?;
            let warnings = validate(request, session, HookOperation::Create, &row, None).await?;
            Ok((Plan::Create { row }, warnings))
        }
        Plan::Update { filter, mut row, now_us } => {
            let mut whole = merge(request.def(), &row, before, &filter, now_us);
            normalize(request, session, HookOperation::Update, &mut row, &mut whole).await?;
            check(request, &row, Wholeness::Partial)?;
            let seen = if view(request, HookKind::Validate) == View::Sent { &row } else { &whole };
            let warnings = validate(request, session, HookOperation::Update, seen, before).await?;
            Ok((Plan::Update { filter, row, now_us }, warnings))
        }
        Plan::Delete { filter } => {
            let warnings = match before {
                Some(before) => validate(request, session, HookOperation::Delete, before, None).await?,
                None => Vec::new(),
            };
            Ok((Plan::Delete { filter }, warnings))
        }
        plan @ (Plan::Read { .. } | Plan::List { .. }) => Ok((plan, Vec::new())),
    }
}

/// The plan, refusing to touch a record that is no longer as the hooks saw it.
pub(crate) fn guarded(def: &ModelDef, plan: Plan, before: &Row) -> Plan {
    let guard = |filter: Filter| filter.and(Filter::unchanged(def, before));
    match plan {
        Plan::Update { filter, row, now_us } => Plan::Update { filter: guard(filter), row, now_us },
        Plan::Delete { filter } => Plan::Delete { filter: guard(filter) },
        plan @ (Plan::Create { .. } | Plan::Read { .. } | Plan::List { .. }) => plan,
    }
}

/// Lets the guest tidy the record: `row` is what will be written, `whole` the record as it will be.
async fn normalize(
    request: &Request,
    session: &mut Session,
    operation: HookOperation,
    row: &mut Row,
    whole: &mut Row,
) -> Result<(), EngineError> {
    let Some(hook) = hook(request.def(), HookKind::Normalize, operation) else {
        return Ok(());
    };
    let seen: &Row = if hook.view == View::Sent { row } else { whole };
    let call = HookCall { model: &request.model.def, operation };
    let start = Instant::now();
    let patches = session.normalize(call, &[seen]).await?;
    log(HookKind::Normalize, start, patches.len());
    for patch in patches {
        row[patch.field] = patch.value.clone();
        whole[patch.field] = patch.value;
    }
    Ok(())
}

fn check(request: &Request, row: &Row, wholeness: Wholeness) -> Result<(), EngineError> {
    let violations = request.def().violations(0, row, wholeness);
    if violations.is_empty() { Ok(()) } else { Err(refused(request, violations)) }
}

/// Lets the guest refuse the record. It sees only records that meet their declared constraints.
async fn validate(
    request: &Request,
    session: &mut Session,
    operation: HookOperation,
    after: &Row,
    before: Option<&Row>,
) -> Result<Vec<Violation>, EngineError> {
    let Some(hook) = hook(request.def(), HookKind::Validate, operation) else {
        return Ok(Vec::new());
    };
    let before = before.filter(|_| hook.view == View::Before);
    let call = HookCall { model: &request.model.def, operation };
    let start = Instant::now();
    let violations = session.validate(call, &[Change { after, before }]).await?;
    log(HookKind::Validate, start, violations.len());
    if violations.iter().any(|violation| violation.severity == Severity::Error) {
        return Err(refused(request, violations));
    }
    Ok(violations)
}

/// One step of a request, for whoever reads its log.
fn log(hook: HookKind, start: Instant, answers: usize) {
    let us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(target: "modelhost::request", hook = hook.name(), us, answers, "hook");
}

fn refused(request: &Request, violations: Vec<Violation>) -> EngineError {
    EngineError::Refused(RefusedRecord { def: request.model.def.clone(), violations })
}

/// The record as it will be: as it was, with what was sent and what the host writes.
fn merge(def: &ModelDef, row: &Row, before: Option<&Row>, filter: &Filter, now_us: i64) -> Row {
    let value = |(at, sent): (usize, &Value)| {
        let was = || before.map_or(Value::Absent, |before| before[at].clone());
        match (def.fields[at].role, was()) {
            (Role::UpdatedAt, _) => Value::Timestamp(now_us),
            (Role::Version, Value::Int(version)) => Value::Int(version + 1),
            (_, was) if sent.is_absent() => match filter.fixed_value(at) {
                Some(key) if at == def.key => key.clone(),
                _ => was,
            },
            _ => sent.clone(),
        }
    };
    row.iter().enumerate().map(value).collect()
}

fn hook(def: &ModelDef, kind: HookKind, operation: HookOperation) -> Option<Hook> {
    def.hook(kind).copied().filter(|hook| match operation {
        HookOperation::Create => hook.on_create,
        HookOperation::Update => hook.on_update,
        HookOperation::Delete => hook.on_delete,
    })
}

fn view(request: &Request, kind: HookKind) -> View {
    request.def().hook(kind).map_or(View::Sent, |hook| hook.view)
}
