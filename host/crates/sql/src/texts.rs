//! The four texts that a model always needs, rendered once at activation.
//!
//! A generation keeps them. They do not depend on values: a statement made from them equals what [`crate::render`] gives
//! for the same plan, which a test asserts.

use std::sync::Arc;

use model::{FieldType, ModelDef, Role, Row, Value};

use crate::render::{Target, render};
use crate::{Bind, Dialect, Filter, Place, Plan, SqlText, Statement};

/// Texts for create, and for read, update and delete by key.
#[derive(Debug, Clone)]
pub struct Texts {
    place: Place,
    dialect: Dialect,
    columns: Arc<[FieldType]>,
    create: SqlText,
    read: SqlText,
    /// For an update that sends every field it can.
    update: Option<SqlText>,
    delete: SqlText,
}

impl Texts {
    /// Renders the texts of a model.
    pub fn new(def: &ModelDef, place: &Place, dialect: Dialect) -> Self {
        let columns: Arc<[FieldType]> = def.fields.iter().map(|field| field.field_type).collect();
        let target = Target { def, place, dialect, columns: Arc::clone(&columns) };
        let by_key = Filter::equals(def.key, sample(def.key_field().field_type));
        let full = full_row(def);
        let can_update = dialect.returns_from_update() && !full.iter().all(Value::is_absent);
        Self {
            create: target.insert(&full).text,
            read: target.select_one(&by_key).text,
            update: can_update.then(|| target.update(&by_key, &full, 0).text),
            delete: target.delete(&by_key).text,
            place: place.clone(),
            dialect,
            columns,
        }
    }

    /// The statements of a plan: by the texts where they fit, rendered otherwise.
    pub fn statements(&self, plan: &Plan, def: &ModelDef) -> Vec<Statement> {
        self.prepared(plan, def)
            .map_or_else(|| render(plan, def, &self.place, self.dialect), |statement| vec![statement])
    }

    fn prepared(&self, plan: &Plan, def: &ModelDef) -> Option<Statement> {
        let key_bind = |key: &Value| Bind::One(def.key_field().field_type, key.clone());
        match plan {
            Plan::Create { row } => {
                let binds = def.fields.iter().zip(row).map(|(field, value)| Bind::One(field.field_type, value.clone()));
                Some(statement(&self.create, binds.collect(), &Arc::from([])))
            }
            Plan::Read { filter } => {
                let key = filter.exact_key(def)?;
                Some(statement(&self.read, vec![key_bind(key)], &self.columns))
            }
            Plan::Update { filter, row, now_us } => {
                let (key, text) = (filter.exact_key(def)?, self.update.as_ref()?);
                let mut binds = Vec::with_capacity(row.len() + 1);
                for (at, (field, value)) in def.fields.iter().zip(row).enumerate() {
                    match field.role {
                        Role::Plain if at == def.key => {}
                        Role::Plain if value.is_absent() => return None,
                        Role::Plain => binds.push(Bind::One(field.field_type, value.clone())),
                        Role::UpdatedAt => binds.push(Bind::One(field.field_type, Value::Timestamp(*now_us))),
                        Role::CreatedAt | Role::Version => {}
                    }
                }
                binds.push(key_bind(key));
                Some(statement(text, binds, &self.columns))
            }
            Plan::Delete { filter } => {
                let key = filter.exact_key(def)?;
                Some(statement(&self.delete, vec![key_bind(key)], &Arc::from([])))
            }
            Plan::List { .. } => None,
        }
    }
}

fn statement(text: &SqlText, binds: Vec<Bind>, columns: &Arc<[FieldType]>) -> Statement {
    Statement { text: text.clone(), binds, columns: Arc::clone(columns) }
}

/// Every field that an update can send, the key left out.
fn full_row(def: &ModelDef) -> Row {
    let value = |(at, field): (usize, &model::FieldDef)| match at == def.key || field.role != Role::Plain {
        true => Value::Absent,
        false => sample(field.field_type),
    };
    def.fields.iter().enumerate().map(value).collect()
}

/// Any value of the type that is not null.
fn sample(field_type: FieldType) -> Value {
    match field_type {
        FieldType::Text => Value::Text(String::new()),
        FieldType::Int => Value::Int(0),
        FieldType::Float => Value::Float(0.0),
        FieldType::Boolean => Value::Boolean(false),
        FieldType::Timestamp => Value::Timestamp(0),
        FieldType::Uuid => Value::Uuid(uuid::Uuid::nil()),
        FieldType::Json => Value::Json("null".to_owned()),
    }
}
