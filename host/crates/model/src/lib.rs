//! The nouns of modelhost: identifiers, values, model definitions, violations, problems.
//!
//! No async, no I/O, no driver and no SQL: whatever is decided about a model or a value without looking at a database is
//! decided here. A name that became an [`Ident`] and a manifest that became a [`Manifest`] are never judged again.

mod ident;
mod reserved;
mod suggest;

mod document;
mod json;
mod timestamp;
mod value;

mod bounds;
mod check;
mod constraint;
mod definition_problem;
mod draft;
mod host_model;
mod manifest;
mod violation;

mod code;
mod page;
mod problem;

pub use bounds::{FIELDS_MAX, MODELS_MAX};
pub use code::{Blame, Code};
pub use constraint::{Constraint, Pattern, Wholeness};
pub use definition_problem::{DefinitionProblem, Problems};
pub use draft::{ConstraintDraft, DefaultDraft, FieldDraft, HookDraft, ManifestDraft, ModelDraft};
pub use host_model::Nullable;
pub use ident::{Ident, IdentError, NamespaceName};
pub use json::{JsonError, WireOptions, members, within_depth, write_json, write_json_string};
pub use manifest::{Default, FieldDef, Hook, HookKind, Manifest, ModelDef, Role, View};
pub use page::Page;
pub use problem::{Describe, Problem};
pub use suggest::closest;
pub use timestamp::{format_timestamp, parse_timestamp};
pub use value::{FieldType, Row, Value, ValueError};
pub use violation::{Severity, Violation};
