//! `modelhost deploy`

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::client::{Client, Payload, segment};
use super::progress::Progress;
use super::report::file_problem;
use super::{Failed, Report};
use crate::render::indented;

/// Make a plugin a namespace's next generation.
///
/// What served before serves until the new generation is ready, and still serves when it is refused.
#[derive(Debug, Args)]
pub(crate) struct Deploy {
    /// The component; or give --digest
    #[arg(required_unless_present = "digest", conflicts_with = "digest")]
    file: Option<PathBuf>,
    /// The namespace; make it with `modelhost namespace create`
    #[arg(long, short)]
    namespace: String,
    /// Digest of a plugin that the host has already
    #[arg(long)]
    digest: Option<String>,
    /// Only show what would change in the database
    #[arg(long)]
    dry_run: bool,
    /// Leave columns, indexes and tables that are no longer used where they are
    #[arg(long)]
    keep_unused: bool,
    /// Take over a table that somebody else made; may be repeated
    #[arg(long, value_name = "TABLE")]
    adopt: Vec<String>,
    /// Take the namespace over from another host, which must be gone
    #[arg(long)]
    take_over: bool,
}

impl Deploy {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        let payload = match (&self.file, &self.digest) {
            (Some(file), _) => {
                let bytes = std::fs::read(file).map_err(|error| file_problem(file, "read", &error))?;
                Payload::Wasm(bytes)
            }
            (None, digest) => Payload::Json(json!({"digest": digest})),
        };
        let query = self.query();
        if self.dry_run {
            let path = format!("/v1/admin/namespaces/{}/plan{query}", segment(&self.namespace));
            let answer = client.post(&path, payload).await?;
            return Ok(Report::new(plan_text(&answer["plan"]), answer));
        }
        let path = format!("/v1/admin/namespaces/{}/deployments{query}", segment(&self.namespace));
        let deployment = wait_for(client, &path, payload, &format!("deploying to {}", self.namespace)).await?;
        Ok(Report::new(text(&deployment), json!({"deployment": deployment})))
    }

    fn query(&self) -> String {
        let mut parts: Vec<String> = self.adopt.iter().map(|table| format!("adopt={}", segment(table))).collect();
        parts.extend(self.take_over.then(|| "take_over=true".to_owned()));
        parts.extend(self.keep_unused.then(|| "keep_unused=true".to_owned()));
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// Starts a deploy and waits for its end.
pub(crate) async fn deploy(client: &Client, namespace: &str, payload: Payload) -> Result<Value, Failed> {
    let path = format!("/v1/admin/namespaces/{}/deployments", segment(namespace));
    wait_for(client, &path, payload, &format!("deploying to {namespace}")).await
}

/// Starts what makes a new generation and waits for its end.
pub(crate) async fn wait_for(client: &Client, path: &str, payload: Payload, what: &str) -> Result<Value, Failed> {
    let progress = Progress::start(what);
    let mut answer = client.post(path, payload).await?;
    let id = answer["deployment"]["id"].as_str().unwrap_or_default().to_owned();
    let mut pause = Duration::from_millis(10);
    while answer["deployment"]["state"] == "running" {
        progress.tell(answer["deployment"]["stage"].as_str().unwrap_or_default());
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(500));
        answer = client.get(&format!("/v1/admin/deployments/{}", segment(&id))).await?;
    }
    let deployment = answer["deployment"].take();
    match deployment["state"] == "failed" {
        true => Err(Failed::from_server(deployment)),
        false => Ok(deployment),
    }
}

/// What became of a deploy.
pub(crate) fn text(deployment: &Value) -> String {
    let generation = &deployment["generation"];
    let namespace = deployment["namespace"].as_str().unwrap_or_default();
    let plugin = generation["plugin"].as_str().unwrap_or_default();
    let number = &generation["number"];
    if deployment["unchanged"] == true {
        return format!("{namespace}: generation {number} already serves {plugin}");
    }
    let digest = generation["digest"].as_str().unwrap_or_default();
    let mut text = format!("{namespace}: generation {number} serves {plugin} (digest {digest})\n");
    match deployment["plan"]["text"].as_str().unwrap_or_default() {
        "" => text.push_str("the schema is unchanged"),
        plan => text.push_str(&format!("applied to the database:\n{}", indented(plan, "  "))),
    }
    text
}

/// A plan that was not applied.
pub(crate) fn plan_text(plan: &Value) -> String {
    let part = |name: &str| plan[name].as_str().unwrap_or_default().to_owned();
    let differences = plan["differences"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut text: Vec<String> = differences.map(|difference| format!("differs: {difference}")).collect();
    if part("text").is_empty() && part("sql").is_empty() && text.is_empty() {
        return "the schema is unchanged".to_owned();
    }
    text.extend((!part("text").is_empty()).then(|| part("text")));
    if !part("sql").is_empty() {
        text.push(format!("risk {}; SQL:", part("risk")));
        text.push(indented(&part("sql"), "  "));
    }
    text.push(match plan["applicable"] == true {
        true => "a deploy applies this".to_owned(),
        false => "a deploy refuses this".to_owned(),
    });
    text.join("\n")
}
