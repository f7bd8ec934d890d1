//! What happens to the database happens to nobody else: cut connections, a server that goes away and comes back, a full disk.
//!
//! A proxy of the test's own stands between the host and the server, so that the server itself is everybody's. Invariant: each
//! error is typed, an acknowledged write is there, and the host recovers without a restart.

use std::process::Command;

use e2e::{Proxy, ServerDatabase, Setup, TestHost, Version, mysql, postgres, wait_until};

fn create(host: &TestHost, number: i64) -> e2e::Answer {
    host.call("acme entry create", &format!(r#"{{"data": {{"number": {number}, "text": "x"}}}}"#))
}

/// A host that reaches its database through a proxy.
fn behind_a_proxy(database: &ServerDatabase) -> (Proxy, TestHost) {
    let parts = database.parts();
    let proxy = Proxy::to(parts.host_str().expect("a host"), parts.port().expect("a port"));
    let url = database.url_with(|url| url.set_port(Some(proxy.port())).expect("it has a host"));
    let host = Setup::on(&url).set("data_sources.main.connect_ms_max", "2000").start();
    host.namespace("acme", Some("own"));
    let deployed = host.deploy("acme", &Version::new(1).component());
    assert_eq!(deployed["state"], "done", "{deployed}");
    (proxy, host)
}

fn servers() -> impl Iterator<Item = ServerDatabase> {
    [postgres(), mysql()].into_iter().flatten()
}

#[test]
fn a_cut_connection_costs_a_reader_nothing_and_a_writer_a_typed_error_at_most() {
    for database in servers() {
        let (proxy, host) = behind_a_proxy(&database);
        let mut written = Vec::new();
        for number in 0..20 {
            proxy.cut();
            assert_eq!(host.call("acme entry list", "{}").status, 200, "round {number}");
            proxy.cut();
            let answer = create(&host, number);
            match (answer.status, answer.code()) {
                (200, _) => written.push(number),
                (503, "database.connection-lost") => {}
                _ => panic!("round {number}: {}", answer.text),
            }
        }
        let read = host.data("acme entry list", r#"{"options": {"limit": 100}}"#);
        let found: Vec<i64> =
            read.as_array().expect("a list").iter().filter_map(|row| row["number"].as_i64()).collect();
        assert!(written.iter().all(|number| found.contains(number)), "{written:?} acknowledged, {found:?} found");
    }
}

#[test]
fn a_server_that_restarts_is_found_again() {
    for database in servers() {
        let (proxy, host) = behind_a_proxy(&database);
        assert_eq!(create(&host, 1).status, 200);
        proxy.close();
        for target in ["list", "create"] {
            let body = if target == "list" { "{}" } else { r#"{"data": {"number": 2, "text": "x"}}"# };
            let answer = host.call(&format!("acme entry {target}"), body);
            let is_typed = ["database.refused", "database.connection-lost"].contains(&answer.code());
            assert!(answer.status == 503 && is_typed, "{target}: {}", answer.text);
        }
        // A deploy meanwhile is refused, and what serves is what served.
        let deployed = host.deploy("acme", &Version { columns: 1, ..Version::new(2) }.component());
        assert_eq!(deployed["state"], "failed", "{deployed}");
        proxy.open();
        wait_until("it is found again", || (host.call("acme entry list", "{}").status == 200).then_some(()));
        assert_eq!(create(&host, 3).header("modelhost-generation"), "1");
        let deployed = host.deploy("acme", &Version { columns: 1, ..Version::new(2) }.component());
        assert_eq!(deployed["generation"]["number"], 2, "{deployed}");
    }
}

#[test]
fn a_host_that_starts_without_its_server_serves_by_itself_when_it_is_back() {
    for database in servers() {
        let (proxy, mut host) = behind_a_proxy(&database);
        assert_eq!(create(&host, 1).status, 200);
        host.kill();
        proxy.close();
        host.restart();
        assert_eq!(host.inspect("acme")["state"], "failed");
        assert_eq!(host.call("acme entry list", "{}").code(), "database.refused");
        proxy.open();
        wait_until("it serves by itself", || (host.call("acme entry list", "{}").status == 200).then_some(()));
        assert_eq!(host.data("acme entry list", "{}")[0]["number"], 1);
    }
}

#[test]
fn a_full_disk_refuses_writes_and_nothing_else_until_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).expect("made");
    // A file system of its own, in a view of the system that only this host has, and something else on it.
    let (place, ballast) = (disk.display(), disk.join("ballast"));
    let mount = format!(
        "mount -t tmpfs -o size=6m tmpfs {place} && head -c 2000000 /dev/zero > {} && exec \"$0\" \"$@\"",
        ballast.display()
    );
    let can = Command::new("unshare").args(["-rm", "sh", "-c", &mount, "true"]).status();
    assert!(
        can.is_ok_and(|status| status.success()),
        "this test needs `unshare -rm`, of util-linux, and user namespaces"
    );
    let url = format!("sqlite:{}/{{namespace}}.db", disk.display());
    let host = Setup::on(&url).inside(&["unshare", "-rm", "sh", "-c", &mount]).start_in(folder);
    host.serve("acme", &Version::new(1).component());
    let body = |number: i64| format!(r#"{{"data": {{"number": {number}, "text": "{}"}}}}"#, "x".repeat(50_000));
    let mut written = 0;
    let refused = loop {
        let answer = host.call("acme entry create", &body(written));
        match answer.status {
            200 => written += 1,
            _ => break answer,
        }
        assert!(written < 1_000, "the disk is never full");
    };
    let told = format!("{} {}", refused.status, e2e::error_text(&refused.body["error"]));
    insta::assert_snapshot!(told.replace(&disk.display().to_string(), "[disk]"), @"
    507 database.disk-full: the disk of sqlite:[disk]/acme.db is full
      (database sqlite:[disk]/acme.db)
      - make room on the disk, then try again: nothing of this write has happened
      - look for logs and old files beside the database
    ");
    let count = || host.data("acme entry count", "{}");
    assert_eq!(count(), written, "every acknowledged write is there");
    assert_eq!(host.call("acme entry create", &body(5_000)).status, 507);
    // As an operator would, seen through the host's own view.
    std::fs::remove_file(format!("/proc/{}/root{}", host.process_id(), ballast.display())).expect("removed");
    wait_until("there is room again", || (host.call("acme entry create", &body(5_000)).status == 200).then_some(()));
}
