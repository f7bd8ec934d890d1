//! Keys that open nothing, or not this.

use e2e::{Setup, TestHost};
use serde_json::Value;

/// A host with an admin key, and what else the rows need.
struct Keys {
    host: TestHost,
    read: String,
    acme: String,
    revoked: String,
}

fn key(host: &TestHost, arguments: &[&str]) -> Value {
    let arguments = [&["key", "create", "--json"], arguments].concat();
    host.cli(&arguments).success().json()["key"].take()
}

fn text(key: &Value) -> String {
    key["key"].as_str().expect("a key is shown once").to_owned()
}

fn keys() -> Keys {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    let admin = text(&key(&host, &["--admin"]));
    host.use_key(&admin);
    let read = text(&key(&host, &["--role", "read"]));
    let acme = text(&key(&host, &["--role", "deploy", "--namespace", "acme"]));
    let revoked = key(&host, &["--role", "write"]);
    host.cli(&["key", "revoke", revoked["id"].as_str().expect("an id")]).success();
    Keys { host, read, acme, revoked: text(&revoked) }
}

#[test]
fn keys_that_do_not_open() {
    let Keys { host, read, acme, revoked } = keys();
    let list = |namespace: &str, authorization: &str| {
        let path = format!("/v1/namespaces/{namespace}/models/customer/list");
        host.request("POST", &path).json("{}").header("authorization", authorization)
    };
    let by = |method: &str, path: &str, key: &str| {
        host.request(method, path).json("{}").header("authorization", &format!("Bearer {key}"))
    };
    let forged = format!("{}{}", &revoked[..16], "0".repeat(64));
    insta::assert_snapshot!(host.requests([
        ("none", list("acme", "").without("authorization")),
        ("nothing in the header", list("acme", "")),
        ("not a key", list("acme", "Bearer hunter2")),
        ("another scheme", list("acme", "Basic aHVudGVyMg==")),
        ("half of a key", list("acme", &format!("Bearer {}", &read[..40]))),
        ("a known id with another secret", list("acme", &format!("Bearer {forged}"))),
        ("revoked", list("acme", &format!("Bearer {revoked}"))),
        ("of another namespace", list("globex", &format!("Bearer {acme}"))),
        ("of another namespace than one that does not exist", list("nowhere", &format!("Bearer {acme}"))),
        ("that may read and writes", by("POST", "/v1/namespaces/acme/models/customer/create", &read)),
        ("that may read and deploys", by("POST", "/v1/admin/namespaces/acme/deployments", &read)),
        ("that may read and inspects", by("GET", "/v1/admin/inspect", &read)),
        ("for one namespace, asking for all", by("GET", "/v1/admin/inspect", &acme)),
        ("that may deploy and destroys", by("POST", "/v1/admin/namespaces/acme/destroy", &acme)),
        ("that may deploy and makes keys", by("POST", "/v1/admin/keys", &acme)),
    ]), @"
    # none
    401 auth.missing: this host asks for a key
      - send `authorization: Bearer mh_...`, or set MODELHOST_KEY for the command line
    # nothing in the header
    401 auth.invalid: this is not a key of this host
      - send `authorization: Bearer mh_...` with the text that `modelhost key create` printed
    # not a key
    401 auth.invalid: this is not a key of this host
      - send `authorization: Bearer mh_...` with the text that `modelhost key create` printed
    # another scheme
    401 auth.invalid: this is not a key of this host
      - send `authorization: Bearer mh_...` with the text that `modelhost key create` printed
    # half of a key
    401 auth.invalid: this is not a key of this host
      - send `authorization: Bearer mh_...` with the text that `modelhost key create` printed
    # a known id with another secret
    401 auth.invalid: this is not a key of this host
      - send `authorization: Bearer mh_...` with the text that `modelhost key create` printed
    # revoked
    401 auth.revoked: key `[id]` was revoked
      - ask an administrator for a new key
    # of another namespace
    403 auth.forbidden: this key may not read in namespace `globex`
      - ask an administrator for a key with that role and namespace
    # of another namespace than one that does not exist
    403 auth.forbidden: this key may not read in namespace `nowhere`
      - ask an administrator for a key with that role and namespace
    # that may read and writes
    403 auth.forbidden: this key may not write in namespace `acme`
      - ask an administrator for a key with that role and namespace
    # that may read and deploys
    403 auth.forbidden: this key may not deploy or inspect in namespace `acme`
      - ask an administrator for a key with that role and namespace
    # that may read and inspects
    403 auth.forbidden: this key may not deploy or inspect in the whole host
      - ask an administrator for a key with that role and namespace
    # for one namespace, asking for all
    403 auth.forbidden: this key may not deploy or inspect in the whole host
      - ask an administrator for a key with that role and namespace
    # that may deploy and destroys
    403 auth.forbidden: this key may not administer in namespace `acme`
      - ask an administrator for a key with that role and namespace
    # that may deploy and makes keys
    403 auth.forbidden: this key may not administer in the whole host
      - ask an administrator for a key with that role and namespace
    ");
}

#[test]
fn keys_on_the_command_line() {
    let Keys { mut host, revoked, .. } = keys();
    let wrong = [
        ("an id that is none", &["key", "revoke", "ci-server"][..]),
        ("a role that is none", &["key", "create", "--role", "owner"]),
        ("admin and a role", &["key", "create", "--admin", "--role", "read"]),
        ("a namespace whose name is none", &["key", "create", "--role", "read", "--namespace", "Acme"]),
    ];
    let asked = host.commands(&wrong);
    host.use_key(&revoked);
    let refused = host.commands(&[("revoked", &["inspect"])]);
    insta::assert_snapshot!(format!("{asked}{refused}"), @"
    # an id that is none
    exit 1 error[key.unknown]: there is no key `ci-server`
      hint: list the keys with `modelhost key list`
    # a role that is none
    exit 2 error[cli.usage]: invalid value 'owner' for '--role <ROLE>'
      [possible values: admin, deploy, write, read]
    For more information, try '--help'.
    # admin and a role
    exit 2 error[cli.usage]: the argument '--admin' cannot be used with '--role <ROLE>'
    Usage: modelhost key create --admin --server <URL> --key <KEY>
    For more information, try '--help'.
    # a namespace whose name is none
    exit 1 error[namespace.invalid-name]: this is not the name of a namespace
      cause: name `Acme` has the character `A` (U+0041) at position 0
      hint: write `acme`
      hint: write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # revoked
    exit 1 error[auth.revoked]: key `[id]` was revoked
      hint: ask an administrator for a new key
    ");
}
