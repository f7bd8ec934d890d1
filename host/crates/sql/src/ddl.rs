//! Tables, indexes and references as SQL text.
//!
//! Used by migrations only; the request path never comes here. What a dialect can't do is an error before any of a plan's
//! statements runs.

use model::{DeleteRule, Ident, IndexCondition, Value};

use crate::dialect::ColumnType;
use crate::literal::write_literal;
use crate::schema::{IndexedColumns, Reference};
use crate::statement::{Builder, DerivedName, Place, Statement};
use crate::{Column, Dialect, Feature, Index, PlanError, Support, Table, UniqueIndex};

/// `CREATE TABLE` with its key; on SQLite with its references too, since it can't add one later.
pub fn create_table(table: &Table, place: &Place, dialect: Dialect) -> Result<Statement, PlanError> {
    let mut sql = Builder::new(dialect);
    sql.push("CREATE TABLE ").table(place, &table.name).push(" (\n");
    for column in &table.columns {
        sql.push("  ").ident(&column.name).push(" ");
        write_column(&mut sql, column, &table.name, None)?;
        sql.push(",\n");
    }
    sql.push("  CONSTRAINT ").derived_name(&table.key_name).push(" PRIMARY KEY (");
    sql.list(", ", &table.key, |sql, name| {
        sql.ident(name);
    });
    let is_numbered = table.columns.iter().any(|column| column.is_sequence);
    // Otherwise SQLite gives the number of a deleted row to the next one.
    sql.push(if is_numbered && dialect == Dialect::Sqlite { " AUTOINCREMENT)" } else { ")" });
    if dialect == Dialect::Sqlite {
        for reference in &table.references {
            sql.push(",\n  ");
            write_reference(&mut sql, reference, place);
        }
    }
    sql.push("\n)");
    match dialect {
        Dialect::Sqlite => sql.push(" STRICT"),
        Dialect::Mysql => sql.push(" ENGINE = InnoDB"),
        Dialect::Postgres => sql.push(""),
    };
    Ok(sql.finish_without_rows())
}

/// `ALTER TABLE ... ADD CONSTRAINT`, when all tables are there; none on SQLite, where the tables have them.
pub fn add_reference(reference: &Reference, table: &Ident, place: &Place, dialect: Dialect) -> Option<Statement> {
    if dialect == Dialect::Sqlite {
        return None;
    }
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, table).push(" ADD ");
    write_reference(&mut sql, reference, place);
    Some(sql.finish_without_rows())
}

/// `CREATE UNIQUE INDEX`.
pub fn create_unique_index(index: &UniqueIndex, table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("CREATE UNIQUE INDEX ").derived_name(&index.name).push(" ON ").table(place, table).push(" ");
    write_names(&mut sql, &index.columns);
    sql.finish_without_rows()
}

/// `CREATE INDEX`. Where a dialect has no conditions, an index that is not unique holds every row and finds the same.
pub fn create_index(index: &Index, table: &Ident, place: &Place, dialect: Dialect) -> Result<Statement, PlanError> {
    let IndexedColumns { columns, conditions, unique } = &index.on;
    if let (true, Support::Unsupported(instead)) = (*unique, Feature::UniquePartialIndexes.on(dialect)) {
        return Err(PlanError::Unsupported {
            what: format!("a unique index with conditions ({}) of table `{table}`", index.on),
            on: dialect.name().to_owned(),
            instead: format!("use {instead}"),
        });
    }
    let mut sql = Builder::new(dialect);
    sql.push(if *unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " }).derived_name(&index.name);
    sql.push(" ON ").table(place, table).push(" (");
    sql.list(", ", columns, |sql, (name, descending)| {
        sql.ident(name).push(if *descending { " DESC" } else { "" });
    });
    sql.push(")");
    if dialect.has(Feature::PartialIndexes) && !conditions.is_empty() {
        sql.push(" WHERE ").list(" AND ", conditions, |sql, (name, condition)| {
            sql.ident(name).push(match (condition, dialect) {
                (IndexCondition::IsNull, _) => " IS NULL",
                (IndexCondition::IsNotNull, _) => " IS NOT NULL",
                (IndexCondition::IsTrue, Dialect::Sqlite) => " = 1",
                (IndexCondition::IsFalse, Dialect::Sqlite) => " = 0",
                (IndexCondition::IsTrue, _) => " = TRUE",
                (IndexCondition::IsFalse, _) => " = FALSE",
            });
        });
    }
    Ok(sql.finish_without_rows())
}

/// `ALTER TABLE ... ADD COLUMN`. A column that is not nullable needs a value for the rows that are there.
pub fn add_column(column: &Column, table: &Ident, place: &Place, dialect: Dialect) -> Result<Statement, PlanError> {
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, table).push(" ADD COLUMN ").ident(&column.name).push(" ");
    write_column(&mut sql, column, table, column.fill.as_ref())?;
    Ok(sql.finish_without_rows())
}

/// `ALTER TABLE ... RENAME COLUMN`.
pub fn rename_column(from: &Ident, to: &Ident, table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, table).push(" RENAME COLUMN ").ident(from).push(" TO ").ident(to);
    sql.finish_without_rows()
}

/// `ALTER TABLE ... RENAME TO`.
pub fn rename_table(from: &Ident, to: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, from).push(" RENAME TO ");
    match dialect {
        // Otherwise the table goes into the database that the session is in.
        Dialect::Mysql => sql.table(place, to),
        // A qualified name is refused.
        Dialect::Sqlite | Dialect::Postgres => sql.unqualified_table(place, to),
    };
    sql.finish_without_rows()
}

/// `ALTER TABLE ... ALTER COLUMN ... SET NOT NULL`, or `DROP NOT NULL`; only PostgreSQL has it.
pub fn set_nullable(column: &Ident, nullable: bool, table: &Ident, place: &Place) -> Statement {
    let mut sql = Builder::new(Dialect::Postgres);
    sql.push("ALTER TABLE ").table(place, table).push(" ALTER COLUMN ").ident(column);
    sql.push(if nullable { " DROP NOT NULL" } else { " SET NOT NULL" });
    sql.finish_without_rows()
}

/// `DROP INDEX`.
pub fn drop_index(name: &DerivedName, table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("DROP INDEX ");
    match (dialect, place) {
        (Dialect::Postgres, Place::Schema(namespace)) => sql.namespace(namespace).push(".").derived_name(name),
        (Dialect::Postgres | Dialect::Sqlite, _) => sql.derived_name(name),
        (Dialect::Mysql, _) => sql.derived_name(name).push(" ON ").table(place, table),
    };
    sql.finish_without_rows()
}

/// `ALTER TABLE ... DROP COLUMN`: takes back [`add_column`] where a database can't do so itself.
pub fn drop_column(column: &Ident, table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, table).push(" DROP COLUMN ").ident(column);
    sql.finish_without_rows()
}

/// `DROP TABLE`. Only destroying a namespace does that, and taking back [`create_table`].
pub fn drop_table(table: &Ident, place: &Place, dialect: Dialect) -> Statement {
    let mut sql = Builder::new(dialect);
    sql.push("DROP TABLE ").table(place, table);
    sql.finish_without_rows()
}

/// `ALTER TABLE ... DROP CONSTRAINT`, so that tables that refer to each other can be dropped; none on SQLite, where they
/// can.
pub fn drop_reference(name: &DerivedName, table: &Ident, place: &Place, dialect: Dialect) -> Option<Statement> {
    let word = match dialect {
        Dialect::Sqlite => return None,
        Dialect::Postgres => " DROP CONSTRAINT ",
        Dialect::Mysql => " DROP FOREIGN KEY ",
    };
    let mut sql = Builder::new(dialect);
    sql.push("ALTER TABLE ").table(place, table).push(word).derived_name(name);
    Some(sql.finish_without_rows())
}

/// What lets a transaction drop tables that refer to each other in any order, where references can't be dropped before.
pub fn defer_references(dialect: Dialect) -> Option<Statement> {
    if dialect != Dialect::Sqlite {
        return None;
    }
    let mut sql = Builder::new(dialect);
    sql.push("PRAGMA defer_foreign_keys = ON");
    Some(sql.finish_without_rows())
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

fn write_column(sql: &mut Builder, column: &Column, table: &Ident, default: Option<&Value>) -> Result<(), PlanError> {
    let dialect = sql.dialect();
    let unsupported = || PlanError::Unsupported {
        what: format!(
            "an indexed {} column `{}` of table `{table}` without a maximal length",
            column.field_type, column.name
        ),
        on: dialect.name().to_owned(),
        instead: format!("give the field a length-max of at most {}", dialect.indexed_length_max(column.field_type)),
    };
    match dialect.column_type(column).ok_or_else(unsupported)? {
        ColumnType::Plain(name) => sql.push(name),
        ColumnType::Sized(name, length, rest) => sql.push(name).push("(").number(length).push(")").push(rest),
        ColumnType::Digits(name, digits) => {
            sql.push(name).push("(").number(digits.precision.into()).push(", ").number(digits.scale.into()).push(")")
        }
        ColumnType::Checked(name, before, after) => sql.push(name).push(before).ident(&column.name).push(after),
        ColumnType::Exactly(name, bytes) => {
            sql.push(name).push(" CHECK (length(").ident(&column.name).push(") = ").number(bytes).push(")")
        }
    };
    if !column.nullable {
        sql.push(" NOT NULL");
    }
    if let Some(default) = default {
        // MySQL gives long texts no default but an expression.
        let is_long_text = dialect == Dialect::Mysql && column.field_type == model::FieldType::Text;
        sql.push(if is_long_text { " DEFAULT (" } else { " DEFAULT " });
        write_literal(sql, default);
        sql.push(if is_long_text { ")" } else { "" });
    }
    if column.is_sequence {
        sql.push(dialect.sequence());
    }
    if !column.labels.is_empty() && column.field_type == model::FieldType::Enum {
        sql.push(" CHECK (").ident(&column.name).push(" IN (");
        sql.list(", ", &column.labels, |sql, label| {
            sql.quoted_text(label);
        });
        sql.push("))");
    }
    Ok(())
}

fn write_reference(sql: &mut Builder, reference: &Reference, place: &Place) {
    sql.push("CONSTRAINT ").derived_name(&reference.name).push(" FOREIGN KEY ");
    write_names(sql, &reference.to.columns);
    sql.push(" REFERENCES ").table(place, &reference.to.table).push(" ");
    write_names(sql, &reference.to.key);
    sql.push(match reference.to.on_delete {
        // RESTRICT would be asked for each row, before the statement that deletes both sides is done.
        DeleteRule::Restrict => " ON DELETE NO ACTION",
        DeleteRule::Cascade => " ON DELETE CASCADE",
        DeleteRule::SetNull => " ON DELETE SET NULL",
    });
}

fn write_names(sql: &mut Builder, names: &[Ident]) {
    sql.push("(").list(", ", names, |sql, name| {
        sql.ident(name);
    });
    sql.push(")");
}
