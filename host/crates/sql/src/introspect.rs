//! What a place on a data source already holds.
//!
//! Asked at activation and by inspection, never on the request path.

use std::sync::Arc;

use model::{FieldType, Ident, Value};

use crate::statement::Builder;
use crate::{Bind, Dialect, Place, PlanError, Schema, SqlText, Statement};

/// The names of everything that looks like a table in the place, one text column, prefixes included.
pub fn tables_in(place: &Place, dialect: Dialect) -> Statement {
    let text = match dialect {
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        }
        Dialect::Postgres => {
            "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = coalesce($1::text, current_schema()) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1"
        }
        Dialect::Mysql => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = coalesce(?, database()) ORDER BY 1"
        }
    };
    texts_of_place(text, place, dialect, 1)
}

/// A query of a place's catalog, whose columns are texts. On the servers it is bound to the schema's name, or to null for
/// the schema that the session is in.
pub(crate) fn texts_of_place(text: &'static str, place: &Place, dialect: Dialect, columns: usize) -> Statement {
    let schema = match place {
        Place::Schema(namespace) => Value::Text(namespace.to_string()),
        Place::Own | Place::Prefix(_) => Value::Null,
    };
    let binds = match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres | Dialect::Mysql => vec![Bind::One(FieldType::Text, schema)],
    };
    Statement { text: SqlText::fixed(text), binds, repeats: None, columns: vec![FieldType::Text; columns].into() }
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

/// Answers a row where the table has one.
pub fn any_row(table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("SELECT 1 FROM ").table(place, table).push(" LIMIT 1");
    let columns: Arc<[FieldType]> = Arc::new([FieldType::Int]);
    sql.finish(&columns)
}

/// Answers a row where the column holds a value in any row.
pub fn any_value(table: &Ident, column: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("SELECT 1 FROM ").table(place, table).push(" WHERE ").ident(column).push(" IS NOT NULL LIMIT 1");
    let columns: Arc<[FieldType]> = Arc::new([FieldType::Int]);
    sql.finish(&columns)
}

/// What else a schema of a server may hold beside tables and views: functions, types, events. One text column.
pub fn others_in(place: &Place, dialect: Dialect) -> Option<Statement> {
    let text = match dialect {
        Dialect::Sqlite => return None,
        Dialect::Postgres => {
            "SELECT p.proname::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
             WHERE n.nspname = coalesce($1::text, current_schema()) \
             UNION ALL SELECT t.typname::text FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
             WHERE n.nspname = coalesce($1::text, current_schema()) AND t.typtype IN ('e', 'd', 'r') \
             UNION ALL SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = coalesce($1::text, current_schema()) AND c.relkind IN ('S', 'c') \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))"
        }
        Dialect::Mysql => {
            "SELECT o.name FROM (SELECT routine_schema AS place, routine_name AS name FROM information_schema.routines \
             UNION ALL SELECT event_schema, event_name FROM information_schema.events \
             UNION ALL SELECT trigger_schema, trigger_name FROM information_schema.triggers) o \
             WHERE o.place = coalesce(?, database())"
        }
    };
    Some(texts_of_place(text, place, dialect, 1))
}

/// The texts of one column of a table, at most 100, in order.
pub fn peek_rows(table: &Ident, column: &Ident, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("SELECT ").ident(column).push(" FROM ").table(&Place::Own, table);
    sql.push(" ORDER BY 1 LIMIT 100");
    let columns: Arc<[FieldType]> = Arc::new([FieldType::Text]);
    sql.finish(&columns)
}
