//! What the tests of the configuration share: sources in a folder of their own, and problems as text.
//!
//! Reads no environment. Invariant: nothing that depends on the machine is in the text.

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::Problem;

use super::load::Sources;
use super::settings::Config;

/// A folder with sources in it, dropped with the value.
pub(super) struct Sample {
    folder: tempfile::TempDir,
    sources: Sources,
}

impl Sample {
    /// Sources without anything.
    pub(super) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let sources = Sources {
            folder: folder.path().to_owned(),
            temporary: PathBuf::from("/somewhere/temporary"),
            environment: BTreeMap::new(),
            config: None,
            flags: Vec::new(),
        };
        Self { folder, sources }
    }

    /// Sources with a `modelhost.toml`.
    pub(super) fn file(text: &str) -> Self {
        Self::empty().with_file("modelhost.toml", text)
    }

    /// With one more file in the folder.
    pub(super) fn with_file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).expect("the folder can be written to");
        self
    }

    /// With an environment variable.
    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.insert(name.to_owned(), value.into());
        self
    }

    /// With a flag.
    pub(super) fn flag(mut self, path: &str, value: &str) -> Self {
        self.sources.flags.push((path.to_owned(), value.to_owned()));
        self
    }

    /// With `--config`.
    pub(super) fn config(mut self, file: &str) -> Self {
        self.sources.config = Some(file.into());
        self
    }

    /// The configuration.
    pub(super) fn load(&self) -> Result<Config, Problem> {
        Config::load(&self.sources)
    }

    /// The configuration, which is good.
    pub(super) fn good(&self) -> Config {
        self.load().unwrap_or_else(|problem| panic!("{}", self.tell(&problem)))
    }

    /// What is wrong, as text.
    pub(super) fn refusals(&self) -> String {
        match self.load() {
            Ok(_) => "nothing is wrong".to_owned(),
            Err(problem) => self.tell(&problem),
        }
    }

    /// A text without the folder's name.
    pub(super) fn tidy(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "[folder]")
    }

    /// Problems as text.
    pub(super) fn tell(&self, problem: &Problem) -> String {
        let parts = match problem.parts.as_slice() {
            [] => std::slice::from_ref(problem),
            parts => parts,
        };
        let told: Vec<String> = parts.iter().map(tell_one).collect();
        self.tidy(&told.join("\n"))
    }
}

/// What is wrong with a file.
pub(super) fn refusals(text: &str) -> String {
    Sample::file(text).refusals()
}

fn tell_one(problem: &Problem) -> String {
    let facts = problem.context.iter().map(|(name, value)| format!("{name} {value}"));
    let mut lines = vec![format!("{}: {}", problem.code, problem.message)];
    let facts: Vec<String> = facts.collect();
    if !facts.is_empty() {
        lines.push(format!("  at {}", facts.join(", ")));
    }
    lines.extend(problem.cause.iter().map(|cause| format!("  because {cause}")));
    lines.extend(problem.solutions.iter().map(|solution| format!("  - {solution}")));
    let example = problem.example.iter().flat_map(|example| example.lines());
    lines.extend(example.map(|line| format!("  > {line}")));
    lines.join("\n")
}
