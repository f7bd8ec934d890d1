//! Reads all sources and puts the configuration together.
//!
//! The order: written keys, sections, keys and values, data sources, presets, defaults, checks. Invariant: nothing stops
//! at the first problem unless what follows would only be its echo.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;

use model::{Code, Problem};
use serde::Deserialize;
use serde_json::Value;

use super::checks;
use super::data_source::{self, DataSource, Located};
use super::keys::{KEYS, Key, Kind};
use super::layers::{Entry, Layers, Merged};
use super::origin::Origin;
use super::profile::Profile;
use super::sections;
use super::setting::Setting;
use super::settings::{Config, Durability, Http, Limits, Log, Schema};
use super::source_url::Scheme;
use super::unknown::Surroundings;
use super::value::{self, Spelling};
use super::written::{Written, several};
use super::{environment, file, flags};

/// Everything that configuration may come from.
#[derive(Debug, Clone)]
pub(crate) struct Sources {
    /// The current folder.
    pub(crate) folder: PathBuf,
    /// The system's folder for temporary files.
    pub(crate) temporary: PathBuf,
    /// The environment. Only `MODELHOST_` variables and those that a `url_env` names are read.
    pub(crate) environment: BTreeMap<String, OsString>,
    /// The file of `--config`.
    pub(crate) config: Option<PathBuf>,
    /// The flags of the command line as (path of the key, value); the path `data_sources` takes `NAME=URL`.
    pub(crate) flags: Vec<(String, String)>,
}

impl Sources {
    /// The sources of this process.
    ///
    /// # Errors
    /// `config.unreadable` when there is no current folder.
    pub(crate) fn of_process(config: Option<PathBuf>, flags: Vec<(String, String)>) -> Result<Self, Problem> {
        let folder = std::env::current_dir().map_err(|error| {
            let mut problem = Problem::new(Code::ConfigUnreadable, "the current folder cannot be found");
            problem.cause.push(error.to_string());
            problem.solution("change to a folder that exists")
        })?;
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))).collect();
        Ok(Self { folder, temporary: std::env::temp_dir(), environment, config, flags })
    }
}

impl Config {
    /// The configuration that the sources say together.
    ///
    /// # Errors
    /// Everything that is wrong in any source, at once.
    pub(crate) fn load(sources: &Sources) -> Result<Self, Problem> {
        let mut problems = Vec::new();
        let (file, written) = read(sources, &mut problems);
        let half = !problems.is_empty();
        let judged = sections::judge(written, &mut problems);
        let names: BTreeSet<String> = judged.sources.keys().cloned().collect();
        let around = Surroundings { keys: &judged.keys, sources: &names };
        let mut layers = Layers::judge(&around, &mut problems);
        if half {
            // What is missing may well be in the part that could not be read.
            return Err(several(problems));
        }
        let judged_so_far = problems.len();
        let mut located = BTreeMap::new();
        for (name, named_at) in &judged.sources {
            // A source whose keys are wrong may well have its URL among them.
            let mut found = Vec::new();
            if let Some(url) = data_source::locate(name, named_at, sources, &mut layers, &mut found) {
                located.insert(name.clone(), url);
            }
            let echo =
                |problem: &Problem| problem.code == Code::ConfigMissing && concerns(&problems[..judged_so_far], name);
            let real: Vec<Problem> = found.into_iter().filter(|problem| !echo(problem)).collect();
            problems.extend(real);
        }
        let profile = fill(&mut layers, &located);
        let whole = Whole { profile, file, sources, merged: layers.merged(), located };
        checks::check(&whole, &mut problems);
        if problems.is_empty() { whole.build() } else { Err(several(problems)) }
    }
}

/// Everything that was written, in all sources.
fn read(sources: &Sources, problems: &mut Vec<Problem>) -> (Option<PathBuf>, Vec<Written>) {
    let found = file::find(sources);
    let mut written = Vec::new();
    if let Some((file, named_by)) = &found {
        match file::read(sources, file, named_by) {
            Ok(keys) => written.extend(keys),
            Err(more) => problems.extend(more),
        }
    }
    let mut named = environment::named_by_url_env(&sources.environment);
    let url_env = written.iter().filter(|key| key.name() == "url_env");
    named.extend(url_env.filter_map(|key| key.value.as_str().map(str::to_owned)));
    written.extend(environment::read(&sources.environment, &named, problems));
    written.extend(flags::read(&sources.flags, problems));
    (found.map(|(file, _)| file), written)
}

/// Whether one of the problems already says how to write the URL of the data source.
fn concerns(problems: &[Problem], source: &str) -> bool {
    let path = format!("data_sources.{source}");
    let inside = format!("{path}.");
    problems.iter().any(|problem| {
        let mut facts = problem.context.iter();
        let at = facts.any(|(name, value)| name == "key" && value.starts_with(&inside));
        let example = problem.example.as_deref().unwrap_or_default();
        example.contains("url") && (at || example.contains(&path))
    })
}

/// Adds presets and defaults for everything that nobody wrote. Answers with the profile that applies.
fn fill(layers: &mut Layers, located: &BTreeMap<String, Located>) -> Profile {
    let name = layers.winner("profile").map(|entry| entry.setting.clone());
    let profile = match name {
        Some(Setting::Text(name)) if name == Profile::Production.name() => Profile::Production,
        _ => Profile::Development,
    };
    for preset in profile.settings() {
        let known = Key::find(preset.key).expect("a preset names a key of the table");
        put(layers, known, preset.value, &Origin::Profile(profile), located);
    }
    for known in KEYS {
        if let Some(value) = known.default {
            put(layers, known, value, &Origin::Default, located);
        }
    }
    profile
}

fn put(layers: &mut Layers, known: &Key, text: &str, origin: &Origin, located: &BTreeMap<String, Located>) {
    let text = toml::Value::from(text);
    let Ok(setting) = value::judge(known, &text, Spelling::Text) else {
        unreachable!("presets and defaults are values that their keys take");
    };
    if !known.path.contains('*') {
        let origin = origin.clone();
        layers.put(known.path.to_owned(), Entry { setting, origin });
        return;
    }
    for (name, source) in located {
        let setting = match (known.name(), source.url.scheme()) {
            ("durability", Scheme::Postgres | Scheme::Mysql) => continue,
            ("connections_max", Scheme::Sqlite) if source.url.is_memory() => Setting::Number(1),
            _ => setting.clone(),
        };
        let origin = origin.clone();
        layers.put(known.path_in(name), Entry { setting, origin });
    }
}

/// Everything that is known before the configuration is built.
pub(super) struct Whole<'a> {
    pub(super) profile: Profile,
    pub(super) file: Option<PathBuf>,
    pub(super) sources: &'a Sources,
    pub(super) merged: Merged<'a>,
    pub(super) located: BTreeMap<String, Located>,
}

#[derive(Deserialize)]
struct Sizes {
    connections_max: u64,
    connect_ms_max: u64,
    wait_ms_max: u64,
    statement_ms_max: u64,
    durability: Option<Durability>,
    schema_policy: Schema,
}

impl Whole<'_> {
    /// The value that applies at a path, with its origin.
    pub(super) fn entry(&self, path: &str) -> Option<&Entry> {
        self.merged.entry(path)
    }

    /// The state folder, absolute.
    pub(super) fn state_dir(&self) -> Option<PathBuf> {
        self.folder("state_dir")
    }

    /// A folder, absolute.
    fn folder(&self, key: &str) -> Option<PathBuf> {
        let entry = self.entry(key)?;
        match &entry.setting {
            Setting::Text(folder) => Some(data_source::base_folder(&entry.origin, self.sources).join(folder)),
            _ => None,
        }
    }

    fn build(self) -> Result<Config, Problem> {
        let mut values = Vec::new();
        let mut origins = BTreeMap::new();
        for (key, value, origin) in self.shown() {
            origins.insert(key.clone(), origin);
            values.push((key, value));
        }
        let mut data_sources = BTreeMap::new();
        for (name, located) in &self.located {
            let sizes: Sizes = self.extract(&format!("data_sources.{name}"))?;
            let source = DataSource {
                url: located.url.clone(),
                connections_max: sizes.connections_max,
                connect_ms_max: sizes.connect_ms_max,
                wait_ms_max: sizes.wait_ms_max,
                statement_ms_max: sizes.statement_ms_max,
                durability: sizes.durability,
                schema_policy: sizes.schema_policy,
            };
            data_sources.insert(name.clone(), source);
        }
        let (http, log, limits): (Http, Log, Limits) =
            (self.extract("http")?, self.extract("log")?, self.extract("limits")?);
        Ok(Config {
            profile: self.profile,
            state_dir: self.state_dir(),
            watch_dir: self.folder("watch_dir"),
            http,
            log,
            limits,
            data_sources,
            values,
            origins,
            file: self.file,
        })
    }

    /// A section as its type. Every value was judged by the table of keys: a failure is a table that disagrees with it.
    fn extract<'de, T: Deserialize<'de>>(&self, section: &str) -> Result<T, Problem> {
        self.merged.figment.extract_inner(section).map_err(|error| {
            let message = format!("the section `{section}` does not fit the table of keys");
            // Figment's text could quote a value; the path is enough to find the row.
            Problem::new(Code::HostBug, message).with("key", error.path.join("."))
        })
    }

    /// Every value as it may be shown, in the order of the table.
    fn shown(&self) -> Vec<(String, Value, Origin)> {
        let mut shown = Vec::new();
        for known in KEYS.iter().filter(|known| !known.path.contains('*')) {
            let (value, origin) = self.shown_value(known, known.path);
            shown.push((known.path.to_owned(), value, origin));
        }
        for name in self.located.keys() {
            for known in KEYS.iter().filter(|known| known.path.contains('*')) {
                let path = known.path_in(name);
                let (value, origin) = self.shown_value(known, &path);
                if origin != Origin::Unset {
                    shown.push((path, value, origin));
                }
            }
        }
        shown
    }

    fn shown_value(&self, known: &Key, path: &str) -> (Value, Origin) {
        let source = path.strip_prefix("data_sources.").and_then(|rest| rest.strip_suffix(".url"));
        if let Some(located) = source.and_then(|name| self.located.get(name)) {
            return (located.url.to_string().into(), located.origin.clone());
        }
        let Some(entry) = self.entry(path) else {
            return (Value::Null, Origin::Unset);
        };
        let value = match (known.kind, self.folder(path)) {
            (Kind::Folder, Some(folder)) => folder.display().to_string().into(),
            _ => entry.setting.json(),
        };
        (value, entry.origin.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn flags_beat_the_environment_beats_the_file_beats_presets() {
        let sample = Sample::file(
            "http.listen = \"127.0.0.1:1\"\nhttp.request_ms_max = 1\nlog.format = \"text\"\nprofile = \"production\"",
        )
        .variable("MODELHOST_HTTP__LISTEN", "127.0.0.1:2")
        .variable("MODELHOST_HTTP__REQUEST_MS_MAX", "2")
        .flag("http.listen", "127.0.0.1:3");
        let config = sample.good();
        let told = [
            "http.listen",
            "http.request_ms_max",
            "log.format",
            "http.shutdown_ms_max",
            "http.body_bytes_max",
            "state_dir",
        ]
        .map(|path| format!("{path}: {}", config.provenance(path)));
        insta::assert_snapshot!(told.join("\n"), @r#"
        http.listen: flag --listen
        http.request_ms_max: variable MODELHOST_HTTP__REQUEST_MS_MAX
        log.format: modelhost.toml:3
        http.shutdown_ms_max: profile production
        http.body_bytes_max: default
        state_dir: not set
        "#);
        assert_eq!(config.http.listen.port(), 3);
        assert_eq!(config.http.request_ms_max, 2);
    }

    #[test]
    fn wrong_values_are_told_in_every_source_at_once() {
        let sample = Sample::file("http.listen = 80\nlog.level = \"inof\"\n")
            .variable("MODELHOST_HTTP__LISTEN", "localhost")
            .flag("profile", "all");
        insta::assert_snapshot!(sample.refusals(), @r#"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not 80
          at file modelhost.toml, line 1, key http.listen
          - 0.0.0.0 instead of 127.0.0.1 listens on every address
          > http.listen = "127.0.0.1:80"
        config.invalid-value: `log.level` must be a log level, such as "info", not "inof"
          at file modelhost.toml, line 2, key log.level
          > log.level = "info"
        config.invalid-value: `MODELHOST_HTTP__LISTEN` must be an IP address and a port, such as "127.0.0.1:7474", not "localhost"
          at variable MODELHOST_HTTP__LISTEN, key http.listen
          > MODELHOST_HTTP__LISTEN=127.0.0.1:7474
        config.invalid-value: `--profile` must be "development" or "production", not "all"
          at flag --profile, key profile
          > --profile development
        "#);
    }

    #[test]
    fn an_empty_configuration_is_development_without_a_database() {
        let config = Sample::empty().good();
        assert_eq!(config.profile, Profile::Development);
        assert!(config.data_sources.is_empty() && config.state_dir.is_none() && config.file.is_none());
    }
}
