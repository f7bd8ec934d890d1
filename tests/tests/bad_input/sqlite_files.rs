//! SQLite files that can't be used, are busy, or were changed by somebody else. What the driver said stays in the log.

use e2e::{Setup, TestHost, sqlite_execute, sqlite_open, sqlite_texts};

const SECRET: &str = "the value of a row of somebody";

fn shop(setup: Setup) -> TestHost {
    let host = setup.start();
    host.serve("globex", artifacts::SHOP);
    host.data("globex customer create", r#"{"data": {"number": 7, "full_name": "Ada", "country": "IT"}}"#);
    host
}

#[test]
fn files() {
    let host = Setup::sqlite().start();
    std::fs::create_dir_all(host.file("folder")).expect("made");
    std::fs::write(host.file("text"), "this is a text, and it is longer than the header of a database")
        .expect("written");
    let mut rows = String::new();
    for namespace in ["text", "folder"] {
        host.namespace(namespace, None);
        rows += &host.deploys(namespace, &[(namespace, artifacts::SHOP)]);
    }
    insta::assert_snapshot!(rows, @"
    # text
    exit 1 error[database.file]: the database file `[dir]/data/text.db` can't be used
      path: [dir]/data/text.db
      hint: check that the folder exists, that this user may write there and that the disk is not full
      hint: check that the file is an SQLite database
    # folder
    exit 1 error[database.file]: the database file `[dir]/data/folder.db` can't be used
      path: [dir]/data/folder.db
      hint: check that the folder exists, that this user may write there and that the disk is not full
      hint: check that the file is an SQLite database
    ");
}

#[test]
fn an_outside_writer() {
    let host = shop(Setup::sqlite().set("data_sources.main.wait_ms_max", "200"));
    let writer = sqlite_open(&host.file("globex"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let update = r#"{"filter": {"number": 7}, "data": {"country": "FR"}}"#;
    insta::assert_snapshot!(host.calls(&[("update", "globex customer update", update)]), @"
    # update
    503 database.busy: sqlite:[dir]/data/globex.db is busy: another transaction held a lock for longer than 200 ms
      (database sqlite:[dir]/data/globex.db)
      - try again
      - look for another program that holds a transaction open
    ");
    assert_eq!(host.call("globex customer list", "{}").status, 200, "reading goes on");
    writer.execute_batch("ROLLBACK").expect("released");
    assert_eq!(host.data("globex customer update", update)["country"], "FR");
}

#[test]
fn tables_that_somebody_changed() {
    let host = shop(Setup::sqlite());
    let refuse = format!("CREATE TRIGGER refuse BEFORE INSERT ON product BEGIN SELECT RAISE(ABORT, '{SECRET}'); END");
    sqlite_execute(&host.file("globex"), &refuse);
    sqlite_execute(&host.file("globex"), "ALTER TABLE customer DROP COLUMN country");
    insta::assert_snapshot!(host.calls(&[
        ("a trigger that refuses", "globex product create",
            r#"{"data": {"sku": "TEA-0001", "title": "Tea", "price_cents": 300}}"#),
        ("a column that is gone", "globex customer list", "{}"),
    ]), @"
    # a trigger that refuses
    500 database.failed: sqlite:[dir]/data/globex.db answered with an error (code 1811)
      (database sqlite:[dir]/data/globex.db, database_code 1811)
      - look into the host's log: it holds what the database said
    # a column that is gone
    500 database.failed: sqlite:[dir]/data/globex.db answered with an error (code 1)
      (database sqlite:[dir]/data/globex.db, database_code 1)
      - look into the host's log: it holds what the database said
    ");
    host.logs(SECRET);
}

#[test]
fn a_statement_that_takes_too_long() {
    let host = shop(Setup::sqlite().set("data_sources.main.statement_ms_max", "100"));
    sqlite_execute(&host.file("globex"), "
        CREATE TABLE number AS WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 2000) SELECT n FROM n;
        CREATE TRIGGER slow BEFORE INSERT ON product
        BEGIN SELECT count(*) FROM number a, number b, number c WHERE a.n + b.n = c.n; END;
    ");
    insta::assert_snapshot!(host.calls(&[
        ("a trigger that counts", "globex product create",
            r#"{"data": {"sku": "TEA-0001", "title": "Tea", "price_cents": 300}}"#),
    ]), @"
    # a trigger that counts
    503 database.timed-out: a statement on data source `main` ran longer than 100 ms
      (data_source main, ms 100)
      - narrow the filter or ask for a smaller page
      - raise statement_ms_max of the data source
    ");
    assert_eq!(sqlite_texts(&host.file("globex"), "SELECT count(*) FROM product"), ["0"]);
}

#[test]
fn a_record_that_changes_each_time_it_is_judged() {
    let host = shop(Setup::sqlite());
    // As if somebody else had written between each of the host's reads and its write.
    sqlite_execute(
        &host.file("globex"),
        "CREATE TRIGGER lose BEFORE UPDATE ON customer BEGIN SELECT RAISE(IGNORE); END",
    );
    insta::assert_snapshot!(host.calls(&[
        ("update", "globex customer update", r#"{"filter": {"number": 7}, "data": {"country": "FR"}}"#),
    ]), @"
    # update
    409 write.conflict: the `customer` is not as this write expects: it has changed
      (model customer, current_version 1)
      - read the record again, apply the change to it and write that
    ");
}
