//! Which PostgreSQL programs this machine has.
//!
//! It only looks; `db install` installs. Invariant: what it answers has all three programs in one folder and a version
//! at or above the floor.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that the project supports.
const FLOOR: u32 = 14;

/// The programs without which no server can be made.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// A folder with the programs of one PostgreSQL version.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    folder: PathBuf,
    major: u32,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Missing {
    /// No folder has all programs.
    NotFound,
    /// The newest one is older than the floor.
    TooOld { folder: PathBuf, major: u32 },
}

impl Installed {
    /// The version on PATH, else the newest in the folders that distributions use.
    pub(crate) fn find() -> Result<Self, Missing> {
        let mut newest: Option<Self> = None;
        for folder in path_folders().into_iter().chain(distribution_folders()) {
            let Some(installed) = Self::in_folder(&folder) else {
                continue;
            };
            if newest.as_ref().is_none_or(|best| best.major < FLOOR && installed.major > best.major) {
                newest = Some(installed);
            }
        }
        match newest {
            None => Err(Missing::NotFound),
            Some(Self { folder, major }) if major < FLOOR => Err(Missing::TooOld { folder, major }),
            Some(installed) => Ok(installed),
        }
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn major(&self) -> u32 {
        self.major
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn in_folder(folder: &Path) -> Option<Self> {
        if !PROGRAMS.iter().all(|name| folder.join(name).is_file()) {
            return None;
        }
        let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        Some(Self { folder: folder.to_owned(), major: major(&String::from_utf8_lossy(&output.stdout))? })
    }
}

impl std::fmt::Display for Missing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => {
                write!(formatter, "`initdb`, `pg_ctl` and `postgres` are neither on PATH nor below /usr/lib/postgresql")
            }
            Self::TooOld { folder, major } => write!(
                formatter,
                "PostgreSQL {major} in {} is older than {FLOOR}, the oldest that is supported",
                folder.display()
            ),
        }
    }
}

impl std::error::Error for Missing {}

fn path_folders() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// Debian and Ubuntu, Red Hat's, Homebrew on both kinds of Mac; newest first.
fn distribution_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for parent in ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"] {
        let Ok(entries) = fs::read_dir(parent) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let digits = name.strip_prefix("pgsql-").or(name.strip_prefix("postgresql@"));
            if let Ok(version) = digits.unwrap_or(&name).parse::<u32>() {
                folders.push((version, entry.path().join("bin")));
            }
        }
    }
    folders.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    folders.into_iter().map(|(_, folder)| folder).collect()
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian ...)` or `... 18devel`.
fn major(version: &str) -> Option<u32> {
    let (_, rest) = version.split_once("(PostgreSQL) ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(major(debian), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18devel"), Some(18));
        assert_eq!(major("mysqld 8"), None);
    }

    #[test]
    fn folder_without_programs_is_not_an_installation() {
        assert!(Installed::in_folder(Path::new("/")).is_none());
    }
}
