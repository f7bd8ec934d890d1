//! Hot reload under load: no request fails, none is judged by two generations, and nothing invalid is stored.
//!
//! Every version of the guest writes its number into a record (`normalize`) and names it in its violations (`validate`). The
//! oracle is the generation that an answer carries. Invariant: half of the records that are sent are invalid for every
//! version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use e2e::{Setup, TestHost, Version, sqlite_texts};
use serde_json::Value;

const CLIENTS: u64 = 8;
const REQUESTS: u64 = 50_000;
const SWAPS: u16 = 20;
const SWAP_EVERY: Duration = Duration::from_millis(200);

/// What the clients saw.
#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    stored: AtomicU64,
    /// Generation and version of every answer.
    pairs: std::sync::Mutex<BTreeSet<(i64, String)>>,
    wrong: std::sync::Mutex<Vec<String>>,
}

impl Seen {
    fn add(&self, pairs: BTreeSet<(i64, String)>) {
        self.pairs.lock().expect("no panic while it is held").extend(pairs);
    }

    fn complain(&self, what: String) {
        self.wrong.lock().expect("no panic while it is held").push(what);
    }
}

/// Sends good and bad records in turn until it is told to stop.
async fn client(address: String, number: u64, seen: &Seen, is_over: &AtomicBool) {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("http://{address}/v1/namespaces/acme/models/entry/create");
    let mut pairs = BTreeSet::new();
    let mut at = number << 32;
    while !is_over.load(Ordering::Relaxed) {
        at += 1;
        let is_bad = at.is_multiple_of(2);
        let text = if is_bad { "bad" } else { "good" };
        let body = format!(r#"{{"data": {{"number": {at}, "text": "{text}"}}}}"#);
        let sent = http.post(&url).header("content-type", "application/json").body(body).send().await;
        seen.requests.fetch_add(1, Ordering::Relaxed);
        let Ok(answer) = sent else {
            seen.complain(format!("no answer: {sent:?}"));
            continue;
        };
        let status = answer.status().as_u16();
        let generation = answer.headers().get("modelhost-generation").and_then(|value| value.to_str().ok());
        let generation = generation.and_then(|text| text.parse::<i64>().ok());
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap_or_default()).unwrap_or_default();
        let version = match (is_bad, status) {
            (false, 200) => {
                seen.stored.fetch_add(1, Ordering::Relaxed);
                body["data"]["judged_by"].as_str().map(str::to_owned)
            }
            (true, 422) => match body["error"]["violations"].as_array().map(Vec::as_slice) {
                Some([one]) => one["code"].as_str().and_then(|code| code.strip_prefix("refused.v")).map(str::to_owned),
                _ => None,
            },
            _ => None,
        };
        match (generation, version) {
            (Some(generation), Some(version)) => drop(pairs.insert((generation, version))),
            _ => seen.complain(format!("{status} for {text}: {body}")),
        }
    }
    seen.add(pairs);
}

/// Deploys versions one after the other; answers which version each generation is.
fn swap(host: &TestHost, versions: impl Iterator<Item = u16>) -> BTreeMap<i64, String> {
    let mut generations = BTreeMap::new();
    for version in versions {
        let began = Instant::now();
        let deployed = host.deploy("acme", &Version::new(version).component());
        assert_eq!(deployed["state"], "done", "{deployed}");
        let generation = deployed["generation"]["number"].as_i64().expect("a number");
        generations.insert(generation, version.to_string());
        std::thread::sleep(SWAP_EVERY.saturating_sub(began.elapsed()));
    }
    generations
}

/// Versions that are broken change nothing.
fn refuse_broken(host: &TestHost) {
    let component = Version::new(99).component();
    let broken: [(&[u8], &str); 4] = [
        (&component[..component.len() / 2], "plugin.malformed"),
        (artifacts::DESCRIBE_TRAPS, "plugin.bad-describe"),
        (artifacts::DESCRIBE_DIFFERS, "plugin.describe-differs"),
        (artifacts::HOOK_TRAPS, "plugin.bad-hook"),
    ];
    for (component, code) in broken {
        assert_eq!(host.deploy("acme", component)["error"]["code"], code);
    }
}

#[test]
fn nothing_fails_is_mixed_or_invalid_while_generations_are_swapped() {
    let host = Setup::sqlite().start();
    host.serve("acme", &Version::new(1).component());
    let (seen, is_over) = (Seen::default(), AtomicBool::new(false));
    let mut generations = BTreeMap::from([(1, "1".to_owned())]);
    std::thread::scope(|scope| {
        let clients = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let clients = (1..=CLIENTS).map(|number| client(host.address().to_owned(), number, &seen, &is_over));
                // All of them on one thread: the cores are the host's.
                futures_util::future::join_all(clients).await;
            });
        });
        // Each is compiled; then versions that were compiled before.
        generations.extend(swap(&host, 2..2 + SWAPS));
        generations.extend(swap(&host, (0..SWAPS).map(|at| 1 + at % 2)));
        refuse_broken(&host);
        while seen.requests.load(Ordering::Relaxed) < REQUESTS && seen.wrong.lock().expect("held").is_empty() {
            generations.extend(swap(&host, (0..2).map(|at| 1 + at % 2)));
        }
        is_over.store(true, Ordering::Relaxed);
        clients.join().expect("the clients end");
    });
    let wrong = seen.wrong.into_inner().expect("no panic while it was held");
    assert!(
        wrong.is_empty(),
        "{} of {:?} requests, first {:?}",
        wrong.len(),
        seen.requests,
        &wrong[..wrong.len().min(3)]
    );
    for (generation, version) in seen.pairs.into_inner().expect("no panic while it was held") {
        assert_eq!(
            generations.get(&generation),
            Some(&version),
            "generation {generation} answered as version {version}"
        );
    }
    let count = |condition: &str| sqlite_texts(&host.file("acme"), &format!("SELECT count(*) FROM entry {condition}"));
    assert_eq!(count("WHERE text LIKE 'bad%'"), ["0"]);
    assert_eq!(count(""), [seen.stored.load(Ordering::Relaxed).to_string()]);
}

/// Resident bytes and open descriptors.
fn held(host: &TestHost) -> (u64, usize) {
    let process = format!("/proc/{}", host.process_id());
    let status = std::fs::read_to_string(format!("{process}/status")).expect("the host runs");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells");
    let kib: u64 = resident.trim().trim_end_matches(" kB").parse().expect("a number");
    (kib * 1024, std::fs::read_dir(format!("{process}/fd")).expect("the host runs").count())
}

#[test]
fn a_thousand_swaps_leave_memory_and_descriptors_flat() {
    let host = Setup::sqlite().set("limits.drain_ms_max", "1000").start();
    host.serve("acme", &Version::new(1).component());
    let components = [1, 2].map(|version| Version::new(version).component());
    let mut number = 1;
    let mut swap = |count: usize| {
        for _ in 0..count {
            number += 1;
            let deployed = host.deploy("acme", &components[(number + 1) % 2]);
            assert_eq!(deployed["generation"]["number"], number, "{deployed}");
            let answer = host.call("acme entry create", &format!(r#"{{"data": {{"number": {number}, "text": "x"}}}}"#));
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    };
    swap(200);
    let before = held(&host);
    swap(800);
    let after = held(&host);
    assert!(after.0 < before.0 + (16 << 20), "{} MiB more", (after.0 - before.0) >> 20);
    assert!(after.1 <= before.1 + 4, "{} descriptors, then {}", before.1, after.1);
}
