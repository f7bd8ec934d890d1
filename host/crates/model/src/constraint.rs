//! Declared constraints, checked by the host: about 4 ns a field, no guest call.
//!
//! Not here: `unique` and references, which only the database can promise, and anything that looks at two fields, which is
//! a plugin's `validate`.

use regex::Regex;

use crate::bounds::ONE_OF_MAX;
use crate::{ConstraintDraft, FieldDef, FieldType, ModelDef, Row, Severity, Value, Violation};

/// A rule on the value of one field.
#[derive(Debug, Clone)]
pub enum Constraint {
    /// Code points, at least and at most.
    Length {
        /// At least.
        min: Option<u32>,
        /// At most.
        max: Option<u32>,
    },
    /// Int or timestamp, at least and at most.
    IntRange {
        /// At least.
        min: Option<i64>,
        /// At most.
        max: Option<i64>,
    },
    /// Float, at least and at most.
    FloatRange {
        /// At least.
        min: Option<f64>,
        /// At most.
        max: Option<f64>,
    },
    /// Must match somewhere in the text.
    Pattern(Pattern),
    /// One of these texts.
    OneOf(Vec<String>),
}

/// A regular expression in RE2 syntax. Matching takes linear time; compiling is limited in size.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

/// Bytes of a compiled pattern, at most: a short pattern with nested counts can otherwise fill the memory.
const PATTERN_BYTES_MAX: usize = 256 * 1024;

impl Pattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Judges the constraints of one field; `problem` receives a message and a hint for each that is wrong.
pub(crate) fn check_constraints(
    field_type: FieldType,
    drafts: &[ConstraintDraft],
    problem: &mut dyn FnMut(String, String),
) -> Vec<Constraint> {
    let (mut length, mut int, mut float) = ((None, None), (None, None), (None, None));
    let mut constraints = Vec::new();
    for draft in drafts {
        if !fits(draft, field_type) {
            let message = format!("constraint {} on a field of type {field_type}", name(draft));
            problem(message, "remove the constraint or change the type".to_owned());
            continue;
        }
        match draft {
            ConstraintDraft::LengthMin(min) => length.0 = Some(*min),
            ConstraintDraft::LengthMax(max) => length.1 = Some(*max),
            ConstraintDraft::IntMin(min) => int.0 = Some(*min),
            ConstraintDraft::IntMax(max) => int.1 = Some(*max),
            ConstraintDraft::FloatMin(min) => float.0 = Some(*min),
            ConstraintDraft::FloatMax(max) => float.1 = Some(*max),
            ConstraintDraft::Pattern(pattern) => constraints.extend(compile(pattern, problem)),
            ConstraintDraft::OneOf(texts) if texts.is_empty() => {
                problem("constraint one-of with 0 values".to_owned(), format!("give 1 to {ONE_OF_MAX} values"));
            }
            ConstraintDraft::OneOf(texts) => constraints.push(Constraint::OneOf(texts.clone())),
        }
    }
    let is_empty = matches!(length, (Some(min), Some(max)) if min > max)
        || matches!(int, (Some(min), Some(max)) if min > max)
        || matches!(float, (Some(min), Some(max)) if min > max);
    if is_empty {
        problem("constraints that no value meets: min is above max".to_owned(), "swap them".to_owned());
    }
    constraints.extend((length != (None, None)).then_some(Constraint::Length { min: length.0, max: length.1 }));
    constraints.extend((int != (None, None)).then_some(Constraint::IntRange { min: int.0, max: int.1 }));
    constraints.extend((float != (None, None)).then_some(Constraint::FloatRange { min: float.0, max: float.1 }));
    constraints
}

fn compile(pattern: &str, problem: &mut dyn FnMut(String, String)) -> Option<Constraint> {
    let built = regex::RegexBuilder::new(pattern).size_limit(PATTERN_BYTES_MAX).build();
    match built {
        Ok(regex) => Some(Constraint::Pattern(Pattern(regex))),
        Err(error) => {
            let reason = error.to_string().lines().last().unwrap_or("it does not parse").trim().to_owned();
            let message = format!("pattern: {}", reason.trim_start_matches("error: "));
            problem(
                message,
                "write a regular expression in RE2 syntax (no look-around, no back-references)".to_owned(),
            );
            None
        }
    }
}

fn fits(draft: &ConstraintDraft, field_type: FieldType) -> bool {
    match draft {
        ConstraintDraft::LengthMin(_)
        | ConstraintDraft::LengthMax(_)
        | ConstraintDraft::Pattern(_)
        | ConstraintDraft::OneOf(_) => field_type == FieldType::Text,
        ConstraintDraft::IntMin(_) | ConstraintDraft::IntMax(_) => {
            matches!(field_type, FieldType::Int | FieldType::Timestamp)
        }
        ConstraintDraft::FloatMin(bound) | ConstraintDraft::FloatMax(bound) => {
            field_type == FieldType::Float && bound.is_finite()
        }
    }
}

fn name(draft: &ConstraintDraft) -> &'static str {
    match draft {
        ConstraintDraft::LengthMin(_) => "length-min",
        ConstraintDraft::LengthMax(_) => "length-max",
        ConstraintDraft::IntMin(_) => "int-min",
        ConstraintDraft::IntMax(_) => "int-max",
        ConstraintDraft::FloatMin(_) => "float-min",
        ConstraintDraft::FloatMax(_) => "float-max",
        ConstraintDraft::Pattern(_) => "pattern",
        ConstraintDraft::OneOf(_) => "one-of",
    }
}

impl ModelDef {
    /// Everything in the row that the declared constraints refuse. Fields that are `absent` are not judged, except that a
    /// whole record (`sent` false) must have every required field.
    pub fn violations(&self, index: usize, row: &Row, whole: Wholeness) -> Vec<Violation> {
        let mut violations = Vec::new();
        for (position, (def, value)) in self.fields.iter().zip(row).enumerate() {
            let refusal = match value {
                Value::Absent if whole == Wholeness::Whole && def.is_required() => Some(missing(def)),
                Value::Absent => None,
                Value::Null if def.nullable => None,
                Value::Null => Some(missing(def)),
                value => def.constraints.iter().find_map(|constraint| constraint.refuse(def, value)),
            };
            violations.extend(refusal.map(|(code, message, parameters)| Violation {
                index,
                field: Some(position),
                code: code.to_owned(),
                message,
                parameters,
                severity: Severity::Error,
            }));
        }
        violations
    }
}

/// Whether a row stands for a whole record or for what an update sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wholeness {
    /// Every required field must be there.
    Whole,
    /// Fields may be absent.
    Partial,
}

type Refusal = (&'static str, String, Vec<(String, Value)>);

fn missing(def: &FieldDef) -> Refusal {
    ("required", format!("`{}` is required", def.name), Vec::new())
}

impl Constraint {
    fn refuse(&self, def: &FieldDef, value: &Value) -> Option<Refusal> {
        match (self, value) {
            (Self::Length { min, max }, Value::Text(text)) => {
                let length = text.chars().count() as u64;
                let inside =
                    min.is_none_or(|min| length >= u64::from(min)) && max.is_none_or(|max| length <= u64::from(max));
                let parameters = || bounds(min.map(|m| Value::Int(m.into())), max.map(|m| Value::Int(m.into())));
                (!inside).then(|| {
                    let range = range_text(min.as_ref(), max.as_ref());
                    ("length", format!("`{}` must have {range} characters, not {length}", def.name), parameters())
                })
            }
            (Self::IntRange { min, max }, Value::Int(int) | Value::Timestamp(int)) => {
                let inside = min.is_none_or(|min| *int >= min) && max.is_none_or(|max| *int <= max);
                (!inside).then(|| {
                    let range = range_text(min.as_ref(), max.as_ref());
                    let parameters = bounds(min.map(Value::Int), max.map(Value::Int));
                    ("range", format!("`{}` must be {range}", def.name), parameters)
                })
            }
            (Self::FloatRange { min, max }, Value::Float(float)) => {
                let inside = min.is_none_or(|min| *float >= min) && max.is_none_or(|max| *float <= max);
                (!inside).then(|| {
                    let range = range_text(min.as_ref(), max.as_ref());
                    let parameters = bounds(min.map(Value::Float), max.map(Value::Float));
                    ("range", format!("`{}` must be {range}", def.name), parameters)
                })
            }
            (Self::Pattern(pattern), Value::Text(text)) => (!pattern.0.is_match(text)).then(|| {
                let message = format!("`{}` must match the pattern {}", def.name, pattern.as_str());
                ("pattern", message, vec![("pattern".to_owned(), Value::Text(pattern.as_str().to_owned()))])
            }),
            (Self::OneOf(texts), Value::Text(text)) => (!texts.contains(text)).then(|| {
                let message = format!("`{}` must be one of {}", def.name, texts.join(", "));
                ("one-of", message, Vec::new())
            }),
            _ => None,
        }
    }
}

fn range_text<T: std::fmt::Display>(min: Option<&T>, max: Option<&T>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "anything".to_owned(),
    }
}

fn bounds(min: Option<Value>, max: Option<Value>) -> Vec<(String, Value)> {
    let named = |name: &str, value: Option<Value>| value.map(|value| (name.to_owned(), value));
    named("min", min).into_iter().chain(named("max", max)).collect()
}
