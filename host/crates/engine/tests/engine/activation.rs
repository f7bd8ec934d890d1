//! A plugin's life in a namespace: deploy, refuse, unload, reopen, destroy.

use std::sync::Arc;

use model::Describe;
use modelhost_engine::{Placement, Role, Scope};

use crate::fixture::{Fixture, code};

#[tokio::test]
async fn an_equal_deploy_is_a_no_op_that_returns_the_generation() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    let again = fixture.host.deploy("acme", Arc::from(artifacts::CRM)).await.expect("deployed");
    assert!(again.unchanged);
    assert_eq!(again.record.generation, 1);
}

#[tokio::test]
async fn lossy_changes_are_refused_with_the_plan_and_the_old_generation_serves() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    let error = fixture.host.deploy("acme", Arc::from(artifacts::SHOP)).await.expect_err("lossy");
    assert_eq!(error.code().as_str(), "schema.change-refused");
    let plan = &error.problem().context[1].1;
    assert!(plan.contains("drop column customer.email") && plan.contains("names what is lost"), "{plan}");
    assert_eq!(
        code(fixture.call("acme", "customer/list", "{}").await),
        "Records { rows: [], limit: 100, offset: 0, next: None, total: None }"
    );
}

#[tokio::test]
async fn bad_plugins_leave_the_old_generation_serving() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    for plugin in [artifacts::DESCRIBE_TRAPS, artifacts::FORBIDDEN_IMPORT, artifacts::WANTS_GRANT, b"\x7fELF"] {
        fixture.host.deploy("acme", Arc::from(plugin)).await.expect_err("a bad plugin");
        let answer = fixture.call("acme", "customer/list", "{}").await.expect("still serving");
        assert_eq!(answer.generation, 1);
    }
}

#[tokio::test]
async fn what_was_deployed_serves_again_after_a_restart_and_unloaded_stays_unloaded() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    fixture.begin("globex", artifacts::SHOP).await;
    fixture.begin("idle", artifacts::CRM).await;
    fixture.host.unload("idle").await.expect("unloaded");
    fixture.host.unload("globex").await.expect("unloaded");
    fixture.host.deploy("globex", Arc::from(artifacts::SHOP)).await.expect("loaded again");
    let fixture = fixture.reopened().await;
    assert!(fixture.call("acme", "customer/list", "{}").await.is_ok());
    assert!(fixture.call("globex", "customer/list", "{}").await.is_ok());
    assert_eq!(code(fixture.call("idle", "customer/list", "{}").await), "namespace.nothing-deployed");
}

#[tokio::test]
async fn destroying_one_namespace_drops_all_of_it_and_nothing_else() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    fixture.begin("globex", artifacts::CRM).await;
    let body = r#"{"data": {"name": "Grace", "email": "grace@example.com"}}"#;
    fixture.call("globex", "customer/create", body).await.expect("created");
    let error = fixture.host.destroy("acme", Some("acme")).await.expect_err("a consent that names too little");
    assert_eq!(error.code().as_str(), "namespace.consent-missing");
    fixture.host.destroy("acme", Some("acme:customer,tags")).await.expect("destroyed");
    assert!(!fixture.folder.path().join("data/acme.db").exists());
    assert_eq!(code(fixture.call("acme", "customer/list", "{}").await), "namespace.unknown");
    let read = r#"{"filter": {"email": "grace@example.com"}}"#;
    assert!(fixture.call("globex", "customer/read", read).await.is_ok());
    fixture.begin("acme", artifacts::SHOP).await;
    assert!(fixture.reopened().await.call("acme", "product/list", "{}").await.is_ok());
}

#[tokio::test]
async fn two_namespaces_with_one_plugin_share_its_compiled_code_and_no_state() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    fixture.begin("globex", artifacts::CRM).await;
    let body = r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#;
    fixture.call("acme", "customer/create", body).await.expect("created");
    fixture.call("globex", "customer/create", body).await.expect("unique only within its namespace");
    let read = r#"{"filter": {"email": "ada@example.com"}}"#;
    fixture.host.unload("acme").await.expect("unloaded");
    assert!(fixture.call("globex", "customer/read", read).await.is_ok());
}

#[tokio::test]
async fn a_namespace_of_another_host_is_neither_served_nor_destroyed() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    let other = fixture.beside().await;
    other.create_namespace("acme", "main", None).await.expect("a name");
    let error = other.deploy("acme", Arc::from(artifacts::CRM)).await.expect_err("owned elsewhere");
    assert_eq!(error.code().as_str(), "namespace.owned-elsewhere");
    other.destroy("acme", Some("acme")).await.expect("only the name goes");
    let body = r#"{"data": {"name": "Ada"}}"#;
    fixture.call("acme", "customer/create", body).await.expect("the owner serves as before");
    assert!(fixture.folder.path().join("data/acme.db").exists());
}

#[tokio::test]
async fn data_that_is_gone_is_told_and_never_made_anew() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    fixture.host.unload("acme").await.expect("unloaded");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(fixture.folder.path().join(format!("data/acme.db{end}")));
    }
    let error = fixture.host.deploy("acme", Arc::from(artifacts::CRM)).await.expect_err("the data is gone");
    assert!(error.to_string().contains("ledger of namespace `acme` is missing"), "{error}");
    fixture.host.destroy("acme", Some("acme")).await.expect("given up");
    fixture.begin("acme", artifacts::CRM).await;
}

#[tokio::test]
async fn one_place_belongs_to_one_namespace_of_one_host() {
    let fixture = Fixture::new().await;
    let own = Some(Placement::Own);
    fixture.host.create_namespace("acme", "shared", own).await.expect("the first");
    let error = fixture.host.create_namespace("globex", "shared", own).await.expect_err("taken");
    assert_eq!(error.code().as_str(), "namespace.place-taken");
    fixture.host.deploy("acme", Arc::from(artifacts::CRM)).await.expect("deployed");
    let other = fixture.beside().await;
    other.create_namespace("globex", "shared", own).await.expect("the other host knows of nobody");
    let error = other.deploy("globex", Arc::from(artifacts::KEEPS_STATE)).await.expect_err("taken");
    assert_eq!(error.code().as_str(), "namespace.place-taken");
}

#[tokio::test]
async fn a_sqlite_file_takes_so_many_prefixes_and_no_more() {
    let fixture = Fixture::new().await;
    for number in 0..64 {
        let name = format!("ns{number}");
        fixture.host.create_namespace(&name, "shared", Some(Placement::Prefix)).await.expect("room");
    }
    let error = fixture.host.create_namespace("more", "shared", Some(Placement::Prefix)).await.expect_err("full");
    assert_eq!(error.code().as_str(), "namespace.place-taken");
}

#[tokio::test]
async fn deploying_to_a_namespace_that_is_destroyed_meanwhile_leaves_nothing_behind() {
    let fixture = Fixture::serving("acme", artifacts::CRM).await;
    let deploy = fixture.host.deploy("acme", Arc::from(artifacts::SLOW_NORMALIZE));
    let destroy = fixture.host.destroy("acme", Some("acme:customer,tags"));
    let (deployed, destroyed) = tokio::join!(deploy, destroy);
    destroyed.expect("destroyed");
    deployed.expect_err("there is no namespace to deploy to");
    assert!(!fixture.folder.path().join("data/acme.db").exists());
}

#[tokio::test]
async fn the_last_key_that_may_administer_cannot_be_revoked() {
    let fixture = Fixture::new().await;
    let key = fixture.host.create_key("first", Role::Admin, Scope::All).await.expect("made");
    let error = fixture.host.revoke_key(&key.record.id).await.expect_err("nobody could make another");
    assert_eq!(error.code().as_str(), "auth.forbidden");
    fixture.host.create_key("second", Role::Admin, Scope::All).await.expect("made");
    fixture.host.revoke_key(&key.record.id).await.expect("revoked");
}
