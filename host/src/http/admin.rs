//! `/v1/admin`: inspection and deployments.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::{Extension, Json};
use engine::{Access, Deployment, DeploymentState, Role, Source};
use model::format_timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::problem_json;
use super::{Failure, Surface, body, gate};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByDigest {
    digest: String,
}

pub(super) async fn inspect(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, None)?;
    Ok(Json(json!({"host": surface.host.inspect().await?})))
}

/// Takes the bytes of a component, or the digest of one that is here, and answers 202 with where to ask for the result.
pub(super) async fn deploy(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, [(header::HeaderName, String); 1], Json<Value>), Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let is_json = body::check_content_type(&headers, "application/json").is_ok();
    let source = if is_json {
        let example = r#"{"digest": "64 hex digits"}"#;
        let asked: ByDigest = body::read_shape(&headers, body, surface.settings.body_bytes_max, example).await?;
        Source::Digest(asked.digest)
    } else {
        body::check_content_type(&headers, "application/wasm")?;
        // One byte more than allowed, so that the sandbox refuses what is too large with a plugin's own words.
        let bytes_max = surface.settings.component_bytes_max + 1;
        let bytes = body::read(body, bytes_max, "[limits] component_bytes_max").await?;
        Source::Bytes(Vec::from(bytes).into())
    };
    let deployment = surface.host.start_deploy(&namespace, source)?;
    let location = format!("/v1/admin/deployments/{}", deployment.id);
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, location)],
        Json(json!({"deployment": deployment_json(&deployment)})),
    ))
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
    Ok(Json(json!({"deployment": deployment_json(&found?)})))
}

fn deployment_json(deployment: &Deployment) -> Value {
    let mut value = json!({"id": deployment.id, "namespace": deployment.namespace});
    match &deployment.state {
        DeploymentState::Running => value["state"] = json!("running"),
        DeploymentState::Done(deployed) => {
            value["state"] = json!("done");
            value["unchanged"] = json!(deployed.unchanged);
            value["plan"] = json!(deployed.plan_text);
            value["generation"] = json!({
                "number": deployed.record.generation,
                "plugin": format!("{} {}", deployed.record.plugin, deployed.record.version),
                "digest": deployed.record.digest,
                "activated_at": format_timestamp(deployed.record.activated_at_us),
            });
        }
        DeploymentState::Failed(error) => {
            value["state"] = json!("failed");
            value["error"] = problem_json(&error.problem())["error"].take();
        }
    }
    value
}
