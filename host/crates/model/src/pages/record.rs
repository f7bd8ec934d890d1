//! Pages of `record.*` and `write.*`: the request is fine, the record is not.
//!
//! Refusals by plugins are here, plugins that break are in `guest`. Invariant: nothing was written.

use super::shell;
use crate::Page;

pub(crate) const TITLE: &str = "Records";

pub(crate) const NOT_FOUND: Page = Page {
    meaning: "No record matches the filter.",
    causes: &[
        "The key or the unique value is misspelt, or the record was deleted.",
        "Another condition beside the key does not hold, for example an older `version`.",
        "The record is in another namespace.",
    ],
    solutions: &[
        "Find the record by list.",
        "Where a missing record is no error for you, read with the option `\"missing\": \"null\"`.",
    ],
    example: shell(
        r#"modelhost call globex customer read '{"filter": {"number": 999}}'"#,
        r#"modelhost call globex customer read '{"filter": {"number": 999}, "options": {"missing": "null"}}'"#,
    ),
};

pub(crate) const REFUSED: Page = Page {
    meaning: "The record breaks rules of its model, and nothing was written. The answer lists every violation with its field, its code and a message.",
    causes: &[
        "A declared rule: `required`, `length`, `range`, `pattern` or `one-of`.",
        "The plugin's own rule, such as an active customer without an e-mail address.",
        "Another record already has the value of a unique field (`unique`).",
    ],
    solutions: &[
        "Correct the fields that the violations name, and send the request again.",
        "Run `modelhost inspect` to see the declared rules.",
        "Where the rule itself is wrong, change the plugin and deploy it.",
    ],
    example: shell(
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "email": "ada@", "status": "new"}}'"#,
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "email": "ada@example.com", "status": "lead"}}'"#,
    ),
};

pub(crate) const CONFLICT: Page = Page {
    meaning: "The record was changed by somebody else while the plugin judged this change, each time the host tried. Nothing was written.",
    causes: &[
        "Several callers write the same record at the same time.",
        "A program writes one record in a tight loop, such as a counter.",
    ],
    solutions: &[
        "Read the record, decide again, and send the change again.",
        "Write one record from one place at a time.",
        "Keep what many write in records of their own, one for each event.",
    ],
    example: shell(
        r#"modelhost call globex customer update '{"filter": {"number": 7}, "data": {"loyalty_points": 120}}' &
modelhost call globex customer update '{"filter": {"number": 7}, "data": {"country": "IT"}}' &"#,
        r#"modelhost call globex customer update '{"filter": {"number": 7}, "data": {"loyalty_points": 120, "country": "IT"}}'"#,
    ),
};
