//! Filters: which records an operation means.
//!
//! MongoDB's meaning: `$eq null` is "is null", `$gte null` and `$lte null` as well, `$gt null` and `$lt null` match nothing,
//! `$in []` matches nothing. The tree is typed and bounded. Each condition is true or false for each record, null included,
//! so that `$ne`, `$nin`, `$not` and `$nor` are complements: there is one node for all of them.
//!
//! In reading order: [`Filter`] is parsed from a caller's JSON (`parse`), written as SQL (`render`) or asked about one record
//! (`evaluate`).

mod build;
mod column;
mod evaluate;
mod json_path;
mod like;
mod matching;
mod operator;
mod parse;
mod path;
mod regex;
mod render;

use model::{ModelDef, Row, Value};

pub use build::{Condition, FieldName, Literal, field};
pub use json_path::{JsonPath, PATH_STEPS_MAX};
pub use like::{LIKE_BYTES_MAX, LikePattern};
pub(crate) use parse::parse_filter;
pub use parse::{FILTER_DEPTH_MAX, FILTER_NODES_MAX, IN_LIST_MAX, IN_VALUES_MAX, REGEXES_MAX};
pub use regex::{REGEX_BYTES_MAX, REGEX_SIZE_MAX, REGEX_STEPS_MAX, Regex, compile_regex};

/// A condition on one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every record.
    All,
    /// No record.
    Nothing,
    /// All of these.
    And(Vec<Filter>),
    /// At least one of these.
    Or(Vec<Filter>),
    /// Every record that does not meet it, null or not.
    Not(Box<Filter>),
    /// A field against a value; the value is null only for `Eq`.
    Compare {
        /// Position of the field.
        field: usize,
        /// How.
        comparison: Comparison,
        /// With what.
        value: Value,
    },
    /// A field is one of these values, or null where `or_null`.
    In {
        /// Position of the field.
        field: usize,
        /// Not empty, without null.
        values: Vec<Value>,
        /// Null was in the list.
        or_null: bool,
    },
    /// A text or enum matches a pattern.
    Matches {
        /// Position of the field.
        field: usize,
        /// Which.
        pattern: Pattern,
    },
    /// An int, divided, leaves this remainder; it has the sign of the int.
    Remainder {
        /// Position of the field.
        field: usize,
        /// Not 0.
        divisor: i64,
        /// What is left.
        remainder: i64,
    },
    /// What there is at a place in a document.
    Json {
        /// The field, and where in its document.
        path: JsonPath,
        /// What has to hold there.
        test: JsonTest,
    },
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `$eq`
    Eq,
    /// `$gt`
    Gt,
    /// `$gte`
    Gte,
    /// `$lt`
    Lt,
    /// `$lte`
    Lte,
}

/// What a text is matched with.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// `$like`, `$ilike`, `$contains`, `$startsWith`, `$endsWith`.
    Like(LikePattern),
    /// `$regex`.
    Regex(Regex),
}

/// A condition on one place of a document. A value is compared with values of its own type only.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonTest {
    /// The key is there, be its value null.
    Exists,
    /// The value is null, or the key is not there.
    IsNull,
    /// Against a float, a text, or, with `Eq`, a boolean.
    Compare(Comparison, Value),
    /// One of these; not empty, all of them floats or all texts.
    In(Vec<Value>),
    /// A string matches a pattern.
    Matches(Pattern),
}

impl Filter {
    /// The condition that the field equals the value; null-safe.
    pub fn equals(field: usize, value: Value) -> Self {
        Self::Compare { field, comparison: Comparison::Eq, value }
    }

    /// Both conditions, flattened.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = Vec::new();
        for filter in [self, other] {
            match filter {
                Self::All => {}
                Self::And(filters) => all.extend(filters),
                filter => all.push(filter),
            }
        }
        match all.len() {
            0 => Self::All,
            1 => all.remove(0),
            _ => Self::And(all),
        }
    }

    /// Every record that does not meet the condition.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::All => Self::Nothing,
            Self::Nothing => Self::All,
            Self::Not(filter) => *filter,
            filter => Self::Not(Box::new(filter)),
        }
    }

    /// The condition that the record has this key.
    pub fn key(def: &ModelDef, row: &Row) -> Self {
        Self::equal_in(&def.key, row)
    }

    /// The condition that a record still is as it was read: its version, or every field where the model has none.
    pub fn unchanged(def: &ModelDef, row: &Row) -> Self {
        if let Some(version) = def.managed(model::Role::Version) {
            return Self::equals(version, row[version].clone());
        }
        let compared: Vec<usize> =
            (0..row.len()).filter(|at| !def.is_key(*at) && def.fields[*at].field_type.is_comparable()).collect();
        Self::equal_in(&compared, row)
    }

    /// The value that every matching record must have in the field.
    pub fn fixed_value(&self, position: usize) -> Option<&Value> {
        match self {
            Self::Compare { field, comparison: Comparison::Eq, value } if *field == position => {
                Some(value).filter(|value| **value != Value::Null)
            }
            Self::And(filters) => filters.iter().find_map(|filter| filter.fixed_value(position)),
            _ => None,
        }
    }

    /// Whether the filter fixes the key or a unique set, and so means one record at most.
    pub fn is_unique(&self, def: &ModelDef) -> bool {
        def.unique_sets().any(|set| self.fixes(set))
    }

    /// The condition that finds the record again after an update: only the set that makes it unique, with the values that
    /// the update gave to it.
    #[must_use]
    pub fn identity(&self, def: &ModelDef, written: &Row) -> Self {
        let set = def.unique_sets().find(|set| self.fixes(set)).unwrap_or_default();
        set.iter().fold(Self::All, |filter, at| {
            let value = match &written[*at] {
                Value::Absent => self.fixed_value(*at).cloned().unwrap_or(Value::Null),
                value => value.clone(),
            };
            filter.and(Self::equals(*at, value))
        })
    }

    /// The key's values, in its order, where the filter fixes the key and asks nothing else: the case with a text rendered
    /// beforehand.
    pub fn exact_key(&self, def: &ModelDef) -> Option<Vec<&Value>> {
        let asks_for_more = match self {
            Self::Compare { .. } => def.key.len() > 1,
            Self::And(filters) => filters.len() > def.key.len(),
            _ => true,
        };
        if asks_for_more {
            return None;
        }
        def.key.iter().map(|at| self.fixed_value(*at)).collect()
    }

    fn fixes(&self, set: &[usize]) -> bool {
        set.iter().all(|at| self.fixed_value(*at).is_some())
    }

    fn equal_in(fields: &[usize], row: &Row) -> Self {
        fields.iter().fold(Self::All, |filter, at| filter.and(Self::equals(*at, row[*at].clone())))
    }
}

impl Comparison {
    /// The operator as callers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "$eq",
            Self::Gt => "$gt",
            Self::Gte => "$gte",
            Self::Lt => "$lt",
            Self::Lte => "$lte",
        }
    }
}
