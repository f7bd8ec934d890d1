//! `POST /v1/namespaces/{namespace}/models/{model}/{operation}`

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use engine::{Access, Call, OperationKind, Role};

use super::{Failure, Surface, answer, body, gate};

pub(super) async fn run(
    State(surface): State<Surface>,
    Extension(access): Extension<Access>,
    Path((namespace, model, operation)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let is_write = OperationKind::parse(&operation).is_ok_and(OperationKind::is_write);
    gate::require(&access, if is_write { Role::Write } else { Role::Read }, Some(&namespace))?;
    let body = body::read_json(&headers, body, surface.settings.body_bytes_max).await?;
    let call = Call { namespace: &namespace, model: &model, operation: &operation, body: &body };
    let (generation, result) = surface.host.answer(&call).await;
    let mut response = match result {
        Ok(answer) => answer::respond(answer, &access),
        Err(error) => Failure::of_operation(error, &access).into_response(),
    };
    // A refusal is a generation's too.
    if let Some(generation) = generation {
        response.headers_mut().insert("modelhost-generation", HeaderValue::from(generation));
    }
    Ok(response)
}
