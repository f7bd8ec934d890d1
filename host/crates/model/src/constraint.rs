//! Declared constraints, checked by the host: about 4 ns a field, no guest call.
//!
//! Not here: `unique` and references, which only the database can promise, and anything that looks at two fields, which is
//! a plugin's `validate`.

use regex::Regex;

use crate::bounds::ONE_OF_MAX;
use crate::{
    ConstraintDraft, Decimal, FieldDef, FieldType, ModelDef, Row, Severity, Value, Violation, WireOptions, write_json,
};

/// A rule on the value of one field.
#[derive(Debug, Clone)]
pub enum Constraint {
    /// Code points of a text, bytes of bytes, items of a list, at least and at most.
    Length {
        /// At least.
        min: Option<u32>,
        /// At most.
        max: Option<u32>,
    },
    /// Int, timestamp, date or time, at least and at most.
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
    /// Decimal, at least and at most.
    DecimalRange {
        /// At least.
        min: Option<Decimal>,
        /// At most.
        max: Option<Decimal>,
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
    let (mut length, mut int, mut float, mut decimal) = ((None, None), (None, None), (None, None), (None, None));
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
            ConstraintDraft::DecimalMin(min) => decimal.0 = bound(field_type, min, problem),
            ConstraintDraft::DecimalMax(max) => decimal.1 = bound(field_type, max, problem),
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
        || matches!(float, (Some(min), Some(max)) if min > max)
        || matches!(decimal, (Some(min), Some(max)) if min > max);
    if is_empty {
        problem("constraints that no value meets: min is above max".to_owned(), "swap them".to_owned());
    }
    constraints.extend((length != (None, None)).then_some(Constraint::Length { min: length.0, max: length.1 }));
    constraints.extend((int != (None, None)).then_some(Constraint::IntRange { min: int.0, max: int.1 }));
    constraints.extend((float != (None, None)).then_some(Constraint::FloatRange { min: float.0, max: float.1 }));
    let range = Constraint::DecimalRange { min: decimal.0, max: decimal.1 };
    constraints.extend((decimal != (None, None)).then_some(range));
    constraints
}

fn bound(field_type: FieldType, text: &str, problem: &mut dyn FnMut(String, String)) -> Option<Decimal> {
    let FieldType::Decimal(digits) = field_type else { return None };
    match digits.parse(text) {
        Ok(decimal) => Some(decimal),
        Err(error) => {
            problem(format!("bound: {error}"), error.hint.unwrap_or_default());
            None
        }
    }
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
        ConstraintDraft::LengthMin(_) | ConstraintDraft::LengthMax(_) => {
            matches!(field_type, FieldType::Text | FieldType::Bytes | FieldType::List(_))
        }
        ConstraintDraft::Pattern(_) | ConstraintDraft::OneOf(_) => field_type == FieldType::Text,
        ConstraintDraft::IntMin(_) | ConstraintDraft::IntMax(_) => {
            matches!(field_type, FieldType::Int | FieldType::Timestamp | FieldType::Date | FieldType::Time)
        }
        ConstraintDraft::DecimalMin(_) | ConstraintDraft::DecimalMax(_) => matches!(field_type, FieldType::Decimal(_)),
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
        ConstraintDraft::DecimalMin(_) => "decimal-min",
        ConstraintDraft::DecimalMax(_) => "decimal-max",
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
        match self {
            Self::Length { min, max } => {
                let (length, unit) = match value {
                    Value::Text(text) if has_any_length(text.len(), *min, *max) => return None,
                    Value::Text(text) => (text.chars().count(), "characters"),
                    Value::Bytes(bytes) => (bytes.len(), "bytes"),
                    Value::List(items) => (items.len(), "items"),
                    _ => return None,
                };
                let (min, max) = (min.map(i64::from), max.map(i64::from));
                let length = i64::try_from(length).unwrap_or(i64::MAX);
                outside(&length, (&min, &max), Value::Int).map(|(range, parameters)| {
                    ("length", format!("`{}` must have {range} {unit}, not {length}", def.name), parameters)
                })
            }
            Self::IntRange { min, max } => {
                let found = match value {
                    Value::Int(int) | Value::Timestamp(int) | Value::Time(int) => *int,
                    Value::Date(days) => i64::from(*days),
                    _ => return None,
                };
                range(def, outside(&found, (min, max), |bound| like(value, bound)))
            }
            Self::DecimalRange { min, max } => match value {
                Value::Decimal(decimal) => range(def, outside(decimal, (min, max), Value::Decimal)),
                _ => None,
            },
            Self::FloatRange { min, max } => match value {
                Value::Float(float) => range(def, outside(float, (min, max), Value::Float)),
                _ => None,
            },
            Self::Pattern(pattern) => match value {
                Value::Text(text) if !pattern.0.is_match(text) => {
                    let message = format!("`{}` must match the pattern {}", def.name, pattern.as_str());
                    Some(("pattern", message, vec![("pattern".to_owned(), Value::Text(pattern.as_str().to_owned()))]))
                }
                _ => None,
            },
            Self::OneOf(texts) => match value {
                Value::Text(text) if !texts.contains(text) => {
                    Some(("one-of", format!("`{}` must be one of {}", def.name, texts.join(", ")), Vec::new()))
                }
                _ => None,
            },
        }
    }
}

/// Whether a text of so many bytes meets the bounds whatever it is made of: a character has 1 to 4 bytes.
fn has_any_length(bytes: usize, min: Option<u32>, max: Option<u32>) -> bool {
    let [min, max] = [min.unwrap_or(0), max.unwrap_or(u32::MAX)].map(|bound| bound as usize);
    bytes <= max && bytes / 4 >= min
}

fn range(def: &FieldDef, outside: Option<Outside>) -> Option<Refusal> {
    outside.map(|(range, parameters)| ("range", format!("`{}` must be {range}", def.name), parameters))
}

/// The bound as a value of the same type as what it bounds.
fn like(value: &Value, bound: i64) -> Value {
    match value {
        Value::Timestamp(_) => Value::Timestamp(bound),
        Value::Time(_) => Value::Time(bound),
        Value::Date(_) => i32::try_from(bound).map_or(Value::Int(bound), Value::Date),
        _ => Value::Int(bound),
    }
}

/// The range as text, and its bounds.
type Outside = (String, Vec<(String, Value)>);

fn outside<T: PartialOrd + Copy>(
    found: &T,
    (min, max): (&Option<T>, &Option<T>),
    to_value: impl Fn(T) -> Value,
) -> Option<Outside> {
    let inside = min.is_none_or(|min| *found >= min) && max.is_none_or(|max| *found <= max);
    if inside {
        return None;
    }
    let named = |name: &str, bound: &Option<T>| bound.map(|bound| (name.to_owned(), to_value(bound)));
    let bounds: Vec<(String, Value)> = named("min", min).into_iter().chain(named("max", max)).collect();
    let text = |at: usize| {
        let mut text = String::new();
        write_json(&bounds[at].1, WireOptions { big_int: false }, &mut text);
        text.trim_matches('"').to_owned()
    };
    let range = match (min, max) {
        (Some(_), Some(_)) => format!("{} to {}", text(0), text(1)),
        (Some(_), None) => format!("at least {}", text(0)),
        _ => format!("at most {}", text(0)),
    };
    Some((range, bounds))
}
