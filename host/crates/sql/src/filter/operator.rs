//! The operators of filters, by the names that callers write.
//!
//! The one list of them. What an operator means is `column`'s and `path`'s; here is only how it is called, where it stands,
//! and what was probably meant by another tool's word.

use model::closest;

use super::Comparison;
use super::like::LikeKind;
use crate::PlanError;

/// An operator, by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// Where fields stand, with a list of filters.
    Group(Group),
    /// Where fields stand with a filter, inside of a field with conditions.
    Not,
    /// Inside of a field; `$options` beside it.
    Regex,
    Options,
    /// Inside of a field, with values.
    Test(Test),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    And,
    Or,
    Nor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Compare(Comparison),
    Ne,
    In,
    Nin,
    Between,
    Mod,
    Null,
    Exists,
    Like(LikeKind),
}

const ALL: [Operator; 23] = [
    Operator::Test(Test::Compare(Comparison::Eq)),
    Operator::Test(Test::Ne),
    Operator::Test(Test::Compare(Comparison::Gt)),
    Operator::Test(Test::Compare(Comparison::Gte)),
    Operator::Test(Test::Compare(Comparison::Lt)),
    Operator::Test(Test::Compare(Comparison::Lte)),
    Operator::Test(Test::In),
    Operator::Test(Test::Nin),
    Operator::Test(Test::Between),
    Operator::Test(Test::Mod),
    Operator::Test(Test::Null),
    Operator::Test(Test::Exists),
    Operator::Test(Test::Like(LikeKind::Like)),
    Operator::Test(Test::Like(LikeKind::Ilike)),
    Operator::Test(Test::Like(LikeKind::Contains)),
    Operator::Test(Test::Like(LikeKind::StartsWith)),
    Operator::Test(Test::Like(LikeKind::EndsWith)),
    Operator::Regex,
    Operator::Options,
    Operator::Not,
    Operator::Group(Group::And),
    Operator::Group(Group::Or),
    Operator::Group(Group::Nor),
];

impl Test {
    pub(super) const EQ: Self = Self::Compare(Comparison::Eq);

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Compare(comparison) => comparison.name(),
            Self::Ne => "$ne",
            Self::In => "$in",
            Self::Nin => "$nin",
            Self::Between => "$between",
            Self::Mod => "$mod",
            Self::Null => "$null",
            Self::Exists => "$exists",
            Self::Like(LikeKind::Like) => "$like",
            Self::Like(LikeKind::Ilike) => "$ilike",
            Self::Like(LikeKind::Contains) => "$contains",
            Self::Like(LikeKind::StartsWith) => "$startsWith",
            Self::Like(LikeKind::EndsWith) => "$endsWith",
        }
    }
}

impl Operator {
    /// The operator as callers write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Group(Group::And) => "$and",
            Self::Group(Group::Or) => "$or",
            Self::Group(Group::Nor) => "$nor",
            Self::Not => "$not",
            Self::Regex => "$regex",
            Self::Options => "$options",
            Self::Test(test) => test.name(),
        }
    }

    pub(super) fn find(name: &str) -> Result<Self, PlanError> {
        ALL.into_iter().find(|operator| operator.name() == name).ok_or_else(|| unknown(name))
    }

    /// The operator that is nearest to a word without `$`, among those that stand inside of a field.
    pub(super) fn meant(word: &str) -> Option<Self> {
        let inside = || ALL.into_iter().filter(|operator| !matches!(operator, Self::Group(_)));
        let name = elsewhere(word).or_else(|| closest(word, inside().map(|operator| &operator.name()[1..])))?;
        inside().find(|operator| operator.name()[1..] == *name)
    }

    /// What it takes, as JSON, inside of a field whose values look like `example`.
    pub(super) fn operand(self, example: &str) -> String {
        match self {
            Self::Group(_) | Self::Test(Test::Compare(_) | Test::Ne) => example.to_owned(),
            Self::Test(Test::In | Test::Nin) => format!("[{example}]"),
            Self::Test(Test::Between) => format!("[{example}, {example}]"),
            Self::Test(Test::Mod) => "[2, 0]".to_owned(),
            Self::Test(Test::Null | Test::Exists) => "true".to_owned(),
            Self::Test(Test::Like(LikeKind::Like | LikeKind::Ilike)) => "\"A%\"".to_owned(),
            Self::Test(Test::Like(_)) => "\"A\"".to_owned(),
            Self::Regex => "\"^[A-Z]{2}$\"".to_owned(),
            Self::Options => "\"i\"".to_owned(),
            Self::Not => format!("{{\"$eq\": {example}}}"),
        }
    }
}

fn unknown(operator: &str) -> PlanError {
    let word = operator.trim_start_matches('$');
    if matches!(word, "elemMatch" | "size" | "all") {
        return PlanError::Unsupported {
            what: format!("`{operator}`"),
            on: "fields of type list".to_owned(),
            instead: "there are no conditions on the items of a list yet: read the records and look at them".to_owned(),
        };
    }
    let near = || closest(word, ALL.map(|known| &known.name()[1..]));
    PlanError::UnknownOperator {
        operator: operator.to_owned(),
        closest: elsewhere(word).or_else(near).map(|name| format!("${name}")),
        known: ALL.map(Operator::name).join(" "),
    }
}

/// Other tools' words, without `$`.
fn elsewhere(word: &str) -> Option<&'static str> {
    Some(match word {
        "neq" | "notEq" | "not_eq" | "!=" | "<>" | "isNot" | "is_not" => "ne",
        "=" | "==" | "equals" | "is" => "eq",
        ">" | "greaterThan" | "after" => "gt",
        ">=" | "min" | "from" => "gte",
        "<" | "lessThan" | "before" => "lt",
        "<=" | "max" | "to" => "lte",
        "notIn" | "not_in" => "nin",
        "isNull" | "is_null" | "isnull" => "null",
        "range" => "between",
        "iLike" | "icontains" => "ilike",
        "includes" | "has" | "substring" => "contains",
        "prefix" | "istartswith" => "startsWith",
        "suffix" | "iendswith" => "endsWith",
        "regexp" | "iRegexp" | "rlike" | "match" | "matches" | "iregex" => "regex",
        "modulo" => "mod",
        _ => return None,
    })
}
