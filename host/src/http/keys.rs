//! `/v1/admin/keys`: make, list, revoke. The text of a key is in the answer that made it and nowhere else.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use engine::{Access, EngineError, KeyRecord, Role, Scope};
use model::{Code, NamespaceName, Problem, closest, format_timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, Surface, body, gate};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    role: String,
    #[serde(default)]
    namespaces: Option<Vec<String>>,
    #[serde(default)]
    label: String,
}

pub(super) async fn create(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    gate::require(&access, Role::Admin, None)?;
    let example = r#"{"role": "write", "namespaces": ["acme"], "label": "web shop"}"#;
    let new: NewKey = body::read_shape(&headers, body, surface.settings.body_bytes_max, example).await?;
    let role = parse_role(&new.role)?;
    if access == Access::Open && (role != Role::Admin || new.namespaces.is_some()) {
        return Err(first_key(&new.label));
    }
    let scope = match new.namespaces {
        None => Scope::All,
        Some(names) => {
            let names = names.iter().map(|name| NamespaceName::new(name).map_err(EngineError::NamespaceName));
            Scope::Only(names.collect::<Result<_, _>>()?)
        }
    };
    let label: String = new.label.chars().filter(|c| !c.is_control()).take(100).collect();
    let host = Arc::clone(&surface.host);
    let key = surface.to_the_end(async move { host.create_key(&label, role, scope).await }).await?;
    let mut view = key_json(&key.record);
    view["key"] = json!(key.text);
    Ok((StatusCode::CREATED, Json(json!({"key": view}))))
}

pub(super) async fn list(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Admin, None)?;
    let keys: Vec<Value> = surface.host.keys().iter().map(key_json).collect();
    Ok(Json(json!({"keys": keys})))
}

pub(super) async fn revoke(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Admin, None)?;
    body::check_content_type(&headers, "application/json")?;
    let host = Arc::clone(&surface.host);
    let record = surface.to_the_end(async move { host.revoke_key(&id).await }).await?;
    Ok(Json(json!({"key": key_json(&record)})))
}

/// From the first key on every request needs one: if it can't make others, nobody can.
fn first_key(label: &str) -> Failure {
    let message = "the first key of a host must be an admin key for all namespaces";
    let mut problem = Problem::new(Code::RequestShape, message)
        .solution("make one with `modelhost key create --admin`, without namespaces")
        .solution("then make the others with it: from then on every request needs a key");
    let label: String = if label.is_empty() { "operator".to_owned() } else { label.chars().take(100).collect() };
    problem.example = Some(json!({"role": "admin", "label": label}).to_string());
    Failure::new(problem)
}

fn key_json(record: &KeyRecord) -> Value {
    json!({
        "id": record.id,
        "label": record.label,
        "role": record.role.name(),
        "namespaces": match &record.scope {
            Scope::All => json!("all"),
            Scope::Only(names) => json!(names.iter().map(NamespaceName::as_str).collect::<Vec<_>>()),
        },
        "created_at": format_timestamp(record.created_at_us),
        "revoked_at": record.revoked_at_us.map(format_timestamp),
    })
}

fn parse_role(name: &str) -> Result<Role, Failure> {
    Role::parse(name).ok_or_else(|| {
        let names = Role::ALL.map(Role::name);
        let mut problem = Problem::new(Code::RequestShape, format!("there is no role `{}`", name.escape_debug()));
        problem.solutions.extend(closest(name, names).map(|closest| format!("did you mean `{closest}`?")));
        Failure::new(problem.solution(format!("the roles are {}", names.join(", "))))
    })
}
