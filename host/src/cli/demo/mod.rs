//! `modelhost demo`: the main job, in a temporary folder, over HTTP, with the embedded example plugins.
//!
//! Nothing here is special: it starts a host as `serve` does and calls it as `call` and `deploy` do.

mod reload;
mod script;
mod stage;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Failed, Report};
use crate::render;
use stage::Stage;

/// Show the whole thing at work: two namespaces with equally named models, served by one process from two plugins.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Keep everything in this folder; it must not exist yet
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// One thing that the demo showed.
pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) text: String,
    pub(super) json: serde_json::Value,
}

impl Demo {
    pub(crate) async fn run(self, as_json: bool) -> Result<Report, Failed> {
        let stage = Stage::open(self.keep.as_deref()).await?;
        let mut steps = Vec::new();
        let show = |step: Step| {
            if !as_json {
                render::print(&format!(
                    "{}. {}\n{}\n",
                    steps.len() + 1,
                    step.title,
                    render::indented(&step.text, "   ")
                ));
            }
            let mut value = json!({"title": step.title});
            if let (Some(into), Some(from)) = (value.as_object_mut(), step.json.as_object()) {
                into.extend(from.clone());
            }
            steps.push(value);
        };
        let result = script::play(&stage, show).await;
        let closing = stage.close(self.keep.as_deref()).await;
        result?;
        Ok(Report::new(closing, json!({"steps": steps})))
    }
}
