//! Conditions on a place in a JSON document.
//!
//! A document has no declared types, so a condition looks at values of its own value's type only: a number is compared with
//! numbers (as 64-bit floats), a string with strings, true and false with these. A key that is not there is like null, except
//! to `$exists`.

use std::cmp::Ordering;

use model::{FieldType, Value};

use super::evaluate::order;
use super::json_path::JsonPath;
use super::operator::{Operator, Test};
use super::parse::{Parser, Subject};
use super::{Comparison, Filter, JsonTest};
use crate::PlanError;

impl Parser<'_> {
    pub(super) fn path(&mut self, path: &JsonPath, test: Test, raw: &str) -> Filter {
        let name = self.name_of(path);
        match test {
            Test::Compare(comparison) => self.compare_at(path, comparison, raw),
            Test::Ne => self.compare_at(path, Comparison::Eq, raw).negated(),
            Test::In => self.membership_at(path, test, raw),
            Test::Nin => self.membership_at(path, test, raw).negated(),
            Test::Between => self.between_at(path, raw),
            Test::Null => self.truth(&name, test, raw, |holds| signed(path.meets(JsonTest::IsNull), holds)),
            Test::Exists => self.truth(&name, test, raw, |holds| signed(path.meets(JsonTest::Exists), holds)),
            Test::Like(kind) => self.like(&Subject::Path(path.clone()), kind, raw),
            Test::Mod => self.refuse(PlanError::Unsupported {
                what: format!("`$mod` with `{name}`"),
                on: "a place in a document".to_owned(),
                instead: "use `$between`, or keep the number in an int field".to_owned(),
            }),
        }
    }

    fn compare_at(&mut self, path: &JsonPath, comparison: Comparison, raw: &str) -> Filter {
        match (self.scalar(path, raw), comparison) {
            (None, _) | (Some(Value::Null), Comparison::Gt | Comparison::Lt) => Filter::Nothing,
            (Some(Value::Null), _) => path.meets(JsonTest::IsNull),
            (Some(Value::Boolean(_)), Comparison::Gt | Comparison::Gte | Comparison::Lt | Comparison::Lte) => {
                self.unordered(Test::Compare(comparison))
            }
            (Some(value), comparison) => path.meets(JsonTest::Compare(comparison, value)),
        }
    }

    fn membership_at(&mut self, path: &JsonPath, test: Test, raw: &str) -> Filter {
        let Some(items) = self.values(&self.name_of(path), test, raw) else {
            return Filter::Nothing;
        };
        let (mut floats, mut texts, mut tests) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            match self.scalar(path, item.get()) {
                Some(Value::Float(float)) => floats.push(Value::Float(float)),
                Some(Value::Text(text)) => texts.push(Value::Text(text)),
                Some(Value::Boolean(truth)) => tests.push(JsonTest::Compare(Comparison::Eq, Value::Boolean(truth))),
                Some(_) => tests.push(JsonTest::IsNull),
                None => {}
            }
        }
        let lists = [floats, texts].into_iter().filter(|values| !values.is_empty()).map(JsonTest::In);
        let mut filters: Vec<Filter> = Vec::new();
        for test in lists.chain(tests) {
            let filter = path.meets(test);
            if !filters.contains(&filter) {
                filters.push(filter);
            }
        }
        match filters.len() {
            0 => Filter::Nothing,
            1 => filters.remove(0),
            _ => Filter::Or(filters),
        }
    }

    fn between_at(&mut self, path: &JsonPath, raw: &str) -> Filter {
        let name = self.name_of(path);
        let bounds =
            self.two(&name, &FieldType::Float.example(), raw).map(|bounds| bounds.map(|raw| self.scalar(path, raw)));
        let Some([Some(low), Some(high)]) = bounds else {
            return Filter::Nothing;
        };
        match order(&low, &high) {
            Some(_) if low.kind() == "boolean" => self.unordered(Test::Between),
            Some(Ordering::Greater) => self.empty_range(&name),
            Some(_) => {
                let low = path.meets(JsonTest::Compare(Comparison::Gte, low));
                low.and(path.meets(JsonTest::Compare(Comparison::Lte, high)))
            }
            None => self.refuse(PlanError::FilterShape {
                found: format!("`$between` of `{name}` from a {} to a {}", low.kind(), high.kind()),
                expected: "two numbers or two strings".to_owned(),
            }),
        }
    }

    /// A value that a document may have at a place: null, a boolean, a float or a text.
    fn scalar(&mut self, path: &JsonPath, raw: &str) -> Option<Value> {
        let parsed = match raw.as_bytes().first() {
            Some(b'{' | b'[') => {
                let name = self.name_of(path);
                self.errors.push(PlanError::Unsupported {
                    what: format!(
                        "comparing `{name}` with {}",
                        if raw.starts_with('[') { "a list" } else { "an object" }
                    ),
                    on: "a place in a document".to_owned(),
                    instead: format!("ask for the keys in it: {{\"{name}.key\": \"text\"}}"),
                });
                return None;
            }
            Some(b'"') => FieldType::Text.parse_json(raw, self.wire),
            Some(b't' | b'f') => FieldType::Boolean.parse_json(raw, self.wire),
            _ => FieldType::Float.parse_json(raw, self.wire),
        };
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                let field = self.name_of(path);
                self.errors.push(PlanError::TypeMismatch { field, error });
                None
            }
        }
    }

    fn unordered(&mut self, test: Test) -> Filter {
        self.refuse(PlanError::Unsupported {
            what: format!("`{}` with true or false", Operator::Test(test).name()),
            on: "a place in a document".to_owned(),
            instead: "use `$eq` or `$in`".to_owned(),
        })
    }
}

impl JsonPath {
    fn meets(&self, test: JsonTest) -> Filter {
        Filter::Json { path: self.clone(), test }
    }
}

fn signed(filter: Filter, holds: bool) -> Filter {
    if holds { filter } else { filter.negated() }
}
