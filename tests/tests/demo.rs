//! The main job: `modelhost demo`, what it shows, and the folder that it keeps.
//!
//! The demo checks itself; these tests check that it says so truthfully. Invariant: nothing is left behind but what was
//! asked for.

use std::path::Path;
use std::time::{Duration, Instant};

use e2e::{Output, Setup, program, run, sqlite_texts};
use serde_json::{Value, json};

/// What a stranger waits for, after compiling.
const PATIENCE: Duration = Duration::from_secs(15);

const TITLES: [&str; 9] = [
    "A host on SQLite, one file for each namespace",
    "Two plugins, two namespaces, each with a model `customer` of its own",
    "A customer in each, written and read over HTTP",
    "What a caller reads when a record is refused",
    "Each file holds only its own rows, seen past the host",
    "A bad plugin is refused, and what served before still serves",
    "A plugin that loops for ever is stopped, and nobody else waits for it",
    "Eight clients write while the plugin is swapped",
    "What the host is doing (modelhost inspect)",
];

fn demo(folder: &Path, arguments: &[&str]) -> Output {
    let temporary = folder.join("temporary");
    std::fs::create_dir_all(&temporary).expect("the folder can be written");
    run(program(folder).arg("demo").args(arguments).env("TMPDIR", temporary))
}

/// The words of a command line with single quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn shows_two_namespaces_with_equally_named_models_in_nine_steps() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start = Instant::now();
    let shown = demo(folder.path(), &["--json"]).success().json();
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
    let steps = shown["steps"].as_array().expect("steps");
    let titles: Vec<&str> = steps.iter().filter_map(|step| step["title"].as_str()).collect();
    assert_eq!(titles, TITLES);
    let [host, deployed, written, refused, files, bad, endless, reloaded, inspected] = &steps[..] else {
        panic!("{} steps", steps.len())
    };
    assert!(host["address"].as_str().is_some_and(|address| address.starts_with("http://127.0.0.1:")), "{host}");
    let plugins: Vec<&Value> = (0..2).map(|at| &deployed["deployments"][at]["generation"]["plugin"]).collect();
    assert_eq!(plugins, ["crm 0.1.0", "shop 0.1.0"]);
    assert_eq!(written["acme"]["data"][0]["email"], "ada@example.com");
    assert_eq!(written["globex"]["data"][0]["full_name"], "Grace Hopper");
    assert_eq!(refused["constraints"]["violations"].as_array().map(Vec::len), Some(2));
    assert_eq!(refused["rule"]["violations"][0]["code"], "email.invalid");
    assert_eq!(files["files"], json!({"acme": "Ada Lovelace", "globex": "Grace Hopper"}));
    assert_eq!((&bad["error"]["code"], &bad["still_serving"]), (&json!("plugin.invalid-model"), &json!(true)));
    assert_eq!(endless["error"]["code"], "guest.time-limit");
    let stopped = endless["stopped_after_ms"].as_u64().expect("a number");
    assert!((100..2_000).contains(&stopped), "stopped after {stopped} ms");
    let beside = endless["other_namespace_answered_in_us"].as_u64().expect("a number");
    assert!(beside < stopped * 1_000, "the other namespace waited {beside} us");
    let reload = &reloaded["hot_reload"];
    let none = ["failures", "mixed", "invalid_stored"].map(|name| reload[name].as_u64());
    assert_eq!(none, [Some(0); 3], "{reload}");
    let told = ["requests", "p50_us", "p99_us", "p99_during_us"].map(|name| reload[name].as_u64() > Some(0));
    assert_eq!(told, [true; 4], "{reload}");
    let states: Vec<&Value> = (0..4).map(|at| &inspected["host"]["namespaces"][at]["state"]).collect();
    assert_eq!(states, ["serving"; 4]);
    let left = std::fs::read_dir(folder.path().join("temporary")).expect("it is there").count();
    assert_eq!(left, 0, "something is left in the folder for temporary files");
}

#[test]
fn says_the_same_to_people() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shown = demo(folder.path(), &[]).success();
    for (at, title) in TITLES.iter().enumerate() {
        assert!(shown.stdout.contains(&format!("{}. {title}\n", at + 1)), "{title} is not in {}", shown.stdout);
    }
    assert!(shown.stdout.contains("try next:"), "{}", shown.stdout);
}

#[test]
fn keeps_a_folder_that_serves_again_by_the_line_it_prints() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kept = tempfile::tempdir().expect("a temporary folder");
    std::fs::remove_dir(kept.path()).expect("it is empty");
    let shown = demo(folder.path(), &["--keep", &kept.path().display().to_string()]).success();
    let path = kept.path().canonicalize().expect("it is kept");
    assert_eq!(sqlite_texts(&path.join("data/acme.db"), "SELECT name FROM customer"), ["Ada Lovelace"]);
    assert_eq!(sqlite_texts(&path.join("data/globex.db"), "SELECT full_name FROM customer"), ["Grace Hopper"]);

    let line = shown.stdout.lines().find(|line| line.trim().starts_with("modelhost serve --state-dir"));
    let words = words(line.unwrap_or_else(|| panic!("no line that serves it again in {}", shown.stdout)));
    let [_, _, state_flag, state, source_flag, source] = &words[..] else { panic!("other words: {words:?}") };
    assert_eq!((state_flag.as_str(), source_flag.as_str()), ("--state-dir", "--data-source"));
    assert_eq!(Path::new(state), path.join("state"));
    let host = Setup::on(source.strip_prefix("main=").expect("the data source `main`")).start_in(kept);
    assert_eq!(host.data("acme customer list", "{}")[0]["name"], "Ada Lovelace");
    assert_eq!(host.data("globex customer list", "{}")[0]["number"], 7);
    assert_eq!(host.data("spinner thing list", "{}"), json!([]));
}

#[test]
fn never_writes_into_a_folder_that_is_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("mine")).expect("the folder can be written");
    let refused = demo(folder.path(), &["--keep", "mine", "--json"]);
    assert_eq!((refused.status, refused.json()["error"]["code"].as_str()), (2, Some("cli.usage")));
    assert_eq!(std::fs::read_dir(folder.path().join("mine")).expect("it is there").count(), 0);
}
