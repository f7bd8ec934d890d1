//! `modelhost config`

use clap::Subcommand;
use engine::EngineError;
use model::{Code, Problem};
use serde_json::json;

use super::{ConfigArgs, Failed, Report};
use crate::cli::serve::data_sources;
use crate::config::{reference_markdown, show, text};

/// Check and show the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Check that `serve` could start with it; with --connect, that each data source answers
    Check {
        #[command(flatten)]
        args: ConfigArgs,
        /// Connect to each data source
        #[arg(long)]
        connect: bool,
    },
    /// Show every value and where it came from, without secrets
    Show {
        #[command(flatten)]
        args: ConfigArgs,
        /// Every key with its type and default, as Markdown: docs/configuration.md
        #[arg(long)]
        reference: bool,
    },
}

impl Config {
    pub(crate) async fn run(self) -> Result<Report, Failed> {
        match self {
            Self::Show { reference: true, .. } => {
                let markdown = reference_markdown();
                Ok(Report::new(markdown.clone(), json!({"markdown": markdown})))
            }
            Self::Show { args, .. } => {
                let rows = show(&args.load()?);
                Ok(Report::new(text(&rows), crate::config::json(&rows)))
            }
            Self::Check { args, connect } => check(&args, connect).await,
        }
    }
}

async fn check(args: &ConfigArgs, connect: bool) -> Result<Report, Failed> {
    let config = args.load()?;
    config.ready_to_serve()?;
    if let Some(folder) = &config.watch_dir
        && !folder.is_dir()
    {
        let message = format!("the watched folder `{}` is not a folder", folder.display());
        let problem = Problem::new(Code::ConfigInvalidValue, message).with("key", "watch_dir");
        return Err(problem.solution("make it, or correct `watch_dir`").into());
    }
    let mut lines = vec!["the configuration is complete and has no contradictions".to_owned()];
    let mut found = Vec::new();
    for settings in data_sources(&config).into_iter().map(|of| of.source) {
        let (name, url) = (settings.name.clone(), settings.url.to_string());
        if !connect {
            lines.push(format!("data source {name}: {url} (not tried; --connect tries it)"));
            found.push(json!({"name": name, "url": url}));
            continue;
        }
        let version = engine::probe(settings).await.map_err(told_whole)?;
        lines.push(format!("data source {name}: {url} answers, {version}"));
        found.push(json!({"name": name, "url": url, "version": version}));
    }
    Ok(Report::new(lines.join("\n"), json!({"complete": true, "data_sources": found})))
}

/// With what the driver said: whoever checks the configuration of a host is its operator.
fn told_whole(error: EngineError) -> Problem {
    let mut problem = error.problem();
    if let EngineError::Store(inner) = &error {
        problem.cause.extend(inner.for_operator().map(str::to_owned));
    }
    problem
}
