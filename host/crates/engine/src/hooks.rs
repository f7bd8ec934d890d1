//! Hooks around a write: normalize, then the declared constraints, then validate.
//!
//! Decides what each hook sees and believes nothing a guest says: patches are checked against the model by the sandbox and
//! by the constraints here, exactly like a caller's data.

use std::time::Instant;

use model::{Hook, HookKind, ModelDef, Role, Row, Severity, Value, View, Violation, Wholeness};
use sandbox::{FieldChange, HookCall, HookOperation, Records, Session};
use sql::{Dialect, Filter, Plan};

use crate::request::Request;
use crate::{EngineError, RefusedRecord};

/// The operation by which hooks know that a record is new.
const NEW: HookOperation = HookOperation::Create;

/// Records that cross into a guest together, at most: their memory is the guest's.
const CROSSING_ROWS_MAX: usize = 1_000;
/// Bytes that cross into a guest together, about: a record alone may be larger.
const CROSSING_BYTES_MAX: usize = 1024 * 1024;

/// Whether hooks need the record as it is before the operation can be judged.
pub(crate) fn wants_before(def: &ModelDef, plan: &Plan) -> bool {
    match plan {
        Plan::Create { .. } | Plan::Read { .. } | Plan::Count { .. } | Plan::List { .. } | Plan::BulkCreate { .. } => {
            false
        }
        Plan::Delete { .. } => hook(def, HookKind::Validate, HookOperation::Delete).is_some(),
        Plan::Update { filter, row, .. } => {
            let knows_all = || {
                def.fields.iter().zip(row).enumerate().all(|(at, (field, value))| match field.role {
                    Role::Plain => !value.is_absent() || (def.is_key(at) && filter.fixed_value(at).is_some()),
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

/// Whether a guest judges or tidies new records.
pub(crate) fn run_on_new_records(def: &ModelDef) -> bool {
    [HookKind::Normalize, HookKind::Validate].into_iter().any(|kind| hook(def, kind, HookOperation::Create).is_some())
}

/// The plan as hooks leave it, with their warnings; or what they and the constraints refuse.
pub(crate) async fn judge(
    request: &Request,
    session: &mut Session,
    plan: Plan,
    before: Option<&Row>,
) -> Result<(Plan, Vec<Violation>), EngineError> {
    match plan {
        Plan::Create { row } => {
            let mut rows = [row];
            let warnings = judge_new(request, session, &mut rows, 0, None).await?;
            let [row] = rows;
            Ok((Plan::Create { row }, warnings))
        }
        Plan::Update { filter, mut row, now_us } => {
            let mut whole = merge(request.def(), &row, before, &filter, now_us);
            if let Some(hook) = hook(request.def(), HookKind::Normalize, HookOperation::Update) {
                let seen: &Row = if hook.view == View::Sent { &row } else { &whole };
                for patch in normalize(request, session, HookOperation::Update, &[seen]).await? {
                    row[patch.field] = patch.value.clone();
                    whole[patch.field] = patch.value;
                }
            }
            let dialect = request.generation.store.dialect();
            [&mut row, &mut whole].into_iter().for_each(|row| dialect.keep(row));
            let violations = request.def().violations(0, &row, Wholeness::Partial);
            if !violations.is_empty() {
                return Err(refused(request, violations));
            }
            let after = if view(request, HookKind::Validate) == View::Sent { &row } else { &whole };
            let before = before.filter(|_| view(request, HookKind::Validate) == View::Before);
            let records = Records { after: &[after], before: before.as_ref().map(std::slice::from_ref) };
            let found = validate(request, session, HookOperation::Update, records).await?;
            Ok((Plan::Update { filter, row, now_us }, warnings(request, found)?))
        }
        Plan::Delete { filter } => {
            let found = match before {
                Some(after) => {
                    let records = Records { after: &[after], before: None };
                    validate(request, session, HookOperation::Delete, records).await?
                }
                None => Vec::new(),
            };
            Ok((Plan::Delete { filter }, warnings(request, found)?))
        }
        plan @ (Plan::Read { .. } | Plan::Count { .. } | Plan::List { .. } | Plan::BulkCreate { .. }) => {
            Ok((plan, Vec::new()))
        }
    }
}

/// Whether a guest tidies new records, so that nothing can be said of them before.
pub(crate) fn tidy_new_records(def: &ModelDef) -> bool {
    hook(def, HookKind::Normalize, NEW).is_some()
}

/// What the declared constraints refuse of new records, which become what the database keeps of them.
pub(crate) fn check_new(def: &ModelDef, dialect: Dialect, rows: &mut [Row], first: usize) -> Vec<Violation> {
    rows.iter_mut().for_each(|row| dialect.keep(row));
    let violations_of = |(at, row)| def.violations(first + at, row, Wholeness::Whole);
    rows.iter().enumerate().flat_map(violations_of).collect()
}

/// New records as hooks leave them, with their warnings; or everything that they and the constraints refuse. The first of
/// the records has the position `first` among those of the call; `checked` is what [`check_new`] said of them.
pub(crate) async fn judge_new(
    request: &Request,
    session: &mut Session,
    rows: &mut [Row],
    first: usize,
    checked: Option<Vec<Violation>>,
) -> Result<Vec<Violation>, EngineError> {
    if tidy_new_records(request.def()) {
        let mut rest = &mut *rows;
        for size in crossings(rest.iter()) {
            let (part, later) = rest.split_at_mut(size);
            let seen: Vec<&Row> = part.iter().collect();
            for patch in normalize(request, session, NEW, &seen).await? {
                part[patch.index][patch.field] = patch.value;
            }
            rest = later;
        }
    }
    let check = || check_new(request.def(), request.generation.store.dialect(), rows, first);
    let mut found = checked.unwrap_or_else(check);
    if hook(request.def(), HookKind::Validate, NEW).is_some() {
        found.extend(validate_new(request, session, (rows, first), &found).await?);
    }
    found.sort_by_key(|violation| violation.index);
    warnings(request, found)
}

/// What the guest says about new records, with their positions in the call.
async fn validate_new(
    request: &Request,
    session: &mut Session,
    (rows, first): (&[Row], usize),
    found: &[Violation],
) -> Result<Vec<Violation>, EngineError> {
    // A guest sees only records that meet their declared constraints.
    let is_sound = |at: usize| found.iter().all(|violation| violation.index != first + at);
    let sound: Vec<usize> = match found.is_empty() {
        true => (0..rows.len()).collect(),
        false => (0..rows.len()).filter(|at| is_sound(*at)).collect(),
    };
    let (mut all, mut rest) = (Vec::new(), sound.as_slice());
    for size in crossings(sound.iter().map(|at| &rows[*at])) {
        let (part, later) = rest.split_at(size);
        let after: Vec<&Row> = part.iter().map(|at| &rows[*at]).collect();
        let answered = validate(request, session, NEW, Records { after: &after, before: None }).await?;
        let placed = |violation: Violation| Violation { index: first + part[violation.index], ..violation };
        all.extend(answered.into_iter().map(placed));
        rest = later;
    }
    Ok(all)
}

/// How many records each crossing into the guest has: at most [`CROSSING_ROWS_MAX`] and about [`CROSSING_BYTES_MAX`].
fn crossings<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<usize> {
    let mut sizes = Vec::new();
    let (mut count, mut bytes) = (0, 0);
    for row in rows {
        let size: usize = row.iter().map(Value::size_bytes).sum();
        if count > 0 && (count == CROSSING_ROWS_MAX || bytes + size > CROSSING_BYTES_MAX) {
            sizes.push(count);
            (count, bytes) = (0, 0);
        }
        count += 1;
        bytes += size;
    }
    sizes.extend((count > 0).then_some(count));
    sizes
}

/// The plan, refusing to touch a record that is no longer as the hooks saw it.
pub(crate) fn guarded(def: &ModelDef, plan: Plan, before: &Row) -> Plan {
    let guard = |filter: Filter| filter.and(Filter::unchanged(def, before));
    match plan {
        Plan::Update { filter, row, now_us } => Plan::Update { filter: guard(filter), row, now_us },
        Plan::Delete { filter } => Plan::Delete { filter: guard(filter) },
        plan => plan,
    }
}

async fn normalize(
    request: &Request,
    session: &mut Session,
    operation: HookOperation,
    rows: &[&Row],
) -> Result<Vec<FieldChange>, EngineError> {
    let start = Instant::now();
    let patches = session.normalize(HookCall { model: &request.model.def, operation }, rows).await?;
    log(HookKind::Normalize, start, patches.len());
    Ok(patches)
}

/// What the guest says about the records; nothing where it has no such hook.
async fn validate(
    request: &Request,
    session: &mut Session,
    operation: HookOperation,
    records: Records<'_>,
) -> Result<Vec<Violation>, EngineError> {
    if hook(request.def(), HookKind::Validate, operation).is_none() {
        return Ok(Vec::new());
    }
    let start = Instant::now();
    let violations = session.validate(HookCall { model: &request.model.def, operation }, records).await?;
    log(HookKind::Validate, start, violations.len());
    Ok(violations)
}

/// What was found, where it is no more than warnings.
fn warnings(request: &Request, found: Vec<Violation>) -> Result<Vec<Violation>, EngineError> {
    match found.iter().any(|violation| violation.severity == Severity::Error) {
        true => Err(refused(request, found)),
        false => Ok(found),
    }
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
                Some(key) if def.is_key(at) => key.clone(),
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
