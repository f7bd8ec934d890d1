//! `cargo xtask db install`: the database servers' packages, on Debian and Ubuntu.
//!
//! The only command here that changes the system; elsewhere it explains what to type. A package may start a service of
//! its own; nothing here uses it. Invariant: what is already there is left alone and costs no network.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::account::{caller_is_root, on_path};
use super::{Installed, Kind};
use crate::shell::Shell;

const UPDATE: [&str; 1] = ["update"];
const INSTALL: [&str; 3] = ["install", "--yes", "--no-install-recommends"];

pub(crate) fn run(shell: &Shell) -> Result<()> {
    let mut missing = Vec::new();
    for kind in Kind::ALL {
        match Installed::find(kind) {
            Ok(installed) => eprintln!("{installed} is installed: nothing to do"),
            Err(reason) => {
                eprintln!("{reason}");
                missing.push(kind);
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian_like(&release) || on_path("apt-get").is_none() {
        bail!("{}", on_other_systems(&missing));
    }
    let packages: Vec<&str> = missing.iter().map(|kind| kind.package()).collect();
    shell.run(apt_get(&packages)?.args(UPDATE))?;
    shell.run(apt_get(&packages)?.args(INSTALL).args(&packages))?;
    for kind in missing {
        let installed = Installed::find(kind)
            .with_context(|| format!("the distribution's package `{}` does not help", kind.package()))?;
        eprintln!("installed {installed}");
    }
    Ok(())
}

fn apt_get(packages: &[&str]) -> Result<Command> {
    // Given to `env`, as sudo drops the variables of its caller.
    let words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    if caller_is_root()? {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        return Ok(command);
    }
    if on_path("sudo").is_some() {
        let mut command = Command::new("sudo");
        command.args(words);
        return Ok(command);
    }
    let [update, install, packages] = [UPDATE.join(" "), INSTALL.join(" "), packages.join(" ")];
    bail!(
        "installing needs root, and there is no sudo; let an administrator type: \
         apt-get {update} && apt-get {install} {packages}"
    )
}

fn on_other_systems(missing: &[Kind]) -> String {
    let mut text = "this command knows Debian and Ubuntu only; install by this system's own means".to_owned();
    for kind in missing {
        text.push_str(&format!(
            "\n  {} {} or newer, so that {} are on PATH ({})",
            kind.title(),
            kind.floor(),
            kind.program_names(),
            kind.elsewhere()
        ));
    }
    text
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

    #[test]
    fn other_systems_read_what_to_install() {
        insta::assert_snapshot!(on_other_systems(&Kind::ALL), @"
        this command knows Debian and Ubuntu only; install by this system's own means
          PostgreSQL 14 or newer, so that `postgres`, `initdb` are on PATH (Fedora: `dnf install postgresql-server`, macOS: `brew install postgresql@17`)
          MariaDB 10.6 or newer, so that `mariadbd`, `mariadb-install-db`, `mariadb` are on PATH (Fedora: `dnf install mariadb-server`, macOS: `brew install mariadb`)
        ");
    }
}
