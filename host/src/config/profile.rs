//! Profiles: printed tables of presets and checks, never a database.
//!
//! A preset only fills what nobody set. The checks themselves are in `checks.rs`.

use serde::Deserialize;

/// For what the host is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// On somebody's own machine.
    Development,
    /// For others.
    Production,
}

/// A value that a profile presets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Preset {
    /// The key, with `*` for every data source.
    pub(crate) key: &'static str,
    /// The value, as an environment variable would say it.
    pub(crate) value: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

/// Something that a profile refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Check {
    /// What is refused.
    pub(crate) refused: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

const fn preset(key: &'static str, value: &'static str, reason: &'static str) -> Preset {
    Preset { key, value, reason }
}

const DEVELOPMENT: &[Preset] = &[
    preset("log.format", "text", "a person reads it"),
    preset("data_sources.*.durability", "normal", "fast; a power failure can cost the last commits, never the file"),
];

const PRODUCTION: &[Preset] = &[
    preset("log.format", "json", "a program collects it"),
    preset("http.shutdown_ms_max", "30000", "as long as the longest request, so that a deployment cuts none"),
    preset("data_sources.*.connections_max", "20", "room for many namespaces on one database"),
    preset("data_sources.*.durability", "full", "what was answered as written survives a power failure"),
];

const PRODUCTION_CHECKS: &[Check] = &[
    Check {
        refused: "`http.listen` on every address while `http.allowed_hosts` is empty",
        reason: "web pages could reach the host through a name of their own",
    },
    Check {
        refused: "`state_dir` in a folder for temporary files",
        reason: "the system may delete plugins, deployments and keys",
    },
    Check { refused: "a SQLite file in a folder for temporary files", reason: "the system may delete the data" },
    Check { refused: "`sqlite::memory:`", reason: "every restart would lose the data" },
];

impl Profile {
    /// Every profile.
    pub(crate) const ALL: &[Self] = &[Self::Development, Self::Production];

    /// Its name in configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }

    /// What it presets.
    pub(crate) fn settings(self) -> &'static [Preset] {
        match self {
            Self::Development => DEVELOPMENT,
            Self::Production => PRODUCTION,
        }
    }

    /// What it refuses.
    pub(crate) fn checks(self) -> &'static [Check] {
        match self {
            Self::Development => &[],
            Self::Production => PRODUCTION_CHECKS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{Key, Kind};
    use super::*;

    #[test]
    fn presets_are_keys_and_never_a_place() {
        for preset in Profile::ALL.iter().flat_map(|profile| profile.settings()) {
            let key = Key::find(preset.key).expect("a preset names a key of the table");
            let place = matches!(key.kind, Kind::Url | Kind::SecretFile | Kind::SecretVariable | Kind::Folder);
            assert!(!place, "{} is a place", preset.key);
        }
    }
}
