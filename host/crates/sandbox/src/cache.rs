//! Compiled plugins on disk, and what their inspection found, so that a restart does neither again.
//!
//! A compiled artifact is machine code that the process runs: a file somebody else wrote would be somebody else's program.
//! So each file carries a keyed BLAKE3 tag over its name and its content, under a key that this host made for this folder
//! and nobody else can read; what fails the check is made anew. It does not delete what is no longer used.

use std::hash::{Hash, Hasher};
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use cap_std::fs::{Dir, OpenOptions};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::artifact::{Outline, RULES};
use crate::{Digest, SandboxError};

const KEY_FILE: &str = "key";
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = blake3::OUT_LEN;

/// The folder and its key.
pub(crate) struct Cache {
    folder: Dir,
    key: [u8; KEY_BYTES],
    /// Digest of everything in the engine's settings and this host's wasmtime that the machine code depends on.
    settings: String,
    /// Digest of the rules by which components are judged.
    rules: String,
}

impl Cache {
    pub(crate) fn open(folder: Dir, engine: &Engine) -> Result<Self, SandboxError> {
        let key = read_or_make_key(&folder)
            .map_err(|source| SandboxError::Cache { doing: "reading or making its key", source: Arc::new(source) })?;
        let mut settings = SettingsHasher(blake3::Hasher::new());
        engine.precompile_compatibility_hash().hash(&mut settings);
        let mut rules = blake3::Hasher::new();
        for part in RULES {
            rules.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        let [settings, rules] = [settings.0, rules].map(|hasher| hasher.finalize().to_hex()[..16].to_owned());
        Ok(Self { folder, key, settings, rules })
    }

    /// The artifact, if this host compiled these bytes with these settings and nobody touched the file since.
    pub(crate) fn artifact(&self, digest: &Digest) -> Option<Authentic> {
        self.read(&self.artifact_name(digest)).map(Authentic)
    }

    /// Keeps an artifact that was just compiled.
    pub(crate) fn keep_artifact(&self, digest: &Digest, artifact: &Authentic) {
        self.write(&self.artifact_name(digest), &artifact.0);
    }

    /// The outline, if this host found these bytes to be in order by these rules and nobody touched the file since.
    pub(crate) fn outline(&self, digest: &Digest) -> Option<Outline> {
        let text = self.read(&self.outline_name(digest))?;
        Outline::of_text(std::str::from_utf8(&text).ok()?)
    }

    /// Keeps the outline of a component that is in order.
    pub(crate) fn keep_outline(&self, digest: &Digest, outline: &Outline) {
        self.write(&self.outline_name(digest), outline.to_text().as_bytes());
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = match self.folder.read(name) {
            Ok(bytes) => bytes,
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    tracing::warn!(file = name, %error, "what is kept of a plugin cannot be read");
                }
                return None;
            }
        };
        let content = bytes.split_off(bytes.len().min(TAG_BYTES));
        // Comparing `blake3::Hash` takes the same time wherever the first difference is.
        let authentic = <[u8; TAG_BYTES]>::try_from(bytes.as_slice())
            .is_ok_and(|tag| self.tag(name, &content) == blake3::Hash::from_bytes(tag));
        if !authentic {
            tracing::warn!(file = name, "what is kept of a plugin was changed by somebody else and is made anew");
            return None;
        }
        Some(content)
    }

    /// A failure costs a compilation or an inspection at the next start, nothing else.
    fn write(&self, name: &str, content: &[u8]) {
        if let Err(error) = self.replace(name, content) {
            tracing::warn!(file = name, %error, "what was made of a plugin cannot be kept");
        }
    }

    fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let temporary = format!("{name}.{:016x}", u64::from_le_bytes(random));
        let mut file = self.folder.create(&temporary)?;
        let written = file
            .write_all(self.tag(name, content).as_bytes())
            .and_then(|()| file.write_all(content))
            .and_then(|()| self.folder.rename(&temporary, &self.folder, name));
        if written.is_err() {
            // The first error is the one to tell.
            let _ = self.folder.remove_file(&temporary);
        }
        written
    }

    fn artifact_name(&self, digest: &Digest) -> String {
        format!("{digest}-{}.cwasm", self.settings)
    }

    fn outline_name(&self, digest: &Digest) -> String {
        format!("{digest}-{}.outline", self.rules)
    }

    /// Covers the name, so that one file cannot be put in the place of another.
    fn tag(&self, name: &str, content: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(content);
        hasher.finalize()
    }
}

/// Machine code that this host compiled: what its compiler answered, or a cache file whose tag fits.
pub(crate) struct Authentic(Vec<u8>);

impl Authentic {
    /// For the compiler.
    pub(crate) fn compiled_by_this_host(artifact: Vec<u8>) -> Self {
        Self(artifact)
    }
}

/// The component of an artifact.
#[allow(
    unsafe_code,
    reason = "wasmtime cannot check machine code; `Authentic` exists only for what this host's compiler made"
)]
pub(crate) fn component_of(engine: &Engine, artifact: &Authentic) -> wasmtime::Result<Component> {
    // SAFETY: the bytes come from `precompile_component` of this process or of one that it started, or from a file with a
    // tag over exactly these bytes under a key that only this host's user can read; they are in memory that nobody else
    // writes.
    unsafe { Component::deserialize(engine, &artifact.0) }
}

fn read_or_make_key(folder: &Dir) -> io::Result<[u8; KEY_BYTES]> {
    let mut made = [0; KEY_BYTES];
    getrandom::fill(&mut made).map_err(io::Error::other)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match folder.open_with(KEY_FILE, &options) {
        Ok(mut file) => {
            file.write_all(&made)?;
            file.sync_all()?;
            Ok(made)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read_key(folder, made),
        Err(error) => Err(error),
    }
}

/// The key of the folder. One that is not whole (a crash while it was written) authenticates nothing and is replaced.
fn read_key(folder: &Dir, made: [u8; KEY_BYTES]) -> io::Result<[u8; KEY_BYTES]> {
    let mut bytes = Vec::new();
    let file = folder.open(KEY_FILE)?;
    file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if let Ok(key) = <[u8; KEY_BYTES]>::try_from(bytes.as_slice()) {
        return Ok(key);
    }
    let mut options = OpenOptions::new();
    options.write(true).truncate(true);
    folder.open_with(KEY_FILE, &options)?.write_all(&made)?;
    Ok(made)
}

/// Lets BLAKE3 hash what implements [`Hash`].
struct SettingsHasher(blake3::Hasher);

impl Hasher for SettingsHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let hash = self.0.finalize();
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}
