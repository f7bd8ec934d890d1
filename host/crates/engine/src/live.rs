//! Tables as they are in the database, where the ledger's word is not enough: to verify a schema, to adopt a table, to know
//! that a table has no rows.

use model::{Ident, Row, Value};
use sql::{LiveTable, Schema, Statement, Table, any_row, columns_in, names_in};
use store::{Job, Store};

use crate::EngineError;

/// What the database has of the wanted tables that are named. What is otherwise than wanted, and no change mends, is added
/// to `differences`.
pub(crate) async fn read(
    store: &Store,
    wanted: &Schema,
    named: Vec<&str>,
    differences: &mut Vec<String>,
) -> Result<Schema, EngineError> {
    let (place, dialect) = (store.place(), store.dialect());
    let (live, names) = everything(store).await?;
    let mut tables = Vec::new();
    for table in wanted.tables.iter().filter(|table| named.contains(&table.name.as_str())) {
        let named = |name: &Ident| live.iter().find(|live| live.name == place.table(name.as_str()).1);
        let earlier = table.was.as_ref().and_then(|was| Some((was, named(was)?)));
        let (name, found) = match (named(&table.name), earlier) {
            (Some(live), _) => (&table.name, table.found_in(live, &names, dialect)),
            (None, Some((was, live))) => (was, table.found_in(live, &names, dialect)),
            (None, None) => continue,
        };
        differences.extend(found.differences);
        tables.push(Table { name: name.clone(), was: None, ..found.table });
    }
    Ok(Schema { tables })
}

/// What the database still has of a schema.
pub(crate) async fn still_there(store: &Store, mut schema: Schema) -> Result<Schema, EngineError> {
    let (live, names) = everything(store).await?;
    schema.tables.retain_mut(|table| {
        let (_, name) = store.place().table(table.name.as_str());
        let Some(live) = live.iter().find(|live| live.name == name) else { return false };
        table.columns.retain(|column| live.has_column(column.name.as_str()));
        table.indexes.retain(|index| names.iter().any(|name| name == index.name.as_str()));
        true
    });
    Ok(schema)
}

/// Every table in the place, and the names of indexes and foreign keys.
pub(crate) async fn everything(store: &Store) -> Result<(Vec<LiveTable>, Vec<String>), EngineError> {
    let (place, dialect) = (store.place(), store.dialect());
    let live = LiveTable::read(&rows(store, columns_in(place, dialect)).await?, dialect);
    let names = rows(store, names_in(place, dialect)).await?.iter().filter_map(text).collect();
    Ok((live, names))
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
