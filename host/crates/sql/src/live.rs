//! Tables as they are in the database, beside the tables that are wanted.
//!
//! Read where a schema is verified or a table is adopted, never on the request path. Only what a wanted table has is
//! compared: what else is in a place is nobody's business here, but for a column that no write would fill.

use model::{FieldType, Ident, Row, Value};

use crate::dialect::INTEGER_DIGITS;
use crate::introspect::texts_of_place;
use crate::{Column, Dialect, Place, Statement, Table};

/// A table of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveTable {
    /// Its name, prefix included.
    pub name: String,
    columns: Vec<LiveColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct LiveColumn {
    name: String,
    /// As the database writes it, with the collation of a text.
    type_text: String,
    nullable: bool,
    has_default: bool,
    /// Its place in the key, from 1.
    key_place: Option<usize>,
}

/// What a live table has of a wanted one.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The wanted table without what is missing.
    pub table: Table,
    /// What is there and otherwise than wanted, which no change of ours mends.
    pub differences: Vec<String>,
}

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name, c.type, iif(c.\"notnull\", 'no', 'yes'), \
    iif(c.dflt_value IS NULL, 'no', 'yes'), CAST(c.pk AS TEXT) \
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid";

const POSTGRES_COLUMNS: &str = "SELECT t.relname::text, a.attname::text, \
    pg_catalog.format_type(a.atttypid, a.atttypmod) || coalesce(' collate ' || \
    (SELECT o.collname::text FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation), ''), \
    CASE WHEN a.attnotnull THEN 'no' ELSE 'yes' END, \
    CASE WHEN a.atthasdef OR a.attidentity <> '' THEN 'yes' ELSE 'no' END, \
    coalesce((SELECT k.place FROM pg_catalog.pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) \
    WHERE i.indrelid = t.oid AND i.indisprimary AND k.attnum = a.attnum), 0)::text \
    FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE n.nspname = coalesce($1::text, current_schema()) AND t.relkind IN ('r', 'p') ORDER BY t.relname, a.attnum";

const MYSQL_COLUMNS: &str = "SELECT c.table_name, c.column_name, \
    concat(c.column_type, coalesce(concat(' collate ', c.collation_name), '')), lower(c.is_nullable), \
    CASE WHEN c.column_default IS NULL AND c.extra NOT LIKE '%auto_increment%' THEN 'no' ELSE 'yes' END, \
    concat(coalesce(k.ordinal_position, 0), '') \
    FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k \
    ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name \
    AND k.constraint_name = 'PRIMARY' \
    WHERE c.table_schema = coalesce(?, database()) ORDER BY c.table_name, c.ordinal_position";

const SQLITE_NAMES: &str = "SELECT name FROM sqlite_schema WHERE type = 'index' \
    UNION ALL SELECT sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL";

const POSTGRES_NAMES: &str = "SELECT t.relname::text FROM pg_catalog.pg_class t \
    JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
    WHERE t.relkind IN ('i', 'I') AND n.nspname = coalesce($1::text, current_schema()) \
    UNION ALL SELECT f.conname::text FROM pg_catalog.pg_constraint f \
    JOIN pg_catalog.pg_namespace n ON n.oid = f.connamespace \
    WHERE f.contype = 'f' AND n.nspname = coalesce($1::text, current_schema())";

const MYSQL_NAMES: &str = "SELECT i.name FROM (SELECT table_schema, index_name AS name FROM information_schema.statistics \
    UNION ALL SELECT table_schema, constraint_name FROM information_schema.table_constraints) i \
    WHERE i.table_schema = coalesce(?, database())";

/// Every column of every table in the place: table, column, type, nullable, has a default, place in the key; all texts.
pub fn columns_in(place: &Place, dialect: Dialect) -> Statement {
    let text = match dialect {
        Dialect::Sqlite => SQLITE_COLUMNS,
        Dialect::Postgres => POSTGRES_COLUMNS,
        Dialect::Mysql => MYSQL_COLUMNS,
    };
    texts_of_place(text, place, dialect, 6)
}

/// The names of the indexes and foreign keys in the place, one text column. SQLite has the names of foreign keys in the
/// texts of tables only: there these come too.
pub fn names_in(place: &Place, dialect: Dialect) -> Statement {
    let text = match dialect {
        Dialect::Sqlite => SQLITE_NAMES,
        Dialect::Postgres => POSTGRES_NAMES,
        Dialect::Mysql => MYSQL_NAMES,
    };
    texts_of_place(text, place, dialect, 1)
}

impl LiveTable {
    /// The one among them that a place has under a name.
    pub fn named<'a>(name: &Ident, place: &Place, live: &'a [Self]) -> Option<&'a Self> {
        let (_, name) = place.table(name.as_str());
        live.iter().find(|live| live.name == name)
    }

    /// What [`columns_in`] answered. Where a database does not tell names apart by their case, they are in lower case.
    pub fn read(rows: &[Row], dialect: Dialect) -> Vec<Self> {
        let folded = |name: &String, folds: bool| if folds { name.to_ascii_lowercase() } else { name.clone() };
        let mut tables: Vec<Self> = Vec::new();
        for row in rows {
            let [
                Value::Text(table),
                Value::Text(name),
                Value::Text(type_text),
                Value::Text(nullable),
                Value::Text(default),
                Value::Text(key_place),
            ] = row.as_slice()
            else {
                continue;
            };
            let table = folded(table, dialect == Dialect::Sqlite);
            if tables.last().is_none_or(|last| last.name != table) {
                tables.push(Self { name: table, columns: Vec::new() });
            }
            let column = LiveColumn {
                name: folded(name, dialect != Dialect::Postgres),
                type_text: type_text.clone(),
                nullable: nullable == "yes",
                has_default: default == "yes",
                key_place: key_place.parse().ok().filter(|place| *place > 0),
            };
            tables.last_mut().expect("one was pushed").columns.push(column);
        }
        tables
    }
}

impl LiveTable {
    /// Whether it has a column of that name.
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }
}

impl Table {
    /// What a live table has of this one; `names` is what [`names_in`] answered.
    pub fn found_in(&self, live: &LiveTable, names: &[String], dialect: Dialect) -> Found {
        let mut found = Found { table: self.clone(), differences: Vec::new() };
        let of = |name: &str| live.columns.iter().find(|column| column.name == name);
        found.table.columns.retain_mut(|column| match (of(column.name.as_str()), column.was.take()) {
            (Some(_), _) => true,
            // It is there by its earlier name.
            (None, Some(was)) if of(was.as_str()).is_some() => {
                column.name = was;
                true
            }
            (None, _) => false,
        });
        for column in &mut found.table.columns {
            let Some(there) = of(column.name.as_str()) else { continue };
            column.nullable = there.nullable;
            if !fits(column, &there.type_text, dialect) {
                let (table, name, wanted) = (&self.name, &column.name, column.field_type);
                let text = format!("column {table}.{name} is {}, which does not hold {wanted}", there.type_text);
                found.differences.push(text);
            }
        }
        let mut key: Vec<&LiveColumn> = live.columns.iter().filter(|column| column.key_place.is_some()).collect();
        key.sort_by_key(|column| column.key_place);
        if !key.iter().map(|column| &*column.name).eq(self.key.iter().map(model::Ident::as_str)) {
            let key: Vec<&str> = key.iter().map(|column| &*column.name).collect();
            found.differences.push(format!("the key of {} is ({})", self.name, key.join(", ")));
        }
        let is_strange =
            |column: &&LiveColumn| !found.table.columns.iter().any(|known| known.name.as_str() == column.name);
        let unfilled = live.columns.iter().filter(is_strange).filter(|column| !column.nullable && !column.has_default);
        let unfilled = unfilled.map(|column| {
            format!("column {}.{} is not nullable, has no default, and no field fills it", self.name, column.name)
        });
        let unfilled: Vec<String> = unfilled.collect();
        found.differences.extend(unfilled);
        let is_there = |name: &str| names.iter().any(|text| text == name || text.contains(&format!("\"{name}\"")));
        found.table.unique.retain(|index| is_there(index.name.as_str()));
        found.table.indexes.retain(|index| is_there(index.name.as_str()));
        found.table.references.retain(|reference| is_there(reference.name.as_str()));
        found
    }
}

/// Whether a column that the database calls so holds what a column of ours must.
fn fits(column: &Column, live: &str, dialect: Dialect) -> bool {
    let live = live.to_ascii_lowercase();
    match dialect {
        Dialect::Sqlite => live == sqlite_type(column.field_type),
        Dialect::Postgres => live == postgres_type(column.field_type),
        Dialect::Mysql => mysql_fits(column, &live),
    }
}

fn sqlite_type(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text | FieldType::Enum | FieldType::Json | FieldType::List(_) => "text",
        FieldType::Int | FieldType::Timestamp | FieldType::Date | FieldType::Time | FieldType::Boolean => "integer",
        FieldType::Decimal(digits) if digits.precision <= INTEGER_DIGITS => "integer",
        FieldType::Float => "any",
        FieldType::Decimal(_) | FieldType::Uuid | FieldType::Vector(_) | FieldType::Bytes => "blob",
    }
}

fn postgres_type(field_type: FieldType) -> String {
    let plain = match field_type {
        FieldType::Decimal(digits) => return format!("numeric({},{})", digits.precision, digits.scale),
        FieldType::Vector(dimensions) => return format!("vector({dimensions})"),
        FieldType::Text | FieldType::Enum => "text collate c",
        FieldType::Int => "bigint",
        FieldType::Float => "double precision",
        FieldType::Boolean => "boolean",
        FieldType::Timestamp => "timestamp with time zone",
        FieldType::Date => "date",
        FieldType::Time => "time without time zone",
        FieldType::Uuid => "uuid",
        FieldType::Bytes => "bytea",
        FieldType::Json | FieldType::List(_) => "jsonb",
    };
    plain.to_owned()
}

/// MySQL shows the width of integers up to 8.0.18, MariaDB still; MariaDB keeps JSON as longtext.
fn mysql_fits(column: &Column, live: &str) -> bool {
    let (live_type, collation) = live.split_once(" collate ").unwrap_or((live, ""));
    // Any other collation pads, folds or sorts otherwise.
    let is_text = || collation.ends_with("_nopad_bin") || collation.ends_with("_0900_bin");
    match column.field_type {
        FieldType::Text | FieldType::Enum => match column.length_max {
            Some(length) if live_type.starts_with("varchar") => is_text() && live_type == format!("varchar({length})"),
            None if column.field_type == FieldType::Enum => is_text() && live_type.starts_with("varchar("),
            _ => is_text() && live_type == "longtext",
        },
        FieldType::Bytes => live_type == "longblob" || live_type.starts_with("varbinary("),
        FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => matches!(live_type, "json" | "longtext"),
        FieldType::Decimal(digits) => live_type == format!("decimal({},{})", digits.precision, digits.scale),
        FieldType::Int => live_type.starts_with("bigint") && !live_type.contains("unsigned"),
        FieldType::Float => live_type == "double",
        FieldType::Boolean => live_type == "tinyint(1)",
        FieldType::Timestamp => live_type == "datetime(6)",
        FieldType::Date => live_type == "date",
        FieldType::Time => live_type == "time(6)",
        FieldType::Uuid => live_type == "binary(16)",
    }
}
