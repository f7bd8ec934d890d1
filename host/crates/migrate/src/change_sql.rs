//! Single changes as statements.
//!
//! All that one statement of a dialect can make is rendered, so that a plan can be read and run by hand; whether it may run
//! is not asked here.

use sql::{
    Dialect, Place, PlanError, Statement, add_column, add_reference, create_index, create_table, create_unique_index,
    drop_column, drop_index, drop_reference, drop_table, rename_column, rename_table, set_nullable,
};

use crate::Change;

impl Change {
    /// Its statements, without the references that come when every table is there ([`Change::references`]); none where no
    /// statement makes it.
    pub(crate) fn statements(&self, place: &Place, dialect: Dialect) -> Result<Option<Vec<Statement>>, PlanError> {
        let one = |statement| Ok(Some(vec![statement]));
        match self {
            Self::CreateTable(table) => {
                let mut statements = vec![create_table(table, place, dialect)?];
                let unique = table.unique.iter();
                statements.extend(unique.map(|index| create_unique_index(index, &table.name, place, dialect)));
                for index in &table.indexes {
                    statements.push(create_index(index, &table.name, place, dialect)?);
                }
                Ok(Some(statements))
            }
            Self::AddColumn { column, .. } if !column.nullable && column.fill.is_none() => Ok(None),
            Self::AddColumn { table, column } => one(add_column(column, table, place, dialect)?),
            Self::AddUnique { table, index, .. } => one(create_unique_index(index, table, place, dialect)),
            Self::AddIndex { table, index, .. } => one(create_index(index, table, place, dialect)?),
            Self::RenameTable { from, to } => one(rename_table(from, to, place, dialect)),
            Self::RenameColumn { table, from, to } => one(rename_column(from, to, table, place, dialect)),
            Self::DropColumn { table, column } => one(drop_column(&column.name, table, place, dialect)),
            Self::DropUnique { table, index } => one(drop_index(&index.name, table, place, dialect)),
            Self::DropIndex { table, index } => one(drop_index(&index.name, table, place, dialect)),
            Self::DropTable { table } => one(drop_table(table, place, dialect)),
            Self::DropReference { table, reference } => {
                Ok(drop_reference(&reference.name, table, place, dialect).map(|statement| vec![statement]))
            }
            Self::ChangeNullable { table, column, nullable } if dialect == Dialect::Postgres => {
                one(set_nullable(column, *nullable, table, place))
            }
            // SQLite can't, and the others do it when every table is there.
            Self::AddReference { .. } if dialect != Dialect::Sqlite => Ok(Some(Vec::new())),
            Self::AddReference { .. }
            | Self::ChangeNullable { .. }
            | Self::ChangeType { .. }
            | Self::ChangeLength { .. }
            | Self::ChangeLabels { .. }
            | Self::ChangeKey { .. }
            | Self::ChangeSequence { .. } => Ok(None),
        }
    }

    /// The statements that refer from one table to another, for when all tables are there.
    pub(crate) fn references(&self, place: &Place, dialect: Dialect) -> Vec<Statement> {
        match self {
            Self::CreateTable(table) => {
                let references = table.references.iter();
                references.filter_map(|reference| add_reference(reference, &table.name, place, dialect)).collect()
            }
            Self::AddReference { table, reference } => {
                add_reference(reference, table, place, dialect).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}
