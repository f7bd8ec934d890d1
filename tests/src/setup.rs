//! What a host is started with.
//!
//! Every setting is given as a variable of the environment, so that a test names only what it is about. Invariant: nothing
//! outside of the test's own folder is named unless the test names it.

use std::collections::BTreeMap;

use tempfile::TempDir;

use crate::TestHost;

/// Settings of a host that is about to be started.
#[derive(Debug, Clone)]
pub struct Setup {
    pub(crate) environment: BTreeMap<String, String>,
    /// A command that runs the program, and comes before it.
    pub(crate) inside: Vec<String>,
}

impl Setup {
    /// A host with the data source `main`: one SQLite file for each namespace, `data/NAMESPACE.db`.
    pub fn sqlite() -> Self {
        Self::empty().set("data_sources.main.url", "sqlite:data/{namespace}.db")
    }

    /// A host with the data source `main` on a server, or wherever the URL leads.
    pub fn on(url: &str) -> Self {
        Self::empty().set("data_sources.main.url", url)
    }

    /// A host without data sources. Guests get time enough on a machine that is busy with other tests.
    pub fn empty() -> Self {
        Self { environment: BTreeMap::new(), inside: Vec::new() }.set("limits.call_time_ms_max", "5000")
    }

    /// Sets a key of the configuration, such as `http.body_bytes_max`.
    pub fn set(self, key: &str, value: &str) -> Self {
        let variable = format!("MODELHOST_{}", key.to_uppercase().replace('.', "__"));
        self.variable(&variable, value)
    }

    /// Sets a variable of the host's environment.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the program by a command that takes it as its last arguments, and becomes it.
    pub fn inside(mut self, command: &[&str]) -> Self {
        self.inside = command.iter().map(|part| (*part).to_owned()).collect();
        self
    }

    /// Starts the host and waits until it listens.
    #[track_caller]
    pub fn start(self) -> TestHost {
        self.start_in(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Starts the host in a folder that is there.
    #[track_caller]
    pub fn start_in(self, folder: TempDir) -> TestHost {
        TestHost::start(self, folder)
    }
}
