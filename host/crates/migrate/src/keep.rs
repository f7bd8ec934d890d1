//! What a schema may hold that a generation does not use.
//!
//! A column that may be null, an index that refuses nothing and a whole table are in nobody's way: an earlier generation
//! serves beside them. Everything else would refuse or change what it writes.

use sql::{Column, Schema, Table};

use crate::earlier::{earlier_column, earlier_table};

/// The schema that serves `to` and loses nothing of `from` that is not in its way.
pub fn keep(from: &Schema, to: &Schema) -> Schema {
    let kept = |table: &Table| match from.tables.iter().find(|other| other.name == table.name) {
        Some(other) => keep_in(other, table),
        None => table.clone(),
    };
    let mut tables: Vec<Table> = to.tables.iter().map(kept).collect();
    let is_unused = |table: &&Table| !to.tables.iter().any(|other| *earlier_table(other, from, to) == table.name);
    tables.extend(from.tables.iter().filter(is_unused).cloned());
    Schema { tables }
}

fn keep_in(from: &Table, to: &Table) -> Table {
    let mut table = to.clone();
    table.columns.extend(unused_columns(from, to).filter(|column| column.nullable).cloned());
    let unused = from.indexes.iter().filter(|index| !to.indexes.contains(index));
    table.indexes.extend(unused.filter(|index| !index.on.unique).cloned());
    table
}

fn unused_columns<'a>(from: &'a Table, to: &'a Table) -> impl Iterator<Item = &'a Column> {
    let is_used = |column: &Column| to.columns.iter().any(|other| *earlier_column(other, from, to) == column.name);
    from.columns.iter().filter(move |column| !is_used(column))
}

/// What of `from` is not used by `to`: whole tables, and of tables that both have the columns and indexes that `to` lacks. A
/// table that `to` renames stands under its new name.
pub fn unused(from: &Schema, to: &Schema) -> Schema {
    let rest = |table: &Table| {
        let is_same = |other: &&Table| *earlier_table(other, from, to) == table.name;
        let mut rest = table.clone();
        if let Some(other) = to.tables.iter().find(is_same) {
            rest.columns = unused_columns(table, other).cloned().collect();
            rest.indexes.retain(|index| !other.indexes.contains(index));
            rest.name = other.name.clone();
        }
        rest
    };
    Schema { tables: from.tables.iter().map(rest).collect() }
}
