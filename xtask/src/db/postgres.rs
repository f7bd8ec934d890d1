//! What only PostgreSQL knows: its programs, its cluster, its settings and when it is ready.
//!
//! It starts no server and finds no folder. Invariant: a server of ours listens on loopback alone and asks for a
//! password.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::installed::{Version, path_folders};
use super::process::finish;
use super::server::{Durability, Server, USER};

pub(super) const PROGRAMS: &[&[&str]] = &[&["postgres"], &["initdb"]];

pub(super) const FLOOR: Version = Version(14, 0);

pub(super) const PID_FILE: &str = "data/postmaster.pid";

/// Each folder is an installation of its own: PATH, then those of distributions, newest first (Debian and Ubuntu, Red
/// Hat's, Homebrew on both kinds of Mac).
pub(super) fn places() -> Vec<Vec<PathBuf>> {
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
    let distribution = folders.into_iter().map(|(_, folder)| folder);
    path_folders().into_iter().chain(distribution).map(|folder| vec![folder]).collect()
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian ...)` or `... 18devel`.
pub(super) fn version(text: &str) -> Option<Version> {
    let (_, rest) = text.split_once("(PostgreSQL) ")?;
    Version::parse(rest)
}

pub(super) fn make_data(server: &Server) -> Result<()> {
    server.write_secret("password", server.password())?;
    let mut initdb = server.command("initdb", None);
    initdb.args(["--username", USER, "--auth", "scram-sha-256"]);
    initdb.args(["--encoding", "UTF8", "--locale", "C", "--no-sync"]);
    initdb.args(["--pwfile", "password", "--pgdata", "data"]);
    finish("initdb", &mut initdb)?;
    fs::remove_file(server.folder().join("password")).context("removing the password file")
}

pub(super) fn arguments(server: &Server) -> Vec<String> {
    let data = server.data().display().to_string();
    let mut arguments = vec!["-D".to_owned(), data, "-p".to_owned(), server.port().to_string()];
    for setting in settings(server.durability()) {
        arguments.extend(["-c".to_owned(), setting.to_owned()]);
    }
    arguments
}

/// The eighth line of the file of its process is the state.
pub(super) fn is_ready(server: &Server) -> bool {
    let text = fs::read_to_string(server.folder().join(PID_FILE)).unwrap_or_default();
    text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

fn settings(durability: Durability) -> Vec<&'static str> {
    let mut settings = vec!["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "ssl=off"];
    settings.extend(match durability {
        Durability::Durable => ["fsync=on", "synchronous_commit=on", "full_page_writes=on"],
        Durability::ThrowAway => ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
    });
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(version(debian), Some(Version(15, 18)));
        assert_eq!(version("postgres (PostgreSQL) 18devel"), Some(Version(18, 0)));
        assert_eq!(version("mysqld 8"), None);
    }
}
