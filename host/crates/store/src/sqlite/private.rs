//! What the store makes on disk: folders, databases, lock files.
//!
//! Tenants' data is for the user of the host alone, whatever the umask says. What is there already keeps its mode: that was
//! somebody's decision. SQLite gives the files beside a database the database's own mode.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Makes a folder and those above it, where they are missing.
pub(super) fn make_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes an empty database, where none is there.
pub(super) fn make_database(path: &Path) -> Result<(), Error> {
    make_folder_of(path)?;
    // A file that is there must not even be opened: closing it would release the locks that SQLite holds on it.
    match options().create_new(true).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Opens a lock file, which is made when there is none.
pub(super) fn open_lock(path: &Path) -> Result<File, Error> {
    make_folder_of(path)?;
    options().create(true).truncate(false).open(path)
}

fn make_folder_of(path: &Path) -> Result<(), Error> {
    path.parent().map_or(Ok(()), make_folder)
}

fn options() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
