//! What a deploy applies by itself, and what it refuses with its plan.

use e2e::{Setup, Version, postgres};
use serde_json::{Value, json};

use crate::{Place, everywhere, shaped};

#[test]
fn rows_that_are_there_get_the_constant_default_of_a_new_column() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        place.create(1);
        let deployed = place.deploy(shaped(2, Version::FILLED));
        assert_eq!(deployed["plan"]["risk"], "low");
        let fresh = place.create(2);
        let old = place.host.data("acme entry read", r#"{"filter": {"number": 1}}"#);
        let filled = |record: &Value| {
            let names = ["a_text", "an_int", "a_float", "a_boolean", "a_decimal", "a_timestamp", "a_date", "a_time"];
            names.into_iter().chain(["a_uuid", "an_enum"]).map(|name| record[name].clone()).collect::<Vec<_>>()
        };
        assert_eq!(filled(&old), filled(&fresh));
        assert_eq!(old["a_text"], "it's \u{e9} \"quoted\"");
        assert_eq!((&old["an_int"], &old["a_decimal"]), (&json!(i64::MIN), &json!("-12.50")));
    });
}

#[test]
fn an_index_comes_by_itself_only_where_the_table_has_no_rows() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        let deployed = place.deploy(shaped(2, Version::INDEXED));
        assert_eq!(deployed["plan"]["changes"][0]["reason"], "the table has no rows");
        place.create(1);
        let refused = place.refused(Version::new(3), "schema.change-refused");
        assert_eq!(refused["plan"]["changes"][0]["change"], "drop index (-number) of entry");
        let kept = place.deploy_with("keep_unused=true", Version::new(3));
        assert_eq!((&kept["state"], &kept["plan"]["text"]), (&json!("done"), &json!("")), "{kept}");
        // It is there still, and so nothing has to be built.
        place.deploy(shaped(4, Version::INDEXED));
    });
}

#[test]
fn an_index_on_rows_is_refused_with_the_sql_that_builds_it() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        place.create(1);
        let refused = place.refused(shaped(2, Version::INDEXED), "schema.change-refused");
        let plan = &refused["plan"];
        assert_eq!((&plan["risk"], &plan["applicable"]), (&json!("medium"), &json!(false)));
        assert!(plan["sql"].as_str().is_some_and(|sql| sql.starts_with("CREATE INDEX")), "{plan}");
        assert_eq!(place.create(2)["judged_by"], "1");
    });
}

#[test]
fn a_renaming_is_recognised_and_never_drops() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        let refused = place.refused(shaped(2, Version::RENAMED), "schema.change-refused");
        let changes = refused["plan"]["changes"].as_array().expect("a list").clone();
        let changes: Vec<_> = changes.iter().map(|change| change["change"].as_str().unwrap_or_default()).collect();
        assert_eq!(changes, ["rename column entry.note to remark"]);
        let sql = refused["plan"]["sql"].as_str().expect("a text");
        assert!(sql.contains("RENAME COLUMN") && !sql.contains("DROP"), "{sql}");
        place.refused(shaped(3, Version::REQUIRED), "schema.change-refused");
    });
}

#[test]
fn looking_before_a_deploy_changes_nothing() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        let file = place.host.folder().join("plugin.wasm");
        std::fs::write(&file, Version { tables: 1, ..Version::new(1) }.component()).expect("written");
        let look = ["deploy", "plugin.wasm", "--namespace", "acme", "--dry-run", "--json"];
        let plan = place.host.cli(&look).success().json()["plan"].clone();
        assert_eq!(plan["changes"].as_array().map(Vec::len), Some(2), "{plan}");
        assert_eq!(place.host.inspect("acme")["state"], "empty");
        place.deploy(Version { tables: 1, ..Version::new(1) });
        assert_eq!(place.host.cli(&look).success().json()["plan"]["text"], "");
    });
}

/// Deploys that fail in the middle, or are in the way of what somebody did by hand.
#[test]
fn what_somebody_added_by_hand_is_never_dropped() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version::new(1));
        place.create(1);
        let text = match &place.database {
            None => "TEXT",
            Some(database) if database.url().starts_with("postgres") => "text COLLATE \"C\"",
            Some(_) => "longtext CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */",
        };
        place.execute(&format!("ALTER TABLE entry ADD COLUMN extra_2 {text}"));
        place.execute("UPDATE entry SET extra_2 = 'by hand'");
        let refused = place.refused(Version { columns: 2, ..Version::new(2) }, "schema.differs");
        let difference = refused["plan"]["differences"][0].as_str().expect("a text");
        assert!(difference.starts_with("column entry.extra_2 is there already"), "{difference}");
        assert_eq!(place.texts("SELECT extra_2 FROM entry"), ["by hand"]);
        let columns = "SELECT count(*) FROM (SELECT * FROM entry) t WHERE extra_2 IS NOT NULL";
        assert_eq!(place.texts(columns), ["1"]);
        assert_eq!(place.create(2)["judged_by"], "1");
    });
}

#[test]
fn a_table_that_is_in_use_is_tried_again() {
    let Some(database) = postgres() else { return };
    let setup = Setup::on(&database.url()).set("data_sources.main.wait_ms_max", "300");
    let place = Place { host: setup.start(), database: Some(database) };
    place.namespace("acme");
    place.deploy(Version::new(1));
    let mut reader = place.database.as_ref().expect("a server").session();
    reader.execute("BEGIN");
    reader.execute("SELECT * FROM entry");
    std::thread::scope(|scope| {
        let deployed = scope.spawn(|| place.deploy(Version { columns: 1, ..Version::new(2) }));
        place.host.logs("the migration is tried again");
        reader.execute("COMMIT");
        assert_eq!(deployed.join().expect("deployed")["generation"]["number"], 2);
    });
}
