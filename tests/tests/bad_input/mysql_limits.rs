//! A MySQL or MariaDB server that is slow, locked or gone in the middle of an operation.

use std::cell::RefCell;

use e2e::{ServerDatabase, Setup, TestHost, mysql, wait_until};

use crate::servers;

const CREATE: &str = r#"{"data": {"sku": "TEA-0001", "title": "Tea", "price_cents": 300}}"#;
const TRIGGER: &str = "CREATE TRIGGER first BEFORE INSERT ON globex__product FOR EACH ROW";

fn shop(database: &ServerDatabase, setup: Setup) -> TestHost {
    let host = servers::host(database, setup);
    host.namespace("globex", Some("prefix"));
    assert_eq!(host.deploy("globex", artifacts::SHOP)["state"], "done");
    host.data("globex customer create", r#"{"data": {"number": 7, "full_name": "Ada", "country": "IT"}}"#);
    host
}

/// Lets every insert of a product sleep first; ends in the process that does.
fn sleeper(database: &ServerDatabase) -> impl Fn() -> Option<String> {
    database.execute(&format!("{TRIGGER} SET @slept = SLEEP(60)"));
    let of_ours = format!("db = '{}' AND state = 'User sleep'", database.name());
    let query = format!("SELECT id FROM information_schema.processlist WHERE {of_ours}");
    let session = RefCell::new(database.session());
    move || session.borrow_mut().texts(&query).pop()
}

#[test]
fn a_row_that_somebody_holds() {
    let Some(database) = mysql() else { return };
    let host = shop(&database, Setup::on(&database.url()).set("data_sources.main.wait_ms_max", "1000"));
    let mut session = database.session();
    session.execute("BEGIN; SELECT 1 FROM globex__customer WHERE number = 7 FOR UPDATE");
    let update = r#"{"filter": {"number": 7}, "data": {"country": "FR"}}"#;
    insta::assert_snapshot!(host.calls(&[("update", "globex customer update", update)]), @"
    # update
    503 database.busy: mysql://[user]:***@127.0.0.1:[port]/[database] is busy: another transaction held a lock for longer than 1000 ms
      (database mysql://[user]:***@127.0.0.1:[port]/[database])
      - try again
      - look for another program that holds a transaction open
    ");
    session.execute("ROLLBACK");
    assert_eq!(host.data("globex customer update", update)["country"], "FR");
}

#[test]
fn a_pool_without_a_free_connection() {
    let Some(database) = mysql() else { return };
    let setup = Setup::on(&database.url());
    let setup = setup.set("data_sources.main.wait_ms_max", "200").set("data_sources.main.connections_max", "1");
    let host = shop(&database, setup);
    let sleeping = sleeper(&database);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| host.call("globex product create", CREATE).code().to_owned());
        let process = wait_until("the first insert sleeps", &sleeping);
        insta::assert_snapshot!(host.calls(&[("list", "globex customer list", "{}")]), @"
        # list
        503 database.pool-exhausted: no connection of data source `main` became free within 200 ms
          (data_source main, size 1, in_use 1, waiting 0, wait_ms 200, longest_holder globex, longest_holder_ms [n])
          - try again: this is load, not a fault
          - raise connections_max of the data source, if the database allows more
          - look for statements and transactions that take long
        ");
        database.execute(&format!("KILL {process}"));
        assert_eq!(first.join().expect("answered"), "database.connection-lost");
    });
    assert_eq!(host.call("globex customer list", "{}").status, 200, "the connection is replaced");
}

#[test]
fn statements_that_do_not_end() {
    let Some(database) = mysql() else { return };
    let host = shop(&database, Setup::on(&database.url()).set("data_sources.main.statement_ms_max", "200"));
    let _ = sleeper(&database);
    insta::assert_snapshot!(host.calls(&[("too long", "globex product create", CREATE)]), @"
    # too long
    503 database.timed-out: a statement on data source `main` ran longer than 200 ms
      (data_source main, ms 200)
      - narrow the filter or ask for a smaller page
      - raise statement_ms_max of the data source
    ");
    assert_eq!(database.texts("SELECT count(*) FROM globex__product"), ["0"]);
    assert_eq!(host.call("globex customer list", "{}").status, 200);
}

#[test]
fn connections_that_end() {
    let Some(database) = mysql() else { return };
    let host = shop(&database, Setup::on(&database.url()));
    let sleeping = sleeper(&database);
    std::thread::scope(|scope| {
        let lost = scope.spawn(|| host.calls(&[("lost", "globex product create", CREATE)]));
        let process = wait_until("the insert sleeps", &sleeping);
        database.execute(&format!("KILL {process}"));
        insta::assert_snapshot!(lost.join().expect("answered"), @"
        # lost
        503 database.connection-lost: the connection to mysql://[user]:***@127.0.0.1:[port]/[database] was lost
          (database mysql://[user]:***@127.0.0.1:[port]/[database])
          - try again; read first whether a write has happened
          - look into the server's log
        ");
    });
    let mut session = database.session();
    let others = format!(
        "SELECT id FROM information_schema.processlist WHERE db = '{}' AND id <> CONNECTION_ID()",
        database.name()
    );
    for process in session.texts(&others) {
        // It may have gone meanwhile.
        let _ = session.try_execute(&format!("KILL {process}"));
    }
    assert_eq!(host.call("globex customer list", "{}").status, 200, "a read is asked again on another connection");
}

#[test]
fn errors_of_the_database() {
    let Some(database) = mysql() else { return };
    let host = shop(&database, Setup::on(&database.url()));
    database.execute(&format!("{TRIGGER} SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the value of somebody''s row'"));
    database.execute("ALTER TABLE globex__customer DROP COLUMN country");
    insta::assert_snapshot!(host.calls(&[
        ("a trigger that refuses", "globex product create", CREATE),
        ("a column that is gone", "globex customer list", "{}"),
    ]), @"
    # a trigger that refuses
    500 database.failed: mysql://[user]:***@127.0.0.1:[port]/[database] answered with an error (code 1644)
      (database mysql://[user]:***@127.0.0.1:[port]/[database], database_code 1644)
      - look into the host's log: it holds what the database said
    # a column that is gone
    500 database.failed: mysql://[user]:***@127.0.0.1:[port]/[database] answered with an error (code 1054)
      (database mysql://[user]:***@127.0.0.1:[port]/[database], database_code 1054)
      - look into the host's log: it holds what the database said
    ");
    host.logs("the value of somebody's row");
}

/// What stands for a namespace of a database on every version of every host: FNV-1a, 64 bits.
fn lock_name(database: &ServerDatabase, namespace: &str) -> String {
    let text = format!("modelhost:{}:{namespace}", database.name());
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("modelhost:{hash:016x}")
}

#[test]
fn somebody_else_migrates() {
    let Some(database) = mysql() else { return };
    let host = Setup::on(&database.url()).start();
    host.namespace("acme", Some("prefix"));
    let mut session = database.session();
    session.execute(&format!("SELECT GET_LOCK('{}', 0)", lock_name(&database, "acme")));
    insta::assert_snapshot!(host.deploys("acme", &[("the lock is held", artifacts::CRM)]), @"
    # the lock is held
    exit 1 error[schema.locked]: another session holds the lock of namespace `acme` for longer than 5000 ms
      namespace: acme
      wait_ms: 5000
      hint: wait until the other deployment is done, then try again
    ");
    session.execute("SELECT RELEASE_ALL_LOCKS()");
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
}
