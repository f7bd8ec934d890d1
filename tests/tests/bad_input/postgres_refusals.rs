//! What a real PostgreSQL server refuses: each told from the others, the password nowhere.

use e2e::{Setup, postgres};

use crate::servers::{WRONG, deploy, host};

#[test]
fn connections() {
    let Some(database) = postgres() else { return };
    let url = |change: fn(&mut url::Url)| database.url_with(change);
    let rows = [
        deploy(&database, "wrong password", &url(|url| url.set_password(Some(WRONG)).expect("a password"))),
        deploy(&database, "wrong user", &url(|url| url.set_username("nobody_such").expect("a user"))),
        deploy(&database, "no such database", &url(|url| url.set_path("no_such_database"))),
        deploy(&database, "a port at which nobody listens", &url(|url| url.set_port(Some(1)).expect("a port"))),
        deploy(&database, "wrong host", &url(|url| url.set_host(Some("no-such-host.invalid")).expect("a host"))),
        deploy(&database, "no TLS there", &url(|url| url.set_query(Some("sslmode=require")))),
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
      hint: check the server's pg_hba.conf for this user, database and address
    # wrong user
    exit 1 error[database.auth-failed]: 127.0.0.1:[port] refuses user `nobody_such` of data source `main`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: nobody_such
      database: [database]
      hint: check user and password in the URL of data source `main`
      hint: in a password write `@` as %40, `:` as %3A and `/` as %2F
      hint: check the server's pg_hba.conf for this user, database and address
    # no such database
    exit 1 error[database.missing]: 127.0.0.1:[port] has no database `no_such_database`
      data_source: main
      host: 127.0.0.1
      port: [port]
      user: [user]
      database: no_such_database
      hint: create it: createdb -h 127.0.0.1 -p [port] no_such_database
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
      hint: try it: pg_isready -h 127.0.0.1 -p 1
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
      hint: on a trusted network, write ?sslmode=disable in the URL of the data source
    ");
}

#[test]
fn tables() {
    let Some(database) = postgres() else { return };
    let owner = host(&database, Setup::on(&database.url()));
    database.execute("CREATE TABLE customer (id int)");
    owner.namespace("acme", Some("own"));
    let foreign = owner.deploys("acme", &[("a table of somebody else", artifacts::CRM)]);
    let other = host(&database, Setup::on(&database.url()));
    owner.namespace("globex", Some("schema"));
    assert_eq!(owner.deploy("globex", artifacts::SHOP)["state"], "done");
    other.namespace("globex", Some("schema"));
    let elsewhere = other.deploys("globex", &[("a namespace of another host", artifacts::SHOP)]);
    let refused = owner.deploys("globex", &[("a change that needs consent", artifacts::CRM)]);
    database.execute("UPDATE globex.modelhost_history SET plan_text = 'nothing'");
    let tampered = owner.deploys("globex", &[("a history that was changed", artifacts::CRM)]);
    insta::assert_snapshot!(format!("{foreign}{elsewhere}{refused}{tampered}"), @"
    # a table of somebody else
    exit 1 error[schema.table-not-owned]: tables are in the way of namespace `acme`: customer
      namespace: acme
      location: postgres://[user]:***@127.0.0.1:[port]/[database]
      hint: give the model another table name
      hint: or, where the table is meant to be the namespace's, deploy with `--adopt TABLE`
    # a namespace of another host
    exit 1 error[namespace.owned-elsewhere]: namespace `globex` is owned by another host
      namespace: globex
      owner: [uuid]
      generation: 1
      hint: serve the namespace from the host that owns it
      hint: or, where that host is gone for good, deploy with `--take-over --namespace globex`
      hint: or create a namespace with another name here
    # a change that needs consent
    exit 1 error[schema.change-refused]: the schema of namespace `globex` would change in a way that a deploy does not apply
      namespace: globex
      plan:
        1. create table tags with 3 columns
           risk low: nothing that is there is touched; applied by a deploy
        2. add column customer.id uuid not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        3. add column customer.name text not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        4. add column customer.email text nullable
           risk low: existing rows read null; applied by a deploy
        5. add column customer.status text not null with a default
           risk low: existing rows get its default; applied by a deploy
        6. add column customer.credit_limit int nullable
           risk low: existing rows read null; applied by a deploy
        7. add column customer.score float nullable
           risk low: existing rows read null; applied by a deploy
        8. add column customer.active boolean not null with a default
           risk low: existing rows get its default; applied by a deploy
        9. add column customer.notes json nullable
           risk low: existing rows read null; applied by a deploy
        10. add column customer.last_contact_at timestamp nullable
           risk low: existing rows read null; applied by a deploy
        11. add column customer.created_at timestamp not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        12. add column customer.updated_at timestamp not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        13. add unique (email) to customer
           risk low: the table has no rows; applied by a deploy
        14. change the key of customer from number to id
           risk critical: whoever refers to a record by its key no longer finds it; not applied by a deploy: it needs an approved plan
        15. drop column customer.number
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        16. drop column customer.full_name
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        17. drop column customer.country
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        18. drop column customer.loyalty_points
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        19. drop column customer.vip
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        20. drop column customer.member_since
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        21. drop table product
           risk critical: all of its rows are lost; not applied by a deploy: it needs a consent that names what is lost
      hint: keep the old fields and tables, and make new fields of a table that is there nullable (`Option<...>`)
      hint: or, where only unused columns, indexes or tables are left over, deploy with `--keep-unused`
      hint: or deploy to a new namespace
    # a history that was changed
    exit 1 error[schema.history-broken]: the migration history of namespace `globex` can't be trusted
      cause: migration 1 was changed after it was applied
      hint: restore the tables modelhost_owner and modelhost_history from a backup
    ");
    assert_eq!(owner.call("globex customer list", "{}").status, 200);
}
