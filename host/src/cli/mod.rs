//! The command line: one file for each verb, one shape for all of them.
//!
//! A verb answers a [`Report`] (text for people, JSON for programs) or a [`Failed`]. Every verb but `serve`, `demo` and those
//! that need no host speaks HTTP to `--server`.

mod call;
mod capabilities;
mod client;
mod compile;
mod completion;
mod config;
mod demo;
mod deploy;
mod explain;
mod generation;
mod inspect;
mod key;
mod namespace;
mod plugin;
mod progress;
mod report;
mod serve;

pub(crate) use report::{Failed, Report};

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use model::{Code, Problem};

use crate::render;

/// A host for model plugins: WebAssembly components that declare data models and bring their rules.
#[derive(Debug, Parser)]
#[command(name = "modelhost", version, arg_required_else_help = true, max_term_width = 110)]
#[command(after_help = "Start here: `modelhost demo` shows everything in a temporary folder.\n\
    Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration.")]
pub(crate) struct Cli {
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

/// How to reach a host.
#[derive(Debug, Clone, Args)]
pub(crate) struct Connection {
    /// Address of the host
    #[arg(long, global = true, env = "MODELHOST_SERVER", default_value = "http://127.0.0.1:7474", value_name = "URL")]
    server: String,
    /// Key for the host, as `modelhost key create` printed it
    #[arg(long, global = true, env = "MODELHOST_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve namespaces over HTTP until interrupted
    Serve(serve::Serve),
    /// Make a plugin a namespace's next generation
    Deploy(deploy::Deploy),
    /// Run one operation on a model
    Call(call::Call),
    /// Show what a host is doing
    Inspect(inspect::Inspect),
    /// Make, list and revoke keys
    #[command(subcommand)]
    Key(key::Key),
    /// Make, unload and destroy namespaces
    #[command(subcommand)]
    Namespace(namespace::Namespace),
    /// List, compare and go back to the generations of a namespace
    #[command(subcommand)]
    Generation(generation::Generation),
    /// Write, build and check plugins
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    /// Check and show the configuration
    #[command(subcommand)]
    Config(config::Config),
    /// Explain an error code
    Explain(explain::Explain),
    /// Show what each database can do
    Capabilities(capabilities::Capabilities),
    /// Show the whole thing at work in a temporary folder
    Demo(demo::Demo),
    /// Print a completion script for a shell
    Completion(completion::Completion),
    /// Compile one component, for `serve`
    #[command(name = compile::VERB, hide = true)]
    Compile(compile::Compile),
}

/// Where configuration comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration file [default: $MODELHOST_CONFIG, else ./modelhost.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Presets and checks: development or production
    #[arg(long)]
    profile: Option<String>,
    /// Folder that survives a restart
    #[arg(long, value_name = "DIR")]
    state_dir: Option<String>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// A data source, as NAME=URL; may be repeated
    #[arg(long = "data-source", value_name = "NAME=URL")]
    data_sources: Vec<String>,
}

impl ConfigArgs {
    /// The whole configuration: file, environment, flags.
    fn load(&self) -> Result<crate::config::Config, Failed> {
        let single = [("profile", &self.profile), ("state_dir", &self.state_dir), ("http.listen", &self.listen)];
        let mut flags: Vec<(String, String)> = Vec::new();
        flags.extend(single.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))));
        flags.extend(self.data_sources.iter().map(|source| ("data_sources".to_owned(), source.clone())));
        let sources = crate::config::Sources::of_process(self.config.clone(), flags)?;
        Ok(crate::config::Config::load(&sources)?)
    }
}

impl Cli {
    /// The command that binds its process, and so runs before there are further threads.
    pub(crate) fn as_compile(&self) -> Option<&compile::Compile> {
        match &self.command {
            Command::Compile(command) => Some(command),
            _ => None,
        }
    }
}

/// Runs a command.
pub(crate) async fn run(cli: Cli) -> Result<Report, Failed> {
    let client = || client::Client::new(&cli.connection);
    match cli.command {
        Command::Serve(command) => command.run(cli.json).await,
        Command::Deploy(command) => command.run(&client()?).await,
        Command::Call(command) => command.run(&client()?).await,
        Command::Inspect(command) => command.run(&client()?).await,
        Command::Key(command) => command.run(&client()?).await,
        Command::Namespace(command) => command.run(&client()?).await,
        Command::Generation(command) => command.run(&client()?).await,
        Command::Plugin(command) => command.run().await,
        Command::Config(command) => command.run().await,
        Command::Explain(command) => command.run(),
        Command::Compile(command) => command.run(),
        Command::Capabilities(command) => Ok(command.run()),
        Command::Demo(command) => command.run(cli.json).await,
        Command::Completion(command) => Ok(command.run()),
    }
}

/// What is printed when the arguments are not those of a command. Help and version are not errors.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    let wants_json = std::env::args().any(|argument| argument == "--json");
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            render::print(&error.render().to_string());
            ExitCode::SUCCESS
        }
        _ if wants_json => {
            let text = error.render().to_string();
            let mut lines = text.lines().filter(|line| !line.trim().is_empty());
            let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            let mut problem = Problem::new(Code::CliUsage, first);
            problem.solutions = lines.map(|line| line.trim().to_owned()).collect();
            render::print(&Failed::from(problem).to_json());
            ExitCode::from(2)
        }
        _ => {
            let text = error.render().to_string();
            render::eprint(&text.replacen("error:", &format!("error[{}]:", Code::CliUsage), 1));
            ExitCode::from(2)
        }
    }
}
