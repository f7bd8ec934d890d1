//! Schemas that change under a namespace: what a deploy applies by itself, what it refuses and how it says so, policies,
//! adoption, going back.
//!
//! On every database, against the tables as an outside client sees them. Invariant: a refused deploy changes no table and
//! what served before still serves.

use e2e::{ServerDatabase, Setup, TestHost, Version, mysql, postgres, sqlite_execute, sqlite_texts};
use serde_json::{Value, json};

/// A host and where its tables are.
struct Place {
    host: TestHost,
    database: Option<ServerDatabase>,
}

/// Runs a test on every database.
fn everywhere(test: impl Fn(Option<ServerDatabase>)) {
    test(None);
    for database in [postgres(), mysql()].into_iter().flatten() {
        test(Some(database));
    }
}

impl Place {
    fn new(database: Option<ServerDatabase>) -> Self {
        let setup = Self::setup(database.as_ref());
        Self { host: setup.start(), database }
    }

    fn setup(database: Option<&ServerDatabase>) -> Setup {
        match database {
            Some(database) => Setup::on(&database.url()),
            None => Setup::sqlite(),
        }
    }

    fn namespace(&self, name: &str) {
        self.host.namespace(name, self.database.is_some().then_some("own"));
    }

    fn execute(&self, statements: &str) {
        match &self.database {
            Some(database) => database.execute(statements),
            None => {
                let file = self.host.file("acme");
                std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                // An empty file is an empty database.
                std::fs::OpenOptions::new().append(true).create(true).open(&file).expect("made");
                sqlite_execute(&file, statements);
            }
        }
    }

    fn texts(&self, query: &str) -> Vec<String> {
        match &self.database {
            Some(database) => database.texts(query),
            None => sqlite_texts(&self.host.file("acme"), query),
        }
    }

    /// The answer of a deploy with options such as `keep_unused=true`.
    fn deploy_with(&self, options: &str, version: Version) -> Value {
        let path = format!("/v1/admin/namespaces/acme/deployments?{options}");
        let request = self.host.request("POST", &path).header("content-type", "application/wasm");
        let accepted = request.body(version.component()).send();
        assert_eq!(accepted.status, 202, "{}", accepted.text);
        let progress = accepted.header("location").to_owned();
        e2e::wait_until("the deployment ends", || {
            let deployment = self.host.get(&progress).body["deployment"].take();
            (deployment["state"] != "running").then_some(deployment)
        })
    }

    #[track_caller]
    fn deploy(&self, version: Version) -> Value {
        let deployed = self.host.deploy("acme", &version.component());
        assert_eq!(deployed["state"], "done", "{deployed}");
        deployed
    }

    #[track_caller]
    fn refused(&self, version: Version, code: &str) -> Value {
        let refused = self.host.deploy("acme", &version.component());
        assert_eq!(refused["error"]["code"], code, "{refused}");
        refused
    }

    fn create(&self, number: i64) -> Value {
        self.host.data("acme entry create", &format!(r#"{{"data": {{"number": {number}, "text": "x"}}}}"#))
    }
}

fn shaped(number: u16, shape: u16) -> Version {
    Version { shape, ..Version::new(number) }
}

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

/// A table as somebody else made it: `entry` with everything that version 1 wants, or with something else.
fn foreign_table(place: &Place, note: &str) -> String {
    let (int, text) = match &place.database {
        None => ("INTEGER", "TEXT"),
        Some(database) if database.url().starts_with("postgres") => ("bigint", "text COLLATE \"C\""),
        Some(_) => {
            ("bigint", "longtext CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */")
        }
    };
    let note = note.replace("TEXT", text).replace("INT", int);
    let strict = if place.database.is_none() { "STRICT" } else { "" };
    format!(
        "CREATE TABLE entry (number {int} NOT NULL PRIMARY KEY, text {text} NOT NULL, judged_by {text}{note}) {strict}"
    )
}

#[test]
fn a_table_of_somebody_else_is_taken_over_only_by_name_and_only_where_it_fits() {
    everywhere(|database| {
        let place = Place::new(database);
        place.namespace("acme");
        place.execute(&foreign_table(&place, ", note INT"));
        place.execute("INSERT INTO entry (number, text) VALUES (7, 'theirs')");
        place.refused(Version::new(1), "schema.table-not-owned");
        let differs = place.deploy_with("adopt=entry", Version::new(1));
        assert_eq!(differs["error"]["code"], "schema.differs", "{differs}");
        let difference = differs["plan"]["differences"][0].as_str().unwrap_or_default().to_owned();
        assert!(difference.starts_with("column entry.note is "), "{difference}");
        place.execute("ALTER TABLE entry DROP COLUMN note");
        let adopted = place.deploy_with("adopt=entry", Version::new(1));
        assert_eq!(adopted["state"], "done", "{adopted}");
        assert_eq!(adopted["plan"]["changes"][0]["change"], "add column entry.note text nullable");
        assert_eq!(place.host.data("acme entry read", r#"{"filter": {"number": 7}}"#)["text"], "theirs");
        let unknown = place.deploy_with("adopt=nothing", Version::new(2));
        assert_eq!(unknown["error"]["code"], "schema.differs", "{unknown}");
    });
}

#[test]
fn verifying_changes_nothing_and_tells_the_sql() {
    everywhere(|database| {
        let mut place = Place::new(database);
        let verify = Place::setup(place.database.as_ref()).set("data_sources.main.schema_policy", "verify");
        place.host.kill();
        place.host.restart_with(verify.clone());
        place.namespace("acme");
        // Empty.
        let refused = place.refused(Version { tables: 1, ..Version::new(1) }, "schema.differs");
        let sql = refused["plan"]["sql"].as_str().expect("a text").to_owned();
        let tables = "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'entry%'";
        match &place.database {
            Some(database) => assert_eq!(database.texts(tables), ["0"]),
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
        place.host.kill();
        place.host.restart_with(verify);
        assert_eq!(place.create(3)["judged_by"], "2");
    });
}

#[test]
fn ignoring_looks_at_no_table() {
    everywhere(|database| {
        let mut place = Place::new(database);
        let ignore = Place::setup(place.database.as_ref()).set("data_sources.main.schema_policy", "ignore");
        place.host.kill();
        place.host.restart_with(ignore);
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
        assert!(difference.starts_with("add column entry.extra_2 text nullable: it is there already"), "{difference}");
        assert_eq!(place.texts("SELECT extra_2 FROM entry"), ["by hand"]);
        let columns = "SELECT count(*) FROM (SELECT * FROM entry) t WHERE extra_2 IS NOT NULL";
        assert_eq!(place.texts(columns), ["1"]);
        assert_eq!(place.create(2)["judged_by"], "1");
    });
}

#[test]
fn a_table_that_is_adopted_survives_a_deploy_that_breaks_off() {
    // Where tables do not come and go with a transaction, a deploy that fails has to take back what it made, and no more.
    let Some(database) = mysql() else { return };
    let place = Place::new(Some(database));
    place.host.namespace("acme", Some("own"));
    place.execute(&foreign_table(&place, ""));
    place.execute("INSERT INTO entry (number, text) VALUES (7, 'theirs')");
    // A reader in a transaction keeps the table from being altered.
    let database = place.database.as_ref().expect("a server");
    let mut holder = database.session();
    holder.execute("BEGIN");
    holder.execute("SELECT * FROM entry");
    let mut host = place.host;
    host.kill();
    host.restart_with(Setup::on(&database.url()).set("data_sources.main.statement_ms_max", "1500"));
    let place = Place { host, database: place.database };
    let failed = place.deploy_with("adopt=entry", Version { tables: 1, ..Version::new(1) });
    assert_eq!(failed["state"], "failed", "{failed}");
    holder.execute("COMMIT");
    let again = place.deploy_with("adopt=entry", Version { tables: 1, ..Version::new(1) });
    assert_eq!(again["state"], "done", "{again}");
    assert_eq!(place.host.data("acme entry read", r#"{"filter": {"number": 7}}"#)["text"], "theirs");
}

#[test]
fn verifying_plans_a_renaming_and_remembers_what_is_unused() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version { columns: 1, ..Version::new(1) });
        let verify = Place::setup(place.database.as_ref()).set("data_sources.main.schema_policy", "verify");
        place.host.kill();
        place.host.restart_with(verify);
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
fn who_ignored_the_schema_begins_to_keep_it_by_adopting() {
    everywhere(|database| {
        let mut place = Place::new(database);
        let ignore = Place::setup(place.database.as_ref()).set("data_sources.main.schema_policy", "ignore");
        place.host.kill();
        place.host.restart_with(ignore);
        place.namespace("acme");
        place.execute(&foreign_table(&place, ", note TEXT"));
        place.deploy(Version::new(1));
        place.create(1);
        place.host.kill();
        place.host.restart_with(Place::setup(place.database.as_ref()));
        place.refused(Version { columns: 1, ..Version::new(2) }, "schema.history-broken");
        let adopted = place.deploy_with("adopt=entry", Version { columns: 1, ..Version::new(2) });
        assert_eq!(adopted["state"], "done", "{adopted}");
        assert_eq!(place.host.data("acme entry list", "{}")[0]["number"], 1);
    });
}

#[test]
fn verifying_plans_a_table_that_somebody_dropped() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.namespace("acme");
        place.deploy(Version { tables: 1, columns: 1, ..Version::new(1) });
        let verify = Place::setup(place.database.as_ref()).set("data_sources.main.schema_policy", "verify");
        place.host.kill();
        place.host.restart_with(verify);
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
