//! Conditions that match a text with a pattern.
//!
//! What holds for all of them: only text and enum fields and strings of documents have patterns, and a pattern is read once,
//! here. What a pattern is, is `like`'s and `regex`'s.

use model::{FieldType, Value};

use super::like::{Case, LIKE_BYTES_MAX, LikeKind, LikePattern};
use super::operator::{Operator, Test};
use super::parse::{Parser, REGEXES_MAX, Subject};
use super::regex::{Refusal, Regex};
use super::{Filter, JsonTest, Pattern};
use crate::PlanError;
use crate::error::cut;

impl Parser<'_> {
    pub(super) fn regex(&mut self, subject: &Subject, raw: &str, options: Option<&str>) -> Filter {
        self.regexes += 1;
        if self.regexes > REGEXES_MAX {
            return Filter::Nothing;
        }
        let case = match options {
            None | Some("\"\"") => Case::Exact,
            Some("\"i\"") => Case::Folded,
            Some(other) => {
                return self.refuse(PlanError::Unsupported {
                    what: format!("`$options` {} of `$regex`", cut(other)),
                    on: "every database alike".to_owned(),
                    instead: "the one option is \"i\": case does not matter".to_owned(),
                });
            }
        };
        self.matching(subject, Operator::Regex, raw, |text| {
            Regex::parse(text, case).map(Pattern::Regex).map_err(|refusal| refused(&refusal))
        })
    }

    pub(super) fn like(&mut self, subject: &Subject, kind: LikeKind, raw: &str) -> Filter {
        let operator = Operator::Test(Test::Like(kind));
        self.matching(subject, operator, raw, |text| {
            let (what, found, max) = ("bytes in one pattern", text.len(), LIKE_BYTES_MAX);
            if found > max {
                return Err(PlanError::FilterLimit { what, found, max });
            }
            LikePattern::parse(text, kind).map(Pattern::Like).map_err(|at| PlanError::FilterShape {
                found: format!("`{}` with a `\\` at character {at} that escapes nothing", operator.name()),
                expected: "`\\\\%`, `\\\\_` or `\\\\\\\\` for the character itself (JSON takes the half of them)"
                    .to_owned(),
            })
        })
    }

    /// A condition that a pattern makes of a text.
    fn matching(
        &mut self,
        subject: &Subject,
        operator: Operator,
        raw: &str,
        read: impl FnOnce(&str) -> Result<Pattern, PlanError>,
    ) -> Filter {
        if let Subject::Column(position) = subject
            && !matches!(self.def.fields[*position].field_type, FieldType::Text | FieldType::Enum)
        {
            return self.unsupported(operator, *position);
        }
        let pattern = match FieldType::Text.parse_json(raw, self.wire) {
            Ok(Value::Text(text)) => read(&text),
            Ok(_) => Err(PlanError::FilterShape {
                found: format!("`{}` with null", operator.name()),
                expected: format!("a text: {{\"{}\": {}}}", operator.name(), operator.operand("\"text\"")),
            }),
            Err(error) => Err(PlanError::TypeMismatch { field: self.name(subject), error }),
        };
        match (pattern, subject.clone()) {
            (Ok(pattern), Subject::Column(field)) => Filter::Matches { field, pattern },
            (Ok(pattern), Subject::Path(path)) => Filter::Json { path, test: JsonTest::Matches(pattern) },
            (Err(error), _) => self.refuse(error),
        }
    }
}

fn refused(refusal: &Refusal) -> PlanError {
    match refusal {
        Refusal::Syntax { problem, at } => PlanError::FilterShape {
            found: format!("`$regex` does not parse: {problem}, at character {at}"),
            expected: "a regular expression such as \"^[A-Z]{2}[0-9]+$\"".to_owned(),
        },
        Refusal::Construct { construct, at, instead } => PlanError::Unsupported {
            what: format!("{} at character {at} of `$regex`", cut(construct)),
            on: "every database alike".to_owned(),
            instead: (*instead).to_owned(),
        },
        Refusal::Limit { what, found, max } => PlanError::FilterLimit { what, found: *found, max: *max },
    }
}
