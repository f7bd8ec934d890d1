//! Keys: who may do what, where, and until when.
//!
//! Requests are chosen so that whoever is let in is refused later for another reason; so one table serves every role.
//! Invariant: the text of a key is in the answer that made it and nowhere else.

use e2e::{Answer, Request, Setup, TestHost};
use serde_json::json;

/// What a key may do, least first.
const ROLES: [&str; 4] = ["read", "write", "deploy", "admin"];

/// Method, path, body, and the least role that is let in. None of them changes anything.
const ROUTES: &[(&str, &str, &str, &str)] = &[
    ("POST", "/v1/namespaces/acme/models/thing/read", r#"{"filter": {"number": 404}}"#, "read"),
    ("POST", "/v1/namespaces/acme/models/thing/list", "{}", "read"),
    ("POST", "/v1/namespaces/acme/models/thing/exists", r#"{"filter": {"number": 404}}"#, "read"),
    ("POST", "/v1/namespaces/acme/models/thing/count", "{}", "read"),
    ("POST", "/v1/namespaces/acme/models/thing/bulk_create", r#"{"data": [{}]}"#, "write"),
    ("POST", "/v1/namespaces/acme/models/thing/create", r#"{"data": {}}"#, "write"),
    ("POST", "/v1/namespaces/acme/models/thing/update", r#"{"filter": {"number": 404}, "data": {}}"#, "write"),
    ("POST", "/v1/namespaces/acme/models/thing/delete", r#"{"filter": {"number": 404}}"#, "write"),
    ("POST", "/v1/admin/namespaces/acme/deployments", r#"{"digest": "0000"}"#, "deploy"),
    ("GET", "/v1/admin/deployments/01890a5d-ac96-774b-bcce-b302099a8057", "", "deploy"),
    ("GET", "/v1/admin/inspect", "", "deploy"),
    ("GET", "/v1/admin/namespaces", "", "deploy"),
    ("GET", "/v1/admin/namespaces/acme", "", "deploy"),
    ("POST", "/v1/admin/namespaces", r#"{"name": "new", "data_source": "nowhere"}"#, "admin"),
    ("POST", "/v1/admin/namespaces/acme/destroy", "{}", "admin"),
    ("POST", "/v1/admin/namespaces/acme/unload", "not JSON", "admin"),
    ("GET", "/v1/admin/keys", "", "admin"),
    ("POST", "/v1/admin/keys", r#"{"role": "nobody"}"#, "admin"),
    ("POST", "/v1/admin/keys/000000000000/revoke", "", "admin"),
];

/// A host with the namespaces `acme` and `globex` and an admin key that it uses.
fn start(setup: Setup) -> TestHost {
    let mut host = setup.start();
    host.serve("acme", artifacts::KEEPS_STATE);
    host.serve("globex", artifacts::KEEPS_STATE);
    let admin = make(&host, &json!({"role": "admin", "label": "first"}));
    host.use_key(&admin);
    host
}

#[track_caller]
fn make(host: &TestHost, key: &serde_json::Value) -> String {
    let answer = host.post("/v1/admin/keys", &key.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["key"]["key"].as_str().expect("the text of the key").to_owned()
}

fn id(key: &str) -> &str {
    key.split('_').nth(1).expect("mh_ID_SECRET")
}

fn secret(key: &str) -> &str {
    key.split('_').nth(2).expect("mh_ID_SECRET")
}

/// A request with this key, or with none.
fn send(host: &TestHost, key: Option<&str>, (method, path, body): (&str, &str, &str)) -> Answer {
    let request = Request::new(host.address(), method, path);
    let request = match (method, body) {
        ("POST", "not JSON") => request.header("content-type", "text/plain").body(body),
        ("POST", _) => request.json(body),
        _ => request,
    };
    match key {
        Some(key) => request.header("authorization", &format!("Bearer {key}")).send(),
        None => request.send(),
    }
}

#[test]
fn the_first_key_is_an_admin_key_and_closes_the_host() {
    let mut host = Setup::sqlite().start();
    let refused = host.cli(&["key", "create", "--role", "read", "--json"]);
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (1, &json!("request.shape")));
    assert_eq!(host.get("/v1/admin/keys").body["keys"], json!([]));
    let made = host.cli(&["key", "create", "--admin", "--label", "me", "--json"]).success().json();
    let key = made["key"]["key"].as_str().expect("its text").to_owned();
    assert_eq!(host.cli(&["inspect", "--json"]).json()["error"]["code"], "auth.missing");
    host.use_key(&key);
    host.cli(&["inspect"]).success();
    assert_eq!(host.get("/v1/admin/inspect").body["host"]["keys_active"], 1);
}

#[test]
fn without_a_key_nothing_is_answered_but_health() {
    let host = start(Setup::sqlite());
    for (method, path, body, _) in ROUTES {
        let answer = send(&host, None, (method, path, body));
        assert_eq!((answer.status, answer.code()), (401, "auth.missing"), "{method} {path}: {}", answer.text);
    }
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(send(&host, None, ("GET", path, "")).status, 200, "{path}");
    }
}

#[test]
fn each_role_does_what_it_may_and_nothing_more() {
    let host = start(Setup::sqlite());
    for (power, role) in ROLES.iter().enumerate() {
        let key = make(&host, &json!({"role": role}));
        for (method, path, body, least) in ROUTES {
            let answer = send(&host, Some(&key), (method, path, body));
            let is_allowed = ROLES.iter().position(|role| role == least).is_some_and(|least| power >= least);
            let was_allowed = answer.status != 403 && answer.status != 401;
            assert_eq!(was_allowed, is_allowed, "{role}: {method} {path}: {}", answer.text);
            if !is_allowed {
                assert_eq!(answer.code(), "auth.forbidden", "{role}: {method} {path}");
            }
        }
    }
    assert_eq!(host.inspect("acme")["state"], "serving");
}

#[test]
fn a_key_of_one_namespace_learns_nothing_of_another() {
    let host = start(Setup::sqlite());
    for role in ROLES {
        let key = make(&host, &json!({"role": role, "namespaces": ["acme"]}));
        for (method, path, body, _) in ROUTES.iter().filter(|(_, path, ..)| path.contains("/acme")) {
            let shown = |namespace: &str| {
                let path = path.replace("/acme", &format!("/{namespace}"));
                let answer = send(&host, Some(&key), (method, &path, body));
                assert_eq!(answer.status, 403, "{role}: {method} {path}: {}", answer.text);
                answer.text.replace(namespace, "NAMESPACE")
            };
            assert_eq!(shown("globex"), shown("nowhere"), "{role}: {method} {path}");
        }
        for (method, path, body, _) in ROUTES.iter().filter(|(_, path, ..)| !path.contains("/acme")) {
            let answer = send(&host, Some(&key), (method, path, body));
            assert_eq!(answer.code(), "auth.forbidden", "{role}: {method} {path}: {}", answer.text);
        }
        let own = send(&host, Some(&key), ("POST", "/v1/namespaces/acme/models/thing/list", "{}"));
        assert_eq!(own.status, 200, "{role}: {}", own.text);
    }
}

#[test]
fn a_key_of_two_namespaces_is_for_both() {
    let host = start(Setup::sqlite());
    let key = make(&host, &json!({"role": "read", "namespaces": ["acme", "globex"]}));
    for namespace in ["acme", "globex"] {
        let path = format!("/v1/namespaces/{namespace}/models/thing/list");
        assert_eq!(send(&host, Some(&key), ("POST", &path, "{}")).status, 200);
    }
}

/// A batch that a database refused is told as a call of its own would be: with a tenant's key without names of files.
#[test]
fn a_tenant_reads_no_file_name_in_a_batch_that_failed() {
    let mut host = start(Setup::sqlite().set("data_sources.main.wait_ms_max", "50"));
    let tenant = make(&host, &json!({"role": "write"}));
    let writer = e2e::sqlite_open(&host.file("acme"));
    writer.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let body = r#"{"data": [{"number": 1, "text": "calm"}, {"number": 2, "text": "calm"}], "options": {"transaction": "batch", "batch_size": 1}}"#;
    for is_tenant in [false, true] {
        if is_tenant {
            host.use_key(&tenant);
        }
        let answer = host.post("/v1/namespaces/acme/models/thing/bulk_create", body);
        assert_eq!((answer.status, &answer.body["created"]), (200, &json!(0)), "{}", answer.text);
        let failed = &answer.body["failed"];
        assert_eq!(
            (&failed[0]["count"], &failed[0]["error"]["code"]),
            (&json!(2), &json!("database.busy")),
            "{failed}"
        );
        assert_eq!(answer.text.contains("acme.db"), !is_tenant, "{}", answer.text);
    }
}

#[test]
fn what_is_not_a_key_of_this_host_opens_nothing() {
    let host = start(Setup::sqlite());
    let key = make(&host, &json!({"role": "read"}));
    let other = format!("mh_{}_{}", id(&key), "0".repeat(64));
    let unknown = format!("mh_000000000000_{}", secret(&key));
    let upper = format!("mh_{}_{}", id(&key), secret(&key).to_uppercase());
    let rows = [other.as_str(), &unknown, &upper, &key[..key.len() - 1], "mh_", "", "Ünïcode", id(&key), secret(&key)];
    for wrong in rows {
        let answer = send(&host, Some(wrong), ("POST", "/v1/namespaces/acme/models/thing/list", "{}"));
        assert_eq!((answer.status, answer.code()), (401, "auth.invalid"), "`{wrong}`: {}", answer.text);
        assert!(wrong.len() < 12 || !answer.text.contains(wrong), "{}", answer.text);
    }
}

#[test]
fn a_revoked_key_ends_at_once_and_for_ever() {
    let mut host = start(Setup::sqlite());
    let key = make(&host, &json!({"role": "read"}));
    let list = ("POST", "/v1/namespaces/acme/models/thing/list", "{}");
    assert_eq!(send(&host, Some(&key), list).status, 200);
    host.cli(&["key", "revoke", id(&key)]).success();
    let revoked = |host: &TestHost| {
        let answer = send(host, Some(&key), list);
        assert_eq!((answer.status, answer.code()), (401, "auth.revoked"), "{}", answer.text);
    };
    revoked(&host);
    host.cli(&["key", "revoke", id(&key)]).success();
    host.kill();
    host.restart();
    revoked(&host);
    let listed = host.cli(&["key", "list"]).success().stdout;
    assert!(listed.lines().any(|line| line.starts_with(id(&key)) && line.contains("revoked")), "{listed}");
    assert_eq!(host.cli(&["key", "revoke", "000000000000", "--json"]).json()["error"]["code"], "key.unknown");
}

#[test]
fn keys_work_after_a_restart_and_their_secrets_are_nowhere() {
    let mut host = start(Setup::sqlite().set("log.level", "info,modelhost=trace,hyper=trace,tower_http=trace"));
    let key = make(&host, &json!({"role": "write", "namespaces": ["acme"], "label": "web shop"}));
    let list = ("POST", "/v1/namespaces/acme/models/thing/list", "{}");
    assert_eq!(send(&host, Some(&key), list).status, 200);
    let looked_into = |host: &TestHost| {
        let mut found = 0;
        let shown = [host.get("/v1/admin/keys").text, host.cli(&["key", "list"]).success().stdout, host.log()];
        assert!(shown.iter().take(2).all(|text| text.contains("web shop")), "{shown:?}");
        let files = std::fs::read_dir(host.folder().join("state")).expect("it is there");
        let files = files.map(|file| file.expect("it can be listed").path()).filter(|path| path.is_file());
        let files = files.filter_map(|path| std::fs::read(path).ok().inspect(|_| found += 1));
        for bytes in shown.iter().map(|text| text.as_bytes().to_vec()).chain(files) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(secret(&key)), "the secret is in {text}");
        }
        assert!(found > 0, "the state folder has no files");
    };
    looked_into(&host);
    host.terminate();
    assert!(host.ended().success());
    host.restart();
    assert_eq!(send(&host, Some(&key), list).status, 200);
    looked_into(&host);
}
