//! Options: how an operation runs, never which records it means.

use model::{ModelDef, WireOptions, closest, members};

use crate::bulk::{BATCH_SIZE_MAX, BulkOptions, OnConflict, Returning, Scope};
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

/// Whether a list tells how many records match in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// It does not.
    Untold,
    /// It does, by one more statement.
    Told,
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
        OperationKind::Exists | OperationKind::Count => &["big_int"],
        OperationKind::Read => &["missing", "fields", "big_int"],
        OperationKind::List => &["order_by", "limit", "offset", "after", "fields", "total", "big_int"],
        OperationKind::BulkCreate => &["on_conflict", "returning", "transaction", "batch_size", "big_int"],
    }
}

impl Options {
    /// What holds where a caller says nothing.
    pub(crate) fn unsaid() -> Self {
        Self {
            wire: WireOptions { big_int: false },
            missing: Missing::Error,
            fields: None,
            order_by: Vec::new(),
            limit: LIMIT_DEFAULT,
            offset: 0,
            after: None,
            total: Total::Untold,
            bulk: BulkOptions::unsaid(),
        }
    }
}

pub(crate) fn parse_options(
    kind: OperationKind,
    def: &ModelDef,
    raw: Option<&str>,
    errors: &mut Vec<PlanError>,
) -> Options {
    let mut options = Options::unsaid();
    let given = match raw.map(members).unwrap_or(Ok(Vec::new())) {
        Ok(given) => given,
        Err(error) => {
            errors.push(PlanError::NotAnObject { what: "`options`".to_owned(), error });
            return options;
        }
    };
    for (option, raw) in &given {
        match allowed(kind).contains(&option.as_ref()) {
            true => set(&mut options, def, (option, raw.get()), errors),
            false => errors.push(unknown_option(kind, option)),
        }
    }
    if options.after.is_some() && options.offset > 0 {
        let expected = "0 beside `after`: a cursor says where to go on".to_owned();
        errors.push(PlanError::option_value("offset", expected, &options.offset.to_string()));
    }
    options
}

fn set(options: &mut Options, def: &ModelDef, (option, raw): (&str, &str), errors: &mut Vec<PlanError>) {
    const YES_OR_NO: [(&str, bool); 2] = [("true", true), ("false", false)];
    match option {
        "big_int" => options.wire.big_int = one_of(option, raw, &YES_OR_NO, errors).unwrap_or(false),
        "missing" => {
            let choices = [("\"error\"", Missing::Error), ("\"null\"", Missing::Null)];
            options.missing = one_of(option, raw, &choices, errors).unwrap_or(Missing::Error);
        }
        "limit" => options.limit = whole_number(option, raw, 1, LIMIT_MAX, errors),
        "offset" => options.offset = whole_number(option, raw, 0, OFFSET_MAX, errors),
        "after" => options.after = cursor(raw, errors),
        "fields" => options.fields = Some(fields(def, raw, errors)),
        "total" => {
            let choices = [("true", Total::Told), ("false", Total::Untold)];
            options.total = one_of(option, raw, &choices, errors).unwrap_or(Total::Untold);
        }
        "on_conflict" => {
            let choices = [("\"error\"", OnConflict::Error), ("\"skip\"", OnConflict::Skip)];
            options.bulk.on_conflict = one_of(option, raw, &choices, errors).unwrap_or(OnConflict::Error);
        }
        "returning" => {
            let choices = [("\"count\"", Returning::Count), ("\"records\"", Returning::Records)];
            options.bulk.returning = one_of(option, raw, &choices, errors).unwrap_or(Returning::Count);
        }
        "transaction" => {
            let choices = [("\"all\"", Scope::All), ("\"batch\"", Scope::Batch)];
            options.bulk.transaction = one_of(option, raw, &choices, errors).unwrap_or(Scope::All);
        }
        "batch_size" => {
            let size = whole_number(option, raw, 1, BATCH_SIZE_MAX as u64, errors);
            options.bulk.batch_size = usize::try_from(size).unwrap_or(BATCH_SIZE_MAX);
        }
        _ => options.order_by = order_by(def, raw, errors),
    }
}

fn cursor(raw: &str, errors: &mut Vec<PlanError>) -> Option<String> {
    let text = serde_json::from_str(raw).ok();
    if text.is_none() {
        let expected = "the text that a list answered as `next`".to_owned();
        errors.push(PlanError::option_value("after", expected, raw));
    }
    text
}

fn fields(def: &ModelDef, raw: &str, errors: &mut Vec<PlanError>) -> Vec<usize> {
    let names: Vec<String> = serde_json::from_str(raw).unwrap_or_default();
    if names.is_empty() {
        let expected = "a list of field names, at least one: [\"name\"]".to_owned();
        errors.push(PlanError::option_value("fields", expected, raw));
    }
    let mut fields = Vec::new();
    for name in names.iter().take(def.fields.len() + 1) {
        match def.position_of(name) {
            None => errors.push(PlanError::unknown_field(def, name)),
            Some(at) if fields.contains(&at) => {
                errors.push(PlanError::option_value("fields", "each field once".to_owned(), raw));
            }
            Some(at) => fields.push(at),
        }
    }
    fields.sort_unstable();
    fields
}

fn unknown_option(kind: OperationKind, option: &str) -> PlanError {
    let meant = match option {
        "sort" | "order" | "orderBy" | "sort_by" => Some("order_by"),
        "skip" => Some("offset"),
        "top" | "take" | "page_size" => Some("limit"),
        "cursor" | "next" | "page" => Some("after"),
        "select" | "columns" | "projection" => Some("fields"),
        "count" | "with_count" => Some("total"),
        "skip_duplicates" | "ignore_duplicates" | "on_duplicate" | "ignore" => Some("on_conflict"),
        "return" | "return_records" => Some("returning"),
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
                instead: "order by a field of another type".to_owned(),
            }),
            Some(at) if order_by.iter().any(|order| order.field == at) => {
                errors.push(PlanError::option_value("order_by", "each field once".to_owned(), raw));
            }
            Some(at) => order_by.push(Order { field: at, descending }),
        }
    }
    order_by
}
