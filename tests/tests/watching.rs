//! The watched folder: a file that is there is deployed, whatever way it came.
//!
//! Invariant: what served before serves until something better is whole.

use std::fs;
use std::path::PathBuf;

use e2e::{Setup, TestHost, Version, wait_until};
use serde_json::Value;

/// A host that watches `plugins`, with the namespaces `acme` and `globex`.
fn watching() -> (TestHost, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let plugins = folder.path().join("plugins");
    fs::create_dir(&plugins).expect("made");
    let watched = plugins.display().to_string();
    let host = Setup::sqlite().set("watch_dir", &watched).start_in(folder);
    host.namespace("acme", None);
    host.namespace("globex", None);
    (host, plugins)
}

fn generation(host: &TestHost, namespace: &str) -> Option<i64> {
    host.inspect(namespace)["generation"]["number"].as_i64()
}

#[track_caller]
fn serves(host: &TestHost, namespace: &str, number: i64) {
    wait_until(&format!("generation {number} serves"), || (generation(host, namespace) == Some(number)).then_some(()));
}

/// What is known of a file, once it is.
#[track_caller]
fn file(host: &TestHost, name: &str, state: &str) -> Value {
    wait_until(&format!("{name} is {state}"), || {
        let files = host.get("/v1/admin/inspect").body["host"]["watch"]["files"].take();
        let mut files = files.as_array().cloned().unwrap_or_default().into_iter();
        files.find(|file| file["file"] == name && file["state"] == state)
    })
}

#[test]
fn a_file_is_deployed_when_it_is_whole_and_again_when_it_changes() {
    let (host, plugins) = watching();
    let component = Version::new(1).component();
    // In two halves: the first one alone is never deployed.
    fs::write(plugins.join("acme.wasm"), &component[..component.len() / 2]).expect("written");
    fs::write(plugins.join("acme.wasm"), &component).expect("written");
    serves(&host, "acme", 1);
    // By rename, as tools that know of watchers do.
    fs::write(plugins.join("acme.wasm.part"), Version::new(2).component()).expect("written");
    fs::rename(plugins.join("acme.wasm.part"), plugins.join("acme.wasm")).expect("renamed");
    serves(&host, "acme", 2);
    // Written again without a change: nothing happens.
    fs::write(plugins.join("acme.wasm"), Version::new(2).component()).expect("written");
    fs::write(plugins.join("globex.wasm"), Version::new(3).component()).expect("written");
    serves(&host, "globex", 1);
    assert_eq!(generation(&host, "acme"), Some(2));
    assert_eq!(host.inspect("acme")["history"].as_array().map(Vec::len), Some(2));
}

#[test]
fn garbage_is_refused_with_its_reason_and_what_served_serves() {
    let (host, plugins) = watching();
    fs::write(plugins.join("acme.wasm"), Version::new(1).component()).expect("written");
    serves(&host, "acme", 1);
    fs::write(plugins.join("acme.wasm"), "no component").expect("written");
    let refused = file(&host, "acme.wasm", "refused");
    assert!(refused["detail"].as_str().is_some_and(|text| text.contains("[plugin.not-wasm]")), "{refused}");
    fs::write(plugins.join("nobody.wasm"), Version::new(1).component()).expect("written");
    file(&host, "nobody.wasm", "ignored");
    assert_eq!(host.call("acme entry list", "{}").header("modelhost-generation"), "1");
    fs::write(plugins.join("acme.wasm"), Version::new(2).component()).expect("written");
    serves(&host, "acme", 2);
}

#[test]
fn a_file_that_goes_away_changes_nothing() {
    let (host, plugins) = watching();
    for name in ["acme", "globex"] {
        // Two at once.
        fs::write(plugins.join(format!("{name}.wasm")), Version::new(1).component()).expect("written");
    }
    serves(&host, "acme", 1);
    serves(&host, "globex", 1);
    fs::remove_file(plugins.join("acme.wasm")).expect("removed");
    host.logs("gone; what it was deployed to still serves");
    assert_eq!(host.call("acme entry list", "{}").status, 200);
}

#[test]
fn what_is_there_at_the_start_is_deployed_and_what_was_deployed_is_no_news() {
    let (mut host, plugins) = watching();
    fs::write(plugins.join("acme.wasm"), Version::new(1).component()).expect("written");
    serves(&host, "acme", 1);
    host.kill();
    fs::write(plugins.join("globex.wasm"), Version::new(1).component()).expect("written");
    host.restart();
    serves(&host, "globex", 1);
    file(&host, "acme.wasm", "deployed");
    assert_eq!(generation(&host, "acme"), Some(1));
}

#[test]
fn going_back_is_not_undone_by_a_restart_and_a_file_waits_for_its_namespace() {
    let (mut host, plugins) = watching();
    for version in [1, 2] {
        fs::write(plugins.join("acme.wasm"), Version::new(version).component()).expect("written");
        serves(&host, "acme", i64::from(version));
    }
    host.cli(&["generation", "rollback", "acme", "--to", "1"]).success();
    fs::write(plugins.join("later.wasm"), Version::new(1).component()).expect("written");
    file(&host, "later.wasm", "ignored");
    host.kill();
    host.restart();
    let known = file(&host, "acme.wasm", "deployed");
    assert_eq!(known["detail"], "generation 2, before the host was started");
    assert_eq!(generation(&host, "acme"), Some(3));
    host.namespace("later", None);
    serves(&host, "later", 1);
}
