//! Request bodies: read within limits, then judged as JSON.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use model::{Code, Problem, within_depth};
use serde::de::DeserializeOwned;

use super::Failure;

/// Levels that arrays and objects may nest: deeper ones overflow parsers and databases.
const DEPTH_MAX: usize = 128;

/// The bytes of a body.
pub(super) async fn read(body: Body, bytes_max: usize, setting: &str) -> Result<Bytes, Failure> {
    axum::body::to_bytes(body, bytes_max).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        let is_too_large = source.is_some_and(|inner| inner.is::<http_body_util::LengthLimitError>());
        let problem = match is_too_large {
            true => Problem::new(Code::RequestTooLarge, format!("the body has more than {bytes_max} bytes"))
                .solution("send less at once")
                .solution(format!("or raise {setting}")),
            false => Problem::new(Code::RequestNotJson, "the body ended before it was complete"),
        };
        Failure::new(problem)
    })
}

/// The text of a JSON body.
pub(super) async fn read_json(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<String, Failure> {
    check_content_type(headers, "application/json")?;
    let bytes = read(body, bytes_max, "[http] body_bytes_max").await?;
    if !within_depth(&bytes, DEPTH_MAX) {
        let message = format!("the body nests deeper than {DEPTH_MAX} levels");
        return Err(Failure::new(Problem::new(Code::RequestTooDeep, message).solution("flatten it")));
    }
    let text = String::from_utf8(bytes.into()).map_err(|_| not_json("it is not UTF-8".to_owned()))?;
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(not_json(error.to_string())),
    }
}

/// A JSON body of a fixed shape. Unknown keys are errors.
pub(super) async fn read_shape<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
    example: &str,
) -> Result<T, Failure> {
    let text = read_json(headers, body, bytes_max).await?;
    serde_json::from_str(&text).map_err(|error| {
        let mut problem = Problem::new(Code::RequestShape, "the body has another shape");
        problem.cause.push(error.to_string());
        problem.example = Some(example.to_owned());
        Failure::new(problem.solution(format!("send for example {example}")))
    })
}

/// Whether the body is said to be what is asked for. A browser can't send these types to another site without asking.
pub(super) fn check_content_type(headers: &HeaderMap, expected: &'static str) -> Result<(), Failure> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = sent.split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let found = if essence.is_empty() { "nothing".to_owned() } else { format!("`{}`", essence.escape_debug()) };
    let problem = Problem::new(Code::RequestContentType, format!("the content type is {found}, expected `{expected}`"));
    Err(Failure::new(problem.solution(format!("send the header content-type: {expected}"))))
}

fn not_json(reason: String) -> Failure {
    let mut problem = Problem::new(Code::RequestNotJson, "the body is not JSON");
    problem.cause.push(reason);
    Failure::new(problem.solution("send one JSON object"))
}
