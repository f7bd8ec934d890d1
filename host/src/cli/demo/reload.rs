//! Plugins that are swapped while eight clients write: no request fails, none is judged by two versions, nothing that every
//! version refuses is stored.
//!
//! The plugin's versions differ in a number in their data: `normalize` writes it into a record, `validate` names it in its
//! violations. An answer carries its generation, and the generations' versions are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use model::{Code, Problem};
use serde_json::{Value, json};

use super::Step;
use super::script::begin;
use super::stage::Stage;
use crate::cli::client::Payload;
use crate::cli::{Failed, deploy};

const CLIENTS: u64 = 8;
const SWAPS: u16 = 4;
const QUIET: Duration = Duration::from_millis(400);
const SWAP_EVERY: Duration = Duration::from_millis(100);
/// Between an answer and a client's next request: without it the compiler, which steps back behind requests, would have to
/// wait for a machine that is always full.
const PAUSE: Duration = Duration::from_millis(2);

/// What one client saw.
#[derive(Default)]
struct Seen {
    failures: u64,
    /// Generation and version of each answer.
    pairs: BTreeSet<(i64, String)>,
    quiet_us: Vec<u128>,
    swapped_us: Vec<u128>,
}

pub(super) async fn hot_reload(stage: &Stage) -> Result<Step, Failed> {
    begin(stage, "reload", &version(1)).await?;
    let (is_swapped, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    let clients = (0..CLIENTS).map(|number| client(stage, number, &is_swapped, &is_over));
    let clients = futures_util::future::join_all(clients);
    let swaps = async {
        let swapped = swap(stage, &is_swapped).await;
        is_over.store(true, Ordering::Relaxed);
        swapped
    };
    let (seen, generations) = tokio::join!(clients, swaps);
    let generations = generations?;
    let count = json!({"filter": {"text": {"$startsWith": "bad"}}});
    let path = "/v1/namespaces/reload/models/entry/count";
    let stored = stage.client.post(path, Payload::Json(count)).await?["data"].as_u64();
    let pairs = seen.iter().flat_map(|seen| &seen.pairs);
    let mixed = pairs.filter(|(generation, version)| generations.get(generation) != Some(version)).count();
    let failures: u64 = seen.iter().map(|seen| seen.failures).sum();
    if (failures, mixed, stored) != (0, 0, Some(0)) {
        let message = format!("{failures} requests failed, {mixed} were mixed, {stored:?} bad records are stored");
        return Err(Problem::new(Code::HostBug, message).into());
    }
    let gather = |of: fn(&Seen) -> &Vec<u128>| {
        let mut all: Vec<u128> = seen.iter().flat_map(of).copied().collect();
        all.sort_unstable();
        all
    };
    let (quiet, swapped) = (gather(|seen| &seen.quiet_us), gather(|seen| &seen.swapped_us));
    let at = |all: &[u128], percent: usize| all.get(all.len() * percent / 100).copied().unwrap_or_default() as u64;
    let (requests, p50, p99, during) = (quiet.len() + swapped.len(), at(&quiet, 50), at(&quiet, 99), at(&swapped, 99));
    Ok(Step {
        title: "Eight clients write while the plugin is swapped",
        text: format!(
            "{requests} requests, {} swaps to freshly compiled versions: 0 failed, 0 judged by two versions\n\
             half of them were bad for every version: 0 stored\n\
             p50 {p50} us, p99 {p99} us before and {during} us during the swaps",
            generations.len() - 1
        ),
        json: json!({"hot_reload": {
            "requests": requests,
            "failures": failures,
            "mixed": mixed,
            "invalid_stored": stored,
            "p50_us": p50,
            "p99_us": p99,
            "p99_during_us": during,
        }}),
    })
}

/// The component with another version in its data.
fn version(number: u16) -> Vec<u8> {
    const MARKER: &[u8] = b"<version = ";
    let mut component = artifacts::VERSIONED.to_vec();
    if let Some(at) = component.windows(MARKER.len()).position(|window| window == MARKER) {
        let digits = at + MARKER.len();
        component[digits..digits + 4].copy_from_slice(format!("{number:04}").as_bytes());
    }
    component
}

/// Deploys one version after the other; answers which version each generation is.
async fn swap(stage: &Stage, is_swapped: &AtomicBool) -> Result<BTreeMap<i64, String>, Failed> {
    let mut generations = BTreeMap::from([(1, "1".to_owned())]);
    tokio::time::sleep(QUIET).await;
    is_swapped.store(true, Ordering::Relaxed);
    for number in 2..2 + SWAPS {
        let deployed = deploy::deploy(&stage.client, "reload", Payload::Wasm(version(number))).await?;
        let generation = deployed["generation"]["number"].as_i64().unwrap_or_default();
        generations.insert(generation, number.to_string());
        tokio::time::sleep(SWAP_EVERY).await;
    }
    Ok(generations)
}

/// Sends good and bad records in turn until it is over.
async fn client(stage: &Stage, number: u64, is_swapped: &AtomicBool, is_over: &AtomicBool) -> Seen {
    let (http, mut seen) = (reqwest::Client::new(), Seen::default());
    let url = format!("{}/v1/namespaces/reload/models/entry/create", stage.address);
    let mut at = number << 32;
    while !is_over.load(Ordering::Relaxed) {
        at += 1;
        let is_bad = at.is_multiple_of(2);
        let record = json!({"data": {"number": at, "text": if is_bad { "bad" } else { "good" }}});
        let begun = Instant::now();
        match answered(http.post(&url).json(&record), is_bad).await {
            Some(pair) => drop(seen.pairs.insert(pair)),
            None => seen.failures += 1,
        }
        let us = if is_swapped.load(Ordering::Relaxed) { &mut seen.swapped_us } else { &mut seen.quiet_us };
        us.push(begun.elapsed().as_micros());
        tokio::time::sleep(PAUSE).await;
    }
    seen
}

/// Generation and version that answered as they must; none for any other answer.
async fn answered(request: reqwest::RequestBuilder, is_bad: bool) -> Option<(i64, String)> {
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let generation = answer.headers().get("modelhost-generation")?.to_str().ok()?.parse().ok()?;
    let body: Value = answer.json().await.ok()?;
    let version = match (is_bad, status) {
        (false, 200) => body["data"]["judged_by"].as_str()?,
        (true, 422) => match body["error"]["violations"].as_array()?.as_slice() {
            [one] => one["code"].as_str()?.strip_prefix("refused.v")?,
            _ => return None,
        },
        _ => return None,
    };
    Some((generation, version.to_owned()))
}
