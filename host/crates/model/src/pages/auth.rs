//! Pages of `auth.*` and `key.*`: the caller may not do this.
//!
//! Invariant: no page shows a whole key. The examples' keys are cut.

use super::{http, shell};
use crate::Page;

pub(crate) const TITLE: &str = "Keys";

pub(crate) const MISSING: Page = Page {
    meaning: "The request carries no key, and this host asks for one.",
    causes: &[
        "The host has keys, so every call needs one.",
        "The header `authorization` is missing, or does not begin with `Bearer `.",
        "A proxy removed the header.",
    ],
    solutions: &[
        "Send the key in the header `authorization: Bearer mh_...`.",
        "As the operator, make the first key with `modelhost key create --admin`.",
    ],
    example: http(
        r#"POST /v1/namespaces/acme/models/customer/list
content-type: application/json"#,
        r#"POST /v1/namespaces/acme/models/customer/list
content-type: application/json
authorization: Bearer mh_4c1f0a9e77b2_..."#,
    ),
};

pub(crate) const INVALID: Page = Page {
    meaning: "The key is not one that this host made.",
    causes: &[
        "A part of the key was lost when it was copied: it is `mh_`, 12 characters, `_` and 64 characters.",
        "The key belongs to another host, or to another `state_dir`.",
    ],
    solutions: &[
        "Copy the key again, whole, from where it was kept.",
        "Ask the operator for a new key: a lost key can't be shown again.",
    ],
    example: http(
        r#"POST /v1/namespaces/acme/models/customer/list
authorization: Bearer 4c1f0a9e77b2"#,
        r#"POST /v1/namespaces/acme/models/customer/list
authorization: Bearer mh_4c1f0a9e77b2_..."#,
    ),
};

pub(crate) const REVOKED: Page = Page {
    meaning: "The key was valid once and has been revoked.",
    causes: &["The operator revoked it, for example because it was replaced.", "A program still uses the old key."],
    solutions: &["Use the key that replaced it.", "Ask the operator for a new key: a revoked key does not come back."],
    example: http(
        r#"POST /v1/namespaces/acme/models/customer/list
authorization: Bearer mh_4c1f0a9e77b2_... # revoked"#,
        r#"POST /v1/namespaces/acme/models/customer/list
authorization: Bearer mh_b80d52e6310f_... # made after it"#,
    ),
};

pub(crate) const FORBIDDEN: Page = Page {
    meaning: "The key is valid, but not for this: its role is too low, or it is for other namespaces.",
    causes: &[
        "The key may only read, and the operation writes.",
        "The key is for another namespace.",
        "Deploying needs the role deploy, and keys and namespaces need the role admin.",
    ],
    solutions: &[
        "Use a key that is for this namespace and for what you do.",
        "Ask the operator for one; roles are read, write, deploy and admin, and each includes those before it.",
    ],
    example: http(
        r#"POST /v1/namespaces/globex/models/customer/list
authorization: Bearer mh_4c1f0a9e77b2_... # for acme only"#,
        r#"POST /v1/namespaces/acme/models/customer/list
authorization: Bearer mh_4c1f0a9e77b2_..."#,
    ),
};

pub(crate) const KEY_UNKNOWN: Page = Page {
    meaning: "The host has no key with this id.",
    causes: &[
        "The id is misspelt; it is the 12 characters between `mh_` and the next `_`.",
        "The whole key was given, or its label, instead of its id.",
    ],
    solutions: &["Run `modelhost key list` to see the ids."],
    example: shell("modelhost key revoke ci-server", "modelhost key revoke 4c1f0a9e77b2"),
};
