//! Has a unique text of any length, behind a model that every database can hold.

use modelhost_guest::prelude::*;

/// A thing.
#[derive(Model)]
pub struct Thing {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
}

#[hooks]
impl Hooks for Thing {}

/// A word.
#[derive(Model)]
pub struct Word {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// Occurs once.
    #[field(unique)]
    pub spelling: String,
}

#[hooks]
impl Hooks for Word {}

export_plugin!(Thing, Word);
