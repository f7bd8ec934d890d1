//! Filters as SQL conditions, for three dialects.
//!
//! A condition is true, or false or null; whoever asks for its complement gets `IS NOT TRUE`, so that nothing is lost between
//! the two. Casts stand in a CASE behind their check: no condition fails for what a record holds.

use model::{FieldType, Ident, Value};

use super::{Comparison, Filter, JsonPath, JsonTest, LikePattern, Pattern};
use crate::render::{Target, write_bind};
use crate::statement::Builder;
use crate::{Bind, Dialect, Place, Statement};

impl Filter {
    /// The statement that answers the keys of the records, to be looked at or run: its text and its binds.
    pub fn to_sql(&self, def: &model::ModelDef, place: &Place, dialect: Dialect) -> Statement {
        let target = Target::new(def, place, dialect);
        let mut sql = Builder::new(dialect);
        sql.push("SELECT ");
        target.write_columns(&mut sql, Some(&def.key));
        sql.push(" FROM ").table(place, &def.table);
        target.write_where(&mut sql, self);
        sql.finish(&def.key_fields().map(|field| field.field_type).collect())
    }
}

impl Comparison {
    fn sql(self) -> &'static str {
        match self {
            Self::Eq => " = ",
            Self::Gt => " > ",
            Self::Gte => " >= ",
            Self::Lt => " < ",
            Self::Lte => " <= ",
        }
    }
}

impl Target<'_> {
    pub(crate) fn write_where(&self, sql: &mut Builder, filter: &Filter) {
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
            Filter::Not(filter) => self.write_not(sql, filter),
            Filter::Compare { field, value: Value::Null, .. } => {
                sql.ident(self.column(*field)).push(" IS NULL");
            }
            Filter::Compare { field, comparison, value } => {
                sql.ident(self.column(*field)).push(comparison.sql());
                write_bind(sql, self.columns[*field], value);
            }
            Filter::In { field, values, or_null: false } => self.write_in(sql, *field, values),
            Filter::In { field, values, or_null: true } => {
                self.write_in(sql, *field, values);
                sql.push(" OR ").ident(self.column(*field)).push(" IS NULL");
            }
            Filter::Matches { field, pattern } => write_pattern(sql, pattern, |sql| {
                sql.ident(self.column(*field));
            }),
            Filter::Remainder { field, divisor, remainder } => {
                sql.ident(self.column(*field)).push(" % ").bind(Bind::One(FieldType::Int, Value::Int(*divisor)));
                sql.push(" = ").bind(Bind::One(FieldType::Int, Value::Int(*remainder)));
            }
            Filter::Json { path, test } => Document { column: self.column(path.field), path }.write(sql, test),
        }
    }

    fn write_joined(&self, sql: &mut Builder, filters: &[Filter], word: &'static str) {
        sql.list(word, filters, |sql, filter| {
            let is_group = matches!(filter, Filter::And(_) | Filter::Or(_) | Filter::In { or_null: true, .. });
            if is_group {
                sql.push("(");
            }
            self.write_filter(sql, filter);
            if is_group {
                sql.push(")");
            }
        });
    }

    /// The complement, in the database's own words where there are any.
    fn write_not(&self, sql: &mut Builder, filter: &Filter) {
        match filter {
            Filter::Compare { field, value: Value::Null, .. } => {
                sql.ident(self.column(*field)).push(" IS NOT NULL");
            }
            Filter::Compare { field, comparison: Comparison::Eq, value } => {
                let (before, between, after) = match self.dialect {
                    Dialect::Postgres => ("", " IS DISTINCT FROM ", ""),
                    Dialect::Mysql => ("NOT (", " <=> ", ")"),
                    Dialect::Sqlite => ("", " IS NOT ", ""),
                };
                sql.push(before).ident(self.column(*field)).push(between);
                write_bind(sql, self.columns[*field], value).push(after);
            }
            filter => {
                sql.push("(");
                self.write_filter(sql, filter);
                sql.push(") IS NOT TRUE");
            }
        }
    }

    fn write_in(&self, sql: &mut Builder, field: usize, values: &[Value]) {
        sql.ident(self.column(field));
        write_list(sql, self.columns[field], values);
    }

    fn column(&self, field: usize) -> &Ident {
        &self.def.fields[field].column
    }
}

/// One text for each shape: PostgreSQL binds the list as one array, the others repeat the last value up to a power of two, so
/// that the drivers' statement caches stay small.
fn write_list(sql: &mut Builder, field_type: FieldType, values: &[Value]) {
    if sql.dialect() == Dialect::Postgres {
        sql.push(" = ANY(").bind(Bind::List(field_type, values.to_vec())).push(")");
        return;
    }
    let last = values.last().expect("a list with values");
    let padding = std::iter::repeat_n(last, values.len().next_power_of_two() - values.len());
    sql.push(" IN (");
    sql.list(", ", values.iter().chain(padding), |sql, value| {
        write_bind(sql, field_type, value);
    });
    sql.push(")");
}

/// A text, which `subject` writes, matched with a pattern.
fn write_pattern(sql: &mut Builder, pattern: &Pattern, subject: impl Fn(&mut Builder)) {
    let dialect = sql.dialect();
    match (dialect, pattern) {
        (Dialect::Sqlite, Pattern::Like(like)) => {
            subject(sql);
            sql.push(" GLOB ").bind(text(like.to_glob()));
        }
        (_, Pattern::Like(like)) => write_like(sql, like, subject),
        (Dialect::Postgres, Pattern::Regex(regex)) => {
            subject(sql);
            sql.push(" ~ ").bind(text(regex.to_text(dialect)));
        }
        (Dialect::Sqlite, Pattern::Regex(regex)) => {
            subject(sql);
            sql.push(" REGEXP ").bind(text(regex.to_text(dialect)));
        }
        // MariaDB gives up on a pattern that needs too many steps and says "no match". So a text that does not match has to
        // match the complement; when it does neither, the last branch is a number that is too large, and that is an error.
        (Dialect::Mysql, Pattern::Regex(regex)) => {
            sql.push("CASE ");
            subject(sql);
            sql.push(" REGEXP ").bind(text(regex.to_text(dialect))).push(" WHEN 1 THEN 1 WHEN 0 THEN CASE ");
            subject(sql);
            sql.push(" REGEXP ").bind(text(regex.to_complement())).push(" WHEN 1 THEN 0 ELSE ~0 + CHAR_LENGTH(");
            subject(sql);
            sql.push(") + 1 END END");
        }
    }
}

fn write_like(sql: &mut Builder, like: &LikePattern, subject: impl Fn(&mut Builder)) {
    subject(sql);
    match (like.to_like(), sql.dialect()) {
        (Some(like), _) => sql.push(" LIKE ").bind(text(like)).push(" ESCAPE '|'"),
        (None, Dialect::Postgres) => sql.push(" ~ ").bind(text(like.to_regex(Dialect::Postgres))),
        (None, dialect) => sql.push(" REGEXP ").bind(text(like.to_regex(dialect))),
    };
}

fn text(text: String) -> Bind {
    Bind::One(FieldType::Text, Value::Text(text))
}

/// A place in a document, as expressions.
#[derive(Clone, Copy)]
struct Document<'a> {
    column: &'a Ident,
    path: &'a JsonPath,
}

impl Document<'_> {
    fn write(self, sql: &mut Builder, test: &JsonTest) {
        match test {
            JsonTest::Exists => {
                self.write_type(sql);
                sql.push(" IS NOT NULL");
            }
            JsonTest::IsNull => {
                sql.push("COALESCE(");
                self.write_type(sql);
                sql.push(match sql.dialect() {
                    Dialect::Postgres | Dialect::Sqlite => ", 'null') = 'null'",
                    Dialect::Mysql => ", 'NULL') = 'NULL'",
                });
            }
            JsonTest::Compare(_, Value::Boolean(truth)) => self.write_truth(sql, *truth),
            JsonTest::Compare(comparison, value) => {
                self.write_value(sql, value);
                sql.push(comparison.sql());
                write_bind(sql, type_of(value), value);
            }
            JsonTest::In(values) => {
                let first = values.first().expect("a list with values");
                self.write_value(sql, first);
                write_list(sql, type_of(first), values);
            }
            JsonTest::Matches(pattern) => write_pattern(sql, pattern, |sql| self.write_text(sql)),
        }
    }

    /// The value where it is of the same type as `like`, else null.
    fn write_value(self, sql: &mut Builder, like: &Value) {
        match (like, sql.dialect()) {
            (Value::Float(_), _) => self.write_number(sql),
            // Bytes: no collation that both MySQL and MariaDB have looks at spaces at the end.
            (_, Dialect::Mysql) => {
                sql.push("CAST(");
                self.write_text(sql);
                sql.push(" AS BINARY)");
            }
            (_, Dialect::Postgres | Dialect::Sqlite) => self.write_text(sql),
        }
    }

    fn write_number(self, sql: &mut Builder) {
        match sql.dialect() {
            Dialect::Postgres => {
                sql.push("CASE ");
                self.write_type(sql);
                sql.push(" WHEN 'number' THEN (");
                self.write_json(sql);
                sql.push(")::float8 END");
            }
            // SQLite itself reads some numbers to the next float but one.
            Dialect::Sqlite => {
                sql.push("json_number(");
                self.write_json(sql);
                sql.push(")");
            }
            Dialect::Mysql => {
                sql.push("CASE WHEN ");
                self.write_type(sql);
                sql.push(" IN ('INTEGER', 'DOUBLE', 'DECIMAL', 'UNSIGNED INTEGER') THEN ");
                self.write_json(sql);
                sql.push(" + 0e0 END");
            }
        }
    }

    fn write_text(self, sql: &mut Builder) {
        sql.push("CASE ");
        self.write_type(sql);
        match sql.dialect() {
            Dialect::Postgres => {
                sql.push(" WHEN 'string' THEN (").ident(self.column).push(" #>> ");
                self.bind_path(sql).push(") COLLATE \"C\" END");
            }
            Dialect::Sqlite => {
                sql.push(" WHEN 'text' THEN ").ident(self.column).push(" ->> ");
                self.bind_path(sql).push(" END");
            }
            Dialect::Mysql => {
                sql.push(" WHEN 'STRING' THEN JSON_UNQUOTE(");
                self.write_json(sql);
                sql.push(") COLLATE utf8mb4_bin END");
            }
        };
    }

    fn write_truth(self, sql: &mut Builder, truth: bool) {
        match sql.dialect() {
            Dialect::Postgres => {
                self.write_json(sql);
                sql.push(if truth { " = 'true'" } else { " = 'false'" });
            }
            Dialect::Sqlite => {
                self.write_type(sql);
                sql.push(if truth { " = 'true'" } else { " = 'false'" });
            }
            Dialect::Mysql => {
                sql.push("CASE ");
                self.write_type(sql);
                sql.push(" WHEN 'BOOLEAN' THEN JSON_UNQUOTE(");
                self.write_json(sql);
                sql.push(if truth { ") = 'true' END" } else { ") = 'false' END" });
            }
        }
    }

    /// The word for the type of what is there; null where nothing is.
    fn write_type(self, sql: &mut Builder) {
        match sql.dialect() {
            Dialect::Postgres => {
                sql.push("jsonb_typeof(");
                self.write_json(sql);
                sql.push(")");
            }
            Dialect::Sqlite => {
                sql.push("json_type(").ident(self.column).push(", ");
                self.bind_path(sql).push(")");
            }
            Dialect::Mysql => {
                sql.push("JSON_TYPE(");
                self.write_json(sql);
                sql.push(")");
            }
        }
    }

    /// What is there, as JSON.
    fn write_json(self, sql: &mut Builder) {
        match sql.dialect() {
            Dialect::Postgres => {
                sql.ident(self.column).push(" #> ");
                self.bind_path(sql);
            }
            Dialect::Sqlite => {
                sql.ident(self.column).push(" -> ");
                self.bind_path(sql);
            }
            Dialect::Mysql => {
                sql.push("JSON_EXTRACT(").ident(self.column).push(", ");
                self.bind_path(sql).push(")");
            }
        }
    }

    fn bind_path(self, sql: &mut Builder) -> &mut Builder {
        match sql.dialect() {
            Dialect::Postgres => {
                let steps = self.path.steps().iter().map(|step| Value::Text(step.clone()));
                sql.bind(Bind::List(FieldType::Text, steps.collect()))
            }
            Dialect::Mysql | Dialect::Sqlite => sql.bind(text(self.path.quoted())),
        }
    }
}

fn type_of(value: &Value) -> FieldType {
    if matches!(value, Value::Float(_)) { FieldType::Float } else { FieldType::Text }
}
