//! The five operations, with equal answers on every database and in every placement.
//!
//! A scenario is played in each place and answers with a text; all texts are equal, and one of them is the snapshot.
//! Invariant: PostgreSQL takes part wherever it is, and says so where it is not.

mod lists;
mod operations;
mod round_trips;

use e2e::{Answer, PostgresDatabase, Setup, TestHost, postgres};
use serde_json::Value;

/// Title, data source and placement of each place.
const ON_SQLITE: &[[&str; 3]] = &[["a-file", "files", "own"], ["one-file", "file", "prefix"]];
const ON_POSTGRES: &[[&str; 3]] = &[["schema", "server", "schema"], ["names", "server", "prefix"]];

/// One place, in which `crm` and `shop` are namespaces with the plugins of these names.
struct Place<'a> {
    title: &'a str,
    host: &'a TestHost,
}

impl Place<'_> {
    /// An operation; `target` is `crm MODEL OPERATION` or `shop MODEL OPERATION`.
    #[track_caller]
    fn call(&self, target: &str, body: &str) -> Answer {
        let (plugin, operation) = target.split_once(' ').expect("three words");
        self.host.call(&format!("{plugin}-{} {operation}", self.title), body)
    }

    /// What `data` of an operation that has to succeed holds.
    #[track_caller]
    fn data(&self, target: &str, body: &str) -> Value {
        self.call(target, body).data().clone()
    }

    fn serve(&self, [_, source, placement]: [&str; 3]) {
        for (plugin, component) in [("crm", artifacts::CRM), ("shop", artifacts::SHOP)] {
            let namespace = format!("{plugin}-{}", self.title);
            let arguments = ["namespace", "create", &namespace, "--data-source", source, "--placement", placement];
            self.host.cli(&arguments).success();
            let deployment = self.host.deploy(&namespace, component);
            assert_eq!(deployment["state"], "done", "{deployment}");
        }
    }
}

/// What a scenario says, the same in every place.
#[track_caller]
fn everywhere(scenario: impl Fn(&Place) -> String) -> String {
    let mut setup = Setup::empty()
        .set("data_sources.files.url", "sqlite:data/{namespace}.db")
        .set("data_sources.file.url", "sqlite:data/all.db");
    let database = postgres();
    let mut places = ON_SQLITE.to_vec();
    if let Some(database) = &database {
        setup = setup.set("data_sources.server.url", &database.url());
        places.extend(ON_POSTGRES);
    }
    let host = setup.start();
    let mut texts = places.into_iter().map(|place| {
        let [title, ..] = place;
        let here = Place { title, host: &host };
        here.serve(place);
        (title, host.filtered(&scenario(&here)))
    });
    let (first_place, first) = texts.next().expect("SQLite is always there");
    for (place, text) in texts {
        assert_eq!(text, first, "{place} and {first_place} differ");
    }
    first
}

/// Plain names in a database of a server: the one placement that needs a database for each namespace.
#[test]
fn a_server_can_be_one_namespaces_own() {
    let Some(crm) = postgres() else { return };
    let shop: PostgresDatabase = crm.beside("_shop");
    let host = Setup::empty().set("data_sources.crm.url", &crm.url()).set("data_sources.shop.url", &shop.url()).start();
    let place = Place { title: "own", host: &host };
    for (plugin, component) in [("crm", artifacts::CRM), ("shop", artifacts::SHOP)] {
        let namespace = format!("{plugin}-own");
        host.cli(&["namespace", "create", &namespace, "--data-source", plugin, "--placement", "own"]).success();
        assert_eq!(host.deploy(&namespace, component)["state"], "done");
    }
    place.data("crm tag create", r#"{"data": {"slug": "first", "title": "First"}}"#);
    place.data("shop customer create", r#"{"data": {"number": 7, "full_name": "Grace", "country": "US"}}"#);
    assert_eq!(crm.texts("SELECT slug FROM public.tags"), ["first"]);
    assert_eq!(shop.texts("SELECT full_name FROM public.customer"), ["Grace"]);
}
