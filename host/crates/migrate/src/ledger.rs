//! The ledger: host tables beside a namespace's data, in the namespace's own place.
//!
//! They make the data source the authority for who owns the namespace and which schema it has. They are ordinary models,
//! so their statements come from `sql` like everybody's.

use model::{FieldType, ModelDef, Nullable};

/// `modelhost_owner`: one row, which says who owns the namespace and what schema was applied last.
pub fn owner_def() -> ModelDef {
    ModelDef::of_host(
        "modelhost_owner",
        &[
            ("namespace", FieldType::Text, Nullable::No),
            ("control_id", FieldType::Text, Nullable::No),
            ("fence", FieldType::Int, Nullable::No),
            ("generation", FieldType::Int, Nullable::No),
            ("fingerprint", FieldType::Text, Nullable::No),
            ("stored_schema", FieldType::Text, Nullable::No),
        ],
    )
}

/// `modelhost_history`: one row for each migration, each with a checksum over itself and the one before.
pub fn history_def() -> ModelDef {
    ModelDef::of_host(
        "modelhost_history",
        &[
            ("sequence", FieldType::Int, Nullable::No),
            ("generation", FieldType::Int, Nullable::No),
            ("fingerprint", FieldType::Text, Nullable::No),
            ("plan_text", FieldType::Text, Nullable::No),
            ("applied_at", FieldType::Timestamp, Nullable::No),
            ("checksum", FieldType::Text, Nullable::No),
        ],
    )
}

/// `modelhost_journal`: one row while a migration runs on a database where tables do not come and go with a transaction.
/// It names what each statement makes, and how many of them ran, so that whoever comes after a crash can take back what is
/// there of it and nothing else.
pub fn journal_def() -> ModelDef {
    ModelDef::of_host(
        "modelhost_journal",
        &[
            ("namespace", FieldType::Text, Nullable::No),
            ("id", FieldType::Text, Nullable::No),
            ("control_id", FieldType::Text, Nullable::No),
            ("generation", FieldType::Int, Nullable::No),
            ("made", FieldType::Text, Nullable::No),
            ("statements_done", FieldType::Int, Nullable::No),
        ],
    )
}
