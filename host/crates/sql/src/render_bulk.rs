//! Many records as INSERT statements, for three dialects.
//!
//! Each database has its own form (docs/decisions/0011): PostgreSQL gets one array for each column, MySQL one list
//! of rows, SQLite a short list of rows that is bound again and again.

use std::ops::Range;
use std::sync::Arc;

use model::{Default, FieldDef, ModelDef, Row, Value};

use crate::render::{Target, write_bind};
use crate::statement::Builder;
use crate::{Bind, Dialect, OnConflict, Repeats, Returning, Statement};

/// Records that one run writes on SQLite: more of them gain nothing.
const SQLITE_ROWS: usize = 100;

/// Placeholders of one statement, at most, on SQLite as it is built here.
const SQLITE_BINDS_MAX: usize = 32_766;

/// Placeholders of one statement, at most, on MySQL: its protocol counts them in 16 bits.
const MYSQL_BINDS_MAX: usize = 65_535;

/// Bytes of one statement's values, about, on MySQL: its servers take packets of 16 MiB, and buffer each.
const MYSQL_BYTES_MAX: usize = 1024 * 1024;

impl Target<'_> {
    /// The statements that write the rows, each for as many of them as it can. On SQLite a statement runs several times,
    /// bound as [`Statement::repeats`] says.
    pub(crate) fn insert_many(
        &self,
        rows: &Arc<Vec<Row>>,
        on_conflict: OnConflict,
        returning: Returning,
    ) -> Vec<Statement> {
        match self.dialect {
            Dialect::Sqlite => {
                let many = SQLITE_ROWS.min(SQLITE_BINDS_MAX / self.written().count().max(1)).max(1);
                let whole = rows.len() - rows.len() % many;
                let parts = [(0..whole, many), (whole..rows.len(), 1)];
                let parts = parts.into_iter().filter(|(range, _)| !range.is_empty());
                parts.map(|part| self.insert_again(rows, part, on_conflict, returning)).collect()
            }
            Dialect::Postgres => vec![self.insert_columns(rows, on_conflict, returning)],
            Dialect::Mysql => {
                let (mut start, mut statements) = (0, Vec::new());
                while start < rows.len() {
                    let end = start + self.rows_of_one_statement(&rows[start..]);
                    statements.push(self.insert_rows(rows, start..end, ignores(self.def, on_conflict, returning)));
                    start = end;
                }
                statements
            }
        }
    }

    fn insert_again(
        &self,
        rows: &Arc<Vec<Row>>,
        (range, at_once): (Range<usize>, usize),
        on_conflict: OnConflict,
        returning: Returning,
    ) -> Statement {
        let mut sql = Builder::new(self.dialect);
        self.write_insert_into(&mut sql);
        sql.push(" VALUES ").list(", ", 0..at_once, |sql, _| {
            sql.push("(").list(", ", self.written(), |sql, (_, field)| {
                // The text only: what is bound is each row in its turn.
                write_bind(sql, field.field_type, &Value::Null);
            });
            sql.push(")");
        });
        let mut statement = self.finish_insert(sql, on_conflict, returning);
        statement.binds.clear();
        let fields = self.written().map(|(at, field)| (at, field.field_type)).collect();
        statement.repeats = Some(Repeats { rows: Arc::clone(rows), range, at_once, fields });
        statement
    }

    fn insert_columns(&self, rows: &Arc<Vec<Row>>, on_conflict: OnConflict, returning: Returning) -> Statement {
        let mut sql = Builder::new(self.dialect);
        self.write_insert_into(&mut sql);
        sql.push(" SELECT ").list(", ", self.written(), |sql, (at, field)| {
            let cast = sql.dialect().cast(field.field_type);
            sql.push("r.c").number(at as u32).push(cast);
        });
        sql.push(" FROM UNNEST(").list(", ", self.written(), |sql, (at, field)| {
            let array = sql.dialect().array(field.field_type);
            sql.bind(Bind::Column(field.field_type, Arc::clone(rows), at)).push(array);
        });
        sql.push(") AS r(").list(", ", self.written(), |sql, (at, _)| {
            sql.push("c").number(at as u32);
        });
        sql.push(")");
        self.finish_insert(sql, on_conflict, returning)
    }

    fn insert_rows(&self, rows: &Arc<Vec<Row>>, range: Range<usize>, ignores: Ignores) -> Statement {
        let mut sql = Builder::new(self.dialect);
        self.write_insert(&mut sql, if ignores == Ignores::Conflicts { "INSERT IGNORE INTO " } else { "INSERT INTO " });
        sql.push(" VALUES ").list(", ", range, |sql, row| {
            sql.push("(").list(", ", self.written(), |sql, (at, field)| {
                sql.bind(Bind::Cell(field.field_type, Arc::clone(rows), (row, at)));
            });
            sql.push(")");
        });
        sql.finish_without_rows()
    }

    fn finish_insert(&self, mut sql: Builder, on_conflict: OnConflict, returning: Returning) -> Statement {
        if on_conflict == OnConflict::Skip {
            sql.push(" ON CONFLICT DO NOTHING");
        }
        match (returning, on_conflict, self.def.sequence()) {
            // Every record is known before it is written.
            (Returning::Count, ..) | (Returning::Records, OnConflict::Error, None) => sql.finish_without_rows(),
            (Returning::Records, ..) => {
                sql.push(" RETURNING ");
                self.write_columns(&mut sql, None);
                sql.finish(&self.columns)
            }
        }
    }

    /// The largest power of two, so that a few texts serve all calls; a full batch is one statement. Long records are cut
    /// into smaller ones, down to one alone.
    fn rows_of_one_statement(&self, rows: &[Row]) -> usize {
        let max = (MYSQL_BINDS_MAX / self.written().count().max(1)).min(crate::BATCH_SIZE_MAX);
        let size = |row: &Row| row.iter().map(Value::size_bytes).sum::<usize>();
        let mut bytes = 0;
        let fitting = rows.iter().take(max).take_while(|row| {
            bytes += size(row);
            bytes <= MYSQL_BYTES_MAX
        });
        match fitting.count() {
            0 => 1,
            count if count == max => max,
            count => 1 << count.ilog2(),
        }
    }

    /// Every field but the one that the database numbers.
    fn written(&self) -> impl Iterator<Item = (usize, &FieldDef)> {
        self.def.fields.iter().enumerate().filter(|(_, field)| field.default != Default::Sequence)
    }
}

/// What a statement of MySQL leaves out without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ignores {
    Nothing,
    Conflicts,
}

fn ignores(def: &ModelDef, on_conflict: OnConflict, returning: Returning) -> Ignores {
    match ignores_conflicts(def, on_conflict, returning) {
        true => Ignores::Conflicts,
        false => Ignores::Nothing,
    }
}

/// Whether MySQL may leave out by itself what is there already. It then leaves out a record whose reference leads nowhere
/// too, and does not tell which ones it wrote; everything else that it would ignore is judged before.
pub fn ignores_conflicts(def: &ModelDef, on_conflict: OnConflict, returning: Returning) -> bool {
    on_conflict == OnConflict::Skip && returning == Returning::Count && def.belongs_to.is_empty()
}
