//! The configuration as the program uses it.
//!
//! Typed, whole and judged: nobody asks again whether a value is good. Holds no default of its own; all of them are in the
//! table of keys and in the profiles.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use model::{Code, Problem};
use serde::Deserialize;
use serde_json::Value;

use super::data_source::DataSource;
use super::origin::Origin;
use super::profile::Profile;
use super::written::several;

/// The configuration of the host.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// For what the host is run.
    pub(crate) profile: Profile,
    /// The file that was read, if there was one, as it was named.
    pub(crate) file: Option<PathBuf>,
    /// The folder that survives a restart, absolute. `serve` asks [`Config::ready_to_serve`] for it.
    pub(crate) state_dir: Option<PathBuf>,
    /// The folder from which plugins are deployed, absolute.
    pub(crate) watch_dir: Option<PathBuf>,
    /// The HTTP server.
    pub(crate) http: Http,
    /// What the host writes about itself.
    pub(crate) log: Log,
    /// What guest code may use.
    pub(crate) limits: Limits,
    /// The databases, by name.
    pub(crate) data_sources: BTreeMap<String, DataSource>,
    /// Every value as it may be shown, in the order of the table of keys; null where there is none.
    pub(super) values: Vec<(String, Value)>,
    /// Where each of them came from.
    pub(super) origins: BTreeMap<String, Origin>,
}

/// Settings of the HTTP server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Http {
    /// Address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// Largest request body.
    pub(crate) body_bytes_max: u64,
    /// Longest a request may take.
    pub(crate) request_ms_max: u64,
    /// Longest a connection may take to send the head of its next request.
    pub(crate) head_ms_max: u64,
    /// Connections that are served at once.
    pub(crate) connections_max: u64,
    /// How long requests under way may still run after a signal to stop.
    pub(crate) shutdown_ms_max: u64,
    /// Host names that requests may be addressed to, besides the local ones and the listen address. Lower case.
    pub(crate) allowed_hosts: Vec<String>,
}

/// Settings of the log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Log {
    /// A filter that `tracing_subscriber::EnvFilter` takes.
    pub(crate) level: String,
    /// How lines are written.
    pub(crate) format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Limits of guest code that an operator may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Limits {
    /// Bytes over all memories and tables of an instance.
    pub(crate) memory_bytes_max: u64,
    /// Milliseconds of guest code in one operation.
    pub(crate) call_time_ms_max: u64,
    /// Bytes that one call may hand from guest to host.
    pub(crate) output_bytes_max: u64,
    /// Bytes of all log lines of one call.
    pub(crate) log_bytes_max: u64,
    /// Bytes of a plugin.
    pub(crate) component_bytes_max: u64,
    /// Bytes that compiling a plugin may take.
    pub(crate) compile_memory_bytes_max: u64,
    /// Seconds of processor that compiling a plugin may take.
    pub(crate) compile_cpu_seconds_max: u64,
    /// Milliseconds that requests may go on in a generation that was replaced.
    pub(crate) drain_ms_max: u64,
}

/// What SQLite waits for at a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Durability {
    /// `synchronous = NORMAL`: a power failure can cost the last commits.
    Normal,
    /// `synchronous = FULL`: every commit waits for the disk.
    Full,
}

/// What a deploy may do to tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Schema {
    /// Add what is new.
    Apply,
    /// Change nothing, refuse what differs.
    Verify,
    /// Not look at them.
    Ignore,
}

impl Config {
    /// Where the value at a path such as `data_sources.main.url` came from. [`Origin::Unset`] where there is none.
    pub(crate) fn provenance(&self, path: &str) -> Origin {
        self.origins.get(path).cloned().unwrap_or(Origin::Unset)
    }

    /// The state folder, when everything that `serve` needs is there.
    ///
    /// # Errors
    /// `config.missing` with the lines to add, for everything that is missing.
    pub(crate) fn ready_to_serve(&self) -> Result<&Path, Problem> {
        let mut problems = Vec::new();
        if self.state_dir.is_none() {
            problems.push(
                self.missing("state_dir", "no state folder is configured, and none is chosen")
                    .solution("or give it as a flag: --state-dir modelhost-state"),
            );
        }
        if self.data_sources.is_empty() {
            problems.push(
                self.missing("data_sources", "no data source is configured, and there is no default database")
                    .solution("or give it as a flag: --data-source 'main=sqlite:data/{namespace}.db'"),
            );
        }
        match &self.state_dir {
            Some(folder) if problems.is_empty() => Ok(folder),
            _ => Err(several(problems)),
        }
    }

    fn missing(&self, key: &str, message: &str) -> Problem {
        let mut problem = Problem::new(Code::ConfigMissing, message);
        let (place, file) = match &self.file {
            Some(file) => ("write this into", file.display().to_string()),
            None => ("make a file with this in it:", super::file::FILE_NAME.to_owned()),
        };
        problem.example = Some(match key {
            "state_dir" => "state_dir = \"modelhost-state\"".to_owned(),
            _ => "[data_sources.main]\nurl = \"sqlite:data/{namespace}.db\"".to_owned(),
        });
        let above = match key {
            "state_dir" if self.file.is_some() => ", above its first section",
            _ => "",
        };
        problem.with("file", file.clone()).with("key", key).solution(format!("{place} {file}{above}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;

    #[test]
    fn serving_needs_a_state_folder_and_a_data_source() {
        let sample = Sample::empty();
        let problem = sample.good().ready_to_serve().expect_err("nothing is configured");
        insta::assert_snapshot!(sample.tell(&problem), @r#"
        config.missing: no state folder is configured, and none is chosen
          at file modelhost.toml, key state_dir
          - make a file with this in it: modelhost.toml
          - or give it as a flag: --state-dir modelhost-state
          > state_dir = "modelhost-state"
        config.missing: no data source is configured, and there is no default database
          at file modelhost.toml, key data_sources
          - make a file with this in it: modelhost.toml
          - or give it as a flag: --data-source 'main=sqlite:data/{namespace}.db'
          > [data_sources.main]
          > url = "sqlite:data/{namespace}.db"
        "#);
        let sample = Sample::file("state_dir = \"state\"\n");
        let problem = sample.good().ready_to_serve().expect_err("no database is configured");
        insta::assert_snapshot!(sample.tell(&problem), @r#"
        config.missing: no data source is configured, and there is no default database
          at file modelhost.toml, key data_sources
          - write this into modelhost.toml
          - or give it as a flag: --data-source 'main=sqlite:data/{namespace}.db'
          > [data_sources.main]
          > url = "sqlite:data/{namespace}.db"
        "#);
    }

    #[test]
    fn serves_when_both_are_there() {
        let sample = Sample::empty().flag("state_dir", "state").flag("data_sources", "main=sqlite:x.db");
        let config = sample.good();
        let folder = config.ready_to_serve().expect("everything is there");
        assert_eq!(sample.tidy(&folder.display().to_string()), "[folder]/state");
    }
}
