//! Plans as statements.
//!
//! One statement for one plan on every dialect that can answer an UPDATE with its row; MySQL can't, and there the record is
//! read again afterwards by the same filter. Tables are always written out qualified.

use std::sync::Arc;

use model::{Default, FieldType, ModelDef, Role, Row, Value};

use crate::statement::Builder;
use crate::{Bind, Dialect, Feature, Filter, Order, Place, Plan, Statement};

/// Where a statement is rendered for.
pub(crate) struct Target<'a> {
    pub(crate) def: &'a ModelDef,
    pub(crate) place: &'a Place,
    pub(crate) dialect: Dialect,
    pub(crate) columns: Arc<[FieldType]>,
}

/// The statements of a plan, to be run in this order; the last one answers.
pub fn render(plan: &Plan, def: &ModelDef, place: &Place, dialect: Dialect) -> Vec<Statement> {
    let target = Target::new(def, place, dialect);
    match plan {
        Plan::Create { row } => vec![target.insert(row)],
        Plan::Read { filter, fields } => vec![target.select_one(filter, fields.as_deref())],
        Plan::Count { filter } => vec![target.count(filter)],
        Plan::Update { filter, row, now_us } if dialect.has(Feature::ReturnedRows) => {
            vec![target.update(filter, row, *now_us)]
        }
        Plan::Update { filter, row, now_us } => {
            vec![target.update(filter, row, *now_us), target.select_one(&filter.identity(def, row), None)]
        }
        Plan::Delete { filter } => vec![target.delete(filter)],
        Plan::List { filter, order_by, limit, offset, fields, .. } => {
            let fields = fields.as_ref().map(|fields| with_order(fields, order_by));
            vec![target.select_list((filter, fields.as_deref()), order_by, (limit + 1, *offset))]
        }
        Plan::BulkCreate { rows, on_conflict, returning } => target.insert_many(rows, *on_conflict, *returning),
    }
}

impl<'a> Target<'a> {
    pub(crate) fn new(def: &'a ModelDef, place: &'a Place, dialect: Dialect) -> Self {
        Self { def, place, dialect, columns: def.fields.iter().map(|field| field.field_type).collect() }
    }

    /// Answers the key that the database numbers, where it can and there is one.
    pub(crate) fn insert(&self, row: &Row) -> Statement {
        let mut sql = Builder::new(self.dialect);
        let written = || self.def.fields.iter().zip(row).filter(|(field, _)| field.default != Default::Sequence);
        self.write_insert_into(&mut sql);
        sql.push(" VALUES (");
        sql.list(", ", written(), |sql, (field, value)| {
            write_bind(sql, field.field_type, value);
        });
        sql.push(")");
        match self.def.sequence() {
            Some(key) if self.dialect.has(Feature::ReturnedRows) => {
                sql.push(" RETURNING ").ident(&self.def.fields[key].column);
                sql.finish(&Arc::from([FieldType::Int]))
            }
            _ => sql.finish_without_rows(),
        }
    }

    /// `INSERT INTO table (columns)`: every column but the one that the database numbers.
    pub(crate) fn write_insert_into(&self, sql: &mut Builder) {
        self.write_insert(sql, "INSERT INTO ");
    }

    pub(crate) fn write_insert(&self, sql: &mut Builder, verb: &'static str) {
        let written = self.def.fields.iter().filter(|field| field.default != Default::Sequence);
        sql.push(verb).table(self.place, &self.def.table).push(" (");
        sql.list(", ", written, |sql, field| {
            sql.ident(&field.column);
        });
        sql.push(")");
    }

    pub(crate) fn select_one(&self, filter: &Filter, fields: Option<&[usize]>) -> Statement {
        let mut sql = self.select(filter, fields);
        sql.push(" LIMIT 2");
        self.finish(sql, fields)
    }

    pub(crate) fn count(&self, filter: &Filter) -> Statement {
        let mut sql = Builder::new(self.dialect);
        sql.push("SELECT COUNT(*) FROM ").table(self.place, &self.def.table);
        self.write_where(&mut sql, filter);
        sql.finish(&Arc::from([FieldType::Int]))
    }

    pub(crate) fn update(&self, filter: &Filter, row: &Row, now_us: i64) -> Statement {
        let mut sql = Builder::new(self.dialect);
        sql.push("UPDATE ").table(self.place, &self.def.table).push(" SET ");
        let now = Value::Timestamp(now_us);
        let assigned = self.def.fields.iter().zip(row).filter(|(field, value)| match field.role {
            Role::Plain => !value.is_absent(),
            Role::CreatedAt => false,
            Role::UpdatedAt | Role::Version => true,
        });
        sql.list(", ", assigned, |sql, (field, value)| {
            sql.ident(&field.column).push(" = ");
            match field.role {
                Role::Version => sql.ident(&field.column).push(" + 1"),
                Role::UpdatedAt => write_bind(sql, field.field_type, &now),
                Role::Plain | Role::CreatedAt => write_bind(sql, field.field_type, value),
            };
        });
        self.write_where(&mut sql, filter);
        if self.dialect.has(Feature::ReturnedRows) {
            sql.push(" RETURNING ");
            self.write_columns(&mut sql, None);
            return sql.finish(&self.columns);
        }
        sql.finish_without_rows()
    }

    pub(crate) fn delete(&self, filter: &Filter) -> Statement {
        let mut sql = Builder::new(self.dialect);
        sql.push("DELETE FROM ").table(self.place, &self.def.table);
        self.write_where(&mut sql, filter);
        sql.finish_without_rows()
    }

    fn select_list(
        &self,
        (filter, fields): (&Filter, Option<&[usize]>),
        order_by: &[Order],
        (limit, offset): (u64, u64),
    ) -> Statement {
        let mut sql = self.select(filter, fields);
        sql.push(" ORDER BY ");
        sql.list(", ", order_by, |sql, order| self.write_order(sql, order));
        let bind = |number: u64| Bind::One(FieldType::Int, Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
        sql.push(" LIMIT ").bind(bind(limit));
        if offset > 0 {
            sql.push(" OFFSET ").bind(bind(offset));
        }
        self.finish(sql, fields)
    }

    fn select(&self, filter: &Filter, fields: Option<&[usize]>) -> Builder {
        let mut sql = Builder::new(self.dialect);
        sql.push("SELECT ");
        self.write_columns(&mut sql, fields);
        sql.push(" FROM ").table(self.place, &self.def.table);
        self.write_where(&mut sql, filter);
        sql
    }

    fn finish(&self, sql: Builder, fields: Option<&[usize]>) -> Statement {
        match fields {
            None => sql.finish(&self.columns),
            Some(fields) => sql.finish(&fields.iter().map(|at| self.columns[*at]).collect()),
        }
    }

    pub(crate) fn write_columns(&self, sql: &mut Builder, fields: Option<&[usize]>) {
        let is_asked = |at: usize| fields.is_none_or(|fields| fields.contains(&at));
        let asked = self.def.fields.iter().enumerate().filter(|(at, _)| is_asked(*at));
        sql.list(", ", asked, |sql, (_, field)| {
            sql.ident(&field.column);
        });
    }

    /// Nulls first in both directions. A column without nulls needs no word for it, and so keeps its index.
    fn write_order(&self, sql: &mut Builder, order: &Order) {
        let field = &self.def.fields[order.field];
        if field.nullable && self.dialect == Dialect::Mysql {
            sql.ident(&field.column).push(" IS NOT NULL, ");
        }
        sql.ident(&field.column);
        if order.descending {
            sql.push(" DESC");
        }
        if field.nullable && self.dialect != Dialect::Mysql {
            sql.push(" NULLS FIRST");
        }
    }
}

/// The fields, and those that the order needs: a cursor is made of them.
pub fn with_order(fields: &[usize], order_by: &[Order]) -> Vec<usize> {
    let mut all: Vec<usize> = fields.iter().copied().chain(order_by.iter().map(|order| order.field)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

pub(crate) fn write_bind<'a>(sql: &'a mut Builder, field_type: FieldType, value: &Value) -> &'a mut Builder {
    let cast = sql.dialect().cast(field_type);
    sql.bind(Bind::One(field_type, value.clone())).push(cast)
}
