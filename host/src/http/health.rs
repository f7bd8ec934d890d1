//! `/health/live` and `/health/ready`: for balancers, without a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Surface;

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({"status": "live"}))
}

/// The process wants requests: not while it shuts down.
pub(super) async fn ready(State(surface): State<Surface>) -> (StatusCode, Json<Value>) {
    match surface.is_draining() {
        false => (StatusCode::OK, Json(json!({"status": "ready"}))),
        true => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "draining"}))),
    }
}
