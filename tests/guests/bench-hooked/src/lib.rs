//! The model of the benchmarks with a validate hook that looks at some fields and refuses none of the benchmarks' records.
//!
//! `bench-plain` is the same without the hook; what the two differ in is what a hook costs.

use modelhost_guest::prelude::*;

/// Somebody to write to.
#[derive(Model)]
#[model(table = "contacts")]
pub struct Contact {
    /// Made by the host.
    #[field(key, default = new_uuid)]
    pub id: Uuid,
    /// How to address them.
    #[field(length_min = 1, length_max = 200)]
    pub name: String,
    /// Where to write to.
    #[field(length_max = 254)]
    pub email: Option<String>,
    /// Where they stand.
    #[field(one_of("lead", "active", "lost"), default = "lead")]
    pub status: String,
    /// What they may owe, in cents.
    #[field(min = 0)]
    pub credit: i64,
    /// How likely they buy, from 0 to 1.
    #[field(min = 0.0, max = 1.0)]
    pub score: Option<f64>,
    /// Whether anybody works on them.
    #[field(default = true)]
    pub active: bool,
    /// When the record was made.
    #[field(created_at)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[field(updated_at)]
    pub updated_at: Timestamp,
    /// Guards against lost updates.
    #[field(version)]
    pub version: i64,
}

#[hooks]
impl Hooks for Contact {
    fn validate(&self, check: &mut Check<Self>) {
        if self.name.trim().is_empty() {
            check.refuse(Self::NAME, "name.blank", "the name is blank");
        }
        match &self.email {
            Some(email) if !email.contains('@') => {
                check.refuse(Self::EMAIL, "email.invalid", "this is not an e-mail address");
            }
            None if self.status == "active" => {
                check.refuse(Self::EMAIL, "email.missing", "an active contact needs an e-mail address");
            }
            _ => {}
        }
        if self.status == "lost" && self.credit > 0 {
            check.refuse(Self::CREDIT, "credit.lost", "a lost contact may not owe anything");
        }
    }
}

export_plugin!(Contact);
