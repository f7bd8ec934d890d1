//! Filters written in Rust.
//!
//! A [`Condition`] is the JSON that a caller would send, so that both are judged by the same parser; nothing is checked before
//! [`Condition::resolve`] knows the model.

use std::fmt;

use model::{ModelDef, Value, WireOptions, write_json, write_json_string};

use super::{Filter, parse_filter};
use crate::PlanError;

/// A condition that is not yet judged. Its text is the filter as JSON.
///
/// ```
/// use sql::field;
///
/// let condition = field("age").gte(18).and(field("name").starts_with("A")).or(field("notes.vip").eq(true));
/// assert_eq!(
///     condition.to_string(),
///     r#"{"$or":[{"$and":[{"age":{"$gte":18}},{"name":{"$startsWith":"A"}}]},{"notes.vip":{"$eq":true}}]}"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(String);

/// A field, or a place in the document of a json field, that a condition will be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName(String);

/// A value as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal(String);

/// Begins a condition: `field("age").gte(18)`, `field("notes.city").eq("Graz")`.
pub fn field(name: impl Into<String>) -> FieldName {
    FieldName(name.into())
}

impl Condition {
    /// The filter that it is for a model, or everything that is wrong with it.
    pub fn resolve(&self, def: &ModelDef) -> Result<Filter, Vec<PlanError>> {
        let mut errors = Vec::new();
        let filter = parse_filter(def, &self.0, WireOptions { big_int: false }, &mut errors);
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// One of the two, or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// Every record that does not meet it.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(format!("{{\"$not\":{self}}}"))
    }

    /// All of them; there must be one.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("$and", conditions)
    }

    /// At least one of them; there must be one.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("$or", conditions)
    }

    /// None of them; there must be one.
    pub fn none(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("$nor", conditions)
    }

    fn joined(operator: &str, conditions: impl IntoIterator<Item = Self>) -> Self {
        let conditions: Vec<String> = conditions.into_iter().map(|condition| condition.0).collect();
        Self(format!("{{\"{operator}\":[{}]}}", conditions.join(",")))
    }
}

impl FieldName {
    /// Equals the value.
    pub fn eq(&self, value: impl Into<Literal>) -> Condition {
        self.test("$eq", &value.into().0)
    }

    /// Does not equal the value.
    pub fn ne(&self, value: impl Into<Literal>) -> Condition {
        self.test("$ne", &value.into().0)
    }

    /// Is greater.
    pub fn gt(&self, value: impl Into<Literal>) -> Condition {
        self.test("$gt", &value.into().0)
    }

    /// Is greater or equal.
    pub fn gte(&self, value: impl Into<Literal>) -> Condition {
        self.test("$gte", &value.into().0)
    }

    /// Is less.
    pub fn lt(&self, value: impl Into<Literal>) -> Condition {
        self.test("$lt", &value.into().0)
    }

    /// Is less or equal.
    pub fn lte(&self, value: impl Into<Literal>) -> Condition {
        self.test("$lte", &value.into().0)
    }

    /// Is one of the values.
    pub fn is_in<V: Into<Literal>>(&self, values: impl IntoIterator<Item = V>) -> Condition {
        self.test("$in", &list(values))
    }

    /// Is none of the values.
    pub fn not_in<V: Into<Literal>>(&self, values: impl IntoIterator<Item = V>) -> Condition {
        self.test("$nin", &list(values))
    }

    /// Is at least the first and at most the second.
    pub fn between(&self, low: impl Into<Literal>, high: impl Into<Literal>) -> Condition {
        self.test("$between", &list([low.into(), high.into()]))
    }

    /// Leaves the remainder when it is divided.
    pub fn remainder(&self, divisor: i64, remainder: i64) -> Condition {
        self.test("$mod", &list([divisor, remainder]))
    }

    /// Is null.
    pub fn is_null(&self) -> Condition {
        self.test("$null", "true")
    }

    /// Is not null.
    pub fn is_not_null(&self) -> Condition {
        self.test("$null", "false")
    }

    /// Is there: the key of a document, be it null.
    pub fn exists(&self) -> Condition {
        self.test("$exists", "true")
    }

    /// Matches a pattern with `%` and `_`.
    pub fn like(&self, pattern: &str) -> Condition {
        self.test("$like", &Literal::from(pattern).0)
    }

    /// Matches a pattern with `%` and `_`, where case does not matter.
    pub fn ilike(&self, pattern: &str) -> Condition {
        self.test("$ilike", &Literal::from(pattern).0)
    }

    /// Has the text in it.
    pub fn contains(&self, text: &str) -> Condition {
        self.test("$contains", &Literal::from(text).0)
    }

    /// Begins with the text.
    pub fn starts_with(&self, text: &str) -> Condition {
        self.test("$startsWith", &Literal::from(text).0)
    }

    /// Ends with the text.
    pub fn ends_with(&self, text: &str) -> Condition {
        self.test("$endsWith", &Literal::from(text).0)
    }

    /// Matches a regular expression of the subset in docs/filters.md.
    pub fn regex(&self, pattern: &str) -> Condition {
        self.test("$regex", &Literal::from(pattern).0)
    }

    /// As [`FieldName::regex`], where case does not matter.
    pub fn regex_ignoring_case(&self, pattern: &str) -> Condition {
        let pattern = Literal::from(pattern).0;
        self.condition(&format!("\"$regex\":{pattern},\"$options\":\"i\""))
    }

    fn test(&self, operator: &str, operand: &str) -> Condition {
        self.condition(&format!("\"{operator}\":{operand}"))
    }

    fn condition(&self, members: &str) -> Condition {
        let mut text = "{".to_owned();
        write_json_string(&self.0, &mut text);
        Condition(format!("{text}:{{{members}}}}}"))
    }
}

fn list<V: Into<Literal>>(values: impl IntoIterator<Item = V>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.into().0).collect();
    format!("[{}]", values.join(","))
}

impl From<&Value> for Literal {
    fn from(value: &Value) -> Self {
        let mut text = String::new();
        write_json(value, WireOptions { big_int: false }, &mut text);
        Self(text)
    }
}

impl From<Value> for Literal {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        let mut raw = String::new();
        write_json_string(text, &mut raw);
        Self(raw)
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<i64> for Literal {
    fn from(int: i64) -> Self {
        Self(int.to_string())
    }
}

impl From<i32> for Literal {
    fn from(int: i32) -> Self {
        Self(int.to_string())
    }
}

/// A float that is no number has no JSON: it becomes a string, which no float field takes.
impl From<f64> for Literal {
    fn from(float: f64) -> Self {
        if float.is_finite() { Self::from(&Value::Float(float)) } else { Self::from(float.to_string()) }
    }
}

impl From<bool> for Literal {
    fn from(truth: bool) -> Self {
        Self(truth.to_string())
    }
}

impl<T: Into<Literal>> From<Option<T>> for Literal {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self("null".to_owned()), T::into)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
