//! Migrations: what has to change in a namespace's tables, how risky that is, and what was applied before.
//!
//! Pure: a [`MigrationPlan`] comes from two schemas, statements come from the plan, and [`History`] judges what the
//! database says was applied. Running statements, locks and transactions are the engine's and the store's. Nothing here can
//! name a workflow or a driver.
//!
//! Without consent a plan may only add: tables, columns that may be null or have a constant default, and indexes on tables
//! without rows. Everything else is planned, explained and refused.

mod stored;

mod change;
mod change_sql;
mod diff;
mod earlier;
mod keep;
mod made;
mod plan;

mod history;
mod ledger;

pub use change::{Change, Consent, Risk};
pub use diff::diff;
pub use earlier::earlier_name;
pub use history::{Entry, History, HistoryError};
pub use keep::{keep, unused};
pub use ledger::{history_def, journal_def, owner_def};
pub use made::Made;
pub use plan::MigrationPlan;
pub use stored::{Fingerprint, StoredSchemaError, fingerprint, from_stored, to_stored};
