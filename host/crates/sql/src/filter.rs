//! Filters: which records an operation means.
//!
//! MongoDB's meaning: `$eq null` is "is null", `$gte null` and `$lte null` as well, `$gt null` and `$lt null` match nothing,
//! `$in []` matches nothing. The tree is typed and bounded; how it is written in SQL is `render`'s.

use model::{ModelDef, Row, Value};

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

    /// The condition that a record still is as it was read: its version, or every field where the model has none.
    pub fn unchanged(def: &ModelDef, row: &Row) -> Self {
        if let Some(version) = def.managed(model::Role::Version) {
            return Self::equals(version, row[version].clone());
        }
        let fields = row.iter().enumerate().filter(|(at, _)| *at != def.key);
        fields.fold(Self::All, |filter, (at, value)| filter.and(Self::equals(at, value.clone())))
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
        let fixes = |set: &[usize]| set.iter().all(|at| self.fixed_value(*at).is_some());
        fixes(&[def.key]) || def.unique.iter().any(|set| fixes(set))
    }

    /// The condition that finds the record again after an update: only the set that makes it unique, with the values that
    /// the update gave to it.
    #[must_use]
    pub fn identity(&self, def: &ModelDef, written: &Row) -> Self {
        let fixes = |set: &&[usize]| set.iter().all(|at| self.fixed_value(*at).is_some());
        let key = [def.key];
        let mut sets = std::iter::once(&key[..]).chain(def.unique.iter().map(Vec::as_slice));
        let set = sets.find(fixes).unwrap_or_default();
        set.iter().fold(Self::All, |filter, at| {
            let value = match &written[*at] {
                Value::Absent => self.fixed_value(*at).cloned().unwrap_or(Value::Null),
                value => value.clone(),
            };
            filter.and(Self::equals(*at, value))
        })
    }

    /// The key's value where the filter is exactly `{key: value}`: the case with a text rendered beforehand.
    pub fn exact_key(&self, def: &ModelDef) -> Option<&Value> {
        match self {
            Self::Compare { field, .. } if *field == def.key => self.fixed_value(def.key),
            _ => None,
        }
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
