//! Deployments that do not fit the tables that are there. What served before still serves.

use std::fs::File;

use e2e::{Setup, Version, sqlite_execute, sqlite_texts};

#[test]
fn a_change_that_needs_consent() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    insta::assert_snapshot!(host.deploys("acme", &[("another plugin's tables", artifacts::SHOP)]), @"
    # another plugin's tables
    exit 1 error[schema.change-refused]: the schema of namespace `acme` would change in a way that a deploy does not apply
      namespace: acme
      plan:
        1. create table product with 5 columns, unique (title, size)
           risk low: nothing that is there is touched; applied by a deploy
        2. add column customer.number int not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        3. add column customer.full_name text not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        4. add column customer.country text not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        5. add column customer.loyalty_points int not null with a default
           risk low: existing rows get its default; applied by a deploy
        6. add column customer.vip boolean not null with a default
           risk low: existing rows get its default; applied by a deploy
        7. add column customer.member_since timestamp not null
           risk critical: existing rows would have no value for it; not applied by a deploy: it needs an approved plan
        8. change the key of customer from id to number
           risk critical: whoever refers to a record by its key no longer finds it; not applied by a deploy: it needs an approved plan
        9. drop column customer.id
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        10. drop column customer.name
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        11. drop column customer.email
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        12. drop column customer.status
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        13. drop column customer.credit_limit
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        14. drop column customer.score
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        15. drop column customer.active
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        16. drop column customer.notes
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        17. drop column customer.last_contact_at
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        18. drop column customer.created_at
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        19. drop column customer.updated_at
           risk critical: the column's values are lost; not applied by a deploy: it needs a consent that names what is lost
        20. drop unique (email) of customer
           risk medium: equal values become possible; not applied by a deploy: it needs an approved plan
        21. drop table tags
           risk critical: all of its rows are lost; not applied by a deploy: it needs a consent that names what is lost
      hint: keep the old fields and tables, and make new fields of a table that is there nullable (`Option<...>`)
      hint: or, where only unused columns, indexes or tables are left over, deploy with `--keep-unused`
      hint: or deploy to a new namespace
    ");
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'modelhost%' ORDER BY name";
    assert_eq!(sqlite_texts(&host.file("acme"), tables), ["customer", "tags"]);
    let answer = host.call("acme customer list", "{}");
    assert_eq!((answer.status, answer.header("modelhost-generation")), (200, "1"));
}

#[test]
fn a_table_of_somebody_else() {
    let host = Setup::sqlite().start();
    std::fs::create_dir(host.folder().join("data")).expect("made");
    File::create(host.file("acme")).expect("made");
    sqlite_execute(&host.file("acme"), "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)");
    host.namespace("acme", None);
    insta::assert_snapshot!(host.deploys("acme", &[("a table by hand", artifacts::CRM)]), @"
    # a table by hand
    exit 1 error[schema.table-not-owned]: tables are in the way of namespace `acme`: customer
      namespace: acme
      location: sqlite:[dir]/data/acme.db
      hint: give the model another table name
      hint: or, where the table is meant to be the namespace's, deploy with `--adopt TABLE`
    ");
    assert_eq!(sqlite_texts(&host.file("acme"), "SELECT name FROM sqlite_schema"), ["customer"]);
}

#[test]
fn a_namespace_of_another_host() {
    let owner = Setup::sqlite().start();
    owner.serve("acme", artifacts::CRM);
    let mut other = Setup::on(&format!("sqlite:{}/data/{{namespace}}.db", owner.folder().display())).start();
    other.hide(&owner.folder().display().to_string(), "[owner]");
    other.namespace("acme", None);
    insta::assert_snapshot!(other.deploys("acme", &[
        ("the same plugin", artifacts::CRM),
        ("another plugin", artifacts::SHOP),
    ]), @"
    # the same plugin
    exit 1 error[namespace.owned-elsewhere]: namespace `acme` is owned by another host
      namespace: acme
      owner: [uuid]
      generation: 1
      hint: serve the namespace from the host that owns it
      hint: or, where that host is gone for good, deploy with `--take-over --namespace acme`
      hint: or create a namespace with another name here
    # another plugin
    exit 1 error[namespace.owned-elsewhere]: namespace `acme` is owned by another host
      namespace: acme
      owner: [uuid]
      generation: 1
      hint: serve the namespace from the host that owns it
      hint: or, where that host is gone for good, deploy with `--take-over --namespace acme`
      hint: or create a namespace with another name here
    ");
    assert_eq!(owner.call("acme customer list", "{}").status, 200);
}

#[test]
fn a_history_that_was_changed() {
    let host = Setup::sqlite().start();
    let rows = [
        ("changed", "a", "UPDATE modelhost_history SET plan_text = 'nothing'"),
        (
            "inserted",
            "b",
            "INSERT INTO modelhost_history SELECT 3, generation, fingerprint, plan_text, applied_at, checksum FROM modelhost_history",
        ),
        ("stored schema changed", "c", "UPDATE modelhost_owner SET stored_schema = '{}', fingerprint = ''"),
        ("owner removed", "d", "DELETE FROM modelhost_owner"),
    ];
    let mut shown = String::new();
    for (title, namespace, statement) in rows {
        host.serve(namespace, artifacts::CRM);
        sqlite_execute(&host.file(namespace), statement);
        shown += &host.deploys(namespace, &[(title, artifacts::SHOP)]);
        assert_eq!(host.call(&format!("{namespace} customer list"), "{}").status, 200);
    }
    insta::assert_snapshot!(shown, @"
    # changed
    exit 1 error[schema.history-broken]: the migration history of namespace `a` can't be trusted
      cause: migration 1 was changed after it was applied
      hint: restore the tables modelhost_owner and modelhost_history from a backup
    # inserted
    exit 1 error[schema.history-broken]: the migration history of namespace `b` can't be trusted
      cause: migration 2 is missing from the history, found 3
      hint: restore the tables modelhost_owner and modelhost_history from a backup
    # stored schema changed
    exit 1 error[schema.history-broken]: the ledger of namespace `c` can't be read
      cause: the stored schema has a line that can't be read: `{}`
      hint: restore the tables modelhost_owner and modelhost_history from a backup
    # owner removed
    exit 1 error[schema.table-not-owned]: tables are in the way of namespace `d`: customer
      namespace: d
      location: sqlite:[dir]/data/d.db
      hint: give the model another table name
      hint: or, where the table is meant to be the namespace's, deploy with `--adopt TABLE`
    ");
}

#[test]
fn somebody_else_migrates() {
    let host = Setup::sqlite().start();
    host.namespace("acme", None);
    std::fs::create_dir(host.folder().join("data")).expect("made");
    let lock = File::create(host.folder().join("data/acme.db.lock")).expect("made");
    lock.lock().expect("nobody else holds it");
    insta::assert_snapshot!(host.deploys("acme", &[("the lock is held", artifacts::CRM)]), @"
    # the lock is held
    exit 1 error[schema.locked]: another session holds the lock of namespace `acme` for longer than 5000 ms
      namespace: acme
      wait_ms: 5000
      hint: wait until the other deployment is done, then try again
    ");
    drop(lock);
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done");
}

#[test]
fn tables_that_a_deploy_may_not_change() {
    let host = Setup::sqlite().set("data_sources.main.schema_policy", "verify").start();
    host.namespace("acme", None);
    let version = Version { tables: 1, ..Version::new(1) };
    insta::assert_snapshot!(host.deploys("acme", &[("nobody made them", &version.component())]), @r#"
    # nobody made them
    exit 1 error[schema.differs]: the tables of namespace `acme` are not as the plugin needs
      namespace: acme
      plan:
        1. create table entry with 4 columns
           risk low: nothing that is there is touched
        2. create table table_1 with 2 columns
           risk low: nothing that is there is touched
      sql:
        CREATE TABLE "entry" (
          "number" INTEGER NOT NULL,
          "text" TEXT COLLATE BINARY NOT NULL,
          "judged_by" TEXT COLLATE BINARY,
          "note" TEXT COLLATE BINARY,
          CONSTRAINT "acme__pk_923fe53966c6" PRIMARY KEY ("number")
        ) STRICT;
        CREATE TABLE "table_1" (
          "number" INTEGER NOT NULL,
          "text" TEXT COLLATE BINARY NOT NULL,
          CONSTRAINT "acme__pk_250b6dc16dfa" PRIMARY KEY ("number")
        ) STRICT;
        CREATE TABLE "modelhost_history" (
          "sequence" INTEGER NOT NULL,
          "generation" INTEGER NOT NULL,
          "fingerprint" TEXT COLLATE BINARY NOT NULL,
          "plan_text" TEXT COLLATE BINARY NOT NULL,
          "applied_at" INTEGER NOT NULL,
          "checksum" TEXT COLLATE BINARY NOT NULL,
          CONSTRAINT "acme__pk_9a4ea5cb93c5" PRIMARY KEY ("sequence")
        ) STRICT;
        CREATE TABLE "modelhost_owner" (
          "namespace" TEXT COLLATE BINARY NOT NULL,
          "control_id" TEXT COLLATE BINARY NOT NULL,
          "fence" INTEGER NOT NULL,
          "generation" INTEGER NOT NULL,
          "fingerprint" TEXT COLLATE BINARY NOT NULL,
          "stored_schema" TEXT COLLATE BINARY NOT NULL,
          CONSTRAINT "acme__pk_0f6293f2b43f" PRIMARY KEY ("namespace")
        ) STRICT;
      hint: run the SQL of the plan by hand, then deploy again
      hint: or let deploys add what is new: `schema_policy = "apply"` for the data source
    "#);
}

#[test]
fn a_generation_that_never_was() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.namespace("empty", None);
    let rollback = |namespace: &str, number: i64| {
        let path = format!("/v1/admin/namespaces/{namespace}/rollback");
        host.request("POST", &path).json(&format!("{{\"generation\": {number}}}"))
    };
    insta::assert_snapshot!(host.requests([
        ("another number", rollback("acme", 7)),
        ("nothing deployed", rollback("empty", 1)),
        ("compared with one that was", host.request("GET", "/v1/admin/namespaces/acme/generations/1/diff/7")),
    ]), @"
    # another number
    404 generation.unknown: namespace `acme` had no generation 7
      - the generations are 1
    # nothing deployed
    404 generation.unknown: namespace `empty` had no generation 1
      - deploy a plugin first
    # compared with one that was
    404 generation.unknown: namespace `acme` had no generation 7
      - the generations are 1
    ");
}

#[test]
fn options_that_a_deploy_does_not_have() {
    let host = Setup::sqlite().start();
    host.namespace("acme", None);
    let deploy = |query: &str| {
        let path = format!("/v1/admin/namespaces/acme/deployments?{query}");
        host.request("POST", &path).header("content-type", "application/wasm").body(artifacts::CRM)
    };
    insta::assert_snapshot!(host.requests([
        ("misspelt", deploy("take-over=true")),
        ("neither true nor false", deploy("keep_unused=1")),
    ]), @"
    # misspelt
    400 request.shape: `take-over=true` is not an option of a deploy
      - the options are adopt=TABLE, take_over=true and keep_unused=true
    # neither true nor false
    400 request.shape: `keep_unused=1` is not an option of a deploy
      - the options are adopt=TABLE, take_over=true and keep_unused=true
    ");
}
