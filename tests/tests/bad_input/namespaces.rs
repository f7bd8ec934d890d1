//! Names of namespaces, their places, and what is done to one that is not there.

use e2e::Setup;

#[test]
fn names() {
    let host = Setup::sqlite().start();
    let names = [
        ("capitals", "Acme"),
        ("an underscore", "acme_crm"),
        ("two dashes", "acme--crm"),
        ("a dash at the end", "acme-"),
        ("a digit first", "9lives"),
        ("quotes", r#"a"; DROP TABLE x; --"#),
        ("a folder", "../acme"),
        ("look-alike letters", "аcme"),
        ("nothing", ""),
        ("21 bytes", "acme-customers-europe"),
        ("64 bytes", &"n".repeat(64)),
        ("an emoji", "acme🚀"),
    ];
    let create = |name: &&str| {
        let body = serde_json::json!({"name": name, "data_source": "main"}).to_string();
        host.request("POST", "/v1/admin/namespaces").json(&body)
    };
    insta::assert_snapshot!(host.requests(names.iter().map(|(title, name)| (*title, create(name)))), @r#"
    # capitals
    400 namespace.invalid-name: this is not the name of a namespace
      because name `Acme` has the character `A` (U+0041) at position 0
      - write `acme`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # an underscore
    400 namespace.invalid-name: this is not the name of a namespace
      because name `acme_crm` has the character `_` (U+005F) at position 4
      - write `acme-crm`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # two dashes
    400 namespace.invalid-name: this is not the name of a namespace
      because name `acme--crm` has the character `-` (U+002D) at position 4
      - write `acme-crm`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # a dash at the end
    400 namespace.invalid-name: this is not the name of a namespace
      because name `acme-` has the character `-` (U+002D) at position 4
      - write `acme`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # a digit first
    400 namespace.invalid-name: this is not the name of a namespace
      because name `9lives` has the character `9` (U+0039) at position 0
      - write `lives`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # quotes
    400 namespace.invalid-name: this is not the name of a namespace
      because name `a\"; DROP TABLE x; --` has the character `\"` (U+0022) at position 1
      - write `a-drop-table-x`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # a folder
    400 namespace.invalid-name: this is not the name of a namespace
      because name `../acme` has the character `.` (U+002E) at position 0
      - write `acme`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # look-alike letters
    400 namespace.invalid-name: this is not the name of a namespace
      because name `аcme` has the character `а` (U+0430) at position 0
      - write `acme`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # nothing
    400 namespace.invalid-name: this is not the name of a namespace
      because a name is empty
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # 21 bytes
    400 namespace.invalid-name: this is not the name of a namespace
      because name `acme-customers-europe` has 21 bytes, at most 20 are allowed
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # 64 bytes
    400 namespace.invalid-name: this is not the name of a namespace
      because name `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` has 64 bytes, at most 20 are allowed
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    # an emoji
    400 namespace.invalid-name: this is not the name of a namespace
      because name `acme🚀` has the character `🚀` (U+1F680) at position 4
      - write `acme`
      - write a-z, 0-9 and single dashes, a letter first, at most 20 bytes
    "#);
}

#[test]
fn what_is_not_there() {
    let host = Setup::sqlite().start();
    host.namespace("acme", None);
    std::fs::write(host.folder().join("crm.wasm"), artifacts::CRM).expect("written");
    insta::assert_snapshot!(host.commands(&[
        ("a namespace that exists", &["namespace", "create", "acme", "--data-source", "main"]),
        ("a data source that is misspelt", &["namespace", "create", "beta", "--data-source", "mian"]),
        ("nothing deployed", &["call", "acme", "customer", "list"]),
        ("deploy to nowhere", &["deploy", "crm.wasm", "--namespace", "acne"]),
        ("inspect nowhere", &["inspect", "acne"]),
        ("unload nowhere", &["namespace", "unload", "nowhere-at-all"]),
        ("destroy nowhere", &["namespace", "destroy", "acne", "--consent", "acne"]),
        ("a digest that is none", &["deploy", "--digest", "latest", "--namespace", "acme"]),
        ("a digest nobody deployed", &["deploy", "--digest", &"0".repeat(64), "--namespace", "acme"]),
    ]), @"
    # a namespace that exists
    exit 1 error[namespace.exists]: namespace `acme` exists already
      namespace: acme
      hint: deploy to it with `modelhost deploy FILE.wasm --namespace acme`
    # a data source that is misspelt
    exit 1 error[data-source.unknown]: there is no data source `mian`
      hint: did you mean `main`?
      hint: the data sources are main
    # nothing deployed
    exit 1 error[namespace.nothing-deployed]: nothing is deployed to namespace `acme`
      namespace: acme
      hint: deploy a plugin with `modelhost deploy FILE.wasm --namespace acme`
    # deploy to nowhere
    exit 1 error[namespace.unknown]: there is no namespace `acne`
      namespace: acne
      hint: did you mean `acme`?
      hint: make it with `modelhost namespace create acne --data-source NAME`
    # inspect nowhere
    exit 1 error[namespace.unknown]: there is no namespace `acne`
      namespace: acne
      hint: did you mean `acme`?
      hint: make it with `modelhost namespace create acne --data-source NAME`
    # unload nowhere
    exit 1 error[namespace.unknown]: there is no namespace `nowhere-at-all`
      namespace: nowhere-at-all
      hint: make it with `modelhost namespace create nowhere-at-all --data-source NAME`
    # destroy nowhere
    exit 1 error[namespace.unknown]: there is no namespace `acne`
      namespace: acne
      hint: did you mean `acme`?
      hint: make it with `modelhost namespace create acne --data-source NAME`
    # a digest that is none
    exit 1 error[deployment.unknown]: this host has no plugin with the digest `latest`
      hint: deploy the file itself
    # a digest nobody deployed
    exit 1 error[deployment.unknown]: this host has no plugin with the digest `[digest]`
      hint: deploy the file itself
    ");
    let deployment = host.request("GET", "/v1/admin/deployments/41");
    insta::assert_snapshot!(host.requests([("a deployment that is none", deployment)]), @"
    # a deployment that is none
    404 deployment.unknown: there is no deployment `41`
      - list generations with `modelhost inspect NAMESPACE`
    ");
}

#[test]
fn places() {
    let host = Setup::on("sqlite:data/all.db").start();
    host.namespace("acme", Some("own"));
    insta::assert_snapshot!(host.commands(&[
        ("a second with plain names", &["namespace", "create", "beta", "--data-source", "main", "--placement", "own"]),
        ("schemas on SQLite", &["namespace", "create", "beta", "--data-source", "main", "--placement", "schema"]),
        ("a placement that is none", &["namespace", "create", "beta", "--data-source", "main", "--placement", "table"]),
    ]), @"
    # a second with plain names
    exit 1 error[namespace.place-taken]: namespace `acme` already has data source `main` for its own
      hint: give --placement prefix
      hint: or write {namespace} into the data source's url: one database for each namespace
    # schemas on SQLite
    exit 1 error[namespace.placement]: placement `schema` does not work on data source `main`
      hint: give --placement prefix
    # a placement that is none
    exit 2 error[cli.usage]: invalid value 'table' for '--placement <PLACEMENT>'
      [possible values: own, schema, prefix]
    For more information, try '--help'.
    ");
    let body = r#"{"name": "beta", "data_source": "main", "placement": "shema"}"#;
    let over_http = host.request("POST", "/v1/admin/namespaces").json(body);
    insta::assert_snapshot!(host.requests([("a placement that is none, over HTTP", over_http)]), @"
    # a placement that is none, over HTTP
    400 namespace.placement: there is no placement `shema`
      - did you mean `schema`?
      - the placements are own, schema, prefix
    ");
}

#[test]
fn destruction_without_consent() {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.namespace("empty", None);
    insta::assert_snapshot!(host.commands(&[
        ("no consent", &["namespace", "destroy", "acme"]),
        ("consent to something else", &["namespace", "destroy", "acme", "--consent", "yes"]),
        ("consent to another namespace", &["namespace", "destroy", "acme", "--consent", "globex"]),
        ("nothing to lose", &["namespace", "destroy", "empty"]),
    ]), @"
    # no consent
    exit 1 error[namespace.consent-missing]: destroying namespace `acme` needs a consent that names what is lost
      lost: customer, tags
      hint: to lose it, run `modelhost namespace destroy acme --consent acme:customer,tags`
    # consent to something else
    exit 1 error[namespace.consent-missing]: destroying namespace `acme` needs a consent that names what is lost
      lost: customer, tags
      given: yes
      hint: to lose it, run `modelhost namespace destroy acme --consent acme:customer,tags`
    # consent to another namespace
    exit 1 error[namespace.consent-missing]: destroying namespace `acme` needs a consent that names what is lost
      lost: customer, tags
      given: globex
      hint: to lose it, run `modelhost namespace destroy acme --consent acme:customer,tags`
    # nothing to lose
    exit 1 error[namespace.consent-missing]: destroying namespace `empty` needs a consent that names what is lost
      lost: nothing but the name
      hint: to lose it, run `modelhost namespace destroy empty --consent empty`
    ");
    assert!(host.file("acme").is_file());
    assert_eq!(host.call("acme customer list", "{}").status, 200);
}
