//! The request path.
//!
//! Bytes become an operation, a plan, a judged plan, statements, rows, an answer. No schema check, no DDL, no migration
//! table and no lock: all of that happened at activation. No connection is held while guest code runs.

use std::sync::Arc;

use model::{ModelDef, Violation, WireOptions};
use sandbox::Session;
use sql::{BulkCreate, Operation, OperationKind, Plan, plan};

use crate::namespace::Namespace;
use crate::ops::{self, Outcome};
use crate::request::Request;
use crate::{EngineError, Generation, hooks};

/// How often a write reads again when the record changed under it.
const ROUNDS_MAX: usize = 3;

/// An operation as it arrives.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The namespace.
    pub namespace: &'a str,
    /// The model.
    pub model: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// `{"filter": ..., "data": ..., "options": ...}`
    pub body: &'a str,
}

/// What a call is answered with.
pub struct Answer {
    /// The generation that answered.
    pub generation: i64,
    /// The model, which names the values.
    pub def: Arc<ModelDef>,
    /// What came of it.
    pub outcome: Outcome,
    /// What the plugin wants the caller to know although it accepted.
    pub warnings: Vec<Violation>,
    /// How the caller wants values written.
    pub wire: WireOptions,
}

/// Runs one operation in a namespace. Answers the generation that it ran in too, where there is one.
pub(crate) async fn call(
    namespace: &Namespace,
    call: &Call<'_>,
    now_us: i64,
) -> (Option<i64>, Result<Answer, EngineError>) {
    let generation = match namespace.generation() {
        Ok(generation) => generation,
        Err(error) => return (None, Err(error)),
    };
    let number = generation.number;
    let result = tokio::select! {
        biased;
        answer = call_in(Arc::clone(&generation), call, now_us) => answer,
        () = generation.ended() => {
            Err(EngineError::Replaced { namespace: call.namespace.to_owned(), generation: number })
        }
    };
    (Some(number), result)
}

async fn call_in(generation: Arc<Generation>, call: &Call<'_>, now_us: i64) -> Result<Answer, EngineError> {
    let kind = OperationKind::parse(call.operation)?;
    let model = Arc::clone(generation.model(call.model)?);

    let (request, mut session) = Request::begin(generation, model, kind, now_us);
    let (outcome, warnings, wire) = match kind {
        OperationKind::BulkCreate => {
            let bulk = BulkCreate::parse(request.def(), call.body).map_err(EngineError::Invalid)?;
            let (outcome, warnings) = ops::bulk_create::run(&request, &mut session, &bulk).await?;
            (outcome, warnings, bulk.options.wire)
        }
        kind => {
            let operation = Operation::parse(kind, request.def(), call.body).map_err(EngineError::Invalid)?;
            let (wire, missing) = (operation.options.wire, operation.options.missing);
            let plan = plan(operation, request.def(), &request.moment)?;
            let (outcome, warnings) = run(&request, &mut session, plan).await?;
            (ops::answer_missing(outcome, missing, &request)?, warnings, wire)
        }
    };
    tracing::debug!(target: "modelhost::request", generation = request.generation.number, "answered");
    Ok(Answer { generation: request.generation.number, def: Arc::clone(&request.model.def), outcome, warnings, wire })
}

/// Read what hooks want to see, let them judge, write; again when the record changed in between.
async fn run(request: &Request, session: &mut Session, plan: Plan) -> Result<(Outcome, Vec<Violation>), EngineError> {
    if !hooks::wants_before(request.def(), &plan) {
        let (plan, warnings) = hooks::judge(request, session, plan, None).await?;
        let outcome = ops::execute(request, &plan).await?;
        return Ok((ops::diagnose(request, &plan, outcome).await?, warnings));
    }
    for _ in 0..ROUNDS_MAX {
        let Some(before) = ops::read::by(request, &plan).await? else {
            return Ok((ops::diagnose(request, &plan, Outcome::Missing).await?, Vec::new()));
        };
        let (judged, warnings) = hooks::judge(request, session, plan.clone(), Some(&before)).await?;
        let outcome = ops::execute(request, &hooks::guarded(request.def(), judged, &before)).await?;
        if !matches!(outcome, Outcome::Missing) {
            return Ok((outcome, warnings));
        }
    }
    let current = match &plan {
        Plan::Update { filter, .. } | Plan::Delete { filter } => ops::current_version(request, filter).await?,
        _ => None,
    };
    Err(ops::conflict(request, current))
}
