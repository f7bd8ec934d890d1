//! Answers as JSON, written straight from positional records: names appear here and not before.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Answer, Outcome};
use model::{ModelDef, Row, WireOptions, write_json, write_json_string};

use super::error::violation_json;

/// The answer to an operation: `{"data": ...}` with what belongs beside it.
pub(super) fn respond(answer: &Answer) -> Response {
    let mut body = String::with_capacity(256);
    write_outcome(answer, &mut body);
    if !answer.warnings.is_empty() {
        let warnings: Vec<_> = answer.warnings.iter().map(|warning| violation_json(warning, &answer.def)).collect();
        body.push_str(",\"warnings\":");
        body.push_str(&serde_json::Value::Array(warnings).to_string());
    }
    body.push('}');
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("modelhost-generation", HeaderValue::from(answer.generation));
    response
}

fn write_outcome(answer: &Answer, body: &mut String) {
    match &answer.outcome {
        Outcome::Record(row) => {
            body.push_str("{\"data\":");
            write_record(&answer.def, row, answer.wire, body);
        }
        Outcome::Records { rows, limit, offset } => {
            body.push_str("{\"data\":[");
            for (at, row) in rows.iter().enumerate() {
                if at > 0 {
                    body.push(',');
                }
                write_record(&answer.def, row, answer.wire, body);
            }
            body.push_str(&format!("],\"page\":{{\"limit\":{limit},\"offset\":{offset},\"count\":{}}}", rows.len()));
        }
        Outcome::Deleted => body.push_str("{\"data\":null,\"deleted\":1"),
        Outcome::Missing => body.push_str("{\"data\":null"),
    }
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
