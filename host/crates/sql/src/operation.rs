//! Operations as a caller writes them: `{"filter": ..., "data": ..., "options": ...}`, and nothing else.
//!
//! Parsing judges shape and types of the whole body and reports everything that is wrong at once. It does not decide how an
//! operation runs: that is [`crate::plan()`].

use model::{Members, ModelDef, Row, WireOptions, closest, members};

use crate::bulk::BulkOptions;
use crate::data::parse_data;
use crate::example::example_call;
use crate::filter::parse_filter;
use crate::options::{Missing, Order, Total, parse_options};
use crate::{Filter, PlanError};

/// What can be done to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Writes one new record.
    Create,
    /// Answers one record.
    Read,
    /// Answers whether there is a record.
    Exists,
    /// Changes one record.
    Update,
    /// Removes one record.
    Delete,
    /// Answers records in order.
    List,
    /// Answers how many records there are.
    Count,
    /// Writes many new records.
    BulkCreate,
}

/// An operation with typed inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Which one.
    pub kind: OperationKind,
    /// Which records; [`Filter::All`] for create.
    pub filter: Filter,
    /// What to write, `absent` where nothing was sent; empty for operations that write nothing.
    pub data: Row,
    /// How.
    pub options: Options,
}

/// The options of all operations; each operation accepts only its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How values are written in this call.
    pub wire: WireOptions,
    /// What read does when there is no record.
    pub missing: Missing,
    /// Positions of the fields that an answer has, in the order of the model; all where none are named.
    pub fields: Option<Vec<usize>>,
    /// The order of a list, before the key that always ends it.
    pub order_by: Vec<Order>,
    /// Records in a list, at most.
    pub limit: u64,
    /// Records left out at the start of a list.
    pub offset: u64,
    /// Where a list goes on.
    pub after: Option<String>,
    /// Whether a list tells how many records there are in all.
    pub total: Total,
    /// How many records are written.
    pub bulk: BulkOptions,
}

impl OperationKind {
    /// Every operation, in the order of the documentation.
    pub const ALL: [Self; 8] =
        [Self::Create, Self::Read, Self::Exists, Self::Update, Self::Delete, Self::List, Self::Count, Self::BulkCreate];

    /// The word for it in URLs, on the command line and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Exists => "exists",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Count => "count",
            Self::BulkCreate => "bulk_create",
        }
    }

    /// The operation of that name.
    pub fn parse(name: &str) -> Result<Self, PlanError> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| PlanError::UnknownOperation {
            operation: name.to_owned(),
            closest: meant(name).or_else(|| closest(name, Self::ALL.map(Self::name))).map(str::to_owned),
        })
    }

    /// The inputs it takes.
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Create | Self::BulkCreate => &["data", "options"],
            Self::Read | Self::Exists | Self::Delete | Self::List | Self::Count => &["filter", "options"],
            Self::Update => &["filter", "data", "options"],
        }
    }

    /// The inputs it can't do without.
    pub fn required_parts(self) -> &'static [&'static str] {
        match self {
            Self::Create | Self::BulkCreate => &["data"],
            Self::Read | Self::Exists | Self::Delete => &["filter"],
            Self::List | Self::Count => &[],
            Self::Update => &["filter", "data"],
        }
    }

    /// Whether it writes.
    pub fn is_write(self) -> bool {
        match self {
            Self::Create | Self::Update | Self::Delete | Self::BulkCreate => true,
            Self::Read | Self::Exists | Self::List | Self::Count => false,
        }
    }
}

impl Operation {
    /// Parses a body for a model. The error lists everything that is wrong with it.
    pub fn parse(kind: OperationKind, def: &ModelDef, body: &str) -> Result<Self, Vec<PlanError>> {
        let parts = members(body)
            .map_err(|error| vec![PlanError::NotAnObject { what: "the request body".to_owned(), error }])?;
        let names: Vec<&str> = parts.iter().map(|(part, _)| part.as_ref()).collect();
        let mut errors = shape_errors(kind, def, &names);
        let part = |name: &str| part(&parts, name);
        let options = parse_options(kind, def, part("options"), &mut errors);
        let filter = match part("filter") {
            Some(raw) => parse_filter(def, raw, options.wire, &mut errors),
            None => Filter::All,
        };
        let data = match part("data") {
            Some(raw) if kind.parts().contains(&"data") => parse_data(kind, def, raw, options.wire, &mut errors),
            _ => Row::new(),
        };
        if errors.is_empty() { Ok(Self { kind, filter, data, options }) } else { Err(errors) }
    }
}

/// The operation that other tools call so.
fn meant(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(|c| *c != '_' && *c != '-').flat_map(char::to_lowercase).collect();
    let kind = match plain.as_str() {
        "createmany" | "insertmany" | "bulkinsert" | "bulkcreate" | "addmany" | "import" => OperationKind::BulkCreate,
        "insert" | "add" | "new" | "post" => OperationKind::Create,
        "get" | "find" | "findone" | "findunique" | "fetch" => OperationKind::Read,
        "query" | "findmany" | "all" | "select" | "search" => OperationKind::List,
        "patch" | "put" | "set" | "modify" | "edit" => OperationKind::Update,
        "remove" | "destroy" | "del" => OperationKind::Delete,
        _ => return None,
    };
    Some(kind.name())
}

/// The text of a part.
pub(crate) fn part<'a>(parts: &Members<'a>, name: &str) -> Option<&'a str> {
    parts.iter().find(|(part, _)| part == name).map(|(_, raw)| raw.get())
}

/// Parts the operation does not take, and parts it lacks.
pub(crate) fn shape_errors(kind: OperationKind, def: &ModelDef, parts: &[&str]) -> Vec<PlanError> {
    let unknown = parts.iter().filter(|part| !kind.parts().contains(part));
    let unknown = unknown.map(|part| PlanError::UnknownPart {
        operation: kind.name(),
        part: part.to_string(),
        closest: part_meant(kind, def, part),
        allowed: kind.parts(),
        example: example_call(kind, def),
    });
    let missing = kind.required_parts().iter().filter(|part| !parts.contains(part));
    let missing =
        missing.map(|part| PlanError::MissingPart { operation: kind.name(), part, example: example_call(kind, def) });
    unknown.chain(missing).collect()
}

/// Where a part was probably meant to go: another spelling, another tool's word, or a field that belongs into `data`.
fn part_meant(kind: OperationKind, def: &ModelDef, part: &str) -> Option<String> {
    let elsewhere = match part {
        "where" | "query" | "match" | "filters" => Some("filter"),
        "values" | "record" | "records" | "rows" | "set" | "body" | "attributes" => Some("data"),
        "limit" | "offset" | "order_by" | "missing" | "big_int" | "fields" | "after" | "total" | "on_conflict"
        | "batch_size" | "transaction" | "returning" => {
            return Some(format!("options.{part}"));
        }
        "sort" | "order" => return Some("options.order_by".to_owned()),
        _ => closest(part, kind.parts().iter().copied()),
    };
    match elsewhere {
        Some(part) if kind.parts().contains(&part) => Some(part.to_owned()),
        _ if def.position_of(part).is_some() => {
            let into = if kind.parts().contains(&"data") { "data" } else { "filter" };
            Some(format!("{into}.{part}"))
        }
        _ => None,
    }
}
