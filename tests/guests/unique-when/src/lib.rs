//! Has a unique index with a condition.

use modelhost_guest::prelude::*;

/// A table that is set for a guest, at most once at a time.
#[derive(Model)]
#[model(unique_index(seat, when(taken = true)))]
pub struct Booking {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// Which table.
    pub seat: i64,
    /// Whether somebody sits there.
    pub taken: bool,
}

#[hooks]
impl Hooks for Booking {}

export_plugin!(Booking);
