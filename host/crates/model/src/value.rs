//! Values and the types of fields.
//!
//! A value is exactly what the caller sent or the database holds: nothing is coerced (`"20"` is not 20). `Absent` means
//! "not sent or not asked" and is never stored; `Null` is a value.

use std::borrow::Cow;
use std::fmt;

use uuid::Uuid;

use crate::calendar::{is_date, is_time};
use crate::vector::{check_vector, has_dimensions};
use crate::{Decimal, DecimalType};

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Unicode text without NUL; compares and sorts by code point.
    Text,
    /// A signed 64-bit integer.
    Int,
    /// A finite 64-bit float.
    Float,
    /// True or false.
    Boolean,
    /// An exact number with so many digits.
    Decimal(DecimalType),
    /// Microseconds since 1970-01-01T00:00:00Z, from year 1 to year 9999.
    Timestamp,
    /// Days since 1970-01-01, from year 1 to year 9999.
    Date,
    /// Microseconds since midnight, less than a day.
    Time,
    /// 128 bits.
    Uuid,
    /// Bytes of any value.
    Bytes,
    /// One JSON document, kept as it was written.
    Json,
    /// One of the texts that the field declares.
    Enum,
    /// Items of one type, none of them null.
    List(ItemType),
    /// So many finite 32-bit floats.
    Vector(u16),
}

/// What the items of a list are; lists do not nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemType {
    /// See [`FieldType::Text`].
    Text,
    /// See [`FieldType::Int`].
    Int,
    /// See [`FieldType::Float`].
    Float,
    /// See [`FieldType::Boolean`].
    Boolean,
    /// See [`FieldType::Decimal`].
    Decimal(DecimalType),
    /// See [`FieldType::Timestamp`].
    Timestamp,
    /// See [`FieldType::Date`].
    Date,
    /// See [`FieldType::Time`].
    Time,
    /// See [`FieldType::Uuid`].
    Uuid,
    /// See [`FieldType::Bytes`].
    Bytes,
    /// See [`FieldType::Enum`].
    Enum,
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not sent, or not asked for.
    Absent,
    /// Known to be nothing.
    Null,
    /// See [`FieldType::Boolean`].
    Boolean(bool),
    /// See [`FieldType::Int`].
    Int(i64),
    /// See [`FieldType::Float`].
    Float(f64),
    /// See [`FieldType::Decimal`].
    Decimal(Decimal),
    /// See [`FieldType::Text`].
    Text(String),
    /// See [`FieldType::Bytes`].
    Bytes(Vec<u8>),
    /// See [`FieldType::Uuid`].
    Uuid(Uuid),
    /// See [`FieldType::Timestamp`].
    Timestamp(i64),
    /// See [`FieldType::Date`].
    Date(i32),
    /// See [`FieldType::Time`].
    Time(i64),
    /// The document's text, known to be one that every database keeps, with plain keys.
    Json(String),
    /// See [`FieldType::Enum`].
    Enum(String),
    /// Values of the list's item type.
    List(Vec<Value>),
    /// See [`FieldType::Vector`].
    Vector(Vec<f32>),
}

/// A record, positional: one value for each field that the model declares, in that order.
pub type Row = Vec<Value>;

/// Why a value does not fit a type: what was expected, what was found, what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct ValueError {
    /// For example `int (-9223372036854775808 to 9223372036854775807)`.
    pub expected: String,
    /// The kind of value, and the value itself when it is short.
    pub found: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl FieldType {
    /// The word for the type in the contract, in JSON and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Decimal(_) => "decimal",
            Self::Timestamp => "timestamp",
            Self::Date => "date",
            Self::Time => "time",
            Self::Uuid => "uuid",
            Self::Bytes => "bytes",
            Self::Json => "json",
            Self::Enum => "enum",
            Self::List(_) => "list",
            Self::Vector(_) => "vector",
        }
    }

    /// The type that its [`fmt::Display`] wrote: `int`, `decimal(10,2)`, `list<text>`, `vector(3)`.
    pub fn from_text(text: &str) -> Option<Self> {
        if let Some(digits) = text.strip_prefix("decimal(").and_then(|rest| rest.strip_suffix(')')) {
            let (precision, scale) = digits.split_once(',')?;
            let digits = DecimalType { precision: precision.parse().ok()?, scale: scale.parse().ok()? };
            return digits.is_sound().then_some(Self::Decimal(digits));
        }
        if let Some(item) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return Self::from_text(item)?.as_item().map(Self::List);
        }
        if let Some(dimensions) = text.strip_prefix("vector(").and_then(|rest| rest.strip_suffix(')')) {
            return dimensions.parse().ok().filter(|dimensions| has_dimensions(*dimensions)).map(Self::Vector);
        }
        let plain = [
            Self::Text,
            Self::Int,
            Self::Float,
            Self::Boolean,
            Self::Timestamp,
            Self::Date,
            Self::Time,
            Self::Uuid,
            Self::Bytes,
            Self::Json,
            Self::Enum,
        ];
        plain.into_iter().find(|plain| plain.name() == text)
    }

    /// A value that fits, as JSON: what corrected examples show. For an enum the field knows better.
    pub fn example(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Text | Self::Enum => "\"text\"",
            Self::Int => "20",
            Self::Float => "1.5",
            Self::Boolean => "true",
            Self::Decimal(DecimalType { scale: 0, .. }) => "\"1\"",
            Self::Decimal(_) => "\"0.5\"",
            Self::Timestamp => "\"2026-11-21T09:30:00Z\"",
            Self::Date => "\"2026-11-21\"",
            Self::Time => "\"09:30:00\"",
            Self::Uuid => "\"018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77\"",
            Self::Bytes => "\"aGVsbG8=\"",
            Self::Json => "{\"any\": \"document\"}",
            Self::List(_) => "[]",
            Self::Vector(dimensions) => return Cow::Owned(crate::vector::example(dimensions)),
        })
    }

    /// Whether values of the type have an order that filters and `order_by` can use.
    pub fn is_ordered(self) -> bool {
        match self {
            Self::Text
            | Self::Int
            | Self::Float
            | Self::Decimal(_)
            | Self::Timestamp
            | Self::Date
            | Self::Time
            | Self::Uuid
            | Self::Bytes
            | Self::Enum => true,
            Self::Boolean | Self::Json | Self::List(_) | Self::Vector(_) => false,
        }
    }

    /// Whether two values of the type can be told equal by every database: what `$eq`, `$in` and unique sets need.
    pub fn is_comparable(self) -> bool {
        !matches!(self, Self::Json | Self::List(_) | Self::Vector(_))
    }

    /// Whether the value is of this type, or null or absent.
    pub fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Absent | Value::Null)
            | (Self::Text, Value::Text(_))
            | (Self::Int, Value::Int(_))
            | (Self::Float, Value::Float(_))
            | (Self::Boolean, Value::Boolean(_))
            | (Self::Timestamp, Value::Timestamp(_))
            | (Self::Date, Value::Date(_))
            | (Self::Time, Value::Time(_))
            | (Self::Uuid, Value::Uuid(_))
            | (Self::Bytes, Value::Bytes(_))
            | (Self::Json, Value::Json(_))
            | (Self::Enum, Value::Enum(_)) => true,
            (Self::Decimal(digits), Value::Decimal(decimal)) => digits.holds(*decimal),
            (Self::List(item), Value::List(items)) => {
                let item = FieldType::from(item);
                items.iter().all(|value| *value != Value::Null && !value.is_absent() && item.holds(value))
            }
            (Self::Vector(dimensions), Value::Vector(numbers)) => numbers.len() == usize::from(dimensions),
            _ => false,
        }
    }

    /// The type as that of an item; none for what a list can't hold.
    pub fn as_item(self) -> Option<ItemType> {
        Some(match self {
            Self::Text => ItemType::Text,
            Self::Int => ItemType::Int,
            Self::Float => ItemType::Float,
            Self::Boolean => ItemType::Boolean,
            Self::Decimal(digits) => ItemType::Decimal(digits),
            Self::Timestamp => ItemType::Timestamp,
            Self::Date => ItemType::Date,
            Self::Time => ItemType::Time,
            Self::Uuid => ItemType::Uuid,
            Self::Bytes => ItemType::Bytes,
            Self::Enum => ItemType::Enum,
            Self::Json | Self::List(_) | Self::Vector(_) => return None,
        })
    }
}

impl From<ItemType> for FieldType {
    fn from(item: ItemType) -> Self {
        match item {
            ItemType::Text => Self::Text,
            ItemType::Int => Self::Int,
            ItemType::Float => Self::Float,
            ItemType::Boolean => Self::Boolean,
            ItemType::Decimal(digits) => Self::Decimal(digits),
            ItemType::Timestamp => Self::Timestamp,
            ItemType::Date => Self::Date,
            ItemType::Time => Self::Time,
            ItemType::Uuid => Self::Uuid,
            ItemType::Bytes => Self::Bytes,
            ItemType::Enum => Self::Enum,
        }
    }
}

impl Value {
    /// The word for the kind of value, as in [`FieldType::name`].
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
            Self::Timestamp(_) => "timestamp",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Json(_) => "json",
            Self::Enum(_) => "enum",
            Self::List(_) => "list",
            Self::Vector(_) => "vector",
        }
    }

    /// The kind, and the dimensions of a vector: what a type that does not hold the value is told.
    pub fn shape(&self) -> Cow<'static, str> {
        match self {
            Self::Vector(numbers) => Cow::Owned(format!("vector({})", numbers.len())),
            other => Cow::Borrowed(other.kind()),
        }
    }

    /// Whether nothing was sent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether there is a value: neither absent nor null.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::Absent | Self::Null)
    }

    /// Bytes the value takes where it crosses into a guest, about.
    pub fn size_bytes(&self) -> usize {
        16 + match self {
            Self::Text(text) | Self::Json(text) | Self::Enum(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.iter().map(Value::size_bytes).sum(),
            Self::Vector(numbers) => size_of_val(numbers.as_slice()),
            _ => 0,
        }
    }

    /// Checks what the type itself promises, for a value that no parser of ours made: finite, without NUL, in range,
    /// well-formed.
    pub fn check(&self) -> Result<(), ValueError> {
        let error =
            |expected: &str, found: String| Err(ValueError { expected: expected.to_owned(), found, hint: None });
        match self {
            Self::Float(float) if !float.is_finite() => error("a finite float", float.to_string()),
            Self::Text(text) | Self::Enum(text) if text.contains('\0') => {
                error("text without NUL", "a NUL character (U+0000)".to_owned())
            }
            Self::Timestamp(us) if !crate::timestamp::in_range(*us) => {
                error("a timestamp from year 1 to year 9999", format!("{us} us"))
            }
            Self::Date(days) if !is_date(*days) => error("a date from year 1 to year 9999", format!("{days} days")),
            Self::Time(us) if !is_time(*us) => error("a time of less than a day", format!("{us} us")),
            Self::Json(text) => crate::document::check_document(text),
            Self::List(items) => items.iter().try_for_each(Value::check),
            Self::Vector(numbers) => check_vector(numbers),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal(digits) => digits.fmt(f),
            Self::List(item) => write!(f, "list<{}>", FieldType::from(*item)),
            Self::Vector(dimensions) => write!(f, "vector({dimensions})"),
            plain => f.write_str(plain.name()),
        }
    }
}
