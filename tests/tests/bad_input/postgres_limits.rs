//! A PostgreSQL server that is slow, locked or gone in the middle of an operation.

use e2e::{ServerDatabase, Setup, TestHost, postgres, wait_until};

use crate::servers;

const CREATE: &str = r#"{"data": {"sku": "TEA-0001", "title": "Tea", "price_cents": 300}}"#;

fn shop(database: &ServerDatabase, setup: Setup) -> TestHost {
    let host = servers::host(database, setup);
    host.namespace("globex", Some("schema"));
    assert_eq!(host.deploy("globex", artifacts::SHOP)["state"], "done");
    host.data("globex customer create", r#"{"data": {"number": 7, "full_name": "Ada", "country": "IT"}}"#);
    host
}

/// Lets every insert of a product do something first.
fn on_insert(database: &ServerDatabase, statement: &str) {
    database.execute(&format!(
        "CREATE FUNCTION first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NEW; END $$;
         CREATE TRIGGER first BEFORE INSERT ON globex.product FOR EACH ROW EXECUTE FUNCTION first()"
    ));
}

#[test]
fn a_row_that_somebody_holds() {
    let Some(database) = postgres() else { return };
    let host = shop(&database, Setup::on(&database.url()).set("data_sources.main.wait_ms_max", "200"));
    let mut session = database.session();
    session.execute("BEGIN; SELECT 1 FROM globex.customer WHERE number = 7 FOR UPDATE");
    let update = r#"{"filter": {"number": 7}, "data": {"country": "FR"}}"#;
    insta::assert_snapshot!(host.calls(&[("update", "globex customer update", update)]), @"
    # update
    503 database.busy: postgres://[user]:***@127.0.0.1:[port]/[database] is busy: another transaction held a lock for longer than 200 ms
      (database postgres://[user]:***@127.0.0.1:[port]/[database])
      - try again
      - look for another program that holds a transaction open
    ");
    session.execute("ROLLBACK");
    assert_eq!(host.data("globex customer update", update)["country"], "FR");
}

#[test]
fn a_pool_without_a_free_connection() {
    let Some(database) = postgres() else { return };
    let setup = Setup::on(&database.url());
    let setup = setup.set("data_sources.main.wait_ms_max", "200").set("data_sources.main.connections_max", "1");
    let host = shop(&database, setup);
    on_insert(&database, "PERFORM pg_sleep(60)");
    let mut session = database.session();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| host.call("globex product create", CREATE).code().to_owned());
        let sleeps = "SELECT pid::text FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep'";
        let process = wait_until("the first insert sleeps", || session.texts(sleeps).pop());
        insta::assert_snapshot!(host.calls(&[("list", "globex customer list", "{}")]), @"
        # list
        503 database.pool-exhausted: no connection of data source `main` became free within 200 ms
          (data_source main, size 1, in_use 1, waiting 0, wait_ms 200, longest_holder globex, longest_holder_ms [n])
          - try again: this is load, not a fault
          - raise connections_max of the data source, if the database allows more
          - look for statements and transactions that take long
        ");
        session.execute(&format!("SELECT pg_terminate_backend({process})"));
        assert_eq!(first.join().expect("answered"), "database.connection-lost");
    });
    assert_eq!(host.call("globex customer list", "{}").status, 200, "the connection is replaced");
}

#[test]
fn statements_that_do_not_end() {
    let Some(database) = postgres() else { return };
    let host = shop(&database, Setup::on(&database.url()).set("data_sources.main.statement_ms_max", "200"));
    on_insert(&database, "PERFORM pg_sleep(60)");
    insta::assert_snapshot!(host.calls(&[("too long", "globex product create", CREATE)]), @"
    # too long
    503 database.timed-out: a statement on data source `main` ran longer than 200 ms
      (data_source main, ms 200)
      - narrow the filter or ask for a smaller page
      - raise statement_ms_max of the data source
    ");
    assert_eq!(database.texts("SELECT count(*)::text FROM globex.product"), ["0"]);
}

#[test]
fn connections_that_end() {
    let Some(database) = postgres() else { return };
    let host = shop(&database, Setup::on(&database.url()));
    on_insert(&database, "PERFORM pg_terminate_backend(pg_backend_pid())");
    insta::assert_snapshot!(host.calls(&[("lost", "globex product create", CREATE)]), @"
    # lost
    503 database.connection-lost: the connection to postgres://[user]:***@127.0.0.1:[port]/[database] was lost
      (database postgres://[user]:***@127.0.0.1:[port]/[database])
      - try again; read first whether a write has happened
      - look into the server's log
    ");
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.execute(others);
    assert_eq!(host.call("globex customer list", "{}").status, 200, "a read is asked again on another connection");
}

#[test]
fn errors_of_the_database() {
    let Some(database) = postgres() else { return };
    let host = shop(&database, Setup::on(&database.url()));
    on_insert(&database, "RAISE EXCEPTION 'the value of somebody''s row'");
    database.execute("ALTER TABLE globex.customer DROP COLUMN country");
    insta::assert_snapshot!(host.calls(&[
        ("a trigger that refuses", "globex product create", CREATE),
        ("a column that is gone", "globex customer list", "{}"),
    ]), @"
    # a trigger that refuses
    500 database.failed: postgres://[user]:***@127.0.0.1:[port]/[database] answered with an error (code P0001)
      (database postgres://[user]:***@127.0.0.1:[port]/[database], database_code P0001)
      - look into the host's log: it holds what the database said
    # a column that is gone
    500 database.failed: postgres://[user]:***@127.0.0.1:[port]/[database] answered with an error (code 42703)
      (database postgres://[user]:***@127.0.0.1:[port]/[database], database_code 42703)
      - look into the host's log: it holds what the database said
    ");
    host.logs("the value of somebody's row");
}

#[test]
fn somebody_else_migrates() {
    let Some(database) = postgres() else { return };
    let host = Setup::on(&database.url()).start();
    host.namespace("acme", Some("schema"));
    let mut session = database.session();
    // The number that stands for `acme` on every version of every host.
    session.execute("SELECT pg_advisory_lock(5710732658523895292)");
    insta::assert_snapshot!(host.deploys("acme", &[("the lock is held", artifacts::CRM)]), @"
    # the lock is held
    exit 1 error[schema.locked]: another session holds the lock of namespace `acme` for longer than 5000 ms
      namespace: acme
      wait_ms: 5000
      hint: wait until the other deployment is done, then try again
    ");
    session.execute("SELECT pg_advisory_unlock_all()");
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
}
