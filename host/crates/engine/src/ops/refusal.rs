//! A database's refusal as the violation that it is: a value that is there already, a reference to nothing, a record that
//! others refer to.
//!
//! Names fields and models, never values. Where a database does not say which constraint it was, questions find out; only a
//! write that failed pays for them.

use std::sync::Arc;

use model::{DeleteRule, ModelDef, Row, Severity, Value, Violation};
use sql::{Filter, Plan};
use store::{ReferenceHit, StoreError};

use crate::generation::Model;
use crate::request::Request;
use crate::{EngineError, RefusedRecord};

/// The error of a plan's statements, as a caller reads it.
pub(super) async fn explain(request: &Request, plan: &Plan, error: StoreError) -> EngineError {
    let row = match written(request, plan, &error).await {
        Ok(row) => row,
        Err(error) => return error,
    };
    match violation(request, &error, row.as_ref()).await {
        Ok(Some(violation)) => refused(request, violation),
        Ok(None) => match restricted(request, plan, &error).await {
            Ok(Some(violation)) => refused(request, violation),
            Ok(None) => error.into(),
            Err(error) => error,
        },
        Err(error) => error,
    }
}

/// The record as the write would have made it, where that is asked for: what an update did not send is read.
async fn written(request: &Request, plan: &Plan, error: &StoreError) -> Result<Option<Row>, EngineError> {
    match (plan, error) {
        (_, StoreError::Reference(ReferenceHit::Missing { constraint: None })) => {}
        _ => return Ok(None),
    }
    match plan {
        Plan::Create { row } => Ok(Some(row.clone())),
        Plan::Update { filter, row, .. } => {
            let Some(mut whole) = read(request, filter).await? else { return Ok(None) };
            for (value, sent) in whole.iter_mut().zip(row).filter(|(_, sent)| !sent.is_absent()) {
                value.clone_from(sent);
            }
            Ok(Some(whole))
        }
        _ => Ok(None),
    }
}

async fn read(request: &Request, filter: &Filter) -> Result<Option<Row>, EngineError> {
    let read = Plan::Read { filter: filter.clone(), fields: None };
    let statements = request.model.texts.statements(&read, request.def());
    let answers = request.generation.store.run(super::job(statements)).await?;
    Ok(answers.into_iter().next().and_then(|answer| answer.rows.into_iter().next()))
}

fn refused(request: &Request, violation: Violation) -> EngineError {
    EngineError::Refused(RefusedRecord { def: request.model.def.clone(), violations: vec![violation] })
}

/// What a write of a record means to the database that refused it; none where the refusal is of another kind.
pub(super) async fn violation(
    request: &Request,
    error: &StoreError,
    row: Option<&Row>,
) -> Result<Option<Violation>, EngineError> {
    match error {
        StoreError::Unique(hit) => Ok(Some(not_unique(request.def(), &request.model.fields_of(hit)))),
        StoreError::Reference(ReferenceHit::Missing { constraint }) => {
            let named = constraint.as_deref().and_then(|name| request.model.reference_of(name));
            let relation = match (named, row) {
                (Some(at), _) => Some(at),
                (None, Some(row)) => missing_reference(request, row).await?,
                (None, None) => None,
            };
            Ok(Some(relation.map_or_else(unknown_reference, |at| refers_to_nothing(request, at))))
        }
        _ => Ok(None),
    }
}

fn not_unique(def: &ModelDef, fields: &[usize]) -> Violation {
    let names: Vec<String> = fields.iter().map(|at| format!("`{}`", def.fields[*at].name)).collect();
    let message = match names.as_slice() {
        [] => "another record has the same value in a unique field".to_owned(),
        names => format!("another record has the same {}", names.join(" and ")),
    };
    new_violation("unique", fields, message)
}

fn refers_to_nothing(request: &Request, relation: usize) -> Violation {
    let def = request.def();
    let one = &def.belongs_to[relation];
    let names: Vec<String> = one.fields.iter().map(|at| format!("`{}`", def.fields[*at].name)).collect();
    let other = &request.generation.models_in_order()[one.model].def.name;
    let verb = if names.len() == 1 { "refers" } else { "refer" };
    new_violation("reference", &one.fields, format!("{} {verb} to no `{other}`", names.join(" and ")))
}

/// Where nobody can tell any more which one it was: the record came in between.
fn unknown_reference() -> Violation {
    new_violation("reference", &[], "it refers to a record that is not there".to_owned())
}

/// The first reference of a record that leads nowhere.
async fn missing_reference(request: &Request, row: &Row) -> Result<Option<usize>, EngineError> {
    for (at, one) in request.def().belongs_to.iter().enumerate() {
        if one.fields.iter().any(|field| !row[*field].is_some()) {
            continue;
        }
        let target = &request.generation.models_in_order()[one.model];
        let pairs = target.def.key.iter().zip(&one.fields);
        let key = pairs.fold(Filter::All, |key, (at, field)| key.and(Filter::equals(*at, row[*field].clone())));
        if count(request, target, key).await? == 0 {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Whose records refer to the one that a delete is about.
async fn restricted(request: &Request, plan: &Plan, error: &StoreError) -> Result<Option<Violation>, EngineError> {
    let (StoreError::Reference(ReferenceHit::Restricted { constraint }), Plan::Delete { filter }) = (error, plan)
    else {
        return Ok(None);
    };
    let named =
        |name: &String| request.generation.models_in_order().iter().find(|model| model.reference_of(name).is_some());
    let other = match constraint.as_ref().and_then(named) {
        Some(model) => Some(model),
        None => referring(request, filter).await?,
    };
    let message = match other {
        Some(model) => format!("records of `{}` refer to it", model.def.name),
        None => "other records refer to it".to_owned(),
    };
    Ok(Some(new_violation("referenced", &[], message)))
}

/// The first model with a record that refers to the one of the filter and stops its delete.
async fn referring<'a>(request: &'a Request, filter: &Filter) -> Result<Option<&'a Arc<Model>>, EngineError> {
    let Some(row) = read(request, filter).await? else { return Ok(None) };
    for model in request.generation.models_in_order() {
        let to_this = model
            .def
            .belongs_to
            .iter()
            .filter(|one| one.model == request.def().position && one.on_delete == DeleteRule::Restrict);
        for one in to_this {
            let pairs = one.fields.iter().zip(&request.def().key);
            let refers =
                pairs.fold(Filter::All, |all, (field, key)| all.and(Filter::equals(*field, row[*key].clone())));
            if count(request, model, refers).await? > 0 {
                return Ok(Some(model));
            }
        }
    }
    Ok(behind_cascades(request))
}

/// The one model whose records can stop a delete that goes on to other models; none where several can.
fn behind_cascades(request: &Request) -> Option<&Arc<Model>> {
    let models = request.generation.models_in_order();
    let mut reached = vec![request.def().position];
    let mut next = 0;
    while let Some(from) = reached.get(next).copied() {
        let goes_along = |model: &&Arc<Model>| {
            model.def.belongs_to.iter().any(|one| one.model == from && one.on_delete == DeleteRule::Cascade)
        };
        let further: Vec<usize> = models.iter().filter(goes_along).map(|model| model.def.position).collect();
        reached.extend(further.into_iter().filter(|at| !reached.contains(at)).collect::<Vec<_>>());
        next += 1;
    }
    let stops = |model: &&Arc<Model>| {
        model
            .def
            .belongs_to
            .iter()
            .any(|one| reached[1..].contains(&one.model) && one.on_delete == DeleteRule::Restrict)
    };
    let mut stopping = models.iter().filter(stops);
    stopping.next().filter(|_| stopping.next().is_none())
}

async fn count(request: &Request, model: &Model, filter: Filter) -> Result<i64, EngineError> {
    let statements = model.texts.statements(&Plan::Count { filter }, &model.def);
    let answers = request.generation.store.run(super::job(statements)).await?;
    match answers.first().and_then(|answer| answer.rows.first()).and_then(|row| row.first()) {
        Some(Value::Int(count)) => Ok(*count),
        _ => Ok(0),
    }
}

fn new_violation(code: &str, fields: &[usize], message: String) -> Violation {
    Violation {
        index: 0,
        field: (fields.len() == 1).then(|| fields[0]),
        code: code.to_owned(),
        message,
        parameters: Vec::new(),
        severity: Severity::Error,
    }
}
