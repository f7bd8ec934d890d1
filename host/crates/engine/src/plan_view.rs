//! A migration plan for people and programs: text, SQL, and each change with its risk.
//!
//! The wire form of a plan; nothing is decided from it.

use migrate::{Consent, MigrationPlan};
use serde::Serialize;
use sql::{Dialect, Place};

/// What a deploy changes, or would have to change, in a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanView {
    /// The highest risk of all changes: `low`, `medium`, `high` or `critical`.
    pub risk: String,
    /// Whether a deploy applies all of it.
    pub applicable: bool,
    /// In the order in which they run.
    pub changes: Vec<ChangeView>,
    /// What is otherwise than wanted, and no change of ours mends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// As people read it; empty where nothing changes.
    pub text: String,
    /// As SQL.
    pub sql: String,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// What.
    pub change: String,
    /// `low`, `medium`, `high` or `critical`.
    pub risk: String,
    /// `none`: a deploy applies it; `approval`; `loss`: a consent names what is lost.
    pub consent: &'static str,
    /// Why.
    pub reason: &'static str,
}

impl PlanView {
    /// The plan of a place.
    pub(crate) fn new(plan: &MigrationPlan, place: &Place, dialect: Dialect) -> Self {
        let change = |change: &migrate::Change| ChangeView {
            change: change.to_string(),
            risk: change.risk().to_string(),
            consent: match change.consent() {
                Consent::None => "none",
                Consent::Approval => "approval",
                Consent::Loss => "loss",
            },
            reason: change.reason(),
        };
        Self {
            risk: plan.risk().to_string(),
            applicable: plan.refused().next().is_none(),
            changes: plan.changes.iter().map(change).collect(),
            differences: Vec::new(),
            text: plan.to_text(),
            sql: if plan.is_empty() { String::new() } else { plan.to_sql(place, dialect) },
        }
    }

    /// Where nothing changes.
    pub(crate) fn nothing() -> Self {
        Self {
            risk: migrate::Risk::Low.to_string(),
            applicable: true,
            changes: Vec::new(),
            differences: Vec::new(),
            text: String::new(),
            sql: String::new(),
        }
    }
}
