//! Pages of `request.*`: what arrives at the host is not a request that it reads.
//!
//! Nothing of the model is looked at here. Invariant: whoever sends HTTP or a `call` can act on each page alone.

use super::{http, json, shell, toml};
use crate::Page;

pub(crate) const TITLE: &str = "Requests that are not read";

pub(crate) const NOT_JSON: Page = Page {
    meaning: "The body of the request is not JSON, so nothing of it was read.",
    causes: &[
        "A comma too many, single quotes, a comment, a bare word or a text without an end.",
        "The shell took the quotes away before the command saw them.",
        "The body is empty, or was cut off on its way.",
    ],
    solutions: &[
        "Correct the body at the line and column that the message names.",
        "On the command line, put the whole body into single quotes.",
        "Let a library write the JSON instead of joining texts.",
    ],
    example: json(r#"{"data": {"name": "Ada", status: 'lead',}}"#, r#"{"data": {"name": "Ada", "status": "lead"}}"#),
};

pub(crate) const SHAPE: Page = Page {
    meaning: "The body is JSON, but its parts are not those that the operation takes: `filter`, `data` and `options`.",
    causes: &[
        "A part is missing (an update without `filter`), or is one that the operation does not take (a create with `filter`).",
        "Fields stand beside `data` instead of inside it.",
        "`data` of an update names no field, a part is not an object, or a key stands twice in one object.",
    ],
    solutions: &[
        "Send `data` for create, `filter` for read and delete, both for update, and for list `filter` or nothing.",
        "Put fields to write into `data` and conditions into `filter`.",
        "Run `modelhost inspect` to see each operation with a correct body.",
    ],
    example: shell(
        r#"modelhost call acme customer create '{"name": "Ada", "email": "ada@example.com"}'"#,
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "email": "ada@example.com"}}'"#,
    ),
};

pub(crate) const TOO_LARGE: Page = Page {
    meaning: "The body has more bytes than the host reads: `http.body_bytes_max`.",
    causes: &["A text field or a json field holds a whole file.", "A filter lists very many values."],
    solutions: &[
        "Keep the file elsewhere and store where it is.",
        "Split the request into several.",
        "As the operator, raise `body_bytes_max` in `[http]`; every request may then take that much memory.",
    ],
    example: json(
        r#"{"data": {"name": "Ada", "notes": {"scan": "JVBERi0xLjcKJ... (20 MB of base64)"}}}"#,
        r#"{"data": {"name": "Ada", "notes": {"scan": "https://files.example.com/scans/42.pdf"}}}"#,
    ),
};

pub(crate) const TOO_DEEP: Page = Page {
    meaning: "Objects and lists of the body nest deeper than the host reads.",
    causes: &[
        "A tree was written into a json field with one level of nesting for each node.",
        "A program put its own answer into its next request again and again.",
    ],
    solutions: &[
        "Store a tree as a flat list in which each node names its parent.",
        "Store a very deep document as one text field.",
    ],
    example: json(
        r#"{"data": {"name": "Ada", "notes": {"next": {"next": {"next": "... and 1,000 more"}}}}}"#,
        r#"{"data": {"name": "Ada", "notes": [{"node": 1}, {"node": 2, "parent": 1}]}}"#,
    ),
};

pub(crate) const CONTENT_TYPE: Page = Page {
    meaning: "The request has a body that is not declared as JSON. The host asks for the header `content-type: application/json`, because a web page of a stranger can't send it without asking.",
    causes: &[
        "The client sends no `content-type`, or that of a form (`curl --data` does).",
        "The body is JSON, but the client calls it `text/plain`.",
    ],
    solutions: &[
        "Send the header `content-type: application/json` with every body.",
        "Use `modelhost call`, which does.",
    ],
    example: http(
        r#"POST /v1/namespaces/acme/models/customer/create
content-type: application/x-www-form-urlencoded

{"data": {"name": "Ada"}}"#,
        r#"POST /v1/namespaces/acme/models/customer/create
content-type: application/json

{"data": {"name": "Ada"}}"#,
    ),
};

pub(crate) const HOST: Page = Page {
    meaning: "The request was sent to a host name that the host does not answer to. Otherwise a web page could reach a host on your machine under a name of its own.",
    causes: &[
        "The host is reached under a name that `http.allowed_hosts` does not list.",
        "A proxy in front of the host passes its own name on.",
    ],
    solutions: &[
        "Call the host under a name that it answers to, for example `localhost`.",
        "As the operator, add the name to `allowed_hosts` in `[http]`.",
    ],
    example: toml(
        r#"[http]
allowed_hosts = ["localhost"] # called as crm.example.com"#,
        r#"[http]
allowed_hosts = ["localhost", "crm.example.com"]"#,
    ),
};

pub(crate) const NOT_FOUND: Page = Page {
    meaning: "The host has nothing at this path.",
    causes: &[
        "The version `/v1`, `namespaces` or `models` is missing from the path, or misspelt.",
        "The path has a slash at its end, or the key of a record: keys stand in `filter`.",
    ],
    solutions: &[
        "Post operations to `/v1/namespaces/NAMESPACE/models/MODEL/OPERATION`.",
        "Run `modelhost inspect` to see which namespaces, models and operations there are.",
    ],
    example: http("POST /acme/customer/read", "POST /v1/namespaces/acme/models/customer/read"),
};

pub(crate) const METHOD: Page = Page {
    meaning: "There is something at this path, but not for this HTTP method.",
    causes: &[
        "An operation was called by GET, PUT, PATCH or DELETE: all of them are called by POST.",
        "A path that only answers, such as `/health/ready`, was posted to.",
    ],
    solutions: &[
        "Use the method that the answer names in its header `allow`.",
        "Name the operation in the path instead of choosing a method.",
    ],
    example: http(
        r#"DELETE /v1/namespaces/globex/models/customer
content-type: application/json

{"filter": {"number": 7}}"#,
        r#"POST /v1/namespaces/globex/models/customer/delete
content-type: application/json

{"filter": {"number": 7}}"#,
    ),
};

pub(crate) const TIMED_OUT: Page = Page {
    meaning: "The request took longer than `http.request_ms_max`, and the host ended it. Whether a write of it was stored is not known.",
    causes: &[
        "The body arrived slowly.",
        "The database was slow, or all of its connections were in use.",
        "`request_ms_max` is lower than the time that the data source may take.",
    ],
    solutions: &[
        "Read the record before you send a write again.",
        "Ask for less: a lower `limit`, a filter on the key or on a unique field.",
        "As the operator, raise `request_ms_max` in `[http]` above the sum of `wait_ms_max`, `connect_ms_max` and `statement_ms_max`.",
    ],
    example: toml(
        r#"[http]
request_ms_max = 1000

[data_sources.main]
url_env = "MAIN_URL"
statement_ms_max = 5000"#,
        r#"[http]
request_ms_max = 15000

[data_sources.main]
url_env = "MAIN_URL"
statement_ms_max = 5000"#,
    ),
};
