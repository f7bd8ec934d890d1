//! Tables that somebody else made.

use e2e::{Setup, Version, mysql};

use crate::{Place, everywhere, foreign_table};

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
fn who_ignored_the_schema_begins_to_keep_it_by_adopting() {
    everywhere(|database| {
        let mut place = Place::new(database);
        place.restart_with_policy("ignore");
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
