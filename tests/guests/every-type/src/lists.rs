//! A list of each type that must be there, and one that may be null.

use modelhost_guest::prelude::*;

use crate::scalars::Mood;

/// Lists of every type.
#[derive(Model)]
pub struct Lists {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// Texts.
    #[field(default = ["a", ""])]
    pub given_texts: Vec<String>,
    /// Whole numbers.
    #[field(default = [1, -2])]
    pub given_ints: Vec<i64>,
    /// Floats.
    #[field(default = [0.5])]
    pub given_floats: Vec<f64>,
    /// Yes and no.
    #[field(default = [true, false])]
    pub given_booleans: Vec<bool>,
    /// Decimals.
    #[field(precision = 38, scale = 10, default = ["1.5"])]
    pub given_decimals: Vec<Decimal>,
    /// Moments.
    #[field(default = ["2026-03-01T12:00:00Z"])]
    pub given_timestamps: Vec<Timestamp>,
    /// Days.
    #[field(default = ["2026-03-01"])]
    pub given_dates: Vec<Date>,
    /// Times of day.
    #[field(default = ["12:00:00"])]
    pub given_times: Vec<Time>,
    /// Identifiers.
    #[field(default = [])]
    pub given_uuids: Vec<Uuid>,
    /// Bytes.
    #[field(default = [b"abc"])]
    pub given_bytes: Vec<Bytes>,
    /// Some texts of some.
    #[field(default = [Mood::Calm, Mood::SoSo])]
    pub given_choices: Vec<Mood>,
    /// Texts.
    pub maybe_texts: Option<Vec<String>>,
    /// Whole numbers.
    pub maybe_ints: Option<Vec<i64>>,
    /// Floats.
    pub maybe_floats: Option<Vec<f64>>,
    /// Yes and no.
    pub maybe_booleans: Option<Vec<bool>>,
    /// Decimals.
    #[field(precision = 4, scale = 2)]
    pub maybe_decimals: Option<Vec<Decimal>>,
    /// Moments.
    pub maybe_timestamps: Option<Vec<Timestamp>>,
    /// Days.
    pub maybe_dates: Option<Vec<Date>>,
    /// Times of day.
    pub maybe_times: Option<Vec<Time>>,
    /// Identifiers.
    pub maybe_uuids: Option<Vec<Uuid>>,
    /// Bytes.
    pub maybe_bytes: Option<Vec<Bytes>>,
    /// Some texts of some.
    pub maybe_choices: Option<Vec<Mood>>,
}

#[hooks]
impl Hooks for Lists {}
