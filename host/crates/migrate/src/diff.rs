//! The difference of two schemas.
//!
//! A function of its inputs: `diff(a, a)` is empty. What was renamed says so (`was`); without that it is a dropped and an
//! added thing, and since nothing is dropped without consent nothing is lost by it.

use sql::{Column, Schema, Table};

use crate::earlier::{earlier_column, earlier_table};
use crate::{Change, MigrationPlan};

/// What has to change so that `from` becomes `to`. Additions come first.
pub fn diff(from: &Schema, to: &Schema) -> MigrationPlan {
    let mut changes = Vec::new();
    let mut used = Vec::new();
    for table in &to.tables {
        let earlier = earlier_table(table, from, to);
        match from.tables.iter().find(|other| other.name == *earlier) {
            None => changes.push(Change::CreateTable(table.clone())),
            Some(other) => {
                if earlier != &table.name {
                    changes.push(Change::RenameTable { from: earlier.clone(), to: table.name.clone() });
                }
                used.push(earlier);
                diff_table(other, table, &mut changes);
            }
        }
    }
    let gone = from.tables.iter().filter(|table| !used.contains(&&table.name));
    changes.extend(gone.map(|table| Change::DropTable { table: table.name.clone() }));
    changes.sort_by_key(|change| match change {
        Change::RenameTable { .. } | Change::RenameColumn { .. } => 0,
        Change::CreateTable(_) => 0,
        Change::AddColumn { .. } => 1,
        Change::AddUnique { .. } | Change::AddIndex { .. } => 2,
        Change::ChangeType { .. }
        | Change::ChangeNullable { .. }
        | Change::ChangeLength { .. }
        | Change::ChangeLabels { .. }
        | Change::ChangeKey { .. }
        | Change::ChangeSequence { .. } => 3,
        Change::AddReference { .. } => 4,
        Change::DropReference { .. } => 5,
        Change::DropUnique { .. } | Change::DropIndex { .. } | Change::DropColumn { .. } | Change::DropTable { .. } => {
            6
        }
    });
    MigrationPlan { changes }
}

fn diff_table(from: &Table, to: &Table, changes: &mut Vec<Change>) {
    let table = || to.name.clone();
    let mut used = Vec::new();
    for column in &to.columns {
        let earlier = earlier_column(column, from, to);
        match from.columns.iter().find(|other| other.name == *earlier) {
            None => changes.push(Change::AddColumn { table: table(), column: column.clone() }),
            Some(other) => {
                if earlier != &column.name {
                    let (from, to) = (earlier.clone(), column.name.clone());
                    changes.push(Change::RenameColumn { table: table(), from, to });
                }
                used.push(earlier);
                diff_column(to, other, column, changes);
            }
        }
    }
    let gone = from.columns.iter().filter(|column| !used.contains(&&column.name));
    changes.extend(gone.map(|column| Change::DropColumn { table: table(), column: column.clone() }));
    if from.key != to.key {
        changes.push(Change::ChangeKey { table: to.name.clone(), from: from.key.clone(), to: to.key.clone() });
    }
    let added = to.unique.iter().filter(|index| !from.unique.contains(index));
    changes.extend(added.map(|index| Change::AddUnique { table: table(), index: index.clone(), is_empty: false }));
    let removed = from.unique.iter().filter(|index| !to.unique.contains(index));
    changes.extend(removed.map(|index| Change::DropUnique { table: table(), index: index.clone() }));
    let added = to.indexes.iter().filter(|index| !from.indexes.contains(index));
    changes.extend(added.map(|index| Change::AddIndex { table: table(), index: index.clone(), is_empty: false }));
    let removed = from.indexes.iter().filter(|index| !to.indexes.contains(index));
    changes.extend(removed.map(|index| Change::DropIndex { table: table(), index: index.clone() }));
    let added = to.references.iter().filter(|reference| !from.references.contains(reference));
    changes.extend(added.map(|reference| Change::AddReference { table: table(), reference: reference.clone() }));
    let removed = from.references.iter().filter(|reference| !to.references.contains(reference));
    changes.extend(removed.map(|reference| Change::DropReference { table: table(), reference: reference.clone() }));
}

fn diff_column(table: &Table, from: &Column, to: &Column, changes: &mut Vec<Change>) {
    if from.field_type != to.field_type {
        changes.push(Change::ChangeType {
            table: table.name.clone(),
            column: to.name.clone(),
            from: from.field_type,
            to: to.field_type,
        });
    }
    if from.nullable != to.nullable {
        changes.push(Change::ChangeNullable {
            table: table.name.clone(),
            column: to.name.clone(),
            nullable: to.nullable,
        });
    }
    let same_type = from.field_type == to.field_type;
    if same_type && from.labels != to.labels {
        let removed = from.labels.iter().filter(|label| !to.labels.contains(label)).cloned().collect();
        changes.push(Change::ChangeLabels { table: table.name.clone(), column: to.name.clone(), removed });
    }
    if same_type && from.length_max != to.length_max {
        let (table, column) = (table.name.clone(), to.name.clone());
        changes.push(Change::ChangeLength { table, column, length_max: to.length_max });
    }
    if same_type && from.is_sequence != to.is_sequence {
        changes.push(Change::ChangeSequence {
            table: table.name.clone(),
            column: to.name.clone(),
            is_sequence: to.is_sequence,
        });
    }
}
