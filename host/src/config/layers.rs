//! Layers of judged values, and figment to merge them.
//!
//! A layer is everything that came from one kind of place. Invariants: a key is in a layer at most once, a higher layer
//! wins key by key, and figment says which layer a value came from, so that its origin is never guessed.

use std::collections::BTreeMap;

use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Provider};
use model::{Code, Problem};

use super::conversion;
use super::keys::Key;
use super::origin::Origin;
use super::sections;
use super::setting::Setting;
use super::unknown::{self, Surroundings};
use super::value::{self, WrongValue};
use super::written::Written;

/// The layers, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Flags,
    Environment,
    File,
    Profile,
    Defaults,
}

impl Rank {
    /// The layers that people write.
    pub(super) const WRITTEN: [Self; 3] = [Self::Flags, Self::Environment, Self::File];

    /// The layer that a place belongs to.
    pub(super) fn of(origin: &Origin) -> Self {
        match origin {
            Origin::Flag(_) => Self::Flags,
            Origin::Variable(_) => Self::Environment,
            Origin::File { .. } => Self::File,
            Origin::Profile(_) => Self::Profile,
            Origin::Default | Origin::Unset => Self::Defaults,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Flags => "flags",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Profile => "profile",
            Self::Defaults => "defaults",
        }
    }
}

/// A value that its key accepted.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) setting: Setting,
    pub(super) origin: Origin,
}

/// Everything that came from one kind of place.
#[derive(Clone)]
pub(super) struct Layer {
    rank: Rank,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// All layers.
pub(super) struct Layers(BTreeMap<Rank, Layer>);

impl Layers {
    /// Judges every key that was written.
    pub(super) fn judge(around: &Surroundings<'_>, problems: &mut Vec<Problem>) -> Self {
        let mut layers = Self(BTreeMap::new());
        for key in around.keys {
            match judge_key(key, around) {
                Ok(entry) => {
                    let path = key.path.join(".");
                    if let Some(first) = layers.put(path, entry) {
                        problems.push(twice(key, &first));
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        layers
    }

    /// Adds a value to the layer of its origin; what was there before stays and is returned.
    pub(super) fn put(&mut self, path: String, entry: Entry) -> Option<Entry> {
        let rank = Rank::of(&entry.origin);
        let layer = self.0.entry(rank).or_insert_with(|| Layer { rank, entries: BTreeMap::new() });
        if let Some(first) = layer.entries.get(&path) {
            return Some(first.clone());
        }
        layer.entries.insert(path, entry);
        None
    }

    /// Takes a value out of one layer.
    pub(super) fn remove(&mut self, rank: Rank, path: &str) {
        if let Some(layer) = self.0.get_mut(&rank) {
            layer.entries.remove(path);
        }
    }

    /// The value of one layer.
    pub(super) fn get(&self, rank: Rank, path: &str) -> Option<&Entry> {
        self.0.get(&rank)?.entries.get(path)
    }

    /// The value that applies among those that were added so far.
    pub(super) fn winner(&self, path: &str) -> Option<&Entry> {
        self.0.values().find_map(|layer| layer.entries.get(path))
    }

    /// The merged configuration.
    pub(super) fn merged(&self) -> Merged<'_> {
        let figment = self.0.values().fold(Figment::new(), |figment, layer| figment.join(layer));
        Merged { figment, layers: self }
    }
}

/// All layers as one.
pub(super) struct Merged<'a> {
    pub(super) figment: Figment,
    layers: &'a Layers,
}

impl Merged<'_> {
    /// The value that applies, with its origin.
    pub(super) fn entry(&self, path: &str) -> Option<&Entry> {
        let name = &self.figment.find_metadata(path)?.name;
        let mut layers = self.layers.0.values();
        let layer = layers.find(|layer| layer.rank.name() == name)?;
        layer.entries.get(path)
    }
}

impl Provider for &Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.rank.name())
    }

    fn data(&self) -> Result<Map<figment::Profile, Dict>, figment::Error> {
        let mut whole = Dict::new();
        for (path, entry) in &self.entries {
            insert(&mut whole, path, entry.setting.to_figment());
        }
        Ok(figment::Profile::Default.collect(whole))
    }
}

fn insert(dict: &mut Dict, path: &str, value: figment::value::Value) {
    match path.split_once('.') {
        None => {
            dict.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = dict.entry(first.to_owned()).or_insert_with(|| Dict::new().into());
            if let figment::value::Value::Dict(_, inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn judge_key(key: &Written, around: &Surroundings<'_>) -> Result<Entry, Problem> {
    let path = key.path.join(".");
    if let Some(problem) = sections::not_a_section(key) {
        return Err(problem);
    }
    let Some(known) = Key::find(&path) else {
        return Err(unknown::answer(key, around));
    };
    match value::judge(known, &key.value, key.spelling()) {
        Ok(setting) => Ok(Entry { setting, origin: key.origin.clone() }),
        Err(wrong) => Err(wrong_value(key, known, wrong)),
    }
}

fn wrong_value(key: &Written, known: &Key, wrong: WrongValue) -> Problem {
    let path = key.path.join(".");
    let message = format!("`{}` {}", key.shown_path(), wrong.message);
    let mut problem = key.problem(Code::ConfigInvalidValue, message);
    problem.solutions = wrong.solutions;
    let other = wrong.belongs_to.map(|name| (format!("{}.{name}", key.section()), name));
    let path = match other {
        Some((path, name)) => {
            problem.solutions.push(format!("write it as `{name}`"));
            path
        }
        None => path,
    };
    let setting = wrong.corrected.unwrap_or_else(|| conversion::sample(known));
    problem.example = Some(key.corrected(&path, &setting));
    problem
}

fn twice(key: &Written, first: &Entry) -> Problem {
    let path = key.path.join(".");
    let message = format!("`{path}` is set twice");
    let mut problem = key.problem(Code::ConfigConflict, message);
    problem = problem.with("first", first.origin.to_string());
    problem.solutions = match first.origin == key.origin {
        true => vec![format!("give {} once", key.origin)],
        false => vec![
            format!("keep the first: {}", key.origin.removal()),
            format!("or keep the second: {}", first.origin.removal()),
        ],
    };
    problem.example = Some(key.corrected(&path, &first.setting));
    problem
}
