//! Schema policies on empty, equal, older and foreign tables.

use e2e::Version;
use serde_json::json;

use crate::{Place, everywhere, foreign_table, shaped};

#[test]
fn verifying_changes_nothing_and_tells_the_sql() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.restart_with_policy("verify");
        place.namespace("acme");
        // Empty.
        let refused = place.refused(Version { tables: 1, ..Version::new(1) }, "schema.differs");
        let sql = refused["plan"]["sql"].as_str().expect("a text").to_owned();
        match &place.database {
            Some(database) => {
                let own = format!("table_schema IN ('public', '{}') AND table_name LIKE 'entry%'", database.name());
                let tables = format!("SELECT count(*) FROM information_schema.tables WHERE {own}");
                assert_eq!(database.texts(&tables), ["0"]);
            }
            None => assert_eq!(place.texts("SELECT count(*) FROM sqlite_schema"), ["0"]),
        }
        // Equal: whoever may change tables has run the SQL.
        place.execute(&sql);
        place.deploy(Version { tables: 1, ..Version::new(1) });
        place.create(1);
        // Older.
        let refused = place.refused(Version { columns: 1, tables: 1, ..Version::new(2) }, "schema.differs");
        place.execute(refused["plan"]["sql"].as_str().expect("a text"));
        place.deploy(Version { columns: 1, tables: 1, ..Version::new(2) });
        assert_eq!(place.create(2)["judged_by"], "2");
        // Foreign.
        place.execute("DROP TABLE table_1");
        let other = if place.database.is_some() { "varchar(10)" } else { "BLOB" };
        let strict = if place.database.is_some() { "" } else { " STRICT" };
        let int = if place.database.is_some() { "bigint" } else { "INTEGER" };
        place.execute(&format!(
            "CREATE TABLE table_1 (number {int} NOT NULL PRIMARY KEY, text {other} NOT NULL){strict}"
        ));
        let refused = place.refused(Version { columns: 2, tables: 1, ..Version::new(3) }, "schema.differs");
        let differences = refused["plan"]["differences"].to_string();
        assert!(differences.contains("column table_1.text is "), "{refused}");
        place.restart_with_policy("verify");
        assert_eq!(place.create(3)["judged_by"], "2");
    });
}

#[test]
fn ignoring_looks_at_no_table() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.restart_with_policy("ignore");
        place.namespace("acme");
        // Empty: it serves, and operations tell.
        assert_eq!(place.deploy(Version::new(1))["plan"]["text"], "");
        assert_eq!(place.host.call("acme entry list", "{}").status, 500);
        if place.database.is_none() {
            assert_eq!(place.texts("SELECT count(*) FROM sqlite_schema"), ["0"]);
        }
        // Equal, older and foreign: nobody asks.
        place.execute(&foreign_table(&place, ", note TEXT, theirs INT"));
        assert_eq!(place.create(1)["judged_by"], "1");
        place.deploy(Version { columns: 1, ..Version::new(2) });
        assert_eq!(place.host.call("acme entry list", "{}").status, 500);
        place.deploy(Version::new(1));
        assert_eq!(place.create(2)["judged_by"], "1");
    });
}

#[test]
fn verifying_plans_a_renaming_and_remembers_what_is_unused() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version { columns: 1, ..Version::new(1) });
        place.restart_with_policy("verify");
        place.host.data("acme entry create", r#"{"data": {"number": 1, "text": "x", "note": "kept"}}"#);
        let renamed = Version { columns: 1, ..shaped(2, Version::RENAMED) };
        let refused = place.refused(renamed, "schema.differs");
        let changes = refused["plan"]["changes"].as_array().map_or(0, Vec::len);
        assert_eq!((changes, &refused["plan"]["applicable"]), (1, &json!(false)), "{refused}");
        place.execute(refused["plan"]["sql"].as_str().expect("a text"));
        place.deploy(renamed);
        assert_eq!(place.host.data("acme entry read", r#"{"filter": {"number": 1}}"#)["remark"], "kept");
        // A version without the column, and back to one that has it where deploys may change tables.
        place.deploy(shaped(3, Version::RENAMED));
        place.host.kill();
        place.host.restart_with(Place::setup(place.database.as_ref()));
        let back = place.deploy(Version { columns: 1, ..shaped(4, Version::RENAMED) });
        assert_eq!(back["plan"]["text"], "");
    });
}

#[test]
fn verifying_plans_a_table_that_somebody_dropped() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version { tables: 1, columns: 1, ..Version::new(1) });
        place.restart_with_policy("verify");
        place.execute("DROP TABLE table_1");
        place.execute("ALTER TABLE entry DROP COLUMN extra_1");
        let refused = place.refused(Version { tables: 1, columns: 2, ..Version::new(2) }, "schema.differs");
        let changes = refused["plan"]["changes"].as_array().expect("a list").clone();
        let changes: Vec<_> = changes.iter().map(|change| change["change"].as_str().unwrap_or_default()).collect();
        let expected = [
            "create table table_1 with 2 columns",
            "add column entry.extra_1 text nullable",
            "add column entry.extra_2 text nullable",
        ];
        assert_eq!(changes, expected);
        place.execute(refused["plan"]["sql"].as_str().expect("a text"));
        place.deploy(Version { tables: 1, columns: 2, ..Version::new(2) });
    });
}
