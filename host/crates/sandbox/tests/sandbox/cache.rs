//! Compiled plugins on disk: used again when they are ours, compiled anew when anything about them changed.

use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use sandbox::{Compiling, Limits, Sandbox, SandboxSettings};

use crate::support::PATIENT;

const BYTES: &[u8] = artifacts::KEEPS_STATE;

fn sandbox_at(folder: &Path, limits: Limits) -> Sandbox {
    Sandbox::new(SandboxSettings {
        limits,
        cache: Some(Dir::open_ambient_dir(folder, ambient_authority()).unwrap()),
        compiling: Compiling::Here,
        compiles_max: 1,
        instances_max: 8,
    })
    .unwrap()
}

/// Loads in a sandbox of its own, as after a restart: (compiled, from the cache).
async fn load(folder: &Path) -> (u64, u64) {
    let sandbox = sandbox_at(folder, PATIENT);
    sandbox.load(BYTES.into(), &[]).await.unwrap();
    (sandbox.stats().compiled, sandbox.stats().from_cache)
}

fn kept(folder: &Path, end: &str) -> PathBuf {
    let files = std::fs::read_dir(folder).unwrap();
    let mut files = files.map(|file| file.unwrap().path());
    files.find(|path| path.extension().is_some_and(|found| found == end)).unwrap()
}

fn artifact(folder: &Path) -> PathBuf {
    kept(folder, "cwasm")
}

#[tokio::test]
async fn a_restart_does_not_compile_again() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(load(folder.path()).await, (1, 0));
    assert_eq!(load(folder.path()).await, (0, 1));
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 3, "one artifact, one outline, one key");
}

#[tokio::test]
async fn an_outline_that_was_changed_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path()).await;
    let path = kept(folder.path(), "outline");
    let whole = std::fs::read(&path).unwrap();
    assert!(String::from_utf8_lossy(&whole[32..]).contains("export modelhost:plugin/descriptor@"));
    for at in [0, 32, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert_eq!(load(folder.path()).await, (0, 1), "byte {at}");
        assert!(std::fs::read(&path).unwrap() == whole, "byte {at}");
    }
    let modified = || std::fs::metadata(&path).unwrap().modified().unwrap();
    let before = modified();
    assert_eq!(load(folder.path()).await, (0, 1));
    assert_eq!(modified(), before, "what is whole is used");
}

#[tokio::test]
async fn a_file_that_was_changed_is_compiled_anew_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path()).await;
    let path = artifact(folder.path());
    let whole = std::fs::read(&path).unwrap();
    for at in [0, 31, 32, whole.len() / 2, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert_eq!(load(folder.path()).await, (1, 0), "byte {at}");
        assert_eq!(load(folder.path()).await, (0, 1), "byte {at}");
    }
    for length in [0, 10, 32, whole.len() / 2] {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(load(folder.path()).await, (1, 0), "{length} bytes");
    }
}

#[tokio::test]
async fn an_artifact_in_the_place_of_another_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let other = sandbox_at(folder.path(), PATIENT);
    other.load(artifacts::PANICS.into(), &[]).await.unwrap();
    let stolen = artifact(folder.path());
    let name = stolen.file_name().unwrap().to_str().unwrap().to_owned();
    let settings = name.split_once('-').unwrap().1;
    let place = format!("{}-{settings}", sandbox::Digest::of(BYTES));
    std::fs::rename(&stolen, folder.path().join(place)).unwrap();
    assert_eq!(load(folder.path()).await, (1, 0));
}

#[tokio::test]
async fn another_key_makes_every_file_somebody_elses() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path()).await;
    std::fs::remove_file(folder.path().join("key")).unwrap();
    assert_eq!(load(folder.path()).await, (1, 0));
    std::fs::write(folder.path().join("key"), "short").unwrap();
    assert_eq!(load(folder.path()).await, (1, 0));
    assert_eq!(load(folder.path()).await, (0, 1));
}

#[tokio::test]
async fn other_settings_have_artifacts_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path()).await;
    let smaller = Limits { stack_bytes_max: 256 << 10, ..PATIENT };
    let sandbox = sandbox_at(folder.path(), smaller);
    assert!(sandbox.load(BYTES.into(), &[]).await.is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_hosts_user_reads_the_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    load(folder.path()).await;
    let key = std::fs::metadata(folder.path().join("key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert_eq!(key.len(), 32);
}
