//! `/v1/admin/namespaces`: make, list, inspect, unload, destroy.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use engine::{Access, NamespaceView, Placement, Role};
use model::{Code, Problem, closest};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, Surface, body, gate};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewNamespace {
    name: String,
    data_source: String,
    placement: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Destruction {
    consent: Option<String>,
}

pub(super) async fn create(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    gate::require(&access, Role::Admin, None)?;
    let example = r#"{"name": "acme", "data_source": "main"}"#;
    let new: NewNamespace = body::read_shape(&headers, body, surface.settings.body_bytes_max, example).await?;
    let placement = new.placement.as_deref().map(parse_placement).transpose()?;
    let host = Arc::clone(&surface.host);
    let creation = async move { host.create_namespace(&new.name, &new.data_source, placement).await };
    let record = surface.to_the_end(creation).await?;
    let view = surface.host.inspect_namespace(record.name.as_str()).await?;
    Ok((StatusCode::CREATED, Json(json!({"namespace": view}))))
}

pub(super) async fn list(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, None)?;
    Ok(Json(json!({"namespaces": surface.host.inspect().await?.namespaces})))
}

pub(super) async fn inspect(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, Some(&namespace))?;
    let view: NamespaceView = surface.host.inspect_namespace(&namespace).await?;
    Ok(Json(json!({"namespace": view})))
}

pub(super) async fn unload(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Admin, Some(&namespace))?;
    body::check_content_type(&headers, "application/json")?;
    let (host, name) = (Arc::clone(&surface.host), namespace.clone());
    let unloaded = surface.to_the_end(async move { host.unload(&name).await }).await?;
    Ok(Json(json!({
        "namespace": namespace,
        "generation": unloaded.generation,
        "freed": {"models": unloaded.models},
    })))
}

pub(super) async fn destroy(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(namespace): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Admin, Some(&namespace))?;
    let example = r#"{"consent": "acme:customer"}"#;
    let asked: Destruction = body::read_shape(&headers, body, surface.settings.body_bytes_max, example).await?;
    let (host, name) = (Arc::clone(&surface.host), namespace.clone());
    let lost = surface.to_the_end(async move { host.destroy(&name, asked.consent.as_deref()).await }).await?;
    Ok(Json(json!({"namespace": namespace, "lost": lost})))
}

fn parse_placement(name: &str) -> Result<Placement, Failure> {
    Placement::parse(name).ok_or_else(|| {
        let names = Placement::ALL.map(Placement::name);
        let message = format!("there is no placement `{}`", name.escape_debug());
        let mut problem = Problem::new(Code::NamespacePlacement, message);
        problem.solutions.extend(closest(name, names).map(|closest| format!("did you mean `{closest}`?")));
        Failure::new(problem.solution(format!("the placements are {}", names.join(", "))))
    })
}
