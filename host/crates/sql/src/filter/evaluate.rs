//! Filters asked about one record in memory.
//!
//! The meaning that the databases are compared with (`host/crates/store/tests/filters.rs`): what holds here holds on every one
//! of them. Pure, and without a word of SQL.

use std::cmp::Ordering;

use model::{FieldType, Row, Value, WireOptions, members};

use super::{Comparison, Filter, JsonPath, JsonTest, Pattern};

impl Filter {
    /// Whether a record of full width is meant.
    pub fn matches(&self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::And(filters) => filters.iter().all(|filter| filter.matches(row)),
            Self::Or(filters) => filters.iter().any(|filter| filter.matches(row)),
            Self::Not(filter) => !filter.matches(row),
            Self::Compare { field, value: Value::Null, .. } => !row[*field].is_some(),
            Self::Compare { field, comparison, value } => comparison.holds(&row[*field], value),
            Self::In { field, values, or_null } => match &row[*field] {
                Value::Null | Value::Absent => *or_null,
                found => is_among(found, values),
            },
            Self::Matches { field, pattern } => match &row[*field] {
                Value::Text(text) | Value::Enum(text) => pattern.is_match(text),
                _ => false,
            },
            Self::Remainder { field, divisor, remainder } => match row[*field] {
                Value::Int(int) => int.wrapping_rem(*divisor) == *remainder,
                _ => false,
            },
            Self::Json { path, test } => match &row[path.field] {
                Value::Json(document) => test.holds(path.find(document)),
                _ => test.holds(None),
            },
        }
    }
}

impl Comparison {
    fn holds(self, found: &Value, value: &Value) -> bool {
        order(found, value).is_some_and(|ordering| match self {
            Self::Eq => ordering.is_eq(),
            Self::Gt => ordering.is_gt(),
            Self::Gte => ordering.is_ge(),
            Self::Lt => ordering.is_lt(),
            Self::Lte => ordering.is_le(),
        })
    }
}

impl Pattern {
    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Like(like) => like.matches(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

impl JsonTest {
    /// `found` is the value's own text, none where the key is not there.
    fn holds(&self, found: Option<&str>) -> bool {
        match self {
            Self::Exists => found.is_some(),
            Self::IsNull => found.is_none_or(|raw| raw == "null"),
            Self::Compare(comparison, value) => comparison.holds(&scalar(found), value),
            Self::In(values) => is_among(&scalar(found), values),
            Self::Matches(pattern) => matches!(scalar(found), Value::Text(text) if pattern.is_match(&text)),
        }
    }
}

impl JsonPath {
    fn find<'d>(&self, document: &'d str) -> Option<&'d str> {
        self.steps().iter().try_fold(document, |raw, step| {
            let members = members(raw).ok()?;
            members.into_iter().find(|(key, _)| key == step).map(|(_, raw)| raw.get())
        })
    }
}

/// How two values of one type compare: text by code point, all else by size. None for two of different types.
pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Int(b))
        | (Value::Timestamp(a), Value::Timestamp(b))
        | (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) | (Value::Enum(a), Value::Enum(b)) => Some(a.cmp(b)),
        (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
        (Value::Uuid(a), Value::Uuid(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn is_among(found: &Value, values: &[Value]) -> bool {
    values.iter().any(|value| Comparison::Eq.holds(found, value))
}

/// A scalar of a document; null for everything that compares with nothing.
fn scalar(found: Option<&str>) -> Value {
    let read = |field_type: FieldType, raw| field_type.parse_json(raw, WireOptions { big_int: false }).ok();
    let value = found.and_then(|raw| match raw.as_bytes().first() {
        Some(b'"') => read(FieldType::Text, raw),
        Some(b't' | b'f') => read(FieldType::Boolean, raw),
        Some(b'{' | b'[' | b'n') | None => None,
        Some(_) => read(FieldType::Float, raw),
    });
    value.unwrap_or(Value::Null)
}
