//! `/v1/admin/.../deployments`, `.../plan` and `.../generations`: deploying, looking before it, going back.
//!
//! A deploy answers 202 at once; how far it is is asked by its id.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::{Extension, Json};
use engine::{Access, DeployOptions, Deployment, DeploymentState, EngineError, Ownership, Role, Source, Stage, Unused};
use model::{Code, Problem, format_timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, Surface, body, gate};

/// What a deployment is answered with at its start: where to ask, and how far it is.
type Accepted = (StatusCode, [(header::HeaderName, String); 1], Json<Value>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByDigest {
    digest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByNumber {
    generation: i64,
}

/// Takes the bytes of a component, or the digest of one that is here, and answers 202 with where to ask for the result.
pub(super) async fn deploy(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Accepted, Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let options = options(query.as_deref(), &access, &namespace)?;
    let source = source(&surface, &headers, body).await?;
    accepted(&surface.host.start_deploy(&namespace, source, options)?, &access)
}

/// Takes the same and answers what it would change, without doing anything.
pub(super) async fn plan(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let options = options(query.as_deref(), &access, &namespace)?;
    let bytes = match source(&surface, &headers, body).await? {
        Source::Bytes(bytes) => bytes,
        Source::Digest(digest) => surface.host.plugin_bytes(&digest)?,
        Source::Generation(_) => return Err(Failure::bug()),
    };
    let plan = surface.host.preview(&namespace, bytes, &options).await;
    let plan = plan.map_err(|error| Failure::of_operation(error, &access))?;
    Ok(Json(json!({"namespace": namespace, "plan": plan})))
}

/// Makes what an earlier generation was the next one.
pub(super) async fn roll_back(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Accepted, Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let example = r#"{"generation": 1}"#;
    let asked: ByNumber = body::read_shape(&headers, body, surface.settings.body_bytes_max, example).await?;
    // Told at once: a number that never was is no deployment that failed.
    surface.host.generation_record(&namespace, asked.generation).await?;
    let source = Source::Generation(asked.generation);
    accepted(&surface.host.start_deploy(&namespace, source, DeployOptions::PLAIN)?, &access)
}

pub(super) async fn generations(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let view = surface.host.inspect_namespace(&namespace).await?;
    let serving = view.generation.map(|generation| generation.number);
    // Where the data source can't be asked now, the rest is worth showing.
    let owner = surface.host.owner(&namespace).await.ok().flatten();
    Ok(Json(json!({"namespace": namespace, "serving": serving, "owner": owner, "generations": view.history})))
}

pub(super) async fn compare(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path((namespace, from, to)): Path<(String, String, String)>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let (from, to) = (number(&from)?, number(&to)?);
    let host = Arc::clone(&surface.host);
    Ok(Json(json!({"namespace": namespace, "diff": host.compare(&namespace, from, to).await?})))
}

pub(super) async fn deployment(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let found = surface.host.deployment(&id);
    let may_look = |found: &Deployment| gate::require(&access, Role::Deploy, Some(&found.namespace)).is_ok();
    // Whoever may not look at its namespace reads the same as where there is no such deployment.
    if !found.as_ref().is_ok_and(may_look) {
        gate::require(&access, Role::Deploy, None)?;
    }
    Ok(Json(json!({"deployment": deployment_json(&found?, &access)})))
}

/// The number of a generation in a path.
fn number(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| {
        let message = format!("`{}` is not the number of a generation", super::shown(text));
        Failure::new(Problem::new(Code::RequestShape, message).solution("write a number, such as 1"))
    })
}

fn accepted(deployment: &Deployment, access: &Access) -> Result<Accepted, Failure> {
    let location = format!("/v1/admin/deployments/{}", deployment.id);
    let answer = Json(json!({"deployment": deployment_json(deployment, access)}));
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], answer))
}

async fn source(surface: &Surface, headers: &HeaderMap, body: Body) -> Result<Source, Failure> {
    if body::check_content_type(headers, "application/json").is_ok() {
        let example = r#"{"digest": "64 hex digits"}"#;
        let asked: ByDigest = body::read_shape(headers, body, surface.settings.body_bytes_max, example).await?;
        return Ok(Source::Digest(asked.digest));
    }
    body::check_content_type(headers, "application/wasm")?;
    // One byte more than allowed, so that the sandbox refuses what is too large with a plugin's own words.
    let bytes_max = surface.settings.component_bytes_max + 1;
    let bytes = body::read(body, bytes_max, "[limits] component_bytes_max").await?;
    Ok(Source::Bytes(Vec::from(bytes).into()))
}

/// `?adopt=TABLE&take_over=true&keep_unused=true`. Whatever takes something from somebody needs a key that may administer.
fn options(query: Option<&str>, access: &Access, namespace: &str) -> Result<DeployOptions, Failure> {
    let mut options = DeployOptions::PLAIN;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match (name.as_ref(), value.as_ref()) {
            ("adopt", table) if !table.is_empty() => options.adopt.push(table.to_owned()),
            ("take_over", "true") => options.ownership = Ownership::TakeOver,
            ("keep_unused", "true") => options.unused = Unused::Keep,
            (name, value) => {
                let message = format!("`{}={}` is not an option of a deploy", super::shown(name), super::shown(value));
                let problem = Problem::new(Code::RequestShape, message);
                return Err(Failure::new(
                    problem.solution("the options are adopt=TABLE, take_over=true and keep_unused=true"),
                ));
            }
        }
    }
    if !options.adopt.is_empty() || options.ownership == Ownership::TakeOver {
        gate::require(access, Role::Admin, Some(namespace))?;
    }
    Ok(options)
}

fn deployment_json(deployment: &Deployment, access: &Access) -> Value {
    let mut value = json!({"id": deployment.id, "namespace": deployment.namespace});
    match &deployment.state {
        DeploymentState::Running(stage) => {
            value["state"] = json!("running");
            value["stage"] = json!(match stage {
                Stage::Loading => "loading",
                Stage::Waiting => "waiting",
                Stage::Migrating => "migrating",
            });
        }
        DeploymentState::Done(deployed) => {
            value["state"] = json!("done");
            value["unchanged"] = json!(deployed.unchanged);
            value["plan"] = json!(deployed.plan);
            value["generation"] = json!({
                "number": deployed.record.generation,
                "plugin": format!("{} {}", deployed.record.plugin, deployed.record.version),
                "digest": deployed.record.digest,
                "activated_at": format_timestamp(deployed.record.activated_at_us),
            });
        }
        DeploymentState::Failed(error) => {
            value["state"] = json!("failed");
            value["error"] = Failure::of_shared(error, access).into_json()["error"].take();
            if let EngineError::ChangeRefused { plan, .. } | EngineError::SchemaDiffers { plan, .. } = &**error {
                value["plan"] = json!(plan);
            }
        }
    }
    value
}
