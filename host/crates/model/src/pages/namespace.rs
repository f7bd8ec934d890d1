//! Pages of `namespace.*`, `data-source.*` and `deployment.*`: what an operator names is not there, or not free.
//!
//! Invariant: no namespace was made, changed or destroyed.

use super::{http, shell, toml};
use crate::Page;

pub(crate) const TITLE: &str = "Namespaces, data sources, deployments";

pub(crate) const UNKNOWN: Page = Page {
    meaning: "The host has no namespace of this name.",
    causes: &[
        "The name is misspelt.",
        "The namespace was never created, or was destroyed.",
        "The command talks to another host than you mean, or the host uses another `state_dir` than before.",
    ],
    solutions: &[
        "Run `modelhost inspect` to see the namespaces there are.",
        "Create it: `modelhost namespace create acme --data-source main`.",
    ],
    example: shell(r#"modelhost call acne customer list '{}'"#, r#"modelhost call acme customer list '{}'"#),
};

pub(crate) const EXISTS: Page = Page {
    meaning: "A namespace of this name exists already. It was not changed.",
    causes: &["The command was run before.", "Somebody else chose the same name on this host."],
    solutions: &["Deploy to it, if it is the one you mean.", "Choose another name."],
    example: shell(
        "modelhost namespace create acme --data-source main   # a second time",
        "modelhost deploy crm.wasm --namespace acme",
    ),
};

pub(crate) const INVALID_NAME: Page = Page {
    meaning: "The name can't be one of a namespace. It becomes part of paths, file names and table names, so it is short and plain.",
    causes: &[
        "It has capitals, an underscore, a dot, a space or a letter that is not from a to z.",
        "It begins with a digit, begins or ends with `-`, or has two of them in a row.",
        "It is empty, or has more than 20 characters.",
    ],
    solutions: &[
        "Write words of a-z and 0-9 joined by single `-`, beginning with a letter, at most 20 characters.",
        "Use the spelling that the error suggests.",
    ],
    example: shell(
        "modelhost namespace create Acme_CRM --data-source main",
        "modelhost namespace create acme-crm --data-source main",
    ),
};

pub(crate) const NOTHING_DEPLOYED: Page = Page {
    meaning: "The namespace exists, but serves no plugin, so it has no models.",
    causes: &[
        "Nothing was deployed to it yet.",
        "It was unloaded; its data is still there.",
        "Its first deployment failed.",
    ],
    solutions: &["Deploy a plugin to it.", "Run `modelhost inspect` to see the state of each namespace."],
    example: shell(
        r#"modelhost namespace create acme --data-source main
modelhost call acme customer list '{}'"#,
        r#"modelhost namespace create acme --data-source main
modelhost deploy crm.wasm --namespace acme
modelhost call acme customer list '{}'"#,
    ),
};

pub(crate) const OWNED_ELSEWHERE: Page = Page {
    meaning: "The place of this namespace in the database belongs to another host. Two hosts that change the same tables would destroy each other's work, so this one does not begin.",
    causes: &[
        "Two hosts have a namespace of the same name on the same data source.",
        "This host's `state_dir` is new or was lost, while the data stayed.",
        "A copy of a database was put under another host.",
    ],
    solutions: &[
        "Start the host with the `state_dir` that it had when the namespace was deployed.",
        "Where the other host is gone for good: `modelhost deploy --take-over`. From then on the other one is refused.",
        "Give the namespace another name, or another data source.",
    ],
    example: toml(
        r#"state_dir = "new-state"

[data_sources.main]
url = "sqlite:data/{namespace}.db""#,
        r#"state_dir = "state"

[data_sources.main]
url = "sqlite:data/{namespace}.db""#,
    ),
};

pub(crate) const REPLACED: Page = Page {
    meaning: "The request went on in a generation that a deploy has replaced, for longer than such requests may (`[limits] drain_ms_max`). It was ended. A write may or may not have been done.",
    causes: &[
        "A statement waits for a lock that somebody else holds.",
        "A very large bulk, or a filter without an index.",
        "`drain_ms_max` is shorter than the longest request.",
    ],
    solutions: &[
        "Read whether it was done, and send it again: the new generation answers.",
        "Raise `drain_ms_max` above the longest request that you allow.",
    ],
    example: toml("[limits]\ndrain_ms_max = 100", "[limits]\ndrain_ms_max = 30000"),
};

pub(crate) const PLACE_TAKEN: Page = Page {
    meaning: "The place is in use by another namespace. With placement `own` the tables have plain names, so a database holds one such namespace.",
    causes: &[
        "A second namespace with placement `own` was created on the same database.",
        "The data source's URL has no `{namespace}`, so every namespace gets the same file.",
    ],
    solutions: &[
        "On SQLite, write `{namespace}` into the URL: each namespace gets a file of its own.",
        "On PostgreSQL and MySQL, create the namespace with `--placement schema`.",
        "Use `--placement prefix`, which puts the namespace's name before each table.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "sqlite:data/all.db""#,
        r#"[data_sources.main]
url = "sqlite:data/{namespace}.db""#,
    ),
};

pub(crate) const PLACEMENT: Page = Page {
    meaning: "The data source can't hold a namespace in this placement, or there is no placement of this name.",
    causes: &["`schema` was asked for on SQLite, which has no schemas.", "The placement is misspelt."],
    solutions: &[
        "Use `own`, `schema` (PostgreSQL, MySQL) or `prefix`.",
        "On SQLite, use `own` with `{namespace}` in the data source's URL.",
    ],
    example: shell(
        "modelhost namespace create acme --data-source sqlite --placement schema",
        "modelhost namespace create acme --data-source sqlite --placement own",
    ),
};

pub(crate) const CONSENT_MISSING: Page = Page {
    meaning: "Destroying a namespace deletes its tables with all records, and needs a consent that names what is lost. Nothing was deleted.",
    causes: &["`--consent` is missing.", "It does not name the namespace and each of its tables."],
    solutions: &[
        "Make a backup, then run the command that the error shows: it names every table.",
        "To stop serving the namespace and keep its data, run `modelhost namespace unload acme`.",
    ],
    example: shell("modelhost namespace destroy acme", "modelhost namespace destroy acme --consent acme:customer,tags"),
};

pub(crate) const DATA_SOURCE_UNKNOWN: Page = Page {
    meaning: "The configuration has no data source of this name. There is no default database: every namespace names its own.",
    causes: &[
        "The name is misspelt.",
        "The data source was added to the file after the host was started.",
        "The configuration does not have it any more, and a namespace still uses it.",
    ],
    solutions: &[
        "Run `modelhost config show` to see the data sources there are.",
        "Add `[data_sources.NAME]` to `modelhost.toml` and start the host again.",
    ],
    example: shell(
        "modelhost namespace create acme --data-source mian",
        "modelhost namespace create acme --data-source main",
    ),
};

pub(crate) const GENERATION_UNKNOWN: Page = Page {
    meaning: "The namespace had no generation of that number.",
    causes: &[
        "The number is another namespace's, or a deploy of that number was refused.",
        "The namespace was destroyed and made again: its numbers begin anew.",
    ],
    solutions: &["List its generations: `modelhost generation list acme`."],
    example: shell("modelhost generation rollback acme --to 9", "modelhost generation rollback acme --to 2"),
};

pub(crate) const DEPLOYMENT_UNKNOWN: Page = Page {
    meaning: "The host knows no deployment with this id, or has no plugin with this digest.",
    causes: &[
        "The id or the digest is misspelt.",
        "The host was started again, or 256 deployments came after it: only what is active is kept.",
        "The plugin was deployed to another host.",
    ],
    solutions: &[
        "Use the id from the answer that accepted the deployment.",
        "Run `modelhost inspect acme` to see every generation of a namespace with its digest.",
        "Deploy the file itself.",
    ],
    example: http("GET /v1/admin/deployments/41", "GET /v1/admin/deployments/019dd6e2-7a4c-7d10-b1f3-5a2c9e8f0a44"),
};
