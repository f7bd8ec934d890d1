//! `modelhost plugin check`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use engine::{EngineError, Limits, Plugin, Sandbox, SandboxSettings};
use serde_json::json;

use crate::cli::report::file_problem;
use crate::cli::{Failed, Report, compile};

/// Check a component as a host does before it serves it: limits, imports, exports, two descriptions, every model.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The component
    file: PathBuf,
}

impl Check {
    pub(crate) async fn run(self) -> Result<Report, Failed> {
        check(&self.file).await
    }
}

/// Loads the component in a sandbox of its own and tells what is in it.
pub(super) async fn check(file: &Path) -> Result<Report, Failed> {
    let bytes = std::fs::read(file).map_err(|error| file_problem(file, "read", &error))?;
    let size = bytes.len();
    let settings = SandboxSettings {
        limits: Limits::standard(),
        cache: None,
        compiling: compile::in_a_process()?,
        compiles_max: 1,
        instances_max: 8,
    };
    let sandbox = Sandbox::new(settings).map_err(EngineError::from)?;
    let plugin = sandbox.load(Arc::from(bytes), &[]).await.map_err(EngineError::from)?;
    Ok(report(file, size, &plugin))
}

fn report(file: &Path, size: usize, plugin: &Plugin) -> Report {
    let manifest = plugin.manifest();
    let mut text = format!(
        "{} is fit to be deployed\n  plugin {} {}, made with {}\n  digest {}\n  {} KiB\n",
        file.display(),
        manifest.name,
        manifest.version,
        manifest.sdk,
        plugin.digest(),
        size.div_ceil(1024)
    );
    for def in &manifest.models {
        let hooks: Vec<&str> = def.hooks.iter().map(|hook| hook.kind.name()).collect();
        let hooks = if hooks.is_empty() { "no hooks".to_owned() } else { hooks.join(", ") };
        text.push_str(&format!("  model {}: {} fields, {hooks}\n", def.name, def.fields.len()));
    }
    let models: Vec<_> = manifest
        .models
        .iter()
        .map(|def| {
            json!({
                "name": def.name.as_str(),
                "fields": def.field_names().collect::<Vec<_>>(),
                "hooks": def.hooks.iter().map(|hook| hook.kind.name()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let json = json!({
        "file": file,
        "bytes": size,
        "plugin": manifest.name,
        "version": manifest.version,
        "sdk": manifest.sdk,
        "digest": plugin.digest().to_string(),
        "imports": plugin.imports(),
        "models": models,
    });
    Report::new(text, json)
}
