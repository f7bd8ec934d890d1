//! The model of the benchmarks with an index on `credit`, and without any hook.
//!
//! `bench-plain` is the same without the index, which a benchmark of single writes has no use for.

use modelhost_guest::prelude::*;

/// Somebody to write to.
#[derive(Model)]
#[model(table = "contacts", index(credit))]
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
impl Hooks for Contact {}

export_plugin!(Contact);
