//! The difference of two schemas.
//!
//! A function of its inputs: `diff(a, a)` is empty. A renamed thing is a dropped and an added one here, and since neither
//! runs without consent nothing is lost by it.

use sql::{Column, Schema, Table};

use crate::{Change, MigrationPlan};

/// What has to change so that `from` becomes `to`. Additions come first.
pub fn diff(from: &Schema, to: &Schema) -> MigrationPlan {
    let mut changes = Vec::new();
    for table in &to.tables {
        match from.tables.iter().find(|other| other.name == table.name) {
            None => changes.push(Change::CreateTable(table.clone())),
            Some(other) => diff_table(other, table, &mut changes),
        }
    }
    let gone = from.tables.iter().filter(|table| !to.tables.iter().any(|other| other.name == table.name));
    changes.extend(gone.map(|table| Change::DropTable { table: table.name.clone() }));
    changes.sort_by_key(|change| match change {
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
    for column in &to.columns {
        match from.columns.iter().find(|other| other.name == column.name) {
            None => changes.push(Change::AddColumn { table: to.name.clone(), column: column.clone() }),
            Some(other) => diff_column(to, other, column, changes),
        }
    }
    let is_gone = |column: &&Column| !to.columns.iter().any(|other| other.name == column.name);
    changes.extend(
        from.columns
            .iter()
            .filter(is_gone)
            .map(|column| Change::DropColumn { table: to.name.clone(), column: column.name.clone() }),
    );
    if from.key != to.key {
        changes.push(Change::ChangeKey { table: to.name.clone(), from: from.key.clone(), to: to.key.clone() });
    }
    let added = to.unique.iter().filter(|index| !from.unique.contains(index));
    changes.extend(added.map(|index| Change::AddUnique { table: to.name.clone(), index: index.clone() }));
    let removed = from.unique.iter().filter(|index| !to.unique.contains(index));
    changes.extend(removed.map(|index| Change::DropUnique { table: to.name.clone(), columns: index.columns.clone() }));
    let table = || to.name.clone();
    let added = to.indexes.iter().filter(|index| !from.indexes.contains(index));
    changes.extend(added.map(|index| Change::AddIndex { table: table(), index: index.clone() }));
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
