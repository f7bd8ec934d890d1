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
}

impl Deploy {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        let payload = match (&self.file, self.digest) {
            (Some(file), _) => {
                let bytes = std::fs::read(file).map_err(|error| file_problem(file, "read", &error))?;
                Payload::Wasm(bytes)
            }
            (None, digest) => Payload::Json(json!({"digest": digest})),
        };
        let deployment = deploy(client, &self.namespace, payload).await?;
        Ok(Report::new(text(&deployment), json!({"deployment": deployment})))
    }
}

/// Starts a deploy and waits for its end.
pub(crate) async fn deploy(client: &Client, namespace: &str, payload: Payload) -> Result<Value, Failed> {
    let path = format!("/v1/admin/namespaces/{}/deployments", segment(namespace));
    let _progress = Progress::start(&format!("deploying to {namespace}"));
    let mut answer = client.post(&path, payload).await?;
    let id = answer["deployment"]["id"].as_str().unwrap_or_default().to_owned();
    let mut pause = Duration::from_millis(10);
    while answer["deployment"]["state"] == "running" {
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

fn text(deployment: &Value) -> String {
    let generation = &deployment["generation"];
    let namespace = deployment["namespace"].as_str().unwrap_or_default();
    let plugin = generation["plugin"].as_str().unwrap_or_default();
    let number = &generation["number"];
    if deployment["unchanged"] == true {
        return format!("{namespace}: generation {number} already serves {plugin}");
    }
    let digest = generation["digest"].as_str().unwrap_or_default();
    let mut text = format!("{namespace}: generation {number} serves {plugin} (digest {digest})\n");
    match deployment["plan"].as_str().unwrap_or_default() {
        "" => text.push_str("the schema is unchanged"),
        plan => text.push_str(&format!("applied to the database:\n{}", indented(plan, "  "))),
    }
    text
}
