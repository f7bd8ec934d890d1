//! Which database servers' programs this machine has.
//!
//! It only looks; `db install` installs. Invariant: what it answers has all programs of one installation, whose version
//! is at or above the floor.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Kind;

/// The programs of one version of a server.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    kind: Kind,
    version: Version,
    /// By the first of its names.
    programs: BTreeMap<&'static str, PathBuf>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Missing {
    /// No place has all programs.
    NotFound { kind: Kind },
    /// The newest one is older than the floor.
    TooOld { installed: Installed },
}

/// Major and minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(super) u32, pub(super) u32);

impl Installed {
    /// The first that isn't too old, in the order of the kind's places.
    pub(crate) fn find(kind: Kind) -> Result<Self, Missing> {
        let mut best: Option<Self> = None;
        for folders in kind.places() {
            let Some(installed) = Self::in_folders(kind, &folders) else {
                continue;
            };
            if best.as_ref().is_none_or(|best| best.version < kind.floor() && installed.version > best.version) {
                best = Some(installed);
            }
        }
        match best {
            None => Err(Missing::NotFound { kind }),
            Some(installed) if installed.version < kind.floor() => Err(Missing::TooOld { installed }),
            Some(installed) => Ok(installed),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// One of the kind's programs, by the first of its names.
    pub(super) fn program(&self, name: &str) -> &Path {
        self.programs.get(name).expect("an installation has all programs of its kind")
    }

    fn in_folders(kind: Kind, folders: &[PathBuf]) -> Option<Self> {
        let mut programs = BTreeMap::new();
        for names in kind.programs() {
            let mut paths = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
            programs.insert(names[0], paths.find(|path| path.is_file())?);
        }
        let server = programs.get(kind.programs()[0][0])?;
        let output = Command::new(server).arg("--version").output().ok()?;
        let version = kind.version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { kind, version, programs })
    }
}

impl fmt::Display for Installed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind.title(), self.version)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { kind } => write!(
                formatter,
                "{} is not installed: {} are neither on PATH nor where distributions put them",
                kind.title(),
                kind.program_names()
            ),
            Self::TooOld { installed } => {
                write!(formatter, "{installed} is older than {}, the oldest that is supported", installed.kind.floor())
            }
        }
    }
}

impl std::error::Error for Missing {}

impl Version {
    /// The numbers that a text begins with; `18devel` has no minor one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.');
        let major = digits(numbers.next()?)?;
        Some(Self(major, numbers.next().and_then(digits).unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(major, 0) => write!(formatter, "{major}"),
            Self(major, minor) => write!(formatter, "{major}.{minor}"),
        }
    }
}

pub(super) fn path_folders() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

fn digits(text: &str) -> Option<u32> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_without_programs_is_not_an_installation() {
        for kind in Kind::ALL {
            assert!(Installed::in_folders(kind, &[PathBuf::from("/")]).is_none());
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(Version::parse("10.11.14-MariaDB"), Some(Version(10, 11)));
        assert_eq!(Version::parse("18devel"), Some(Version(18, 0)));
        assert_eq!(Version::parse("MariaDB"), None);
        assert!(Version(10, 11) > Version(10, 6));
    }
}
