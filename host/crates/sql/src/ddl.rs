//! Tables and indexes as SQL text.
//!
//! Used by migrations only; the request path never comes here.

use model::Ident;

use crate::dialect::ColumnType;
use crate::statement::{Builder, Place, Statement};
use crate::{Column, Dialect, PlanError, Table, UniqueIndex};

/// `CREATE TABLE` with its key.
pub fn create_table(table: &Table, place: &Place, dialect: Dialect) -> Result<Statement, PlanError> {
    let mut sql = Builder::new(dialect);
    sql.push("CREATE TABLE ").table(place, &table.name).push(" (\n");
    for column in &table.columns {
        sql.push("  ").ident(&column.name).push(" ");
        write_type(&mut sql, column)?;
        sql.push(",\n");
    }
    sql.push("  CONSTRAINT ").derived_name(&table.key_name);
    sql.push(" PRIMARY KEY (").ident(&table.key).push(")\n)");
    match dialect {
        Dialect::Sqlite => sql.push(" STRICT"),
        Dialect::Mysql => sql.push(" ENGINE = InnoDB"),
        Dialect::Postgres => sql.push(""),
    };
    Ok(sql.finish_without_rows())
}

/// `CREATE UNIQUE INDEX`.
pub fn create_index(index: &UniqueIndex, table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("CREATE UNIQUE INDEX ").derived_name(&index.name).push(" ON ").table(place, table).push(" (");
    sql.list(", ", &index.columns, |sql, column| {
        sql.ident(column);
    });
    sql.push(")");
    sql.finish_without_rows()
}

/// `ALTER TABLE ... ADD COLUMN`. Only a nullable column can be added without a value for the rows that are there.
pub fn add_column(column: &Column, table: &Ident, place: &Place, dialect: Dialect) -> Result<Statement, PlanError> {
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, table).push(" ADD COLUMN ").ident(&column.name).push(" ");
    write_type(&mut sql, column)?;
    Ok(sql.finish_without_rows())
}

/// `DROP TABLE`. Only destroying a namespace does that.
pub fn drop_table(table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("DROP TABLE ").table(place, table);
    sql.finish_without_rows()
}

/// What makes the place itself, where it is more than a name.
pub fn create_place(place: &Place, dialect: Dialect) -> Option<Statement> {
    let Place::Schema(namespace) = place else {
        return None;
    };
    let mut sql = Builder::new(dialect);
    sql.push("CREATE SCHEMA IF NOT EXISTS ").namespace(namespace);
    Some(sql.finish_without_rows())
}

/// What removes an empty place.
pub fn drop_place(place: &Place, dialect: Dialect) -> Option<Statement> {
    let Place::Schema(namespace) = place else {
        return None;
    };
    let mut sql = Builder::new(dialect);
    sql.push("DROP SCHEMA ").namespace(namespace);
    Some(sql.finish_without_rows())
}

fn write_type(sql: &mut Builder, column: &Column) -> Result<(), PlanError> {
    let unsupported = || PlanError::Unsupported {
        what: format!("an indexed text column `{}` without a maximal length", column.name),
        on: Dialect::Mysql.name().to_owned(),
        instead: "give the field a length-max of at most 768".to_owned(),
    };
    match sql.dialect().column_type(column).ok_or_else(unsupported)? {
        ColumnType::Plain(name) => sql.push(name),
        ColumnType::Varchar(length, rest) => sql.push("varchar(").number(length).push(")").push(rest),
        ColumnType::Checked(name, before, after) => sql.push(name).push(before).ident(&column.name).push(after),
    };
    if !column.nullable {
        sql.push(" NOT NULL");
    }
    Ok(())
}
