//! `kill -9` at random points: whatever a host was doing, after its restart everything is whole.
//!
//! The points are seeded (`MODELHOST_TEST_SEED` takes another seed) and spread over the time that the same work takes when
//! nobody kills it. Invariants: a namespace serves one definite generation with exactly that generation's tables; an atomic
//! bulk is there whole or not at all; every write that was acknowledged is there.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use e2e::{Request, ServerDatabase, Setup, TestHost, Version, mysql, postgres, sqlite_texts};
use serde_json::Value;

/// Kills on each database.
const POINTS: u64 = 52;
const BULK: u64 = 2_000;

/// What is under way when the host is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    FirstActivation,
    AdditiveChange,
    Deploy,
    BulkCreate,
}

impl Work {
    const ALL: [Self; 4] = [Self::FirstActivation, Self::AdditiveChange, Self::Deploy, Self::BulkCreate];

    /// What serves before, and what is deployed.
    fn versions(self, number: u16) -> (Option<Version>, Version) {
        let plain = Version::new(1);
        match self {
            Self::FirstActivation => (None, Version { columns: 2, tables: 5, ..Version::new(number) }),
            Self::AdditiveChange => (Some(plain), Version { columns: 3, tables: 3, ..Version::new(number) }),
            Self::Deploy => (Some(plain), Version::new(number)),
            Self::BulkCreate => (Some(plain), plain),
        }
    }
}

/// A host and its database.
struct Place {
    // Dropped first: the database is dropped when nobody uses it.
    host: TestHost,
    database: Option<ServerDatabase>,
    /// Counts up through a fixed sequence.
    random: u64,
}

/// A table as `name columns`.
type Tables = BTreeSet<String>;

impl Place {
    fn new(database: Option<ServerDatabase>) -> Self {
        let setup = match &database {
            Some(database) => Setup::on(&database.url()),
            None => Setup::sqlite(),
        };
        let seed = std::env::var("MODELHOST_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        Self { host: setup.start(), database, random: seed.unwrap_or(20_261_127) }
    }

    /// A share of 1 (splitmix64).
    fn share(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn namespace(&self, name: &str) {
        self.host.namespace(name, self.database.is_some().then_some("prefix"));
    }

    /// The tables of a namespace but the ledger's, as an outside client sees them.
    fn tables(&self, namespace: &str) -> Tables {
        let Some(database) = &self.database else { return sqlite_tables(self.host.file(namespace)) };
        let of_schema = match database.url().starts_with("postgres") {
            true => "table_schema = current_schema()",
            false => "table_schema = database()",
        };
        let query = format!(
            "SELECT table_name, count(*) FROM information_schema.columns WHERE {of_schema} GROUP BY table_name"
        );
        let of_namespace = |line: String| line.strip_prefix(&format!("{namespace}__")).map(str::to_owned);
        database
            .texts(&query)
            .into_iter()
            .filter_map(of_namespace)
            .filter(|line| !line.starts_with("modelhost_"))
            .collect()
    }

    /// Does the work, and kills the host in the middle when told after how long. Answers whether it was acknowledged.
    fn work(&mut self, work: Work, namespace: &str, version: Version, kill_after: Option<Duration>) -> bool {
        let request = |path: String| Request::new(self.host.address(), "POST", &path);
        let request = match work {
            Work::BulkCreate => {
                let record = |number: u64| format!(r#"{{"number": {number}, "text": "bulk"}}"#);
                let records: Vec<String> = (0..BULK).map(record).collect();
                let path = format!("/v1/namespaces/{namespace}/models/entry/bulk_create");
                request(path).json(&format!(r#"{{"data": [{}]}}"#, records.join(",")))
            }
            _ => {
                let path = format!("/v1/admin/namespaces/{namespace}/deployments");
                request(path).header("content-type", "application/wasm").body(version.component())
            }
        };
        let address = self.host.address().to_owned();
        std::thread::scope(|scope| {
            let done = scope.spawn(move || {
                let answer = request.try_send()?;
                match answer.status {
                    202 => deployed(&address, answer.header("location")),
                    status => Some(status == 200),
                }
            });
            if let Some(kill_after) = kill_after {
                std::thread::sleep(kill_after);
                self.host.kill();
            }
            done.join().expect("the request ends").unwrap_or(false)
        })
    }

    /// What the outside client has to find where a version serves.
    fn expect(&self, namespace: &str, version: Option<Version>) {
        let expected = version.map(tables_of).unwrap_or_default();
        assert_eq!(self.tables(namespace), expected, "tables of {namespace}");
    }
}

fn sqlite_tables(file: PathBuf) -> Tables {
    if !file.is_file() {
        return Tables::new();
    }
    let query = "SELECT t.name, count(*) FROM sqlite_schema t JOIN pragma_table_info(t.name) \
        WHERE t.type = 'table' AND t.name NOT LIKE 'modelhost\\_%' ESCAPE '\\' GROUP BY t.name";
    sqlite_texts(&file, query).into_iter().collect()
}

fn tables_of(version: Version) -> Tables {
    let entry = format!("entry {}", 4 + version.columns);
    (1..=version.tables).map(|at| format!("table_{at} 2")).chain([entry]).collect()
}

/// Waits for the end of a deploy; none where the host is gone first.
fn deployed(address: &str, location: &str) -> Option<bool> {
    loop {
        let answer = Request::new(address, "GET", location).try_send()?;
        match answer.body["deployment"]["state"].as_str() {
            Some("running") => std::thread::sleep(Duration::from_millis(2)),
            state => return Some(state == Some("done")),
        }
    }
}

/// Writes one record after the other into `steady`, and remembers which were acknowledged.
fn write_steadily(address: &str, next: &Mutex<i64>, acknowledged: &Mutex<Vec<i64>>) {
    loop {
        let number = {
            let mut next = next.lock().expect("no panic while it is held");
            *next += 1;
            *next
        };
        let request = Request::new(address, "POST", "/v1/namespaces/steady/models/entry/create");
        match request.json(&format!(r#"{{"data": {{"number": {number}, "text": "steady"}}}}"#)).try_send() {
            Some(answer) if answer.status == 200 => acknowledged.lock().expect("held shortly").push(number),
            Some(answer) => panic!("{}", answer.text),
            None => return,
        }
    }
}

fn numbers(host: &TestHost, namespace: &str) -> Vec<i64> {
    let mut numbers = Vec::new();
    loop {
        let filter = numbers.last().map_or("{}".to_owned(), |last| format!(r#"{{"number": {{"$gt": {last}}}}}"#));
        let body = format!(r#"{{"filter": {filter}, "options": {{"fields": ["number"], "limit": 1000}}}}"#);
        let page = host.data(&format!("{namespace} entry list"), &body);
        let page: Vec<i64> = page.as_array().expect("a list").iter().filter_map(|row| row["number"].as_i64()).collect();
        if page.is_empty() {
            return numbers;
        }
        numbers.extend(page);
    }
}

/// One kill and everything that has to hold after it.
fn kill_once(
    place: &mut Place,
    point: u64,
    times: &[Duration],
    next: &Mutex<i64>,
    acknowledged: &Mutex<Vec<i64>>,
) -> (Work, bool) {
    let at = (point % 4) as usize;
    let (work, namespace) = (Work::ALL[at], format!("n{point}"));
    // Every other one is compiled already, so that more of the points lie behind that.
    let number = if (point / 4).is_multiple_of(2) { 10 + at as u16 } else { 1_000 + point as u16 };
    let (before, version) = work.versions(number);
    place.namespace(&namespace);
    if let Some(before) = before {
        let deployed = place.host.deploy(&namespace, &before.component());
        assert_eq!(deployed["state"], "done", "{deployed}");
    }
    let kill_after = times[at].mul_f64(place.share() * 1.1);
    let address = place.host.address().to_owned();
    let is_acknowledged = std::thread::scope(|scope| {
        scope.spawn(|| write_steadily(&address, next, acknowledged));
        place.work(work, &namespace, version, Some(kill_after))
    });
    place.host.restart();
    let told = || format!("point {point}: {work:?} killed after {kill_after:?}, acknowledged: {is_acknowledged}");
    let view = place.host.inspect(&namespace);
    let generation = view["generation"]["number"].as_i64();
    let expected_state = if generation.is_some() { "serving" } else { "empty" };
    assert_eq!(view["state"], expected_state, "{} {view}", told());
    let serving = match (generation, before) {
        (None, None) => None,
        (Some(1), Some(before)) => Some(before),
        (Some(1), None) | (Some(2), Some(_)) => Some(version),
        other => panic!("{}: {other:?}", told()),
    };
    place.expect(&namespace, serving);
    if work == Work::BulkCreate {
        let found = numbers(&place.host, &namespace).len() as u64;
        assert!(found == BULK || (found == 0 && !is_acknowledged), "{found} records, {}", told());
        return (work, found == BULK);
    }
    assert!(!is_acknowledged || serving == Some(version), "{}", told());
    let again: Value = place.host.deploy(&namespace, &version.component());
    assert_eq!(again["state"], "done", "{}: {again}", told());
    place.expect(&namespace, Some(version));
    let created = place.host.data(&format!("{namespace} entry create"), r#"{"data": {"number": 1, "text": "x"}}"#);
    assert_eq!(created["judged_by"], version.number.to_string(), "{}", told());
    (work, serving == Some(version))
}

fn killed_at_random_points(database: Option<ServerDatabase>) {
    let mut place = Place::new(database);
    place.namespace("steady");
    assert_eq!(place.host.deploy("steady", &Version::new(1).component())["state"], "done");
    let mut times = Vec::new();
    for (at, work) in Work::ALL.into_iter().enumerate() {
        let namespace = format!("m{at}");
        let (before, version) = work.versions(10 + at as u16);
        place.namespace(&namespace);
        if let Some(before) = before {
            assert_eq!(place.host.deploy(&namespace, &before.component())["state"], "done");
        }
        let began = Instant::now();
        assert!(place.work(work, &namespace, version, None), "{work:?} works when nobody kills it");
        times.push(began.elapsed());
    }
    let (next, acknowledged) = (Mutex::new(0), Mutex::new(Vec::new()));
    let mut came_about = BTreeMap::<_, [u64; 2]>::new();
    for point in 0..POINTS {
        let (work, came) = kill_once(&mut place, point, &times, &next, &acknowledged);
        came_about.entry(format!("{work:?}")).or_default()[usize::from(came)] += 1;
    }
    let dialect = place.host.announced()["host"]["data_sources"][0]["dialect"].clone();
    let line = format!("kills on {dialect}, [left as it was, came about]: {came_about:?}\n");
    std::io::stderr().write_all(line.as_bytes()).expect("standard error");
    let found: BTreeSet<i64> = numbers(&place.host, "steady").into_iter().collect();
    let acknowledged = acknowledged.into_inner().expect("no panic while it was held");
    let lost: Vec<_> = acknowledged.iter().filter(|number| !found.contains(number)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged writes are lost: {lost:?}", lost.len(), acknowledged.len());
    assert!(acknowledged.len() as u64 > POINTS, "writes went on all the time");
}

#[test]
fn sqlite_is_whole_after_every_kill() {
    killed_at_random_points(None);
}

#[test]
fn postgres_is_whole_after_every_kill() {
    if let Some(database) = postgres() {
        killed_at_random_points(Some(database));
    }
}

#[test]
fn mysql_is_whole_after_every_kill() {
    if let Some(database) = mysql() {
        killed_at_random_points(Some(database));
    }
}
