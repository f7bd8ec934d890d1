//! Looking into a SQLite file past the host: a connection of its own, no namespace, no plugin.
//!
//! For people who want to see which rows a namespace's file really holds. Reads only.

use std::path::Path;

use model::{Ident, NamespaceName, Value};
use sql::{Place, peek_rows, tables_in};
use store::{DataSource, DataSourceSettings, DataSourceUrl, Job};

use crate::EngineError;

/// A table and the rows it holds, each as the text of one of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeekedTable {
    /// The table.
    pub table: String,
    /// The column's texts.
    pub rows: Vec<String>,
}

/// The rows of the tables that have the column. Tables of the host are left out.
pub async fn peek(file: &Path, columns: &[&str]) -> Result<Vec<PeekedTable>, EngineError> {
    let source = DataSource::new(DataSourceSettings::new("peek", DataSourceUrl::sqlite_file(file)));
    let store = source.store(NamespaceName::new("peek").map_err(EngineError::NamespaceName)?, Place::Own);
    let answers = store.run(Job::one(tables_in(&Place::Own, store.dialect()))).await?;
    let mut tables = Vec::new();
    for row in answers.iter().flat_map(|answer| &answer.rows) {
        let Value::Text(name) = &row[0] else { continue };
        let Ok(table) = Ident::new(name) else {
            continue;
        };
        for column in columns.iter().filter_map(|column| Ident::new(column).ok()) {
            let Ok(answers) = store.run(Job::one(peek_rows(&table, &column, store.dialect()))).await else {
                continue;
            };
            let text = |row: &model::Row| match &row[0] {
                Value::Text(text) => text.clone(),
                _ => String::new(),
            };
            let rows = answers.iter().flat_map(|answer| &answer.rows).map(text).collect();
            tables.push(PeekedTable { table: name.clone(), rows });
        }
    }
    source.close().await;
    Ok(tables)
}

/// Connects to a data source once; what answers there.
pub async fn probe(settings: DataSourceSettings) -> Result<String, EngineError> {
    let source = DataSource::new(settings);
    let info = source.probe().await;
    source.close().await;
    let info = info?;
    Ok(format!("{} {}", info.dialect.name(), info.version))
}
