//! What a real MySQL or MariaDB server refuses, and what is refused before it is asked: each told from the others, the
//! password nowhere.

use e2e::{Setup, mysql};

use crate::servers::{WRONG, deploy, host};

#[test]
fn connections() {
    let Some(database) = mysql() else { return };
    let url = |change: fn(&mut url::Url)| database.url_with(change);
    let rows = [
        deploy(&database, "wrong password", &url(|url| url.set_password(Some(WRONG)).expect("a password"))),
        deploy(&database, "wrong user", &url(|url| url.set_username("nobody_such").expect("a user"))),
        deploy(&database, "no such database", &url(|url| url.set_path("no_such_database"))),
        deploy(&database, "a port at which nobody listens", &url(|url| url.set_port(Some(1)).expect("a port"))),
        deploy(&database, "wrong host", &url(|url| url.set_host(Some("no-such-host.invalid")).expect("a host"))),
        deploy(&database, "no TLS there", &url(|url| url.set_query(Some("ssl-mode=require")))),
    ];
    insta::assert_snapshot!(rows.concat(), @"
    # wrong password
    exit 1 error[database.auth-failed]: 127.0.0.1:[port] refuses user `[user]` of data source `main`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: [user]
      database: [database]
      hint: check user and password in the URL of data source `main`
      hint: in a password write `@` as %40, `:` as %3A and `/` as %2F
      hint: check what the server grants to this user from this address, and whether only with TLS
    # wrong user
    exit 1 error[database.auth-failed]: 127.0.0.1:[port] refuses user `nobody_such` of data source `main`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: nobody_such
      database: [database]
      hint: check user and password in the URL of data source `main`
      hint: in a password write `@` as %40, `:` as %3A and `/` as %2F
      hint: check what the server grants to this user from this address, and whether only with TLS
    # no such database
    exit 1 error[database.missing]: 127.0.0.1:[port] has no database `no_such_database`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: [user]
      database: no_such_database
      hint: create it: CREATE DATABASE `no_such_database`
      hint: check the database's name in the URL of the data source
    # a port at which nobody listens
    exit 1 error[database.refused]: `main` at 127.0.0.1:1 refuses connections: nothing listens there
      data_source: main
      host: 127.0.0.1
      port: 1
      user: [user]
      database: [database]
      hint: start the database server
      hint: check host and port in the URL of the data source
      hint: try it: mysqladmin -h 127.0.0.1 -P 1 status
    # wrong host
    exit 1 error[database.unknown-host]: the host `no-such-host.invalid` of data source `main` has no address
      data_source: main
      host: no-such-host.invalid
      port: [port]
      user: [user]
      database: [database]
      hint: check the host's spelling in the URL of the data source
      hint: check that the name resolves on this machine
    # no TLS there
    exit 1 error[database.tls-required]: 127.0.0.1:[port] has no TLS, and the URL demands it
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: [user]
      database: [database]
      hint: turn on ssl on the server
      hint: on a trusted network, write ?ssl-mode=disable in the URL of the data source
    ");
}

#[test]
fn tables() {
    let Some(database) = mysql() else { return };
    let owner = host(&database, Setup::on(&database.url()));
    database.execute("CREATE TABLE customer (id int)");
    owner.namespace("acme", Some("own"));
    let foreign = owner.deploys("acme", &[("a table of somebody else", artifacts::CRM)]);
    let other = host(&database, Setup::on(&database.url()));
    let globex = format!("globex-{}", database.tag());
    owner.namespace(&globex, Some("schema"));
    assert_eq!(owner.deploy(&globex, artifacts::SHOP)["state"], "done");
    other.namespace(&globex, Some("schema"));
    let elsewhere = other.deploys(&globex, &[("a namespace of another host", artifacts::SHOP)]);
    let refused = owner.deploys(&globex, &[("a change that needs consent", artifacts::UNIQUE_WHEN)]);
    database.execute(&format!("UPDATE `{globex}`.modelhost_history SET plan_text = 'nothing'"));
    let tampered = owner.deploys(&globex, &[("a history that was changed", artifacts::CRM)]);
    insta::assert_snapshot!(format!("{foreign}{elsewhere}{refused}{tampered}"), @"
    # a table of somebody else
    exit 1 error[schema.table-not-owned]: tables are in the way of namespace `acme`: customer
      namespace: acme
      location: mysql://[user]:***@127.0.0.1:[port]/[database]
      hint: give the model another table name
      hint: or, where the table is meant to be the namespace's, deploy with `--adopt TABLE`
    # a namespace of another host
    exit 1 error[namespace.owned-elsewhere]: namespace `globex-[tag]` is owned by another host
      namespace: globex-[tag]
      owner: [uuid]
      generation: 1
      hint: serve the namespace from the host that owns it
      hint: or, where that host is gone for good, deploy with `--take-over --namespace globex-[tag]`
      hint: or create a namespace with another name here
    # a change that needs consent
    exit 1 error[schema.change-refused]: the schema of namespace `globex-[tag]` would change in a way that a deploy does not apply
      namespace: globex-[tag]
      plan:
        1. create table booking with 3 columns, unique index (seat where taken is-true)
           risk low: nothing that is there is touched; applied by a deploy
        2. drop table customer
           risk critical: all of its rows are lost; not applied by a deploy: it needs a consent that names what is lost
        3. drop table product
           risk critical: all of its rows are lost; not applied by a deploy: it needs a consent that names what is lost
      hint: keep the old fields and tables, and make new fields of a table that is there nullable (`Option<...>`)
      hint: or, where only unused columns, indexes or tables are left over, deploy with `--keep-unused`
      hint: or deploy to a new namespace
    # a history that was changed
    exit 1 error[schema.history-broken]: the migration history of namespace `globex-[tag]` can't be trusted
      cause: migration 1 was changed after it was applied
      hint: restore the tables modelhost_owner and modelhost_history from a backup
    ");
    assert_eq!(owner.call(&format!("{globex} customer list"), "{}").status, 200);
}

/// Models that MySQL can't hold as they are declared. No statement of a schema change is taken back there, so that none
/// may run before all of them are known to be possible.
#[test]
fn models() {
    let Some(database) = mysql() else { return };
    let host = host(&database, Setup::on(&database.url()));
    let acme = format!("acme-{}", database.tag());
    let mut shown = String::new();
    for (namespace, placement) in [(acme.as_str(), "schema"), ("initech", "prefix"), ("own", "own")] {
        host.namespace(namespace, Some(placement));
        let told = host.deploys(
            namespace,
            &[
                ("a unique index with a condition", artifacts::UNIQUE_WHEN),
                ("a unique text of any length, behind a model without fault", artifacts::UNBOUNDED_INDEX),
            ],
        );
        assert!(shown.is_empty() || shown == told, "{told}");
        shown = told;
    }
    insta::assert_snapshot!(shown, @"
    # a unique index with a condition
    exit 1 error[plan.unsupported]: a unique index with conditions (seat where taken is-true) of table `booking` does not work on mysql
      hint: use a unique set, or a check in validate
    # a unique text of any length, behind a model without fault
    exit 1 error[plan.unsupported]: an indexed text column `spelling` of table `word` without a maximal length does not work on mysql
      hint: give the field a length-max of at most 768
    ");
    let tables = format!(
        "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
         WHERE table_schema IN ('{}', '{acme}') ORDER BY 1",
        database.name()
    );
    assert_eq!(database.texts(&tables), [""; 0], "nothing was made");
    assert_eq!(database.texts("SHOW DATABASES LIKE 'acme-%'").iter().filter(|name| **name == acme).count(), 0);
    for (namespace, component) in [(acme.as_str(), artifacts::PANICS), ("initech", artifacts::CRM)] {
        assert_eq!(host.deploy(namespace, component)["state"], "done", "another plugin can be deployed there");
    }
}

/// A user who may make tables and no indexes: the change breaks off in the middle.
#[test]
fn a_change_that_breaks_off_is_taken_back() {
    let Some(database) = mysql() else { return };
    let user = database.name();
    database.execute(&format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'secret'"));
    let rights = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, REFERENCES, DROP";
    database.execute(&format!("GRANT {rights} ON {user}.* TO '{user}'@'%'"));
    let url = database.url_with(|url| {
        url.set_username(user).expect("a user");
        url.set_password(Some("secret")).expect("a password");
    });
    let mut host = host(&database, Setup::on(&url));
    host.namespace("acme", Some("own"));
    insta::assert_snapshot!(host.deploys("acme", &[("no right to make an index", artifacts::MUSIC)]), @"
    # no right to make an index
    exit 1 error[database.failed]: mysql://[database]:***@127.0.0.1:[port]/[database] answered with an error (code 1142)
      database: mysql://[database]:***@127.0.0.1:[port]/[database]
      database_code: 1142
      hint: look into the host's log: it holds what the database said
    ");
    let tables =
        database.texts("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1");
    assert_eq!(tables, ["modelhost_history", "modelhost_journal", "modelhost_owner"], "no table of a model is left");
    database.execute(&format!("GRANT INDEX ON {user}.* TO '{user}'@'%'"));
    // Connections keep the rights with which they were made.
    host.kill();
    host.restart();
    let deployment = host.deploy("acme", artifacts::MUSIC);
    assert_eq!(deployment["state"], "done", "{deployment}");
    host.data("acme artist create", r#"{"data": {"id": 1, "name": "U2"}}"#);
}
