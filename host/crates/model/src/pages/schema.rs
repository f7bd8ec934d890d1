//! Pages of `schema.*`: a deployment does not fit the tables that are there.
//!
//! Invariant: no table was changed, and whatever the namespace served before, it still serves.

use super::{rust, shell, toml};
use crate::Page;

pub(crate) const TITLE: &str = "Schemas";

pub(crate) const TABLE_NOT_OWNED: Page = Page {
    meaning: "A table that the plugin needs is there already, and was not made for this namespace. The host does not write into tables of others.",
    causes: &[
        "Another program uses the same database.",
        "The table was made by hand.",
        "The tables are this namespace's, but their record in `modelhost_owner` was removed.",
    ],
    solutions: &[
        "Give the namespace a place of its own: another data source, or `--placement schema` or `--placement prefix`.",
        "Let the plugin use another table: `#[model(table = \"...\")]`.",
        "Where the table is meant to be the namespace's: `modelhost deploy --adopt TABLE`. Its columns are compared first, and it is destroyed with the namespace.",
    ],
    example: shell(
        "modelhost namespace create acme --data-source legacy --placement own",
        "modelhost namespace create acme --data-source legacy --placement prefix",
    ),
};

pub(crate) const CHANGE_REFUSED: Page = Page {
    meaning: "The deployment would change tables in a way that can fail or lose data, so it was refused as a whole. The error shows the plan: each change, its risk, and what it needs. New tables, columns that are nullable or have a constant default, and indexes on tables without rows are added without asking.",
    causes: &[
        "The new version has a required field that the rows which are there would lack.",
        "It removes a field or a model, or renames one: with `was` that is planned as a renaming, without it as dropping the old one.",
        "It changes a type, a key or a unique set, or makes a nullable field required.",
    ],
    solutions: &[
        "Add the field as nullable (`Option`), and let `validate` ask for it.",
        "Keep fields that are no longer used, or leave their columns behind with `modelhost deploy --keep-unused`.",
        "Keep the old column of a renamed field with `column`.",
        "Deploy to a new namespace and copy the records. If the data may go: `modelhost namespace destroy acme`, which says how to consent.",
    ],
    example: rust("pub phone: String,   // was not there before", "pub phone: Option<String>,"),
};

pub(crate) const DIFFERS: Page = Page {
    meaning: "The tables are not as the plugin needs, and the host may not make them so: its data source says `schema_policy = \"verify\"`, or a table that was to be adopted holds something else. The error shows what differs, and the SQL that would mend it.",
    causes: &[
        "Nobody has run the plan's SQL yet.",
        "An adopted table has a column of another type, another key, or a column that must be filled and that no field fills.",
        "Somebody changed a table by hand: what the plan would add is there already.",
    ],
    solutions: &[
        "Run the SQL of the plan with an account that may change tables, then deploy again.",
        "Give the field the type that the column has, or the column the type that the field has.",
        "To take over what was made by hand, deploy once with `schema_policy = \"verify\"`.",
        "Let deploys add what is new: `schema_policy = \"apply\"`.",
    ],
    example: toml(
        "[data_sources.main]\nurl_env = \"DATABASE_URL\"\nschema_policy = \"verify\"",
        "[data_sources.main]\nurl_env = \"DATABASE_URL\"\nschema_policy = \"apply\"",
    ),
};

pub(crate) const HISTORY_BROKEN: Page = Page {
    meaning: "The history of migrations beside the data (`modelhost_history`, `modelhost_owner`) is not as the host wrote it, so the host can't know which schema is there and changes nothing.",
    causes: &[
        "A row was changed, removed or inserted by hand.",
        "A backup was restored in part: some tables of one day, some of another.",
        "Two copies of a database were merged.",
    ],
    solutions: &[
        "Restore the namespace's place as a whole from one backup, tables named `modelhost_` included.",
        "Copy the records out, destroy the namespace, create it again and copy them back.",
    ],
    example: shell(
        r#"sqlite3 data/acme.db "DELETE FROM modelhost_history WHERE sequence = 1""#,
        r#"cp backup/acme.db data/acme.db   # while the host is stopped"#,
    ),
};

pub(crate) const LOCKED: Page = Page {
    meaning: "Another host or tool holds the migration lock of this namespace, and did not give it back in time.",
    causes: &[
        "Another deployment to the same place is under way.",
        "A host was stopped in the middle of one, and the database has not noticed yet.",
    ],
    solutions: &[
        "Wait until the other deployment ends, then deploy again.",
        "If nothing else runs, end the database session that holds the lock.",
    ],
    example: shell(
        r#"modelhost deploy crm.wasm --namespace acme --server http://one.example.com &
modelhost deploy crm.wasm --namespace acme --server http://two.example.com &"#,
        "modelhost deploy crm.wasm --namespace acme --server http://one.example.com",
    ),
};
