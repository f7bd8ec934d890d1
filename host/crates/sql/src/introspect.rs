//! What a place on a data source already holds.
//!
//! Asked at activation and by inspection, never on the request path.

use std::sync::Arc;

use model::{FieldType, Ident, Value};

use crate::statement::Builder;
use crate::{Bind, Dialect, Place, PlanError, Schema, SqlText, Statement};

/// The names of everything that looks like a table in the place, one text column, prefixes included.
pub fn tables_in(place: &Place, dialect: Dialect) -> Statement {
    let text = match (dialect, place) {
        (Dialect::Sqlite, _) => {
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        }
        (Dialect::Postgres, Place::Schema(_)) => {
            "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1"
        }
        (Dialect::Postgres, _) => {
            "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1"
        }
        (Dialect::Mysql, Place::Schema(_)) => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1"
        }
        (Dialect::Mysql, _) => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY 1"
        }
    };
    let binds = match (dialect, place) {
        (Dialect::Postgres | Dialect::Mysql, Place::Schema(namespace)) => {
            vec![Bind::One(FieldType::Text, Value::Text(namespace.to_string()))]
        }
        _ => Vec::new(),
    };
    Statement { text: SqlText::fixed(text), binds, repeats: None, columns: Arc::new([FieldType::Text]) }
}

/// What a server must have before a schema can be made on it.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Answers a row where the server has it.
    pub statement: Statement,
    /// What to say where it does not.
    pub otherwise: PlanError,
}

/// What the schema needs beside tables: the extension that keeps vectors on PostgreSQL, which only an administrator makes.
pub fn requirement(schema: &Schema, dialect: Dialect) -> Option<Requirement> {
    if dialect != Dialect::Postgres {
        return None;
    }
    let columns = schema.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let (table, column) = { columns }.find(|(_, column)| matches!(column.field_type, FieldType::Vector(_)))?;
    let text = SqlText::fixed("SELECT extname::text FROM pg_catalog.pg_extension WHERE extname = 'vector'");
    Some(Requirement {
        statement: Statement { text, binds: Vec::new(), repeats: None, columns: Arc::new([FieldType::Text]) },
        otherwise: PlanError::Unsupported {
            what: format!("{} as column `{}` of table `{}`", column.field_type, column.name, table.name),
            on: "a PostgreSQL database without the extension `vector`".to_owned(),
            instead: "have an administrator run `CREATE EXTENSION vector` in this database (pgvector has to be \
                      installed on the server)"
                .to_owned(),
        },
    })
}

/// The texts of one column of a table, at most 100, in order.
pub fn peek_rows(table: &Ident, column: &Ident, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("SELECT ").ident(column).push(" FROM ").table(&Place::Own, table);
    sql.push(" ORDER BY 1 LIMIT 100");
    let columns: Arc<[FieldType]> = Arc::new([FieldType::Text]);
    sql.finish(&columns)
}
