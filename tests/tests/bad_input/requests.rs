//! What is wrong with a request before anybody looks at the operation: address, method, type and size of the body, time.

use e2e::{Setup, TestHost};

const LIST: &str = "/v1/namespaces/acme/models/customer/list";

fn host() -> TestHost {
    let host = Setup::sqlite().set("http.body_bytes_max", "4096").set("http.request_ms_max", "2000").start();
    host.serve("acme", artifacts::CRM);
    host
}

#[test]
fn addresses() {
    let host = host();
    let get = |path: &str| host.request("GET", path);
    let post = |path: &str| host.request("POST", path).json("{}");
    insta::assert_snapshot!(host.requests([
        ("nothing there", get("/")),
        ("version forgotten", post("/namespaces/acme/models/customer/list")),
        ("slash at the end", post(&format!("{LIST}/"))),
        ("key of a record in the path", post("/v1/namespaces/acme/models/customer/read/7")),
        ("dots in the path", post("/v1/namespaces/../admin/keys")),
        ("text that is not UTF-8", post("/v1/namespaces/%ff/models/customer/list")),
        ("half a percent sign", post("/v1/namespaces/%f/models/customer/list")),
        ("a line break", post("/v1/namespaces/a%0ab/models/customer/list")),
        ("operation by GET", get(LIST)),
        ("operation by DELETE", host.request("DELETE", "/v1/namespaces/acme/models/customer/delete")),
        ("health by POST", post("/health/ready")),
        ("host name of a stranger's page", host.request("GET", "/health/live").header("host", "evil.example.com")),
        ("two host names", host.request("GET", "/health/live").header("Host", "localhost")),
        ("host name with a port", host.request("GET", "/health/live").header("host", "evil.example.com:80")),
    ]), @r#"
    # nothing there
    404 request.not-found: there is no `/`
      - operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION
      - administration is below /v1/admin: inspect, namespaces, deployments, keys
    # version forgotten
    404 request.not-found: there is no `/namespaces/acme/models/customer/list`
      - operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION
      - administration is below /v1/admin: inspect, namespaces, deployments, keys
    # slash at the end
    404 request.not-found: there is no `/v1/namespaces/acme/models/customer/list/`
      - operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION
      - administration is below /v1/admin: inspect, namespaces, deployments, keys
    # key of a record in the path
    404 request.not-found: there is no `/v1/namespaces/acme/models/customer/read/7`
      - operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION
      - administration is below /v1/admin: inspect, namespaces, deployments, keys
    # dots in the path
    404 request.not-found: there is no `/v1/namespaces/../admin/keys`
      - operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION
      - administration is below /v1/admin: inspect, namespaces, deployments, keys
    # text that is not UTF-8
    404 request.not-found: there is no `/v1/namespaces/%ff/models/customer/list`: the path is not UTF-8
      - namespaces, models and operations have plain names: a-z, 0-9, `-` and `_`
    # half a percent sign
    404 request.not-found: there is no `/v1/namespaces/%f/models/customer/list`: the path has a `%` without two hexadecimal digits
      - namespaces, models and operations have plain names: a-z, 0-9, `-` and `_`
    # a line break
    404 request.not-found: there is no `/v1/namespaces/a%0ab/models/customer/list`: the path holds control characters
      - namespaces, models and operations have plain names: a-z, 0-9, `-` and `_`
    # operation by GET
    405 request.method: `/v1/namespaces/acme/models/customer/list` does not answer GET
      - operations and changes are POST, what only reads is GET
    # operation by DELETE
    405 request.method: `/v1/namespaces/acme/models/customer/delete` does not answer DELETE
      - operations and changes are POST, what only reads is GET
    # health by POST
    405 request.method: `/health/ready` does not answer POST
      - operations and changes are POST, what only reads is GET
    # host name of a stranger's page
    403 request.host-not-allowed: this host does not answer to the name `evil.example.com`
      - address it by one of the names it was given
      - or add the name: [http] allowed_hosts = ["evil.example.com"]
    # two host names
    403 request.host-not-allowed: the request has more than one host header
      - send one: what is between you and this host may have added another
    # host name with a port
    403 request.host-not-allowed: this host does not answer to the name `evil.example.com`
      - address it by one of the names it was given
      - or add the name: [http] allowed_hosts = ["evil.example.com"]
    "#);
}

#[test]
fn bodies() {
    let host = host();
    let post = || host.request("POST", LIST);
    let deep = format!(r#"{{"data": {{"name": "Ada", "notes": {}1{}}}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    let large = format!(r#"{{"filter": {{"name": "{}"}}}}"#, "a".repeat(5_000));
    insta::assert_snapshot!(host.requests([
        ("no content type", post().body("{}")),
        ("a form", post().header("content-type", "application/x-www-form-urlencoded").body("{}")),
        ("text", post().header("content-type", "text/plain; charset=utf-8").body("{}")),
        ("empty", post().json("")),
        ("no JSON", post().json("filter: {}")),
        ("a comma too many", post().json(r#"{"filter": {"name": "Ada",}}"#)),
        ("cut off", post().json(r#"{"filter": {"name": "#)),
        ("two documents", post().json("{} {}")),
        ("not UTF-8", post().header("content-type", "application/json").body(vec![b'{', b'"', 0xff, b'"', b'}'])),
        ("1,000 levels", post().json(&deep)),
        ("too large", post().json(&large)),
        ("slow", post().json("{").header("content-length", "100")),
    ]), @"
    # no content type
    415 request.content-type: the content type is nothing, expected `application/json`
      - send the header content-type: application/json
    # a form
    415 request.content-type: the content type is `application/x-www-form-urlencoded`, expected `application/json`
      - send the header content-type: application/json
    # text
    415 request.content-type: the content type is `text/plain`, expected `application/json`
      - send the header content-type: application/json
    # empty
    400 request.not-json: the body is not JSON
      because EOF while parsing a value at line 1 column 0
      - send one JSON object
    # no JSON
    400 request.not-json: the body is not JSON
      because expected ident at line 1 column 2
      - send one JSON object
    # a comma too many
    400 request.not-json: the body is not JSON
      because key must be a string at line 1 column 27
      - send one JSON object
    # cut off
    400 request.not-json: the body is not JSON
      because EOF while parsing a value at line 1 column 20
      - send one JSON object
    # two documents
    400 request.not-json: the body is not JSON
      because trailing characters at line 1 column 4
      - send one JSON object
    # not UTF-8
    400 request.not-json: the body is not JSON
      because it is not UTF-8
      - send one JSON object
    # 1,000 levels
    400 request.too-deep: the body nests deeper than 128 levels
      - flatten it
    # too large
    413 request.too-large: the body has more than 4096 bytes
      - send less at once
      - or raise [http] body_bytes_max
    # slow
    408 request.timed-out: the request took more than 2000 ms
      - send the body at once and ask for less
      - or raise [http] request_ms_max
    ");
}

#[test]
fn bodies_of_administration() {
    let host = host();
    let post = |path: &str, body: &str| host.request("POST", path).json(body);
    insta::assert_snapshot!(host.requests([
        ("unknown key", post("/v1/admin/namespaces", r#"{"name": "beta", "datasource": "main"}"#)),
        ("missing key", post("/v1/admin/namespaces", r#"{"name": "beta"}"#)),
        ("unknown role", post("/v1/admin/keys", r#"{"role": "reader"}"#)),
        ("a first key that is no admin's", post("/v1/admin/keys", r#"{"role": "read"}"#)),
        ("a key for a name that is none", post("/v1/admin/keys", r#"{"role": "admin", "namespaces": ["Acme"]}"#)),
        ("unload without a content type", host.request("POST", "/v1/admin/namespaces/acme/unload")),
        ("a component called JSON", post("/v1/admin/namespaces/acme/deployments", "\0asm")),
        ("a component called nothing", host.request("POST", "/v1/admin/namespaces/acme/deployments").body("\0asm")),
    ]), @r#"
    # unknown key
    400 request.shape: the body has another shape
      because unknown field `datasource`, expected one of `name`, `data_source`, `placement` at line 1 column 29
      - send for example {"name": "acme", "data_source": "main"}
      > {"name": "acme", "data_source": "main"}
    # missing key
    400 request.shape: the body has another shape
      because missing field `data_source` at line 1 column 16
      - send for example {"name": "acme", "data_source": "main"}
      > {"name": "acme", "data_source": "main"}
    # unknown role
    400 request.shape: there is no role `reader`
      - did you mean `read`?
      - the roles are admin, deploy, write, read
    # a first key that is no admin's
    400 request.shape: the first key of a host must be an admin key for all namespaces
      - make one with `modelhost key create --admin`, without namespaces
      - then make the others with it: from then on every request needs a key
      > {"role":"admin","label":"operator"}
    # a key for a name that is none
    400 request.shape: the first key of a host must be an admin key for all namespaces
      - make one with `modelhost key create --admin`, without namespaces
      - then make the others with it: from then on every request needs a key
      > {"role":"admin","label":"operator"}
    # unload without a content type
    415 request.content-type: the content type is nothing, expected `application/json`
      - send the header content-type: application/json
    # a component called JSON
    400 request.not-json: the body is not JSON
      because expected value at line 1 column 1
      - send one JSON object
    # a component called nothing
    415 request.content-type: the content type is nothing, expected `application/wasm`
      - send the header content-type: application/wasm
    "#);
}
