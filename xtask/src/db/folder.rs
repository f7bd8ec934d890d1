//! The temporary folder of one server, and the random names and passwords in it.
//!
//! It knows no server. Invariant: only folders whose name says that they were made here are ever removed, and nobody but
//! the server's account (and root) can enter one.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::account::Account;

/// How a folder of ours begins.
const PREFIX: &str = "modelhost-db-";

/// A folder that did not exist before, for the server's account alone.
pub(super) fn fresh(account: &Account) -> Result<PathBuf> {
    let name = format!("{PREFIX}{}", &random_hex()?[..12]);
    let folder = account.temporary_folder()?.join(name);
    fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    account.own(&folder)?;
    Ok(folder)
}

/// A file that the server's account alone may read.
pub(super) fn write_secret(account: &Account, path: &Path, text: &str) -> Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).with_context(|| format!("making {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    account.own(path)
}

/// Removes a folder that `fresh` made; fine when it is gone.
pub(super) fn remove(folder: &Path) -> Result<()> {
    check_ours(folder)?;
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))
}

/// Refuses a folder that `fresh` did not make.
pub(super) fn check_ours(folder: &Path) -> Result<()> {
    if folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX)) {
        return Ok(());
    }
    bail!("{} was not made by `cargo xtask db`", folder.display())
}

pub(super) fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).context("reading /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_to_remove_a_folder_of_somebody_else() {
        let error = remove(Path::new("/usr/lib")).unwrap_err();
        assert!(error.to_string().contains("was not made by"), "{error}");
    }
}
