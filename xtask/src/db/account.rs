//! The account that a database server runs under.
//!
//! Database servers refuse to run as root, so root hands them to `nobody`; everybody else runs them as themselves. It
//! knows no database. Invariant: a command made here never runs a server as root.

use std::env;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::process::Signal;

/// Who runs a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// The user who typed the command.
    Caller,
    /// Somebody root may become.
    Other { uid: u32, gid: u32, name: String },
}

impl Account {
    pub(crate) fn for_servers() -> Result<Self> {
        if !caller_is_root()? {
            return Ok(Self::Caller);
        }
        let passwd = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
        nobody(&passwd).context("database servers refuse root, and there is no user `nobody` to run them")
    }

    /// A command that runs a program under this account, in a folder that the account may enter.
    ///
    /// With a signal, the program gets it when the thread that started it dies, where the system can arrange that.
    pub(crate) fn command(&self, program: &Path, folder: &Path, at_our_death: Option<Signal>) -> Command {
        let mut command = self.wrapped(program, at_our_death);
        command.current_dir(folder);
        // What the caller's shell says about its own server or language must not reach this one.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text == "LANG" || ["LC_", "PG", "MYSQL", "MARIADB"].iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command.env("LC_ALL", "C");
        command
    }

    /// Gives a file or folder to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        match self {
            Self::Caller => Ok(()),
            Self::Other { uid, gid, name } => {
                chown(path, Some(*uid), Some(*gid)).with_context(|| format!("giving {} to {name}", path.display()))
            }
        }
    }

    /// A temporary folder that this account can reach.
    pub(crate) fn temporary_folder(&self) -> Result<PathBuf> {
        let usual = env::temp_dir();
        let candidates = [usual.clone(), PathBuf::from("/var").join("tmp")];
        for folder in candidates {
            if *self == Self::Caller || everybody_may_enter(&folder) {
                return Ok(folder);
            }
        }
        bail!("{} can't be entered by the account that runs the server; set TMPDIR", usual.display())
    }

    fn wrapped(&self, program: &Path, at_our_death: Option<Signal>) -> Command {
        let Some(setpriv) = on_path("setpriv") else {
            return match self {
                Self::Caller => Command::new(program),
                Self::Other { name, .. } => {
                    let mut command = Command::new("runuser");
                    command.args(["-u", name, "--"]).arg(program);
                    command
                }
            };
        };
        let mut command = Command::new(setpriv);
        if let Self::Other { uid, gid, .. } = self {
            command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
        }
        if let Some(signal) = at_our_death {
            command.args(["--pdeathsig", signal.name()]);
        }
        command.arg("--").arg(program);
        command
    }
}

/// Whether this process may do what only root may.
pub(crate) fn caller_is_root() -> Result<bool> {
    let output = Command::new("id").arg("-u").output().context("`id -u`")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim() == "0")
}

/// The first program of that name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn nobody(passwd: &str) -> Option<Account> {
    let mut fields = passwd.lines().find(|line| line.starts_with("nobody:"))?.split(':');
    let name = fields.next()?.to_owned();
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account::Other { uid, gid, name })
}

fn everybody_may_enter(folder: &Path) -> bool {
    /// The permission to enter a folder, for others than owner and group.
    const ENTER: u32 = 0o001;
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    folder
        .ancestors()
        .all(|ancestor| fs::metadata(ancestor).is_ok_and(|metadata| metadata.permissions().mode() & ENTER != 0))
}

/// The account that owns a path, for commands on files that exist.
pub(crate) fn owner(path: &Path) -> Result<Account> {
    let metadata = fs::metadata(path).with_context(|| format!("looking at {}", path.display()))?;
    if !caller_is_root()? {
        return Ok(Account::Caller);
    }
    if metadata.uid() == 0 {
        bail!("{} belongs to root, whom database servers refuse", path.display());
    }
    Ok(Account::Other { uid: metadata.uid(), gid: metadata.gid(), name: "nobody".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_nobody_from_passwd() {
        let passwd = "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65533:nobody:/none:/bin/false\n";
        let expected = Account::Other { uid: 65534, gid: 65533, name: "nobody".to_owned() };
        assert_eq!(nobody(passwd), Some(expected));
        assert_eq!(nobody("nobodyelse:x:1:1:::\n"), None);
    }
}
