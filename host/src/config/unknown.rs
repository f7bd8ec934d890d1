//! The answer to a key that does not exist: what was meant, and the corrected line.
//!
//! Looks first at names from elsewhere, then at the same name in another section, then at names that are near. Invariant:
//! the value of a key that nobody knows is echoed only where the key that was meant takes it.

use std::collections::BTreeSet;

use model::{Code, Problem};

use super::conversion::{assembled_url, beside, convert, duration, listen};
use super::environment;
use super::foreign::{self, Meaning, fold};
use super::keys::{self, KEYS, Key, names_in};
use super::origin::Origin;
use super::setting::Setting;
use super::written::Written;

/// What else is known when a key is unknown.
pub(super) struct Surroundings<'a> {
    /// Every key that was written, this one included.
    pub(super) keys: &'a [Written],
    /// The names of the data sources.
    pub(super) sources: &'a BTreeSet<String>,
}

/// The key and the value that were meant.
struct Meant {
    path: String,
    setting: Setting,
    sentence: String,
}

/// The problem with a key that does not exist.
pub(super) fn answer(key: &Written, around: &Surroundings<'_>) -> Problem {
    if let Some(meant) = meant_by(key, around) {
        if let Some(other) = said_already(key, &meant, around) {
            return both_spellings(key, other, &meant);
        }
        return match said_before(key, &meant, around) {
            Some(other) => one_is_enough(key, other, &meant),
            None => renamed(key, &meant),
        };
    }
    let without_place = match key.path.len() {
        1 => foreign::answer_without_place(key),
        _ => None,
    };
    without_place.unwrap_or_else(|| nothing_near(key))
}

fn meant_by(key: &Written, around: &Surroundings<'_>) -> Option<Meant> {
    meant_by_section(key, around)
        .or_else(|| meant_by_foreign(key, around))
        .or_else(|| meant_elsewhere(key, around))
        .or_else(|| meant_by_nearness(key, around))
}

/// `[database] url`, `MODELHOST_SERVER__PORT`: a section that is called otherwise.
fn meant_by_section(key: &Written, around: &Surroundings<'_>) -> Option<Meant> {
    let mut moved = key.clone();
    moved.path = match key.path.as_slice() {
        // The name of the data source was left out: `[data_sources] url = ...`.
        [section, name] if section == "data_sources" => {
            vec![section.clone(), "main".to_owned(), name.clone()]
        }
        [_, _, ..] => super::sections::meant(&key.path)?,
        _ => return None,
    };
    let path = moved.path.join(".");
    match Key::find(&path) {
        Some(known) => {
            Some(Meant { setting: convert(known, &key.value), sentence: format!("it is called `{path}`"), path })
        }
        None => meant_by_foreign(&moved, around).or_else(|| meant_by_nearness(&moved, around)),
    }
}

fn meant_by_foreign(key: &Written, around: &Surroundings<'_>) -> Option<Meant> {
    let source = source_of(key);
    let meaning = match source {
        Some(_) => foreign::in_source(key.name())?,
        None if key.path.len() <= 2 => foreign::elsewhere(key.name())?,
        None => return None,
    };
    let source = source.unwrap_or("main");
    let at = |path: &str| path.replace('*', source);
    let known = |path: &'static str| Key::find(path).expect("meanings name keys of the table");
    let (path, setting, sentence) = match meaning {
        Meaning::Key(path) => {
            let sentence = match path.starts_with("data_sources") && key.path.len() == 1 {
                true => format!("databases are data sources with names; this is `{}`", at(path)),
                false => format!("it is called `{}`", at(path)),
            };
            (at(path), convert(known(path), &key.value), sentence)
        }
        Meaning::Duration(path) => {
            let sentence = format!("it is called `{}`, in milliseconds", at(path));
            (at(path), duration(known(path), &key.value), sentence)
        }
        Meaning::Listen => {
            let sentence = "address and port are one key: `http.listen`".to_owned();
            ("http.listen".to_owned(), listen(key, around), sentence)
        }
        Meaning::UrlPart | Meaning::File | Meaning::Password => {
            return Some(meant_as_url(key, around, meaning, source));
        }
        Meaning::Nothing(..) => return None,
    };
    Some(Meant { path, setting, sentence })
}

/// A part of what the URL of a data source says; with a password, the URL belongs into a variable.
fn meant_as_url(key: &Written, around: &Surroundings<'_>, meaning: Meaning, source: &str) -> Meant {
    let url = |text: String, sentence: &str| Meant {
        path: format!("data_sources.{source}.url"),
        setting: Setting::Text(text),
        sentence: sentence.to_owned(),
    };
    let variable = |sentence: String| Meant {
        path: format!("data_sources.{source}.url_env"),
        setting: Setting::Text("DATABASE_URL".to_owned()),
        sentence,
    };
    let whole = "a data source has one URL that says all of this";
    match meaning {
        Meaning::File => {
            let file = key.value.as_str().unwrap_or("data/{namespace}.db");
            url(format!("sqlite:{file}"), "a SQLite file is written as a URL")
        }
        Meaning::Password => variable(
            "a password is a part of the URL: put that into a variable and name the variable, instead of `url`"
                .to_owned(),
        ),
        _ => {
            let assembled = assembled_url(key, around);
            match beside(key, around, &["password", "passwd", "pwd", "pass"]) {
                None => url(assembled, whole),
                Some(_) => {
                    let text = assembled.replacen('@', ":PASSWORD@", 1);
                    variable(format!("{whole}; with a password it belongs into a variable: {text}"))
                }
            }
        }
    }
}

/// The right name in the wrong section.
fn meant_elsewhere(key: &Written, around: &Surroundings<'_>) -> Option<Meant> {
    let folded = fold(key.name());
    let known = KEYS.iter().find(|known| fold(known.name()) == folded)?;
    let source = source_of(key).or_else(|| around.sources.first().map(String::as_str)).unwrap_or("main");
    let path = known.path_in(source);
    Some(Meant {
        setting: convert(known, &key.value),
        sentence: match known.section() {
            section if section == keys::section_pattern(&key.section()) => {
                format!("did you mean `{}`?", known.name())
            }
            "" => format!("`{}` belongs above the first section", known.name()),
            section => format!("`{}` belongs to [{}]", known.name(), section.replace('*', source)),
        },
        path,
    })
}

fn meant_by_nearness(key: &Written, around: &Surroundings<'_>) -> Option<Meant> {
    let section = key.section();
    let near = model::closest(key.name(), names_in(&section)).map(|name| match section.as_str() {
        "" => name.to_owned(),
        section => format!("{section}.{name}"),
    });
    let variable = || match &key.origin {
        Origin::Variable(name) => environment::closest(name, around.sources),
        _ => None,
    };
    let anywhere = || {
        let names = KEYS.iter().map(Key::name);
        let name = model::closest(key.name(), names).filter(|_| key.path.len() == 1)?;
        let known = KEYS.iter().find(|known| known.name() == name)?;
        Some(known.path_in(around.sources.first().map_or("main", String::as_str)))
    };
    let path = near.or_else(variable).or_else(anywhere)?;
    let known = Key::find(&path)?;
    let shown = match key.origin {
        Origin::Variable(_) => keys::variable(&path),
        _ if keys::split(&path).0 == section => known.name().to_owned(),
        _ => path.clone(),
    };
    Some(Meant { setting: convert(known, &key.value), sentence: format!("did you mean `{shown}`?"), path })
}

fn source_of(key: &Written) -> Option<&str> {
    match key.path.as_slice() {
        [section, name, _] if section == "data_sources" => Some(name),
        _ => None,
    }
}

fn renamed(key: &Written, meant: &Meant) -> Problem {
    let message = format!("unknown key `{}`", key.shown_path());
    let mut problem = key.problem(Code::ConfigUnknownKey, message);
    problem.example = Some(key.corrected(&meant.path, &meant.setting));
    problem.solutions.push(meant.sentence.clone());
    if key.lead.as_deref() == Some("") && !key.section().is_empty() && keys::split(&meant.path).0.is_empty() {
        let line = "write the line above the first [section]: below it would belong to that";
        problem.solutions.push(line.to_owned());
    }
    problem
}

/// The key that was meant, when it is written too.
fn said_already<'a>(key: &Written, meant: &Meant, around: &Surroundings<'a>) -> Option<&'a Written> {
    let is_it =
        |other: &&Written| other.rank() == key.rank() && other.path.join(".") == meant.path && other.path != key.path;
    around.keys.iter().find(is_it)
}

/// An unknown key further up that means the same.
fn said_before<'a>(key: &Written, meant: &Meant, around: &Surroundings<'a>) -> Option<&'a Written> {
    let before = around.keys.iter().take_while(|other| !std::ptr::eq(*other, key));
    let mut unknown = before.filter(|other| other.rank() == key.rank() && Key::find(&other.path.join(".")).is_none());
    unknown.find(|other| meant_by(other, around).is_some_and(|other| other.path == meant.path))
}

fn one_is_enough(key: &Written, other: &Written, meant: &Meant) -> Problem {
    let message = format!("unknown key `{}`", key.shown_path());
    let mut problem = key.problem(Code::ConfigUnknownKey, message);
    let (path, other) = (&meant.path, other.shown_path());
    problem.solutions = vec![format!("`{other}` means `{path}` too, and its corrected line is enough"), key.removal()];
    problem.example = key.taken_out();
    problem
}

fn both_spellings(key: &Written, other: &Written, meant: &Meant) -> Problem {
    let message = format!("`{}` is another spelling of `{}`, which is set too", key.shown_path(), other.shown_path());
    let mut problem = key.problem(Code::ConfigConflict, message);
    problem = problem.with("other", other.origin.to_string());
    problem.solutions = vec![
        format!("keep `{}`: {}", other.shown_path(), key.origin.removal()),
        format!("or keep this value: {} and write the line below", other.origin.removal()),
    ];
    problem.example = Some(key.corrected(&meant.path, &meant.setting));
    problem
}

fn nothing_near(key: &Written) -> Problem {
    let message = format!("unknown key `{}`", key.shown_path());
    let mut problem = key.problem(Code::ConfigUnknownKey, message);
    let section = key.section();
    let names: Vec<&str> = names_in(&section).collect();
    problem.solutions.push(match (section.as_str(), names.is_empty()) {
        ("", _) | (_, true) => {
            let top: Vec<&str> = names_in("").collect();
            format!(
                "the keys above the first section are {}; the sections are http, log, limits and data_sources.NAME",
                top.join(", ")
            )
        }
        (section, false) => format!("the keys of [{section}] are {}", names.join(", ")),
    });
    problem.solutions.push(key.origin.removal());
    problem.example = key.taken_out();
    problem
}

#[cfg(test)]
mod tests;
