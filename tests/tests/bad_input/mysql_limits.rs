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
    insta::assert_snapshot!(host.calls(&[("update", "globex customer update", update)]), @"");
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
        insta::assert_snapshot!(host.calls(&[("list", "globex customer list", "{}")]), @"");
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
    insta::assert_snapshot!(host.calls(&[("too long", "globex product create", CREATE)]), @"");
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
        insta::assert_snapshot!(lost.join().expect("answered"), @"");
    });
    let mut session = database.session();
    let others = format!(
        "SELECT id FROM information_schema.processlist WHERE db = '{}' AND id <> CONNECTION_ID()",
        database.name()
    );
    for process in session.texts(&others) {
        session.execute(&format!("KILL {process}"));
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
    ]), @"");
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
    insta::assert_snapshot!(host.deploys("acme", &[("the lock is held", artifacts::CRM)]), @"");
    session.execute("SELECT RELEASE_ALL_LOCKS()");
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
}
