//! Options: how an operation runs, never which records it means.

use model::{ModelDef, WireOptions, closest, members};

use crate::{OperationKind, Options, PlanError};

/// Records in a list when the caller gives no limit.
pub const LIMIT_DEFAULT: u64 = 100;
/// Records in a list, at most: one answer stays small enough to hold in memory.
pub const LIMIT_MAX: u64 = 1_000;
/// Records that a list can skip: further on, every page reads all before it, and a cursor is the tool.
const OFFSET_MAX: u64 = 100_000;
/// Fields in `order_by`, at most.
const ORDER_MAX: usize = 8;

/// What read does when there is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Answers `record.not-found`.
    Error,
    /// Answers null.
    Null,
}

/// One field of an order. Nulls come first in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Position of the field.
    pub field: usize,
    /// Largest first.
    pub descending: bool,
}

/// The options an operation accepts.
pub(crate) fn allowed(kind: OperationKind) -> &'static [&'static str] {
    match kind {
        OperationKind::Create | OperationKind::Update | OperationKind::Delete => &["big_int"],
        OperationKind::Read => &["missing", "big_int"],
        OperationKind::List => &["order_by", "limit", "offset", "big_int"],
    }
}

pub(crate) fn parse_options(
    kind: OperationKind,
    def: &ModelDef,
    raw: Option<&str>,
    errors: &mut Vec<PlanError>,
) -> Options {
    let mut options = Options {
        wire: WireOptions { big_int: false },
        missing: Missing::Error,
        order_by: Vec::new(),
        limit: LIMIT_DEFAULT,
        offset: 0,
    };
    let given = match raw.map(members).unwrap_or(Ok(Vec::new())) {
        Ok(given) => given,
        Err(error) => {
            errors.push(PlanError::NotAnObject { what: "`options`".to_owned(), error });
            return options;
        }
    };
    for (option, raw) in &given {
        if !allowed(kind).contains(&option.as_str()) {
            errors.push(unknown_option(kind, option));
            continue;
        }
        let raw = raw.get();
        match option.as_str() {
            "big_int" => {
                options.wire.big_int = one_of(option, raw, &[("true", true), ("false", false)], errors).unwrap_or(false)
            }
            "missing" => {
                let choices = [("\"error\"", Missing::Error), ("\"null\"", Missing::Null)];
                options.missing = one_of(option, raw, &choices, errors).unwrap_or(Missing::Error);
            }
            "limit" => options.limit = whole_number(option, raw, 1, LIMIT_MAX, errors),
            "offset" => options.offset = whole_number(option, raw, 0, OFFSET_MAX, errors),
            _ => options.order_by = order_by(def, raw, errors),
        }
    }
    options
}

fn unknown_option(kind: OperationKind, option: &str) -> PlanError {
    let meant = match option {
        "sort" | "order" | "orderBy" | "sort_by" => Some("order_by"),
        "skip" => Some("offset"),
        "top" | "take" | "page_size" => Some("limit"),
        _ => None,
    };
    let near = || closest(option, allowed(kind).iter().copied());
    PlanError::UnknownOption {
        operation: kind.name(),
        option: option.to_owned(),
        closest: meant.filter(|meant| allowed(kind).contains(meant)).or_else(near).map(str::to_owned),
        allowed: allowed(kind),
    }
}

fn one_of<T: Copy>(option: &str, raw: &str, choices: &[(&str, T)], errors: &mut Vec<PlanError>) -> Option<T> {
    let found = choices.iter().find(|(text, _)| *text == raw).map(|(_, choice)| *choice);
    if found.is_none() {
        let texts: Vec<&str> = choices.iter().map(|(text, _)| *text).collect();
        errors.push(PlanError::option_value(option, texts.join(" or "), raw));
    }
    found
}

fn whole_number(option: &str, raw: &str, min: u64, max: u64, errors: &mut Vec<PlanError>) -> u64 {
    match raw.parse::<u64>() {
        Ok(number) if (min..=max).contains(&number) => number,
        _ => {
            errors.push(PlanError::option_value(option, format!("a whole number from {min} to {max}"), raw));
            min
        }
    }
}

fn order_by(def: &ModelDef, raw: &str, errors: &mut Vec<PlanError>) -> Vec<Order> {
    let names: Vec<String> = match serde_json::from_str(raw) {
        Ok(names) => names,
        Err(_) => {
            let expected = "a list of field names, `-` before one for largest first: [\"-created_at\", \"name\"]";
            errors.push(PlanError::option_value("order_by", expected.to_owned(), raw));
            return Vec::new();
        }
    };
    if names.len() > ORDER_MAX {
        errors.push(PlanError::option_value("order_by", format!("at most {ORDER_MAX} fields"), raw));
    }
    let mut order_by: Vec<Order> = Vec::new();
    for name in names.iter().take(ORDER_MAX) {
        let (field, descending) = name.strip_prefix('-').map_or((name.as_str(), false), |field| (field, true));
        match def.position_of(field) {
            None => errors.push(PlanError::unknown_field(def, field)),
            Some(at) if !def.fields[at].field_type.is_ordered() => errors.push(PlanError::Unsupported {
                what: format!("`order_by` with field `{field}`"),
                on: format!("a field of type {}", def.fields[at].field_type),
                instead: "order by a text, int, float, timestamp or uuid field".to_owned(),
            }),
            Some(at) if order_by.iter().any(|order| order.field == at) => {
                errors.push(PlanError::option_value("order_by", format!("`{field}` once"), raw));
            }
            Some(at) => order_by.push(Order { field: at, descending }),
        }
    }
    order_by
}
