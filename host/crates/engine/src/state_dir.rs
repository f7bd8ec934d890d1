//! The folder that survives a restart: plugin bytes by digest, compiled artifacts, the control database's path.
//!
//! Opened through cap-std, so that no name from outside can leave it, and locked, so that two hosts can't share it.

use std::fs::TryLockError;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use sandbox::Digest;

use crate::EngineError;

/// An open, locked state folder. The lock ends with the value.
pub(crate) struct StateDir {
    path: PathBuf,
    plugins: Dir,
    cache: Dir,
    _lock: std::fs::File,
}

impl StateDir {
    /// Opens the folder, making it when it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self, EngineError> {
        let unusable = |what: &'static str| {
            let path = path.to_owned();
            move |error: std::io::Error| EngineError::StateUnusable { path, what, error: Arc::new(error) }
        };
        make_private(path).map_err(unusable("make the folder"))?;
        let dir = Dir::open_ambient_dir(path, ambient_authority()).map_err(unusable("open the folder"))?;
        let options = OpenOptions::new().read(true).write(true).create(true).clone();
        let lock = dir.open_with("lock", &options).map_err(unusable("open the lock file"))?.into_std();
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(EngineError::StateLocked { path: path.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(unusable("lock the folder")(error)),
        }
        let folder = |name: &str| dir.create_dir_all(name).and_then(|()| dir.open_dir(name));
        let plugins = folder("plugins").map_err(unusable("open the folder of plugins"))?;
        let cache = folder("cache").map_err(unusable("open the folder of compiled plugins"))?;
        Ok(Self { path: path.to_owned(), plugins, cache, _lock: lock })
    }

    /// Where the control database is.
    pub(crate) fn control_path(&self) -> PathBuf {
        self.path.join("control.db")
    }

    /// The folder of compiled artifacts.
    pub(crate) fn cache(&self) -> Result<Dir, EngineError> {
        self.cache.try_clone().map_err(|error| self.unusable("open the folder of compiled plugins", error))
    }

    /// Keeps a plugin's bytes. Written aside and renamed, so that a reader never sees half a plugin.
    pub(crate) fn write_plugin(&self, digest: &Digest, bytes: &[u8]) -> Result<(), EngineError> {
        let name = format!("{digest}.wasm");
        // One that is damaged is written again.
        if matches!(self.read_plugin(&digest.to_string()), Ok(Some(_))) {
            return Ok(());
        }
        let aside = format!("{digest}.part");
        let write = || {
            self.plugins.write(&aside, bytes)?;
            self.plugins.open(&aside)?.sync_all()?;
            self.plugins.rename(&aside, &self.plugins, &name)
        };
        write().map_err(|error| self.unusable("keep the plugin", error))
    }

    /// A plugin's bytes. They are checked against the digest: a file that was changed is not a plugin anybody deployed.
    pub(crate) fn read_plugin(&self, digest: &str) -> Result<Option<Arc<[u8]>>, EngineError> {
        if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        match self.plugins.read(format!("{digest}.wasm")) {
            Ok(bytes) if Digest::of(&bytes).to_string() == digest => Ok(Some(bytes.into())),
            Ok(_) => {
                let error = std::io::Error::new(std::io::ErrorKind::InvalidData, "the bytes have another digest");
                Err(self.unusable("read the plugin", error))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unusable("read the plugin", error)),
        }
    }

    fn unusable(&self, what: &'static str, error: std::io::Error) -> EngineError {
        EngineError::StateUnusable { path: self.path.clone(), what, error: Arc::new(error) }
    }
}

/// Makes the folder for its owner alone: it holds keys' hashes, everybody's plugins and what tells our artifacts from others'.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
