//! One key as somebody wrote it, and the corrected line in the same place.
//!
//! Knows nothing about what is wrong. Invariant: a corrected line has the spelling of the place it is for (a line of the
//! file, a variable, a flag) and holds no password.

use model::{Code, Problem};

use super::keys::{self, Key};
use super::layers::Rank;
use super::origin::Origin;
use super::setting::Setting;
use super::value::Spelling;

/// A key and its value, not judged yet.
#[derive(Clone)]
pub(super) struct Written {
    /// The parts of the path. A table stands for itself, as an empty table, before what it holds.
    pub(super) path: Vec<String>,
    pub(super) value: toml::Value,
    pub(super) origin: Origin,
    /// What stands before the key on its line of the file: nothing, or `http.`. None in an inline table, where a line
    /// can't be replaced on its own.
    pub(super) lead: Option<String>,
}

impl Written {
    /// The path as it was written.
    pub(super) fn shown_path(&self) -> String {
        match &self.origin {
            Origin::Variable(name) | Origin::Flag(name) => name.clone(),
            _ => printable(&self.path.join(".")),
        }
    }

    /// The path of the section that it is in.
    pub(super) fn section(&self) -> String {
        let end = self.path.len().saturating_sub(1);
        self.path[..end].join(".")
    }

    /// The name without the section.
    pub(super) fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// What kind of place it is written in.
    pub(super) fn rank(&self) -> Rank {
        Rank::of(&self.origin)
    }

    /// What the value is written in.
    pub(super) fn spelling(&self) -> Spelling {
        match self.origin {
            Origin::File { .. } => Spelling::Typed,
            _ => Spelling::Text,
        }
    }

    /// Whether this is a section, not a value.
    pub(super) fn is_section(&self) -> bool {
        self.value.is_table()
    }

    /// A problem with this key.
    pub(super) fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        problem_at(&self.origin, &self.path.join("."), code, message)
    }

    /// The corrected line for here.
    pub(super) fn corrected(&self, path: &str, setting: &Setting) -> String {
        let (section, name) = keys::split(path);
        match &self.lead {
            Some(lead) if section == self.section() => format!("{lead}{name} = {}", setting.toml()),
            _ => corrected_at(&self.origin, path, setting),
        }
    }

    /// How to take the key or the whole section away.
    pub(super) fn removal(&self) -> String {
        match (&self.origin, &self.lead) {
            (Origin::File { file, line }, None) if self.is_section() => {
                format!("delete the section at line {line} of {}", file.display())
            }
            (origin, _) => origin.removal(),
        }
    }

    /// This line, taken out of the file without being lost.
    pub(super) fn taken_out(&self) -> Option<String> {
        let lead = self.lead.as_ref()?;
        matches!(self.origin, Origin::File { .. })
            .then(|| format!("# {}{} = ...", printable(lead), printable(self.name())))
    }
}

/// A problem with the key at a path, at the place where it was written.
pub(super) fn problem_at(origin: &Origin, path: &str, code: Code, message: impl Into<String>) -> Problem {
    let mut problem = Problem::new(code, message);
    problem.context = origin.facts();
    match path {
        "" => problem,
        path => problem.with("key", printable(path)),
    }
}

/// What somebody wrote as a key, short and without control characters: a key in quotes may hold anything.
fn printable(text: &str) -> String {
    let escaped = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().take(120).map(escaped).collect()
}

/// How to write a value in the kind of place that `origin` is, whole.
pub(super) fn corrected_at(origin: &Origin, path: &str, setting: &Setting) -> String {
    let (section, name) = keys::split(path);
    match origin {
        Origin::Variable(_) => format!("{}={}", keys::variable(path), setting.bare()),
        Origin::Flag(_) => match Key::find(path).and_then(|key| key.flag) {
            Some("--data-source") => {
                let source = section.trim_start_matches("data_sources.");
                format!("--data-source {source}={}", setting.bare())
            }
            Some(flag) => format!("{flag} {}", setting.bare()),
            None => format!("{}={}", keys::variable(path), setting.bare()),
        },
        _ if section.is_empty() => format!("{name} = {}", setting.toml()),
        _ => format!("[{section}]\n{name} = {}", setting.toml()),
    }
}

/// Several problems as one that speaks of the configuration, in the order of the file.
pub(super) fn several(mut problems: Vec<Problem>) -> Problem {
    problems.sort_by_key(line);
    let mut problem = Problem::several(problems);
    if !problem.parts.is_empty() {
        problem.message = format!("{} things are wrong in the configuration", problem.parts.len());
    }
    problem
}

/// The line of the file; what is not in the file comes after it, in its own order.
fn line(problem: &Problem) -> usize {
    let line = problem.context.iter().find(|(name, _)| name == "line");
    line.and_then(|(_, line)| line.parse().ok()).unwrap_or(usize::MAX)
}
