//! Operations as plans and plans as SQL text, for three dialects.
//!
//! The only place where SQL text comes into being: [`SqlText`] is made here and nowhere else, from fixed text and checked
//! identifiers; values are always bound. Nothing here runs a statement, knows a driver or waits.
//!
//! In reading order: an [`Operation`] is parsed, becomes a [`Plan`], is rendered as a [`Statement`].

mod data;
mod error;
mod example;
mod filter;
mod filter_parse;
mod operation;
mod options;

mod plan;
mod render;
mod texts;

mod dialect;
mod statement;

mod ddl;
mod introspect;
mod schema;

pub use data::Moment;
pub use ddl::{add_column, create_index, create_place, create_table, drop_place, drop_table};
pub use dialect::Dialect;
pub use error::PlanError;
pub use example::example_call;
pub use filter::{Comparison, Filter};
pub use filter_parse::{FILTER_DEPTH_MAX, FILTER_NODES_MAX, IN_LIST_MAX, IN_VALUES_MAX};
pub use introspect::{peek_rows, tables_in};
pub use operation::{Operation, OperationKind, Options};
pub use options::{LIMIT_DEFAULT, LIMIT_MAX, Missing, Order};
pub use plan::{Plan, plan};
pub use render::render;
pub use schema::{Column, Schema, Table, UniqueIndex};
pub use statement::{Bind, DerivedName, Place, SqlText, Statement};
pub use texts::Texts;
