//! `modelhost namespace`

use clap::Subcommand;
use serde_json::{Value, json};

use super::client::{Client, Payload, segment};
use super::{Failed, Report};

/// Make, list, unload and destroy namespaces.
#[derive(Debug, Subcommand)]
pub(crate) enum Namespace {
    /// Make a namespace on a data source
    Create {
        /// Its name: a-z, 0-9 and single dashes, at most 20 bytes
        name: String,
        /// The data source, as the configuration calls it
        #[arg(long, value_name = "SOURCE")]
        data_source: String,
        /// How its tables are kept apart
        #[arg(long, value_parser = ["own", "schema", "prefix"])]
        placement: Option<String>,
    },
    /// List namespaces
    List,
    /// Stop serving a namespace and free what it holds; its data stays
    Unload {
        /// The namespace
        name: String,
    },
    /// Remove a namespace with all of its data
    Destroy {
        /// The namespace
        name: String,
        /// What you consent to lose; without it the command only says what that would be
        #[arg(long)]
        consent: Option<String>,
    },
}

impl Namespace {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        match self {
            Self::Create { name, data_source, placement } => {
                let mut body = json!({"name": name, "data_source": data_source});
                if let Some(placement) = placement {
                    body["placement"] = json!(placement);
                }
                let answer = client.post("/v1/admin/namespaces", Payload::Json(body)).await?;
                let location = answer["namespace"]["location"].as_str().unwrap_or_default();
                let text = format!(
                    "namespace {name} is on {data_source} ({location})\n\
                     next: modelhost deploy FILE.wasm --namespace {name}"
                );
                Ok(Report::new(text, answer))
            }
            Self::List => {
                let answer = client.get("/v1/admin/namespaces").await?;
                Ok(Report::new(table(&answer["namespaces"]), answer))
            }
            Self::Unload { name } => {
                let path = format!("/v1/admin/namespaces/{}/unload", segment(&name));
                let answer = client.post(&path, Payload::Nothing).await?;
                let freed = match answer["freed"]["models"].as_u64() {
                    Some(1) => "1 model".to_owned(),
                    count => format!("{} models", count.unwrap_or_default()),
                };
                let text = format!("namespace {name} is unloaded, {freed} freed; its data is untouched");
                Ok(Report::new(text, answer))
            }
            Self::Destroy { name, consent } => {
                let path = format!("/v1/admin/namespaces/{}/destroy", segment(&name));
                let answer = client.post(&path, Payload::Json(json!({"consent": consent}))).await?;
                Ok(Report::new(format!("namespace {name} is destroyed"), answer))
            }
        }
    }
}

fn table(namespaces: &Value) -> String {
    let namespaces = namespaces.as_array().map_or(&[][..], Vec::as_slice);
    if namespaces.is_empty() {
        return "no namespaces; make one with `modelhost namespace create NAME --data-source SOURCE`".to_owned();
    }
    let line = |namespace: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let plugin = text(&namespace["generation"]["plugin"]);
        let (name, state) = (text(&namespace["name"]), text(&namespace["state"]));
        format!("{name:20} {state:9} {plugin:24} {}", text(&namespace["location"]))
    };
    let mut lines = vec![format!("{:20} {:9} {:24} location", "name", "state", "plugin")];
    lines.extend(namespaces.iter().map(line));
    lines.join("\n")
}
