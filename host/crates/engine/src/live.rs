//! Tables as they are in the database, where the ledger's word is not enough: to verify a schema, to adopt a table, to know
//! that a table has no rows.

use migrate::{Made, earlier_name};
use model::{Ident, Row, Value};
use sql::{Dialect, LiveTable, Place, Schema, Statement, Table, any_row, columns_in, names_in};
use store::{Job, Store};

use crate::EngineError;

/// What the database says is in a place.
pub(crate) struct Live {
    place: Place,
    dialect: Dialect,
    tables: Vec<LiveTable>,
    /// Of indexes and foreign keys.
    names: Vec<String>,
}

impl Live {
    pub(crate) async fn read(store: &Store) -> Result<Self, EngineError> {
        let (place, dialect) = (store.place().clone(), store.dialect());
        let tables = LiveTable::read(&rows(store, columns_in(&place, dialect)).await?, dialect);
        let names = rows(store, names_in(&place, dialect)).await?.iter().filter_map(text).collect();
        Ok(Self { place, dialect, tables, names })
    }

    /// What there is of the wanted tables that are named. What is otherwise than wanted, and no change mends, is added to
    /// `differences`.
    pub(crate) fn fitting(&self, wanted: &Schema, named: &[&str], differences: &mut Vec<String>) -> Schema {
        let is_there = |name: &Ident| self.table(name).is_some();
        let is_wanted = |name: &Ident| wanted.tables.iter().any(|table| table.name == *name);
        let mut tables = Vec::new();
        for table in wanted.tables.iter().filter(|table| named.contains(&table.name.as_str())) {
            let name = earlier_name(&table.name, table.was.as_ref(), is_there, is_wanted);
            let Some(live) = self.table(name) else { continue };
            let found = table.found_in(live, &self.names, self.dialect);
            differences.extend(found.differences);
            tables.push(Table { name: name.clone(), was: None, ..found.table });
        }
        Schema { tables }
    }

    /// What there still is of a schema.
    pub(crate) fn rest_of(&self, mut schema: Schema) -> Schema {
        schema.tables.retain_mut(|table| {
            let Some(live) = self.table(&table.name) else { return false };
            table.columns.retain(|column| live.has_column(column.name.as_str()));
            table.indexes.retain(|index| self.names.iter().any(|name| name == index.name.as_str()));
            true
        });
        schema
    }

    pub(crate) fn has(&self, made: &Made) -> bool {
        made.is_there(&self.tables, &self.names, &self.place)
    }

    fn table(&self, name: &Ident) -> Option<&LiveTable> {
        LiveTable::named(name, &self.place, &self.tables)
    }
}

/// Whether a query of the kind that looks for one row finds one.
pub(crate) async fn finds(store: &Store, statement: Statement) -> Result<bool, EngineError> {
    Ok(!rows(store, statement).await?.is_empty())
}

/// Those of the tables that have no rows.
pub(crate) async fn without_rows(store: &Store, tables: Vec<&Ident>) -> Result<Vec<Ident>, EngineError> {
    let mut empty = Vec::new();
    for table in tables {
        if !finds(store, any_row(table, store.place(), store.dialect())).await? {
            empty.push(table.clone());
        }
    }
    Ok(empty)
}

async fn rows(store: &Store, statement: Statement) -> Result<Vec<Row>, EngineError> {
    let answers = store.run(Job::one(statement)).await?;
    Ok(answers.into_iter().flat_map(|answer| answer.rows).collect())
}

fn text(row: &Row) -> Option<String> {
    match row.first() {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
