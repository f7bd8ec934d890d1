//! One field of each type that must be there, and one that may be null. What must be there has a default.

use modelhost_guest::prelude::*;

/// One of some texts.
#[derive(Choices, Debug, Clone, PartialEq)]
pub enum Mood {
    /// The default.
    Calm,
    /// In another case than the rest.
    #[choice("CROSS")]
    Cross,
    /// With what SQL and JSON would have to escape.
    #[choice("it's \"so/so\"")]
    SoSo,
    /// Outside of ASCII.
    #[choice("zufällig 🎲")]
    Random,
}

/// Every type but lists.
#[derive(Model)]
pub struct Scalars {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// A text.
    #[field(default = "some \"text\"")]
    pub given_text: String,
    /// A whole number.
    #[field(default = -7)]
    pub given_int: i64,
    /// A float.
    #[field(default = 0.1)]
    pub given_float: f64,
    /// Yes or no.
    #[field(default = true)]
    pub given_boolean: bool,
    /// A decimal.
    #[field(precision = 38, scale = 10, default = "-12.5")]
    pub given_decimal: Decimal,
    /// As few digits as fit into 64 bits.
    #[field(precision = 18, scale = 2, default = "0.99")]
    pub given_price: Decimal,
    /// A moment.
    #[field(default = "2026-03-01T12:00:00.000001Z")]
    pub given_timestamp: Timestamp,
    /// A day.
    #[field(default = "2024-02-29")]
    pub given_date: Date,
    /// A time of day.
    #[field(default = "23:59:59.999999")]
    pub given_time: Time,
    /// An identifier.
    #[field(default = new_uuid)]
    pub given_uuid: Uuid,
    /// Bytes.
    #[field(default = b"\x00abc")]
    pub given_bytes: Bytes,
    /// A document.
    #[field(default = "{\"a\": [1, null]}")]
    pub given_json: Json,
    /// One of some texts.
    #[field(default = Mood::Calm)]
    pub given_choice: Mood,
    /// When the record was made.
    #[field(default = now)]
    pub given_moment: Timestamp,
    /// A text.
    pub maybe_text: Option<String>,
    /// A whole number.
    pub maybe_int: Option<i64>,
    /// A float.
    pub maybe_float: Option<f64>,
    /// Yes or no.
    pub maybe_boolean: Option<bool>,
    /// Digits behind the point only.
    #[field(precision = 38, scale = 38)]
    pub maybe_decimal: Option<Decimal>,
    /// A decimal with fewer digits.
    #[field(precision = 19, scale = 0)]
    pub maybe_price: Option<Decimal>,
    /// A moment.
    pub maybe_timestamp: Option<Timestamp>,
    /// A day.
    pub maybe_date: Option<Date>,
    /// A time of day.
    pub maybe_time: Option<Time>,
    /// An identifier.
    pub maybe_uuid: Option<Uuid>,
    /// Bytes.
    pub maybe_bytes: Option<Bytes>,
    /// A document.
    pub maybe_json: Option<Json>,
    /// One of some texts.
    pub maybe_choice: Option<Mood>,
}

#[hooks]
impl Hooks for Scalars {}
