//! Answers as JSON, written straight from positional records: names appear here and not before.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Access, Answer, FailedBatch, Outcome};
use model::{ModelDef, Row, WireOptions, write_json, write_json_string};

use super::error::{Failure, violation_json};

/// The answer to an operation: `{"data": ...}` with what belongs beside it.
pub(super) fn respond(mut answer: Answer, access: &Access) -> Response {
    let failed = match &mut answer.outcome {
        Outcome::Written { failed, .. } => std::mem::take(failed),
        _ => Vec::new(),
    };
    let mut body = String::with_capacity(256);
    write_outcome(&answer, &mut body);
    if !failed.is_empty() {
        let failed: Vec<_> = failed.into_iter().map(|failed| failed_json(failed, access)).collect();
        body.push_str(",\"failed\":");
        body.push_str(&serde_json::Value::Array(failed).to_string());
    }
    if !answer.warnings.is_empty() {
        let warnings: Vec<_> = answer.warnings.iter().map(|warning| violation_json(warning, &answer.def)).collect();
        body.push_str(",\"warnings\":");
        body.push_str(&serde_json::Value::Array(warnings).to_string());
    }
    body.push('}');
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn write_outcome(answer: &Answer, body: &mut String) {
    match &answer.outcome {
        Outcome::Record(row) => {
            body.push_str("{\"data\":");
            write_record(&answer.def, row, answer.wire, body);
        }
        Outcome::Records { rows, limit, offset, next, total } => {
            body.push_str("{\"data\":");
            write_records(answer, rows, body);
            let count = rows.len();
            body.push_str(&format!(",\"page\":{{\"limit\":{limit},\"offset\":{offset},\"count\":{count}"));
            if let Some(total) = total {
                body.push_str(&format!(",\"total\":{total}"));
            }
            body.push_str(",\"next\":");
            match next {
                Some(cursor) => write_json_string(cursor, body),
                None => body.push_str("null"),
            }
            body.push('}');
        }
        Outcome::Count(count) => body.push_str(&format!("{{\"data\":{count}")),
        Outcome::Exists(exists) => body.push_str(&format!("{{\"data\":{exists}")),
        Outcome::Written { created, skipped, rows, .. } => {
            body.push_str("{\"data\":");
            match rows {
                Some(rows) => write_records(answer, rows, body),
                None => body.push_str("null"),
            }
            body.push_str(&format!(",\"created\":{created},\"skipped\":{skipped}"));
        }
        Outcome::Deleted => body.push_str("{\"data\":null,\"deleted\":1"),
        Outcome::Missing => body.push_str("{\"data\":null"),
    }
}

/// A batch of which nothing was written, with its error as a call of its own would answer it.
fn failed_json(failed: FailedBatch, access: &Access) -> serde_json::Value {
    let error = Failure::of_operation(failed.error, access).into_json()["error"].take();
    serde_json::json!({"start": failed.start, "count": failed.len, "error": error})
}

fn write_records(answer: &Answer, rows: &[Row], body: &mut String) {
    body.push('[');
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            body.push(',');
        }
        write_record(&answer.def, row, answer.wire, body);
    }
    body.push(']');
}

fn write_record(def: &ModelDef, row: &Row, wire: WireOptions, body: &mut String) {
    let mut separator = '{';
    for (field, value) in def.fields.iter().zip(row).filter(|(_, value)| !value.is_absent()) {
        body.push(separator);
        write_json_string(field.name.as_str(), body);
        body.push(':');
        write_json(value, wire, body);
        separator = ',';
    }
    body.push('}');
}
