//! Filters as callers write them.
//!
//! `{"age": {"$gte": 18}, "$or": [{"status": "active"}, {"notes.vip": true}]}`. Depth and number of nodes are bounded before
//! the tree is built; everything that is wrong in it is reported at once. Here are the groups and what holds for every
//! operator; values are judged in `column` and `path`, patterns in `matching`.

use model::{FieldDef, FieldType, JsonError, ModelDef, WireOptions, items, members};
use serde_json::value::RawValue;

use super::Filter;
use super::json_path::{JsonPath, PATH_STEPS_MAX, PathProblem};
use super::operator::{Group, Operator, Test};
use crate::PlanError;
use crate::error::cut;

/// Levels of nesting, at most: no person writes more, and each level is stack in every database.
pub const FILTER_DEPTH_MAX: usize = 16;
/// Conditions in one filter, at most: planning time in the database grows with them.
pub const FILTER_NODES_MAX: usize = 512;
/// Values in one `$in`, at most: SQLite and MySQL bind each of them.
pub const IN_LIST_MAX: usize = 1_000;
/// Values in all `$in` of one filter, at most. SQLite takes 32,766 binds, and a list is padded to the next power of two:
/// these are less than 20,000, which leaves room for the conditions and for two records.
pub const IN_VALUES_MAX: usize = 10_000;
/// `$regex` in one filter, at most: each is compiled, and a record is matched with all of them.
pub const REGEXES_MAX: usize = 16;

pub(crate) fn parse_filter(def: &ModelDef, raw: &str, wire: WireOptions, errors: &mut Vec<PlanError>) -> Filter {
    let mut parser = Parser { def, wire, errors, nodes: 0, listed: 0, regexes: 0 };
    let filter = parser.object(raw, 1);
    for (what, found, max) in [
        ("conditions", parser.nodes, FILTER_NODES_MAX),
        ("values in all `$in` together", parser.listed, IN_VALUES_MAX),
        ("`$regex`", parser.regexes, REGEXES_MAX),
    ] {
        parser.limit(what, found, max);
    }
    filter
}

pub(super) struct Parser<'a> {
    pub(super) def: &'a ModelDef,
    pub(super) wire: WireOptions,
    pub(super) errors: &'a mut Vec<PlanError>,
    nodes: usize,
    /// Values in every `$in` so far.
    listed: usize,
    /// `$regex` so far.
    pub(super) regexes: usize,
}

/// What a condition is about.
#[derive(Clone)]
pub(super) enum Subject {
    /// The field at the position.
    Column(usize),
    /// A place in the document of a json field.
    Path(JsonPath),
}

impl Parser<'_> {
    fn object(&mut self, raw: &str, depth: usize) -> Filter {
        if !self.limit("levels", depth, FILTER_DEPTH_MAX) {
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
            filter = filter.and(match name.as_ref() {
                operator if operator.starts_with('$') => self.group(operator, raw.get(), depth),
                field => self.field(field, raw.get(), depth),
            });
        }
        filter
    }

    fn not_an_object(&mut self, error: JsonError) -> Filter {
        self.refuse(PlanError::NotAnObject { what: "`filter`".to_owned(), error })
    }

    /// An operator that stands where fields stand.
    fn group(&mut self, name: &str, raw: &str, depth: usize) -> Filter {
        match Operator::find(name) {
            Ok(Operator::Group(Group::And)) => self.list(name, raw, depth).into_iter().fold(Filter::All, Filter::and),
            Ok(Operator::Group(Group::Or)) => Filter::Or(self.list(name, raw, depth)),
            Ok(Operator::Group(Group::Nor)) => Filter::Or(self.list(name, raw, depth)).negated(),
            Ok(Operator::Not) => self.object(raw, depth + 1).negated(),
            Ok(operator) => self.refuse(PlanError::FilterShape {
                found: format!("`{name}` without a field"),
                expected: format!(
                    "an operator inside of a field: {{\"field\": {{\"{name}\": {}}}}}",
                    operator.operand("1")
                ),
            }),
            Err(unknown) => self.refuse(unknown),
        }
    }

    fn list(&mut self, operator: &str, raw: &str, depth: usize) -> Vec<Filter> {
        let items = items(raw).unwrap_or_default();
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

    fn field(&mut self, name: &str, raw: &str, depth: usize) -> Filter {
        let subject = match self.subject(name) {
            Ok(subject) => subject,
            Err(error) => return self.refuse(error),
        };
        if is_conditions(raw) {
            return self.conditions(&subject, raw, depth);
        }
        let takes_structure = matches!(subject, Subject::Column(at) if !self.def.fields[at].field_type.is_comparable());
        match raw.starts_with(['{', '[']) && !takes_structure {
            true => self.structure(&subject, raw),
            false => self.condition(&subject, Test::EQ, raw),
        }
    }

    fn subject(&self, name: &str) -> Result<Subject, PlanError> {
        if let Some(position) = self.def.position_of(name) {
            return Ok(Subject::Column(position));
        }
        let (field, path) = name.split_once('.').ok_or_else(|| PlanError::unknown_field(self.def, name))?;
        let position = self.def.position_of(field).ok_or_else(|| PlanError::unknown_field(self.def, field))?;
        let FieldDef { field_type, .. } = &self.def.fields[position];
        if *field_type != FieldType::Json {
            return Err(PlanError::Unsupported {
                what: format!("a path into field `{field}`"),
                on: format!("a field of type {field_type}"),
                instead: format!("compare `{field}` itself: only json fields have paths"),
            });
        }
        match JsonPath::parse(position, path) {
            Ok(path) => Ok(Subject::Path(path)),
            Err(PathProblem::TooManySteps(found)) => {
                Err(PlanError::FilterLimit { what: "steps in one path", found, max: PATH_STEPS_MAX })
            }
            Err(PathProblem::Step(problem, step)) => Err(PlanError::FilterShape {
                found: format!("a path into field `{field}` has a step `{}`, which {problem}", cut(&step)),
                expected: format!("keys of objects, such as \"{field}.address.city\""),
            }),
        }
    }

    /// Several operators, all of which have to hold.
    fn conditions(&mut self, subject: &Subject, raw: &str, depth: usize) -> Filter {
        let conditions = match members(raw) {
            Ok(conditions) => conditions,
            Err(error) => return self.not_an_object(error),
        };
        self.nodes += conditions.len() - 1;
        let options = conditions.iter().find(|(name, _)| name == "$options").map(|(_, raw)| raw.get());
        let has_regex = conditions.iter().any(|(name, _)| name == "$regex");
        let mut filter = Filter::All;
        for (name, raw) in conditions.iter().take(FILTER_NODES_MAX) {
            filter = filter.and(match Operator::find(name.as_ref()) {
                Ok(Operator::Not) => self.negation(subject, raw.get(), depth + 1),
                Ok(Operator::Regex) => self.regex(subject, raw.get(), options),
                Ok(Operator::Options) if has_regex => Filter::All,
                Ok(Operator::Options) => self.refuse(PlanError::FilterShape {
                    found: "`$options` without `$regex`".to_owned(),
                    expected: "both: {\"$regex\": \"^a\", \"$options\": \"i\"}".to_owned(),
                }),
                Ok(Operator::Group(_)) => self.group_inside(subject, name),
                Ok(Operator::Test(test)) => self.condition(subject, test, raw.get()),
                Err(unknown) => self.refuse(unknown),
            });
        }
        filter
    }

    fn negation(&mut self, subject: &Subject, raw: &str, depth: usize) -> Filter {
        if !self.limit("levels", depth, FILTER_DEPTH_MAX) {
            return Filter::Nothing;
        }
        if is_conditions(raw) {
            return self.conditions(subject, raw, depth).negated();
        }
        let (name, example) = (self.name(subject), self.example(subject));
        self.refuse(PlanError::FilterShape {
            found: format!("`$not` of `{name}` without an operator"),
            expected: format!("the condition to turn round: {{\"{name}\": {{\"$not\": {{\"$eq\": {example}}}}}}}"),
        })
    }

    fn condition(&mut self, subject: &Subject, test: Test, raw: &str) -> Filter {
        match subject {
            Subject::Column(position) => self.column(*position, test, raw),
            Subject::Path(path) => self.path(path, test, raw),
        }
    }

    /// A list or an object where a value belongs: as a rule an operator was meant.
    fn structure(&mut self, subject: &Subject, raw: &str) -> Filter {
        let (name, example) = (self.name(subject), self.example(subject));
        let is_list = raw.starts_with('[');
        let first = members(raw).ok().and_then(|members| members.into_iter().next());
        let key = first.map(|(key, _)| key.as_ref().to_owned());
        let meant = key.as_deref().and_then(Operator::meant);
        let expected = match (is_list, meant, subject, key) {
            (true, ..) => format!("{{\"{name}\": {{\"$in\": [{example}]}}}}"),
            (false, None, Subject::Path(..), Some(key)) => {
                format!("the key as a step: {{\"{name}.{key}\": {example}}}")
            }
            (false, meant, ..) => {
                let operator = meant.unwrap_or(Operator::Test(Test::EQ));
                format!("{{\"{name}\": {{\"{}\": {}}}}}", operator.name(), operator.operand(&example))
            }
        };
        let found = if is_list { "a list" } else { "an object without an operator" };
        self.refuse(PlanError::FilterShape { found: format!("`{name}` is compared with {found}"), expected })
    }

    fn group_inside(&mut self, subject: &Subject, operator: &str) -> Filter {
        let (name, example) = (self.name(subject), self.example(subject));
        self.refuse(PlanError::FilterShape {
            found: format!("`{operator}` inside of field `{name}`"),
            expected: format!("it around the fields: {{\"{operator}\": [{{\"{name}\": {example}}}]}}"),
        })
    }

    /// The items of a list of values; none where they are refused.
    pub(super) fn values<'r>(&mut self, name: &str, test: Test, raw: &'r str) -> Option<Vec<&'r RawValue>> {
        let Ok(items) = items(raw) else {
            let operator = test.name();
            self.errors.push(PlanError::FilterShape {
                found: format!("`{operator}` of `{name}` without a list"),
                expected: format!("a list of values: {{\"{operator}\": [1, 2]}}"),
            });
            return None;
        };
        if items.len() > IN_LIST_MAX {
            self.errors.push(PlanError::FilterLimit { what: "values in `$in`", found: items.len(), max: IN_LIST_MAX });
            return None;
        }
        self.listed += items.len();
        (self.listed <= IN_VALUES_MAX).then_some(items)
    }

    /// Whether so many are allowed; the same refusal is told once.
    fn limit(&mut self, what: &'static str, found: usize, max: usize) -> bool {
        let limit = PlanError::FilterLimit { what, found, max };
        if found > max && !self.errors.contains(&limit) {
            self.errors.push(limit);
        }
        found <= max
    }

    pub(super) fn refuse(&mut self, error: PlanError) -> Filter {
        self.errors.push(error);
        Filter::Nothing
    }

    /// The subject as a caller writes it.
    pub(super) fn name(&self, subject: &Subject) -> String {
        match subject {
            Subject::Column(position) => self.def.fields[*position].name.to_string(),
            Subject::Path(path) => self.name_of(path),
        }
    }

    pub(super) fn name_of(&self, path: &JsonPath) -> String {
        format!("{}.{}", self.def.fields[path.field].name, path.steps().join("."))
    }

    fn example(&self, subject: &Subject) -> String {
        match subject {
            Subject::Column(position) => self.def.fields[*position].example(),
            Subject::Path(..) => FieldType::Text.example().into_owned(),
        }
    }
}

/// Whether an object holds operators, by its first key.
fn is_conditions(raw: &str) -> bool {
    raw.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with("\"$"))
}
