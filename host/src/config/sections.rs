//! Judges the sections of the file and the names of data sources, before any key is looked at.
//!
//! A section that is called otherwise elsewhere (`[server]`, `[databases.main]`) is reported once and then read as the one
//! that was meant, so that what is wrong inside it is reported too. Invariant: every path that leaves here has parts
//! without dots.

use std::collections::{BTreeMap, BTreeSet};

use model::{Code, Problem};

use super::conversion;
use super::foreign;
use super::keys::{Key, names_in};
use super::origin::Origin;
use super::setting::{Setting, echo};
use super::value::{self, Spelling};
use super::written::{Written, corrected_at};

const SECTIONS: [&str; 4] = ["http", "log", "limits", "data_sources"];

/// Longest name of a data source. Prevents names that no log line shows whole.
const NAME_BYTES_MAX: usize = 40;

const CALLED_OTHERWISE: &[(&str, &[&str])] = &[
    ("http", &["server", "web", "api", "listener", "http_server", "service"]),
    ("log", &["logging", "logs", "logger", "tracing"]),
    ("limits", &["limit", "sandbox", "guest", "guests", "wasm", "wasmtime"]),
    (
        "data_sources",
        &[
            "data_source",
            "datasource",
            "datasources",
            "databases",
            "database",
            "db",
            "dbs",
            "sources",
            "source",
            "connections",
            "connection",
            "postgres",
            "postgresql",
            "mysql",
            "mariadb",
            "sqlite",
            "storage",
            "pool",
        ],
    ),
];

/// What is left after the sections were judged.
pub(super) struct Judged {
    /// The keys, with the paths that were meant.
    pub(super) keys: Vec<Written>,
    /// The data sources that are named anywhere, with the first place.
    pub(super) sources: BTreeMap<String, Origin>,
}

/// Judges sections and names; what it can't make sense of is left out, after a problem.
pub(super) fn judge(written: Vec<Written>, problems: &mut Vec<Problem>) -> Judged {
    let mut judged = Judged { keys: Vec::new(), sources: BTreeMap::new() };
    let mut renaming = Renaming::new(&written);
    let mut left_out: Vec<Vec<String>> = Vec::new();
    for key in written {
        if left_out.iter().any(|section| key.path.starts_with(section)) {
            continue;
        }
        let Some(key) = renaming.read(key, problems) else {
            continue;
        };
        let source = source_of(&key);
        if let Some(problem) = source.and_then(|name| judge_name(&key, name)) {
            problems.push(problem);
            left_out.push(key.path[..2].to_vec());
            continue;
        }
        if let Some(problem) = judge_section(&key) {
            problems.push(problem);
            left_out.push(key.path);
            continue;
        }
        if let Some(name) = source {
            let origin = key.origin.clone();
            judged.sources.entry(name.to_owned()).or_insert(origin);
        }
        if !key.is_section() {
            judged.keys.push(key);
        }
    }
    judged
}

/// The data source that a key or a section belongs to.
fn source_of(key: &Written) -> Option<&str> {
    match key.path.as_slice() {
        [section, name] if section == "data_sources" && key.is_section() => Some(name),
        [section, name, _, ..] if section == "data_sources" => Some(name),
        _ => None,
    }
}

/// Reads sections of the file that are called otherwise here as the ones that were meant.
struct Renaming {
    /// Every path that was written.
    paths: Vec<Vec<String>>,
    /// The sections that were reported and are read on.
    reported: BTreeSet<String>,
}

impl Renaming {
    fn new(written: &[Written]) -> Self {
        Self { paths: written.iter().map(|key| key.path.clone()).collect(), reported: BTreeSet::new() }
    }

    /// The key as it was meant. None for a section that was reported, or whose keys are.
    fn read(&mut self, mut key: Written, problems: &mut Vec<Problem>) -> Option<Written> {
        let (Origin::File { .. }, Some(path)) = (&key.origin, meant(&key.path)) else {
            return Some(key);
        };
        let first = key.path[0].clone();
        let has_keys = self.paths.iter().any(|path| path.len() > 1 && path[0] == first);
        match (key.is_section(), key.path.len()) {
            (true, 1) if key.lead.is_none() || !has_keys => {
                problems.push(unknown_section(&key, &self.paths));
                self.reported.insert(first);
                None
            }
            (_, 2..) if self.reported.contains(&first) => {
                key.path = path;
                key.lead = key.lead.filter(String::is_empty);
                Some(key)
            }
            // `server.port = 80` has no line of its own for the section: its keys are answered whole.
            (true, _) => None,
            (false, _) => Some(key),
        }
    }
}

/// The path that was meant by one whose section is called otherwise here. None when the section is right.
pub(super) fn meant(path: &[String]) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    if SECTIONS.contains(&first.as_str()) || Key::find(first).is_some() {
        return None;
    }
    let folded = foreign::fold(first);
    let alias = CALLED_OTHERWISE
        .iter()
        .find(|(_, names)| names.iter().any(|name| foreign::fold(name) == folded))
        .map(|(section, _)| *section);
    let near = || model::closest(first, SECTIONS).filter(|_| foreign::without_place(first).is_none());
    let section = alias.or_else(near)?;
    let mut meant = vec![section.to_owned()];
    // `[database] url` names no data source; `[databases.orders] url` does.
    if section == "data_sources" && rest.len() == 1 && is_key_of_source(&rest[0]) {
        meant.push("main".to_owned());
    }
    meant.extend_from_slice(rest);
    Some(meant)
}

fn unknown_section(key: &Written, paths: &[Vec<String>]) -> Problem {
    let name = key.name();
    let section = meant(&key.path).map_or_else(String::new, |path| path.join("."));
    let mut problem = key.problem(Code::ConfigUnknownKey, format!("unknown section `{name}`"));
    let (sentence, example) = match section.as_str() {
        "data_sources" => (
            "databases are data sources, and each has a name".to_owned(),
            format!("[data_sources.{}]", first_inside(name, paths)),
        ),
        section => (format!("it is called `{section}`"), format!("[{section}]")),
    };
    problem.example = Some(example);
    problem.solution(sentence)
}

/// The name of the first data source inside this section: `orders` for `[databases.orders]`.
fn first_inside<'a>(name: &str, paths: &'a [Vec<String>]) -> &'a str {
    let inside = paths.iter().find_map(|path| match path.as_slice() {
        [first, second, _] if first == name => Some(second.as_str()),
        _ => None,
    });
    inside.unwrap_or("main")
}

/// What is wrong with a section that is none of the known ones.
fn judge_section(key: &Written) -> Option<Problem> {
    let path = key.path.join(".");
    let parts: Vec<&str> = key.path.iter().map(String::as_str).collect();
    if !key.is_section() {
        return None;
    }
    match parts.as_slice() {
        [section] if SECTIONS.contains(section) => None,
        ["data_sources", _] => None,
        _ => Some(match Key::find(&path) {
            Some(known) => {
                let message = format!("`{path}` must be {}, not {}", known.kind_words(), echo(&key.value));
                let mut problem = key.problem(Code::ConfigInvalidValue, message);
                let setting = Setting::Text(known.sample.to_owned());
                problem.example = Some(corrected_at(&key.origin, &path, &setting));
                problem.solution(format!("write `{}` as a key of its section", known.name()))
            }
            None => foreign::answer_without_place(key).unwrap_or_else(|| unplaced_section(key, &path)),
        }),
    }
}

/// The problem with a value where a section belongs: `http = "127.0.0.1:80"`, `MODELHOST_LOG=debug`.
pub(super) fn not_a_section(key: &Written) -> Option<Problem> {
    let parts: Vec<&str> = key.path.iter().map(String::as_str).collect();
    let main = match parts.as_slice() {
        ["http"] => "http.listen".to_owned(),
        ["log"] => "log.level".to_owned(),
        ["limits"] => "limits.call_time_ms_max".to_owned(),
        ["data_sources"] => "data_sources.main.url".to_owned(),
        ["data_sources", name] if !is_key_of_source(name) => format!("data_sources.{name}.url"),
        _ => return None,
    };
    let message = format!("`{}` is a section, not a value", key.shown_path());
    let problem = key.problem(Code::ConfigInvalidValue, message);
    let mut problem = problem.solution(format!("set a key of it, such as `{main}`"));
    let known = Key::find(&main)?;
    let setting = match value::judge(known, &key.value, Spelling::Text) {
        Ok(setting) => setting,
        Err(_) => conversion::sample(known),
    };
    problem.example = Some(corrected_at(&key.origin, &main, &setting));
    Some(problem)
}

fn is_key_of_source(name: &str) -> bool {
    names_in("data_sources.*").any(|known| known == name) || foreign::in_source(name).is_some()
}

fn unplaced_section(key: &Written, path: &str) -> Problem {
    let message = format!("unknown section `{path}`");
    let mut problem = key.problem(Code::ConfigUnknownKey, message);
    problem.solutions = vec!["the sections are http, log, limits and data_sources.NAME".to_owned(), key.removal()];
    problem
}

fn judge_name(key: &Written, name: &str) -> Option<Problem> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if begins && name.chars().all(good) && !name.contains("__") && name.len() <= NAME_BYTES_MAX {
        return None;
    }
    let message = format!("`{}` is not a name for a data source", name.escape_debug());
    let mut problem = key.problem(Code::ConfigInvalidValue, message);
    let corrected: String = name
        .to_lowercase()
        .chars()
        .map(|c| if good(c) { c } else { '_' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(NAME_BYTES_MAX)
        .collect();
    let corrected = corrected.replace("__", "_");
    let corrected = if corrected.is_empty() { "main" } else { corrected.as_str() };
    problem.example = Some(match &key.origin {
        Origin::File { .. } => format!("[data_sources.{corrected}]"),
        _ => {
            let path = format!("data_sources.{corrected}.url");
            let setting = Setting::Text("sqlite:data/{namespace}.db".to_owned());
            corrected_at(&key.origin, &path, &setting)
        }
    });
    Some(problem.solution(format!(
        "a name has lower-case letters, digits and single `_`, begins with a letter and has at most {NAME_BYTES_MAX} bytes"
    )))
}

#[cfg(test)]
mod tests;
