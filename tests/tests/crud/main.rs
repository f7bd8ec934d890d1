//! The operations, with equal answers on every database and in every placement.
//!
//! A scenario is played in each place and answers with a text; all texts are equal, and one of them is the snapshot.
//! Invariant: a server takes part wherever it is, and says so where it is not.

mod bulk;
mod cursors;
mod every_type;
mod key_fields;
mod lists;
mod operations;
mod reading;
mod references;
mod round_trips;
mod values;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use e2e::{Answer, ServerDatabase, Setup, TestHost, mysql, postgres};
use serde_json::Value;

/// Somewhere a namespace can be. A plugin is deployed there at its first call.
struct Place<'a> {
    host: &'a TestHost,
    source: String,
    placement: &'static str,
    /// What the names of its namespaces end in.
    suffix: String,
    plugins: RefCell<BTreeSet<String>>,
}

/// The databases of a server: one that is a namespace's own, and one that namespaces share.
struct ServerPlaces {
    title: &'static str,
    own: ServerDatabase,
    shared: ServerDatabase,
}

impl<'a> Place<'a> {
    fn new(host: &'a TestHost, source: &str, placement: &'static str, suffix: &str) -> Self {
        let (source, suffix) = (source.to_owned(), suffix.to_owned());
        Self { host, source, placement, suffix, plugins: RefCell::default() }
    }

    /// An operation; `target` is `PLUGIN MODEL OPERATION`.
    #[track_caller]
    fn call(&self, target: &str, body: &str) -> Answer {
        let (plugin, operation) = target.split_once(' ').expect("three words");
        if self.plugins.borrow_mut().insert(plugin.to_owned()) {
            self.serve(plugin);
        }
        self.host.call(&format!("{plugin}-{} {operation}", self.suffix), body)
    }

    /// What `data` of an operation that has to succeed holds.
    #[track_caller]
    fn data(&self, target: &str, body: &str) -> Value {
        self.call(target, body).data().clone()
    }

    /// A line for each operation: what was answered, or what was refused and why.
    fn answers(&self, rows: &[(&str, &str)]) -> String {
        let line = |(target, body): &(&str, &str)| {
            let answer = self.call(target, body);
            let operation = target.split(' ').next_back().expect("three words");
            match answer.code() {
                "" => format!("{operation} {} {}\n", answer.status, answer.text),
                code => format!("{operation} {} {code}\n{}", answer.status, violations(&answer)),
            }
        };
        rows.iter().map(line).collect()
    }

    fn serve(&self, plugin: &str) {
        let component = artifacts::ALL.iter().find(|(folder, _)| *folder == plugin);
        let (_, component) = component.unwrap_or_else(|| panic!("there is no plugin `{plugin}`"));
        let namespace = format!("{plugin}-{}", self.suffix);
        let place = ["--data-source", &self.source, "--placement", self.placement];
        self.host.cli(&[&["namespace", "create", &namespace], &place[..]].concat()).success();
        let deployment = self.host.deploy(&namespace, component);
        assert_eq!(deployment["state"], "done", "{self}: {deployment}");
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.source, self.placement)
    }
}

impl ServerPlaces {
    fn new(title: &'static str, own: ServerDatabase) -> Self {
        Self { title, shared: own.beside("_shared"), own }
    }

    fn set_up(&self, setup: Setup) -> Setup {
        let key = |database: &str| format!("data_sources.{}_{database}.url", self.title);
        setup.set(&key("own"), &self.own.url()).set(&key("shared"), &self.shared.url())
    }

    fn places<'a>(&self, host: &'a TestHost) -> [Place<'a>; 3] {
        let title = self.title;
        let (own, shared) = (format!("{title}_own"), format!("{title}_shared"));
        [
            Place::new(host, &own, "own", &format!("{title}own")),
            Place::new(host, &shared, "schema", self.shared.tag()),
            Place::new(host, &shared, "prefix", &format!("{title}pre")),
        ]
    }
}

/// A line for each violation, with the position of its record among many.
fn violations(answer: &Answer) -> String {
    let found = answer.body["error"]["violations"].as_array().into_iter().flatten();
    found.map(|one| format!("  {} {}: {}\n", one["index"], one["field"], one["message"])).collect()
}

/// What a scenario says, the same in every place. It uses one plugin: a database can be one namespace's own.
#[track_caller]
fn everywhere(scenario: impl Fn(&Place) -> String) -> String {
    played(Setup::empty(), [("pg", postgres()), ("my", mysql())], scenario)
}

/// What a scenario says about something that MySQL does not have.
#[track_caller]
fn everywhere_but_on_mysql(scenario: impl Fn(&Place) -> String) -> String {
    played(Setup::empty(), [("pg", postgres())], scenario)
}

#[track_caller]
fn played<const SERVERS: usize>(
    setup: Setup,
    servers: [(&'static str, Option<ServerDatabase>); SERVERS],
    scenario: impl Fn(&Place) -> String,
) -> String {
    let servers = servers.map(|(title, database)| database.map(|own| ServerPlaces::new(title, own)));
    let servers: Vec<ServerPlaces> = servers.into_iter().flatten().collect();
    let files = "data_sources.files.url";
    let setup = setup.set(files, "sqlite:data/{namespace}.db").set("data_sources.file.url", "sqlite:data/all.db");
    let host = servers.iter().fold(setup, |setup, server| server.set_up(setup)).start();
    let mut places = vec![Place::new(&host, "files", "own", "own"), Place::new(&host, "file", "prefix", "pre")];
    places.extend(servers.iter().flat_map(|server| server.places(&host)));
    let texts: Vec<String> = places.iter().map(|place| host.filtered(&scenario(place))).collect();
    let differing = places.iter().zip(&texts).filter(|(_, text)| **text != texts[0]);
    let differing: String =
        differing.map(|(place, text)| format!("{place}:\n{}", difference(&texts[0], text))).collect();
    assert!(differing.is_empty(), "not as on {}\n{differing}", places[0]);
    texts[0].clone()
}

/// The lines in which a text differs from another.
fn difference(expected: &str, found: &str) -> String {
    let (mut left, mut right) = (expected.lines(), found.lines());
    let pairs = std::iter::from_fn(|| match (left.next(), right.next()) {
        (None, None) => None,
        (left, right) => Some((left.unwrap_or("nothing"), right.unwrap_or("nothing"))),
    });
    pairs
        .filter(|(left, right)| left != right)
        .map(|(left, right)| format!("  expected {left}\n  found    {right}\n"))
        .collect()
}

/// Placement `own` means plain names in the data source's own database.
#[test]
fn an_outside_client_finds_plain_names_where_a_database_is_a_namespaces_own() {
    let servers = [("pg", postgres()), ("my", mysql())];
    for (title, database) in servers.into_iter().filter_map(|(title, database)| Some((title, database?))) {
        let server = ServerPlaces::new(title, database);
        let host = server.set_up(Setup::empty()).start();
        let [own, ..] = server.places(&host);
        own.data("crm tag create", r#"{"data": {"slug": "first", "title": "First"}}"#);
        assert_eq!(server.own.texts("SELECT slug, weight FROM tags"), ["first 0"], "{title}");
    }
}
