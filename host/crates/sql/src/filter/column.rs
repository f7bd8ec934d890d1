//! Conditions on a field's own value.
//!
//! Which operator a type has is decided here, once, and before any SQL: what a type does not have is refused with what it
//! has. A value is judged as in `data`; an enum's must be one of its labels.

use std::cmp::Ordering;

use model::{FieldDef, FieldType, Value, items};

use super::evaluate::order;
use super::operator::{Operator, Test};
use super::parse::{Parser, Subject};
use super::{Comparison, Filter};
use crate::PlanError;

impl Parser<'_> {
    pub(super) fn column(&mut self, position: usize, test: Test, raw: &str) -> Filter {
        let field_type = self.def.fields[position].field_type;
        let is_fit = match test {
            Test::Compare(Comparison::Eq) | Test::Ne => raw == "null" || field_type.is_comparable(),
            Test::In | Test::Nin => field_type.is_comparable(),
            Test::Compare(_) | Test::Between => field_type.is_ordered(),
            Test::Mod => field_type == FieldType::Int,
            Test::Exists => false,
            Test::Null | Test::Like(_) => true,
        };
        if !is_fit {
            return self.unsupported(Operator::Test(test), position);
        }
        match test {
            Test::Compare(comparison) => self.compare(position, comparison, raw),
            Test::Ne => self.compare(position, Comparison::Eq, raw).negated(),
            Test::In => self.membership(position, test, raw),
            Test::Nin => self.membership(position, test, raw).negated(),
            Test::Between => self.between(position, raw),
            Test::Mod => self.remainder(position, raw),
            Test::Null | Test::Exists => self.truth(self.def.fields[position].name.as_str(), test, raw, |null| {
                let is_null = Filter::equals(position, Value::Null);
                if null { is_null } else { is_null.negated() }
            }),
            Test::Like(kind) => self.like(&Subject::Column(position), kind, raw),
        }
    }

    fn compare(&mut self, position: usize, comparison: Comparison, raw: &str) -> Filter {
        match (self.value(position, raw), comparison) {
            (Value::Null, Comparison::Gt | Comparison::Lt) => Filter::Nothing,
            (Value::Null, _) => Filter::equals(position, Value::Null),
            (value, comparison) => Filter::Compare { field: position, comparison, value },
        }
    }

    fn membership(&mut self, position: usize, test: Test, raw: &str) -> Filter {
        let Some(items) = self.values(self.def.fields[position].name.as_str(), test, raw) else {
            return Filter::Nothing;
        };
        let mut values: Vec<Value> = items.iter().map(|item| self.value(position, item.get())).collect();
        let listed = values.len();
        values.retain(|value| *value != Value::Null);
        match (values.is_empty(), values.len() < listed) {
            (true, true) => Filter::equals(position, Value::Null),
            (true, false) => Filter::Nothing,
            (false, or_null) => Filter::In { field: position, values, or_null },
        }
    }

    fn between(&mut self, position: usize, raw: &str) -> Filter {
        let field = &self.def.fields[position];
        let Some([low, high]) = self.two(field.name.as_str(), &field.example(), raw) else {
            return Filter::Nothing;
        };
        let (low, high) = (self.value(position, low), self.value(position, high));
        if order(&low, &high).is_some_and(Ordering::is_gt) {
            return self.empty_range(field.name.as_str());
        }
        let bound = |comparison, value| Filter::Compare { field: position, comparison, value };
        bound(Comparison::Gte, low).and(bound(Comparison::Lte, high))
    }

    fn remainder(&mut self, position: usize, raw: &str) -> Filter {
        let numbers: Option<[i64; 2]> = serde_json::from_str(raw).ok();
        match numbers {
            Some([divisor, remainder]) if divisor != 0 => Filter::Remainder { field: position, divisor, remainder },
            found => {
                let zero = if found.is_some() { "a divisor of 0" } else { "something else than two integers" };
                let name = &self.def.fields[position].name;
                self.refuse(PlanError::FilterShape {
                    found: format!("`$mod` of `{name}` has {zero}"),
                    expected: format!("divisor and remainder: {{\"{name}\": {{\"$mod\": [2, 0]}}}}"),
                })
            }
        }
    }

    fn value(&mut self, position: usize, raw: &str) -> Value {
        let field = &self.def.fields[position];
        match field.parse_json(raw, self.wire) {
            Ok(value) => value,
            Err(error) => {
                self.errors.push(PlanError::TypeMismatch { field: field.name.to_string(), error });
                Value::Null
            }
        }
    }

    /// The two bounds of `$between`, neither of them null.
    pub(super) fn two<'r>(&mut self, name: &str, example: &str, raw: &'r str) -> Option<[&'r str; 2]> {
        match items(raw).unwrap_or_default()[..] {
            [low, high] if low.get() != "null" && high.get() != "null" => Some([low.get(), high.get()]),
            _ => {
                self.errors.push(PlanError::FilterShape {
                    found: format!("`$between` of `{name}` without two bounds"),
                    expected: format!(
                        "the smallest and the largest: {{\"{name}\": {{\"$between\": [{example}, {example}]}}}}"
                    ),
                });
                None
            }
        }
    }

    pub(super) fn empty_range(&mut self, name: &str) -> Filter {
        self.refuse(PlanError::FilterShape {
            found: format!("`$between` of `{name}` has its larger bound first"),
            expected: "the smaller one first".to_owned(),
        })
    }

    /// What `filter` makes of true or false.
    pub(super) fn truth(&mut self, name: &str, test: Test, raw: &str, filter: impl FnOnce(bool) -> Filter) -> Filter {
        if let Ok(truth) = serde_json::from_str(raw) {
            return filter(truth);
        }
        let test = test.name();
        self.refuse(PlanError::FilterShape {
            found: format!("`{test}` of `{name}` with something else than true or false"),
            expected: format!("{{\"{name}\": {{\"{test}\": true}}}}"),
        })
    }

    pub(super) fn unsupported(&mut self, operator: Operator, position: usize) -> Filter {
        let field = &self.def.fields[position];
        self.refuse(PlanError::Unsupported {
            what: format!("`{}` with field `{}`", operator.name(), field.name),
            on: format!("a field of type {}", field.field_type),
            instead: instead(operator, field),
        })
    }
}

fn instead(operator: Operator, FieldDef { name, field_type, .. }: &FieldDef) -> String {
    match (operator, field_type) {
        (Operator::Test(Test::Exists), FieldType::Json) => {
            format!(
                "every record has every field: use `$null`, or ask for a key: {{\"{name}.key\": {{\"$exists\": true}}}}"
            )
        }
        (Operator::Test(Test::Exists), _) => {
            format!("every record has every field: use {{\"{name}\": {{\"$null\": false}}}}")
        }
        (_, FieldType::Json) => format!("use `$null`, or ask for a key: {{\"{name}.key\": \"text\"}}"),
        (_, FieldType::List(_)) => "use `$null`: there are no conditions on the items of a list yet".to_owned(),
        (_, FieldType::Vector(_)) => "use `$null`: there is no search in vectors yet".to_owned(),
        (_, FieldType::Boolean) => "use `$eq` or `$in`".to_owned(),
        _ => "use `$eq`, `$in` or `$between`".to_owned(),
    }
}
