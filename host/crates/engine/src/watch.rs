//! A watched folder: `<namespace>.wasm` in it is deployed to that namespace.
//!
//! Files are looked at, not events believed: an event only says when to look. A file is deployed when two looks found it the
//! same, so that one that is still written is left alone; one at a time, and only the newest of several versions. Whatever
//! goes wrong with a file is told in the log and in inspection, and what served before still serves. A file that goes away
//! changes nothing: unloading is said by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use model::NamespaceName;
use notify::Watcher;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::{EngineError, Host};

/// Between two looks at a file that changes: longer than the pauses of whoever copies one.
const SETTLE: Duration = Duration::from_millis(200);
/// Between two looks when nothing was heard: some file systems tell nobody of their changes.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What a file has to end in.
const SUFFIX: &str = ".wasm";

/// What is known of the files of a watched folder, by their names.
#[derive(Debug, Default)]
pub(crate) struct Watched(Mutex<Option<(PathBuf, BTreeMap<String, FileView>)>>);

/// A watched folder.
#[derive(Debug, Clone, Serialize)]
pub struct WatchView {
    /// Where it is.
    pub folder: String,
    /// Its files, by name.
    pub files: Vec<FileView>,
}

/// A file of a watched folder.
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    /// Its name.
    pub file: String,
    /// `deployed`, `refused`, or `ignored` where its name is not that of a namespace.
    pub state: &'static str,
    /// The generation that it became, or why it did not become one.
    pub detail: String,
}

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Which file it is and when it was changed last, where the system tells: a version that was renamed into place may have
    /// the size and the time of the one before.
    identity: Option<[i64; 3]>,
    is_regular: bool,
}

/// What is known between two looks.
#[derive(Default)]
struct Seen {
    /// Every file as it was found last.
    found: BTreeMap<String, Stamp>,
    /// Every file as it was when it was deployed, or tried.
    tried: BTreeMap<String, Stamp>,
    /// Every file as it was when the host began to look: what was deployed earlier is no news then.
    first: Option<BTreeMap<String, Stamp>>,
}

impl Host {
    /// Watches a folder from now on, as long as the host exists. What is in it already is deployed too.
    pub fn watch(self: &Arc<Self>, folder: &Path) -> Result<(), EngineError> {
        let unusable = |what: &'static str, error: std::io::Error| EngineError::WatchUnusable {
            path: folder.to_owned(),
            what,
            error: Arc::new(error),
        };
        Dir::open_ambient_dir(folder, ambient_authority()).map_err(|error| unusable("open", error))?;
        let (wake, woken) = mpsc::channel(1);
        // Full is as good as one more: the look that comes sees everything.
        let told = move |_: notify::Result<notify::Event>| {
            let _ = wake.try_send(());
        };
        let watcher = notify::recommended_watcher(told).and_then(|mut watcher| {
            watcher.watch(folder, notify::RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        let watcher = watcher.map_err(|error| unusable("watch", std::io::Error::other(error)))?;
        *self.watched.0.lock().expect("no panic while it is held") = Some((folder.to_owned(), BTreeMap::new()));
        let (host, path) = (Arc::downgrade(self), folder.to_owned());
        tokio::spawn(async move {
            let (_watcher, mut woken, mut seen) = (watcher, woken, Seen::default());
            loop {
                let Some(host) = host.upgrade() else { break };
                let is_settled = host.look(&path, &mut seen).await;
                drop(host);
                let pause = if is_settled { LOOK_EVERY } else { SETTLE };
                let is_over = tokio::time::timeout(pause, woken.recv()).await == Ok(None);
                if is_over {
                    break;
                }
                // Whoever was woken gives the file time to become whole.
                tokio::time::sleep(SETTLE).await;
            }
        });
        Ok(())
    }

    /// What is known of the watched folder.
    pub(crate) fn watch_view(&self) -> Option<WatchView> {
        let watched = self.watched.0.lock().expect("no panic while it is held");
        let (folder, files) = watched.as_ref()?;
        Some(WatchView { folder: folder.display().to_string(), files: files.values().cloned().collect() })
    }

    /// Looks at every file and deploys those that are new and whole. True when none is still changing.
    async fn look(&self, folder: &Path, seen: &mut Seen) -> bool {
        // Opened anew each time: a folder may be made anew, or be a link that leads elsewhere now.
        let opened = Dir::open_ambient_dir(folder, ambient_authority());
        let (dir, found) = match opened.and_then(|dir| files(&dir).map(|found| (dir, found))) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(target: "modelhost::watch", %error, "the watched folder can't be read");
                return true;
            }
        };
        for name in seen.found.keys().filter(|name| !found.contains_key(*name)) {
            tracing::info!(target: "modelhost::watch", file = name, "gone; what it was deployed to still serves");
            self.forget(name);
        }
        seen.tried.retain(|name, _| found.contains_key(name));
        let is_new = |name: &String, stamp: &Stamp| seen.tried.get(name) != Some(stamp);
        let new: Vec<(String, Stamp)> =
            found.iter().filter(|(name, stamp)| is_new(name, stamp)).map(|(n, s)| (n.clone(), s.clone())).collect();
        let (whole, changing): (Vec<_>, Vec<_>) =
            new.into_iter().partition(|(name, stamp)| seen.found.get(name) == Some(stamp));
        let first = seen.first.get_or_insert_with(|| found.clone());
        let was_first = |name: &str, stamp: &Stamp| first.get(name) == Some(stamp);
        seen.found = found;
        for (name, stamp) in whole {
            let is_done = match stamp.is_regular {
                true => self.try_file(&dir, &name, !was_first(&name, &stamp)).await,
                false => self.refuse_kind(&name),
            };
            if is_done {
                seen.tried.insert(name, stamp);
            }
        }
        changing.is_empty()
    }

    fn refuse_kind(&self, name: &str) -> bool {
        tracing::warn!(target: "modelhost::watch", file = name, "not a file, or a link out of the folder");
        let detail = "not a file, or a link out of the folder".to_owned();
        self.note(FileView { file: name.to_owned(), state: "ignored", detail });
        true
    }

    /// False where the file waits for a namespace of its name.
    async fn try_file(&self, dir: &Dir, name: &str, is_news: bool) -> bool {
        let namespace = name.strip_suffix(SUFFIX).unwrap_or(name);
        let view = |state, detail| FileView { file: name.to_owned(), state, detail };
        if NamespaceName::new(namespace).is_err() || self.namespace(namespace).is_err() {
            if self.note(view("ignored", format!("there is no namespace `{}`", crate::host::shown(namespace)))) {
                tracing::warn!(target: "modelhost::watch", file = name, "there is no namespace of that name");
            }
            return false;
        }
        let outcome = match self.read_file(dir, name) {
            Ok(bytes) => match if is_news { None } else { self.earlier(namespace, &bytes).await } {
                Some(generation) => {
                    self.note(view("deployed", format!("generation {generation}, before the host was started")));
                    return true;
                }
                None => self.deploy(namespace, bytes).await,
            },
            Err(error) => Err(error),
        };
        match outcome {
            Ok(deployed) => {
                let generation = deployed.record.generation;
                tracing::info!(target: "modelhost::watch", file = name, generation, "deployed");
                self.note(view("deployed", format!("generation {generation}")));
            }
            Err(error) => {
                let problem = error.problem();
                tracing::error!(target: "modelhost::watch", file = name, code = %problem.code, "{}", problem.message);
                self.note(view("refused", format!("{} [{}]", problem.message, problem.code)));
            }
        }
        true
    }

    /// The last generation that these bytes were. Going back, or unloading, is not undone by a restart.
    async fn earlier(&self, namespace: &str, bytes: &[u8]) -> Option<i64> {
        let digest = sandbox::Digest::of(bytes).to_string();
        let namespace = self.namespace(namespace).ok()?;
        let records = self.control.deployments(&namespace.record.name).await.ok()?;
        let mut same = records.iter().rev().filter(|record| record.digest == digest && !record.prepared);
        same.next().map(|record| record.generation)
    }

    fn read_file(&self, dir: &Dir, name: &str) -> Result<Arc<[u8]>, EngineError> {
        let unusable = |error| EngineError::WatchUnusable { path: name.into(), what: "read", error: Arc::new(error) };
        // One byte more than allowed, so that the sandbox refuses what is too large with a plugin's own words.
        let max = self.limits.component_bytes_max as u64 + 1;
        let mut bytes = Vec::new();
        let file = open_regular(dir, name).map_err(unusable)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(file, max), &mut bytes).map_err(unusable)?;
        Ok(bytes.into())
    }

    /// Whether that is news.
    fn note(&self, view: FileView) -> bool {
        let mut watched = self.watched.0.lock().expect("no panic while it is held");
        let Some((_, files)) = watched.as_mut() else { return false };
        let detail = view.detail.clone();
        files.insert(view.file.clone(), view).is_none_or(|before| before.detail != detail)
    }

    fn forget(&self, name: &str) {
        let mut watched = self.watched.0.lock().expect("no panic while it is held");
        if let Some((_, files)) = watched.as_mut() {
            files.remove(name);
        }
    }
}

/// Opens a file, and nothing that took its place since it was listed: a pipe would wait for somebody who writes into it.
fn open_regular(dir: &Dir, name: &str) -> Result<cap_std::fs::File, std::io::Error> {
    let mut options = cap_std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = dir.open_with(name, &options)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is no file any more")),
    }
}

/// The files that could be plugins, as they are now.
fn files(dir: &Dir) -> Result<BTreeMap<String, Stamp>, std::io::Error> {
    let mut found = BTreeMap::new();
    for entry in dir.entries()? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !name.ends_with(SUFFIX) {
            continue;
        }
        // Links are followed, as long as they stay in the folder.
        let stamp = match dir.metadata(&name) {
            Ok(metadata) => Stamp {
                bytes: metadata.len(),
                modified: metadata.modified().ok().map(cap_std::time::SystemTime::into_std),
                identity: identity(&metadata),
                is_regular: metadata.is_file(),
            },
            // A file that went away meanwhile is not there.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(_) => Stamp { bytes: 0, modified: None, identity: None, is_regular: false },
        };
        found.insert(name, stamp);
    }
    Ok(found)
}

#[cfg(unix)]
fn identity(metadata: &cap_std::fs::Metadata) -> Option<[i64; 3]> {
    use cap_std::fs::MetadataExt;
    Some([metadata.ino().cast_signed(), metadata.ctime(), metadata.ctime_nsec()])
}

#[cfg(not(unix))]
fn identity(_: &cap_std::fs::Metadata) -> Option<[i64; 3]> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_that_took_a_files_place_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipe = folder.path().join("acme.wasm");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).expect("a pipe");
        let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).expect("the folder");
        let error = open_regular(&dir, "acme.wasm").expect_err("no file");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{error}");
        std::fs::remove_file(&pipe).expect("it was there");
        std::fs::write(&pipe, b"bytes").expect("written");
        open_regular(&dir, "acme.wasm").expect("a file");
    }
}
