//! Going back to an earlier generation.

use e2e::Version;
use serde_json::json;

use crate::{Place, everywhere, shaped};

#[test]
fn going_back_leaves_what_came_later_where_it_is() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        place.deploy(Version { columns: 2, tables: 1, ..Version::new(2) });
        let body = r#"{"data": {"number": 1, "text": "x", "extra_1": "kept"}}"#;
        place.host.data("acme entry create", body);
        let back = place.host.cli(&["generation", "rollback", "acme", "--to", "1", "--json"]).success().json();
        assert_eq!(back["deployment"]["generation"]["number"], 3, "{back}");
        assert_eq!(place.create(2)["judged_by"], "1");
        assert_eq!(place.host.call("acme table_1 list", "{}").code(), "plan.unknown-model");
        place.deploy(Version { columns: 2, tables: 1, ..Version::new(2) });
        let kept = place.host.data("acme entry read", r#"{"filter": {"number": 1}}"#);
        assert_eq!(kept["extra_1"], "kept");
        let unknown = place.host.cli(&["generation", "rollback", "acme", "--to", "9", "--json"]);
        assert_eq!(unknown.json()["error"]["code"], "generation.unknown");
        let diff = place.host.cli(&["generation", "diff", "acme", "1", "2", "--json"]).success().json();
        let models = diff["diff"]["models"].as_array().expect("a list").len();
        assert_eq!((models, &diff["diff"]["schema"]["applicable"]), (5, &json!(true)), "{diff}");
    });
}

#[test]
fn going_back_is_refused_where_the_schema_no_longer_fits() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        place.deploy(shaped(2, Version::FILLED));
        let back = place.host.cli(&["generation", "rollback", "acme", "--to", "1", "--json"]);
        assert_eq!(back.json()["error"]["code"], "schema.change-refused");
        assert_eq!(place.create(1)["judged_by"], "2");
    });
}
