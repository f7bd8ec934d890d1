//! Filters as callers write them.
//!
//! `{"age": {"$gte": 18}, "$or": [{"status": "active"}, {"vip": true}]}`. Depth and number of nodes are bounded before the
//! tree is built; everything that is wrong in it is reported at once.

use model::{FieldDef, JsonError, ModelDef, Value, WireOptions, closest, members};
use serde_json::value::RawValue;

use crate::{Comparison, Filter, PlanError};

/// Levels of nesting, at most: no person writes more, and each level is stack in every database.
pub const FILTER_DEPTH_MAX: usize = 16;
/// Conditions in one filter, at most: planning time in the database grows with them.
pub const FILTER_NODES_MAX: usize = 512;
/// Values in one `$in`, at most: SQLite and MySQL bind each of them.
pub const IN_LIST_MAX: usize = 1_000;
/// Values in all `$in` of one filter, at most. SQLite takes 32,766 binds, and a list is padded to the next power of two:
/// these are less than 20,000, which leaves room for the conditions and for two records.
pub const IN_VALUES_MAX: usize = 10_000;

const OPERATORS: [&str; 8] = ["$eq", "$gt", "$gte", "$lt", "$lte", "$in", "$and", "$or"];
/// Those that stand inside of a field.
const FIELD_OPERATORS: [&str; 6] = ["$eq", "$gt", "$gte", "$lt", "$lte", "$in"];

pub(crate) fn parse_filter(def: &ModelDef, raw: &str, wire: WireOptions, errors: &mut Vec<PlanError>) -> Filter {
    let mut parser = Parser { def, wire, errors, nodes: 0, listed: 0 };
    let filter = parser.object(raw, 1);
    if parser.nodes > FILTER_NODES_MAX {
        let found = parser.nodes;
        parser.errors.push(PlanError::FilterLimit { what: "conditions", found, max: FILTER_NODES_MAX });
    }
    if parser.listed > IN_VALUES_MAX {
        let found = parser.listed;
        parser.errors.push(PlanError::FilterLimit { what: "values in all `$in` together", found, max: IN_VALUES_MAX });
    }
    filter
}

struct Parser<'a> {
    def: &'a ModelDef,
    wire: WireOptions,
    errors: &'a mut Vec<PlanError>,
    nodes: usize,
    /// Values in every `$in` so far.
    listed: usize,
}

impl Parser<'_> {
    fn object(&mut self, raw: &str, depth: usize) -> Filter {
        if depth > FILTER_DEPTH_MAX {
            let limit = PlanError::FilterLimit { what: "levels", found: depth, max: FILTER_DEPTH_MAX };
            if !self.errors.contains(&limit) {
                self.errors.push(limit);
            }
            return Filter::Nothing;
        }
        let members = match members(raw) {
            Ok(members) => members,
            Err(error) => return self.not_an_object(error),
        };
        let mut filter = Filter::All;
        for (name, raw) in members {
            self.nodes += 1;
            if self.nodes > FILTER_NODES_MAX {
                continue;
            }
            filter = filter.and(match name.as_str() {
                "$and" => self.list(&name, raw.get(), depth).into_iter().fold(Filter::All, Filter::and),
                "$or" => Filter::Or(self.list(&name, raw.get(), depth)),
                operator if operator.starts_with('$') => self.operator_without_field(operator),
                field => self.field(field, raw.get()),
            });
        }
        filter
    }

    fn not_an_object(&mut self, error: JsonError) -> Filter {
        self.errors.push(PlanError::NotAnObject { what: "`filter`".to_owned(), error });
        Filter::Nothing
    }

    fn list(&mut self, operator: &str, raw: &str, depth: usize) -> Vec<Filter> {
        let items: Vec<Box<RawValue>> = serde_json::from_str(raw).unwrap_or_default();
        if items.is_empty() {
            self.errors.push(PlanError::FilterShape {
                found: format!("`{operator}` without conditions"),
                expected: format!("a list with at least one: {{\"{operator}\": [{{\"field\": 1}}]}}"),
            });
        }
        let mut filters = Vec::new();
        for item in items {
            self.nodes += 1;
            if self.nodes <= FILTER_NODES_MAX {
                filters.push(self.object(item.get(), depth + 1));
            }
        }
        filters
    }

    fn operator_without_field(&mut self, operator: &str) -> Filter {
        let is_known = OPERATORS.contains(&operator);
        self.errors.push(if is_known {
            PlanError::FilterShape {
                found: format!("`{operator}` without a field"),
                expected: format!("an operator inside of a field: {{\"field\": {{\"{operator}\": 1}}}}"),
            }
        } else {
            unknown_operator(operator)
        });
        Filter::Nothing
    }

    fn field(&mut self, name: &str, raw: &str) -> Filter {
        let Some(position) = self.def.position_of(name) else {
            self.errors.push(PlanError::unknown_field(self.def, name));
            return Filter::Nothing;
        };
        let is_conditions = raw.starts_with('{') && raw[1..].trim_start().starts_with("\"$");
        if !is_conditions {
            let takes_structure = self.def.fields[position].field_type == model::FieldType::Json;
            return match raw.starts_with(['{', '[']) && !takes_structure {
                true => self.structure(position, raw),
                false => self.compare(position, Comparison::Eq, raw),
            };
        }
        let conditions = match members(raw) {
            Ok(conditions) => conditions,
            Err(error) => return self.not_an_object(error),
        };
        self.nodes += conditions.len() - 1;
        let mut filter = Filter::All;
        for (operator, raw) in conditions.iter().take(FILTER_NODES_MAX) {
            let raw = raw.get();
            filter = filter.and(match operator.as_str() {
                "$eq" => self.compare(position, Comparison::Eq, raw),
                "$gt" => self.compare(position, Comparison::Gt, raw),
                "$gte" => self.compare(position, Comparison::Gte, raw),
                "$lt" => self.compare(position, Comparison::Lt, raw),
                "$lte" => self.compare(position, Comparison::Lte, raw),
                "$in" => self.membership(position, raw),
                "$and" | "$or" => self.group_inside(position, operator),
                operator => {
                    self.errors.push(unknown_operator(operator));
                    Filter::Nothing
                }
            });
        }
        filter
    }

    /// A list or an object where a value belongs: as a rule an operator was meant.
    fn structure(&mut self, position: usize, raw: &str) -> Filter {
        let FieldDef { name, field_type, .. } = &self.def.fields[position];
        let example = field_type.example();
        let is_list = raw.starts_with('[');
        let first = members(raw).ok().and_then(|members| members.into_iter().next());
        let meant = first.and_then(|(key, _)| closest(&key, FIELD_OPERATORS.map(|known| &known[1..])));
        let expected = match (is_list, meant) {
            (true, _) | (false, Some("in")) => format!("{{\"{name}\": {{\"$in\": [{example}]}}}}"),
            (false, meant) => format!("{{\"{name}\": {{\"${}\": {example}}}}}", meant.unwrap_or("eq")),
        };
        let found = if is_list { "a list" } else { "an object without an operator" };
        self.errors.push(PlanError::FilterShape { found: format!("`{name}` is compared with {found}"), expected });
        Filter::Nothing
    }

    fn group_inside(&mut self, position: usize, operator: &str) -> Filter {
        let FieldDef { name, field_type, .. } = &self.def.fields[position];
        self.errors.push(PlanError::FilterShape {
            found: format!("`{operator}` inside of field `{name}`"),
            expected: format!("it around the fields: {{\"{operator}\": [{{\"{name}\": {}}}]}}", field_type.example()),
        });
        Filter::Nothing
    }

    fn compare(&mut self, position: usize, comparison: Comparison, raw: &str) -> Filter {
        let field = &self.def.fields[position];
        let is_fit = match comparison {
            Comparison::Eq => raw == "null" || field.field_type != model::FieldType::Json,
            _ => field.field_type.is_ordered(),
        };
        if !is_fit {
            return self.unsupported(comparison.name(), position);
        }
        match (self.value(position, raw), comparison) {
            (Value::Null, Comparison::Gt | Comparison::Lt) => Filter::Nothing,
            (Value::Null, _) => Filter::equals(position, Value::Null),
            (value, comparison) => Filter::Compare { field: position, comparison, value },
        }
    }

    fn membership(&mut self, position: usize, raw: &str) -> Filter {
        if self.def.fields[position].field_type == model::FieldType::Json {
            return self.unsupported("$in", position);
        }
        let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(raw) else {
            self.errors.push(PlanError::FilterShape {
                found: format!("`$in` of `{}` without a list", self.def.fields[position].name),
                expected: "a list of values: {\"$in\": [1, 2]}".to_owned(),
            });
            return Filter::Nothing;
        };
        if items.len() > IN_LIST_MAX {
            self.errors.push(PlanError::FilterLimit { what: "values in `$in`", found: items.len(), max: IN_LIST_MAX });
            return Filter::Nothing;
        }
        self.listed += items.len();
        if self.listed > IN_VALUES_MAX {
            return Filter::Nothing;
        }
        let mut values: Vec<Value> = items.iter().map(|item| self.value(position, item.get())).collect();
        let listed = values.len();
        values.retain(|value| *value != Value::Null);
        match (values.is_empty(), values.len() < listed) {
            (true, true) => Filter::equals(position, Value::Null),
            (true, false) => Filter::Nothing,
            (false, or_null) => Filter::In { field: position, values, or_null },
        }
    }

    fn value(&mut self, position: usize, raw: &str) -> Value {
        let FieldDef { name, field_type, .. } = &self.def.fields[position];
        match field_type.parse_json(raw, self.wire) {
            Ok(value) => value,
            Err(error) => {
                self.errors.push(PlanError::TypeMismatch { field: name.to_string(), error });
                Value::Null
            }
        }
    }

    fn unsupported(&mut self, operator: &str, position: usize) -> Filter {
        let field = &self.def.fields[position];
        self.errors.push(PlanError::Unsupported {
            what: format!("`{operator}` with field `{}`", field.name),
            on: format!("a field of type {}", field.field_type),
            instead: match field.field_type {
                model::FieldType::Json => "compare a json field with null, or filter by another field".to_owned(),
                _ => "use `$eq` or `$in`".to_owned(),
            },
        });
        Filter::Nothing
    }
}

fn unknown_operator(operator: &str) -> PlanError {
    let name = operator.trim_start_matches('$');
    PlanError::UnknownOperator {
        operator: operator.to_owned(),
        closest: closest(name, OPERATORS.map(|known| &known[1..])).map(|name| format!("${name}")),
        known: OPERATORS.join(" "),
    }
}
