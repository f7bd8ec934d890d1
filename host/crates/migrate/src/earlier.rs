//! The name by which a table or column is in the schema before: the one judgement of what is renamed.

use model::Ident;
use sql::{Column, Schema, Table};

/// Its own, or the earlier one where it says so, that one is there and nothing else wants it.
pub fn earlier_name<'a>(
    name: &'a Ident,
    was: Option<&'a Ident>,
    is_there: impl Fn(&Ident) -> bool,
    is_wanted: impl Fn(&Ident) -> bool,
) -> &'a Ident {
    was.filter(|was| !is_there(name) && is_there(was) && !is_wanted(was)).unwrap_or(name)
}

/// Of a table of `to` in `from`.
pub(crate) fn earlier_table<'a>(table: &'a Table, from: &Schema, to: &Schema) -> &'a Ident {
    let has = |schema: &Schema, name: &Ident| schema.tables.iter().any(|table| table.name == *name);
    earlier_name(&table.name, table.was.as_ref(), |name| has(from, name), |name| has(to, name))
}

/// Of a column of `to` in `from`.
pub(crate) fn earlier_column<'a>(column: &'a Column, from: &Table, to: &Table) -> &'a Ident {
    let has = |table: &Table, name: &Ident| table.columns.iter().any(|column| column.name == *name);
    earlier_name(&column.name, column.was.as_ref(), |name| has(from, name), |name| has(to, name))
}
