//! Where a value came from.
//!
//! Also where a problem is: the same place, told as facts. Holds no value.

use std::path::PathBuf;

use super::profile::Profile;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A line of a file.
    File {
        /// The file, as it was named.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// A command-line flag.
    Flag(String),
    /// A preset of the profile.
    Profile(Profile),
    /// What applies when nobody says anything.
    Default,
    /// Nobody said anything, and there is no default.
    Unset,
}

impl Origin {
    /// The place as facts of a problem.
    pub(crate) fn facts(&self) -> Vec<(String, String)> {
        let fact = |name: &str, value: String| (name.to_owned(), value);
        match self {
            Self::File { file, line } => vec![fact("file", file.display().to_string()), fact("line", line.to_string())],
            Self::Variable(name) => vec![fact("variable", name.clone())],
            Self::Flag(name) => vec![fact("flag", name.clone())],
            Self::Profile(profile) => vec![fact("profile", profile.name().to_owned())],
            Self::Default | Self::Unset => Vec::new(),
        }
    }

    /// Whether a person wrote the value, as opposed to a preset or a default.
    pub(crate) fn is_written(&self) -> bool {
        match self {
            Self::File { .. } | Self::Variable(_) | Self::Flag(_) => true,
            Self::Profile(_) | Self::Default | Self::Unset => false,
        }
    }

    /// How to take the value away.
    pub(crate) fn removal(&self) -> String {
        match self {
            Self::File { file, line } => format!("delete line {line} of {}", file.display()),
            Self::Variable(name) => format!("unset {name}"),
            Self::Flag(name) => format!("leave {name} out"),
            Self::Profile(profile) => format!("choose another profile than `{}`", profile.name()),
            Self::Default | Self::Unset => "set it".to_owned(),
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { file, line } => write!(f, "{}:{line}", file.display()),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
            Self::Profile(profile) => write!(f, "profile {}", profile.name()),
            Self::Default => f.write_str("default"),
            Self::Unset => f.write_str("not set"),
        }
    }
}
