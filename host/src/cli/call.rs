//! `modelhost call`

use std::io::Read;
use std::path::Path;

use clap::Args;
use serde_json::Value;

use super::client::{Client, Payload, segment};
use super::report::file_problem;
use super::{Failed, Report};

/// Run one operation on a model: create, read, exists, update, delete, list, count or bulk_create.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    modelhost call acme customer create '{\"data\": {\"name\": \"Ada\"}}'\n  \
    modelhost call acme customer list '{\"filter\": {\"status\": \"active\"}, \"options\": {\"limit\": 20}}'\n  \
    modelhost call acme customer create @customer.json\n\
    The models and a correct body for each operation: modelhost inspect NAMESPACE")]
pub(crate) struct Call {
    /// The namespace
    namespace: String,
    /// The model
    model: String,
    /// The operation
    operation: String,
    /// The body as JSON, `@FILE`, or `-` for standard input
    #[arg(default_value = "{}")]
    body: String,
}

impl Call {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        let body = read_body(&self.body)?;
        let path = format!(
            "/v1/namespaces/{}/models/{}/{}",
            segment(&self.namespace),
            segment(&self.model),
            segment(&self.operation)
        );
        let answer = client.post(&path, Payload::Text(body)).await?;
        let has_failed = answer["failed"].is_array();
        let report = Report::new(text(&answer), answer);
        Ok(if has_failed { report.in_part() } else { report })
    }
}

fn read_body(body: &str) -> Result<String, Failed> {
    let read = |path: &Path, result: std::io::Result<String>| {
        result.map_err(|error| Failed::from(file_problem(path, "read", &error)))
    };
    match body.strip_prefix('@') {
        Some(file) => read(Path::new(file), std::fs::read_to_string(file)),
        None if body == "-" => {
            let mut text = String::new();
            let result = std::io::stdin().read_to_string(&mut text).map(|_| text);
            read(Path::new("standard input"), result)
        }
        None => Ok(body.to_owned()),
    }
}

fn text(answer: &Value) -> String {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).expect("a JSON value serialises");
    let mut text = match &answer["data"] {
        Value::Array(records) if records.is_empty() => "no records".to_owned(),
        Value::Null if answer["deleted"].is_number() => "deleted".to_owned(),
        Value::Null if answer["created"].is_number() => String::new(),
        data => pretty(data),
    };
    if let Some(created) = answer["created"].as_u64() {
        let skipped = answer["skipped"].as_u64().filter(|skipped| *skipped > 0);
        let skipped = skipped.map_or(String::new(), |count| format!(", {count} left out: they are there already"));
        text.push_str(&format!("{}{created} created{skipped}", if text.is_empty() { "" } else { "\n" }));
    }
    for batch in answer["failed"].as_array().into_iter().flatten() {
        let (start, count) = (batch["start"].as_u64().unwrap_or(0), batch["count"].as_u64().unwrap_or(0));
        let error = crate::render::error_text(batch);
        let records = match count {
            1 => format!("record {start} was"),
            count => format!("records {start} to {} were", start + count.max(1) - 1),
        };
        text.push_str(&format!("\n{records} not written\n{error}"));
    }
    if let Some(cursor) = answer["page"]["next"].as_str() {
        text.push_str(&format!("\nmore: set options.after to \"{cursor}\""));
    }
    for warning in answer["warnings"].as_array().into_iter().flatten() {
        let message = warning["message"].as_str().unwrap_or_default();
        text.push_str(&format!("\nwarning: {message} [{}]", warning["code"].as_str().unwrap_or_default()));
    }
    text
}
