//! `/v1/admin/inspect`: the whole host.

use axum::extract::State;
use axum::{Extension, Json};
use engine::{Access, Role};
use serde_json::{Value, json};

use super::{Failure, Surface, gate};

pub(super) async fn inspect(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
) -> Result<Json<Value>, Failure> {
    gate::require(&access, Role::Deploy, None)?;
    Ok(Json(json!({"host": surface.host.inspect().await?})))
}
