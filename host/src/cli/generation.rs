//! `modelhost generation`

use clap::Subcommand;
use serde_json::{Value, json};

use super::client::{Client, Payload, segment};
use super::deploy::{plan_text, text, wait_for};
use super::{Failed, Report};
use crate::render::indented;

/// List the generations of a namespace, compare two, go back to one.
#[derive(Debug, Subcommand)]
pub(crate) enum Generation {
    /// List the generations that a namespace had, oldest first
    List {
        /// The namespace
        namespace: String,
    },
    /// Show what differs between two generations: plugins, models, rules, tables
    Diff {
        /// The namespace
        namespace: String,
        /// The number of one
        from: i64,
        /// The number of the other
        to: i64,
    },
    /// Make what an earlier generation was the next one; columns and tables that came later stay, unused
    Rollback {
        /// The namespace
        namespace: String,
        /// The number of the generation to go back to
        #[arg(long, value_name = "NUMBER")]
        to: i64,
    },
}

impl Generation {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        match self {
            Self::List { namespace } => {
                let path = format!("/v1/admin/namespaces/{}/generations", segment(&namespace));
                let answer = client.get(&path).await?;
                Ok(Report::new(table(&answer), answer))
            }
            Self::Diff { namespace, from, to } => {
                let path = format!("/v1/admin/namespaces/{}/generations/{from}/diff/{to}", segment(&namespace));
                let answer = client.get(&path).await?;
                Ok(Report::new(diff_text(&answer["diff"]), answer))
            }
            Self::Rollback { namespace, to } => {
                let path = format!("/v1/admin/namespaces/{}/rollback", segment(&namespace));
                let payload = Payload::Json(json!({"generation": to}));
                let what = format!("going back to generation {to} of {namespace}");
                let deployment = wait_for(client, &path, payload, &what).await?;
                Ok(Report::new(text(&deployment), json!({"deployment": deployment})))
            }
        }
    }
}

fn table(answer: &Value) -> String {
    let generations = answer["generations"].as_array().map_or(&[][..], Vec::as_slice);
    if generations.is_empty() {
        return "no generations; deploy a plugin with `modelhost deploy FILE.wasm --namespace NAME`".to_owned();
    }
    let line = |generation: &Value| {
        let text = |name: &str| generation[name].as_str().unwrap_or_default().to_owned();
        let mark = if generation["number"] == answer["serving"] { "serving" } else { "" };
        let digest: String = text("digest").chars().take(12).collect();
        let number = generation["number"].to_string();
        format!("{number:>6}  {:24} {digest:12}  {:27} {mark}", text("plugin"), text("activated_at"))
    };
    let mut lines = vec![format!("{:>6}  {:24} {:12}  activated", "number", "plugin", "digest")];
    lines.extend(generations.iter().map(|generation| line(generation).trim_end().to_owned()));
    if answer["owner"]["is_this_host"] == false {
        lines.push(format!("owned by another host now: control {}", answer["owner"]["control_id"]));
    }
    lines.join("\n")
}

fn diff_text(diff: &Value) -> String {
    let plugin = |at: usize| diff["plugins"][at].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![
        format!("- generation {}: {}", diff["from"], plugin(0)),
        format!("+ generation {}: {}", diff["to"], plugin(1)),
    ];
    let models: Vec<&str> = diff["models"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    match models.is_empty() {
        true => lines.push("the models are the same".to_owned()),
        false => lines.extend(models.into_iter().map(str::to_owned)),
    }
    lines.push("tables:".to_owned());
    lines.push(indented(&plan_text(&diff["schema"]), "  "));
    lines.join("\n")
}
