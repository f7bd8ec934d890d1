//! The nouns of modelhost: identifiers, values, model definitions, violations, problems.
//!
//! No async, no I/O, no driver and no SQL: whatever is decided about a model or a value without looking at a database is
//! decided here. A name that became an [`Ident`] and a manifest that became a [`Manifest`] are never judged again.

mod ident;
mod reserved;
mod suggest;

mod calendar;
mod decimal;
mod document;
mod json;
mod row;
mod timestamp;
mod value;
mod vector;

mod bounds;
mod check;
mod constraint;
mod definition_problem;
mod draft;
mod host_model;
mod manifest;
mod relation;
mod violation;

mod code;
mod page;
mod problem;

pub use bounds::{FIELDS_MAX, MODELS_MAX};
pub use calendar::{format_date, format_time, parse_date, parse_time};
pub use code::{Blame, Code};
pub use constraint::{Constraint, Pattern, Wholeness};
pub use decimal::{DECIMAL_PRECISION_MAX, Decimal, DecimalType};
pub use definition_problem::{DefinitionProblem, Problems};
pub use document::plain_document;
pub use draft::{
    BelongsToDraft, ConstraintDraft, DefaultDraft, FieldDraft, HasManyDraft, HookDraft, IndexDraft, ManifestDraft,
    ModelDraft,
};
pub use host_model::Nullable;
pub use ident::{Ident, IdentError, NamespaceName};
pub use json::{
    JsonError, ListItems, Members, WireOptions, WithoutList, cut_list, is_json, items, members, read_list,
    visit_members, within_depth, write_json, write_json_string, write_list,
};
pub use manifest::{Default, FieldDef, Hook, HookKind, Manifest, ModelDef, Role, View};
pub use page::Page;
pub use problem::{Describe, Problem};
pub use relation::{BelongsTo, DeleteRule, HasMany, IndexCondition, IndexDef, IndexField};
pub use suggest::closest;
pub use timestamp::{format_timestamp, parse_timestamp};
pub use value::{FieldType, ItemType, Row, Value, ValueError};
pub use vector::{VECTOR_DIMENSIONS_MAX, read_vector, write_vector};
pub use violation::{Severity, Violation};
