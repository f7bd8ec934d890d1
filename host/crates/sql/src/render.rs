//! Plans as statements.
//!
//! One statement for one plan on every dialect that can answer an UPDATE with its row; MySQL can't, and there the record is
//! read again afterwards by the same filter. Tables are always written out qualified.

use std::sync::Arc;

use model::{FieldType, ModelDef, Role, Row, Value};

use crate::statement::Builder;
use crate::{Bind, Comparison, Dialect, Filter, Order, Place, Plan, Statement};

/// Where a statement is rendered for.
pub(crate) struct Target<'a> {
    pub(crate) def: &'a ModelDef,
    pub(crate) place: &'a Place,
    pub(crate) dialect: Dialect,
    pub(crate) columns: Arc<[FieldType]>,
}

/// The statements of a plan, to be run in this order; the last one answers.
pub fn render(plan: &Plan, def: &ModelDef, place: &Place, dialect: Dialect) -> Vec<Statement> {
    let columns = def.fields.iter().map(|field| field.field_type).collect();
    let target = Target { def, place, dialect, columns };
    match plan {
        Plan::Create { row } => vec![target.insert(row)],
        Plan::Read { filter } => vec![target.select_one(filter)],
        Plan::Update { filter, row, now_us } if dialect.returns_from_update() => {
            vec![target.update(filter, row, *now_us)]
        }
        Plan::Update { filter, row, now_us } => {
            vec![target.update(filter, row, *now_us), target.select_one(&filter.identity(def, row))]
        }
        Plan::Delete { filter } => vec![target.delete(filter)],
        Plan::List { filter, order_by, limit, offset } => {
            vec![target.select_list(filter, order_by, (*limit, *offset))]
        }
    }
}

impl Target<'_> {
    pub(crate) fn insert(&self, row: &Row) -> Statement {
        let mut sql = Builder::new(self.dialect);
        sql.push("INSERT INTO ").table(self.place, &self.def.table).push(" (");
        self.write_columns(&mut sql);
        sql.push(") VALUES (");
        sql.list(", ", self.def.fields.iter().zip(row), |sql, (field, value)| {
            write_bind(sql, field.field_type, value);
        });
        sql.push(")");
        sql.finish_without_rows()
    }

    pub(crate) fn select_one(&self, filter: &Filter) -> Statement {
        let mut sql = self.select(filter);
        sql.push(" LIMIT 2");
        sql.finish(&self.columns)
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
        if self.dialect.returns_from_update() {
            sql.push(" RETURNING ");
            self.write_columns(&mut sql);
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

    fn select_list(&self, filter: &Filter, order_by: &[Order], (limit, offset): (u64, u64)) -> Statement {
        let mut sql = self.select(filter);
        sql.push(" ORDER BY ");
        sql.list(", ", order_by, |sql, order| self.write_order(sql, order));
        let bind = |number: u64| Bind::One(FieldType::Int, Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
        sql.push(" LIMIT ").bind(bind(limit));
        if offset > 0 {
            sql.push(" OFFSET ").bind(bind(offset));
        }
        sql.finish(&self.columns)
    }

    fn select(&self, filter: &Filter) -> Builder {
        let mut sql = Builder::new(self.dialect);
        sql.push("SELECT ");
        self.write_columns(&mut sql);
        sql.push(" FROM ").table(self.place, &self.def.table);
        self.write_where(&mut sql, filter);
        sql
    }

    fn write_columns(&self, sql: &mut Builder) {
        sql.list(", ", &self.def.fields, |sql, field| {
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

    fn write_where(&self, sql: &mut Builder, filter: &Filter) {
        if *filter != Filter::All {
            sql.push(" WHERE ");
            self.write_filter(sql, filter);
        }
    }

    fn write_filter(&self, sql: &mut Builder, filter: &Filter) {
        match filter {
            Filter::All => {
                sql.push("1 = 1");
            }
            Filter::Nothing => {
                sql.push("1 = 0");
            }
            Filter::And(filters) => self.write_joined(sql, filters, " AND "),
            Filter::Or(filters) => self.write_joined(sql, filters, " OR "),
            Filter::Compare { field, value: Value::Null, .. } => {
                sql.ident(&self.def.fields[*field].column).push(" IS NULL");
            }
            Filter::Compare { field, comparison, value } => {
                let field = &self.def.fields[*field];
                sql.ident(&field.column).push(match comparison {
                    Comparison::Eq => " = ",
                    Comparison::Gt => " > ",
                    Comparison::Gte => " >= ",
                    Comparison::Lt => " < ",
                    Comparison::Lte => " <= ",
                });
                write_bind(sql, field.field_type, value);
            }
            Filter::In { field, values, or_null: false } => self.write_in(sql, *field, values),
            Filter::In { field, values, or_null: true } => {
                sql.push("(");
                self.write_in(sql, *field, values);
                sql.push(" OR ").ident(&self.def.fields[*field].column).push(" IS NULL)");
            }
        }
    }

    fn write_joined(&self, sql: &mut Builder, filters: &[Filter], word: &'static str) {
        sql.list(word, filters, |sql, filter| {
            let is_group = matches!(filter, Filter::And(_) | Filter::Or(_));
            if is_group {
                sql.push("(");
            }
            self.write_filter(sql, filter);
            if is_group {
                sql.push(")");
            }
        });
    }

    /// One text for each shape: PostgreSQL binds the list as one array, the others repeat the last value up to a power of
    /// two, so that the drivers' statement caches stay small.
    fn write_in(&self, sql: &mut Builder, field: usize, values: &[Value]) {
        let field = &self.def.fields[field];
        sql.ident(&field.column);
        if self.dialect == Dialect::Postgres {
            sql.push(" = ANY(").bind(Bind::List(field.field_type, values.to_vec())).push(")");
            return;
        }
        let last = values.last().expect("a list with values");
        let padding = std::iter::repeat_n(last, values.len().next_power_of_two() - values.len());
        sql.push(" IN (");
        sql.list(", ", values.iter().chain(padding), |sql, value| {
            write_bind(sql, field.field_type, value);
        });
        sql.push(")");
    }
}

fn write_bind<'a>(sql: &'a mut Builder, field_type: FieldType, value: &Value) -> &'a mut Builder {
    let cast = sql.dialect().cast(field_type);
    sql.bind(Bind::One(field_type, value.clone())).push(cast)
}
