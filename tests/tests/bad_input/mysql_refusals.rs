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
    insta::assert_snapshot!(rows.concat(), @"");
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
    insta::assert_snapshot!(format!("{foreign}{elsewhere}{refused}{tampered}"), @"");
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
    insta::assert_snapshot!(shown, @"");
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
