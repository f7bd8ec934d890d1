//! `modelhost completion`

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use super::{Cli, Report};

/// Print a completion script, for example `modelhost completion bash > /etc/bash_completion.d/modelhost`.
#[derive(Debug, Args)]
pub(crate) struct Completion {
    /// The shell
    shell: Shell,
}

impl Completion {
    pub(crate) fn run(self) -> Report {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "modelhost", &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        Report::new(script.clone(), json!({"shell": self.shell.to_string(), "script": script}))
    }
}
