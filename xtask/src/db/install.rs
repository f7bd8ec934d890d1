//! `cargo xtask db install`: the database servers' packages, on Debian and Ubuntu.
//!
//! The only command here that changes the system; elsewhere it explains what to type. Invariant: what is already there
//! is left alone and costs no network.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Installed;
use super::account::{caller_is_root, on_path};
use crate::shell::Shell;

/// What a Debian or Ubuntu user types.
const BY_HAND: &str = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends postgresql";

pub(crate) fn run(shell: &Shell) -> Result<()> {
    let missing = match Installed::find() {
        Ok(installed) => {
            eprintln!("PostgreSQL {} is in {}: nothing to do", installed.major(), installed.folder().display());
            return Ok(());
        }
        Err(missing) => missing,
    };
    eprintln!("{missing}");
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian_like(&release) || on_path("apt-get").is_none() {
        bail!(
            "this command knows Debian and Ubuntu only; install PostgreSQL 14 or newer by this system's own means \
             (Fedora: `dnf install postgresql-server`, macOS: `brew install postgresql@17`), so that `initdb`, `pg_ctl` \
             and `postgres` are on PATH"
        );
    }
    shell.run(apt_get()?.arg("update"))?;
    let mut install = apt_get()?;
    install.args(["install", "--yes", "--no-install-recommends", "postgresql"]);
    shell.run(&mut install)?;
    let installed = Installed::find()
        .context("the distribution's PostgreSQL does not help; https://apt.postgresql.org has newer ones")?;
    eprintln!("installed PostgreSQL {}", installed.major());
    Ok(())
}

fn apt_get() -> Result<Command> {
    let mut command = if caller_is_root()? {
        Command::new("apt-get")
    } else if on_path("sudo").is_some() {
        let mut command = Command::new("sudo");
        command.arg("apt-get");
        command
    } else {
        bail!("installing needs root, and there is no sudo; let an administrator type: {BY_HAND}");
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

fn is_debian_like(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches('"').split(' '))
        .any(|id| matches!(id, "debian" | "ubuntu"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_debian_its_children_and_nobody_else() {
        assert!(is_debian_like("NAME=\"Debian\"\nID=debian\n"));
        assert!(is_debian_like("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_like("ID=fedora\nHOME_URL=debian\n"));
    }
}
