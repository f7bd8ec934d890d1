//! Values and the types of fields.
//!
//! A value is exactly what the caller sent or the database holds: nothing is coerced (`"20"` is not 20). `Absent` means
//! "not sent or not asked" and is never stored; `Null` is a value.

use std::fmt;

use uuid::Uuid;

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
    /// Microseconds since 1970-01-01T00:00:00Z, from year 1 to year 9999.
    Timestamp,
    /// 128 bits.
    Uuid,
    /// One JSON document, kept as it was written.
    Json,
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
    /// See [`FieldType::Text`].
    Text(String),
    /// See [`FieldType::Uuid`].
    Uuid(Uuid),
    /// See [`FieldType::Timestamp`].
    Timestamp(i64),
    /// The document's text, known to be one that every database keeps.
    Json(String),
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
    /// Every type, in the order of the contract.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Int, Self::Float, Self::Boolean, Self::Timestamp, Self::Uuid, Self::Json];

    /// The word for the type in the contract, in JSON and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Uuid => "uuid",
            Self::Json => "json",
        }
    }

    /// A value that fits, as JSON: what corrected examples show.
    pub fn example(self) -> &'static str {
        match self {
            Self::Text => "\"text\"",
            Self::Int => "20",
            Self::Float => "1.5",
            Self::Boolean => "true",
            Self::Timestamp => "\"2026-11-21T09:30:00Z\"",
            Self::Uuid => "\"018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77\"",
            Self::Json => "{\"any\": \"document\"}",
        }
    }

    /// Whether values of the type have an order that filters and `order_by` can use.
    pub fn is_ordered(self) -> bool {
        match self {
            Self::Text | Self::Int | Self::Float | Self::Timestamp | Self::Uuid => true,
            Self::Boolean | Self::Json => false,
        }
    }

    /// Whether the value is of this type, or null or absent.
    pub fn holds(self, value: &Value) -> bool {
        match value {
            Value::Absent | Value::Null => true,
            value => value.field_type() == Some(self),
        }
    }
}

impl Value {
    /// The type of the value; none for null and absent.
    pub fn field_type(&self) -> Option<FieldType> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Boolean(_) => Some(FieldType::Boolean),
            Self::Int(_) => Some(FieldType::Int),
            Self::Float(_) => Some(FieldType::Float),
            Self::Text(_) => Some(FieldType::Text),
            Self::Uuid(_) => Some(FieldType::Uuid),
            Self::Timestamp(_) => Some(FieldType::Timestamp),
            Self::Json(_) => Some(FieldType::Json),
        }
    }

    /// Whether nothing was sent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Bytes the value takes where it crosses into a guest, about.
    pub fn size_bytes(&self) -> usize {
        16 + match self {
            Self::Text(text) | Self::Json(text) => text.len(),
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
            Self::Text(text) if text.contains('\0') => error("text without NUL", "a NUL character (U+0000)".to_owned()),
            Self::Timestamp(us) if !crate::timestamp::in_range(*us) => {
                error("a timestamp from year 1 to year 9999", format!("{us} us"))
            }
            Self::Json(text) => crate::document::check_document(text),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
