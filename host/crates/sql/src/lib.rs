//! Operations as plans and plans as SQL text, for three dialects.
//!
//! The only place where SQL text comes into being: [`SqlText`] is made here and nowhere else, from fixed text and checked
//! identifiers; values are always bound. Nothing here runs a statement, knows a driver or waits.
//!
//! In reading order: an [`Operation`] is parsed, becomes a [`Plan`], is rendered as a [`Statement`].

mod bulk;
mod cursor;
mod data;
mod error;
mod example;
mod filter;
mod operation;
mod options;

mod plan;
mod render;
mod render_bulk;
mod texts;

mod capability;
mod dialect;
mod statement;

mod ddl;
mod introspect;
mod literal;
mod live;
mod schema;

pub use bulk::{
    BATCH_SIZE_MAX, BULK_BYTES_MAX, BULK_ERRORS_MAX, BULK_ROWS_MAX, BatchText, BulkCreate, BulkOptions, OnConflict,
    Returning, Scope,
};
pub use capability::{Feature, Support};
pub use cursor::cursor_after;
pub use data::Moment;
pub use ddl::{
    add_column, add_reference, create_index, create_place, create_table, create_unique_index, defer_references,
    drop_column, drop_index, drop_place, drop_reference, drop_table, rename_column, rename_table, set_nullable,
};
pub use dialect::Dialect;
pub use error::{PlanError, RowCause};
pub use example::example_call;
pub use filter::{
    Comparison, Condition, FILTER_DEPTH_MAX, FILTER_NODES_MAX, FieldName, Filter, IN_LIST_MAX, IN_VALUES_MAX, JsonPath,
    JsonTest, LIKE_BYTES_MAX, LikePattern, Literal, PATH_STEPS_MAX, Pattern, REGEX_BYTES_MAX, REGEX_SIZE_MAX,
    REGEX_STEPS_MAX, REGEXES_MAX, Regex, compile_regex, field,
};
pub use introspect::{Requirement, any_row, any_value, others_in, peek_rows, requirement, tables_in};
pub use live::{Found, LiveTable, columns_in, names_in};
pub use operation::{Operation, OperationKind, Options};
pub use options::{LIMIT_DEFAULT, LIMIT_MAX, Missing, Order, Total};
pub use plan::{Plan, plan};
pub use render::{render, with_order};
pub use render_bulk::ignores_conflicts;
pub use schema::{Column, Index, IndexedColumns, Reference, Referenced, Schema, Table, TableParts, UniqueIndex};
pub use statement::{Bind, DerivedName, Place, Repeats, SqlText, Statement};
pub use texts::Texts;
