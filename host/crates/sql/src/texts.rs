//! The four texts that a model always needs, rendered once at activation.
//!
//! A generation keeps them. They do not depend on values: a statement made from them equals what [`crate::render`] gives
//! for the same plan, which a test asserts.

use std::sync::Arc;

use model::{Decimal, Default, FieldType, ModelDef, Role, Row, Value};

use crate::render::{Target, render};
use crate::{Bind, Dialect, Feature, Filter, Place, Plan, SqlText, Statement};

/// Texts for create, and for read, update and delete by key.
#[derive(Debug, Clone)]
pub struct Texts {
    place: Place,
    dialect: Dialect,
    columns: Arc<[FieldType]>,
    create: SqlText,
    /// What a create answers: the key that the database numbers, or nothing.
    created: Arc<[FieldType]>,
    read: SqlText,
    /// For an update that sends every field it can.
    update: Option<SqlText>,
    delete: SqlText,
}

impl Texts {
    /// Renders the texts of a model.
    pub fn new(def: &ModelDef, place: &Place, dialect: Dialect) -> Self {
        let target = Target::new(def, place, dialect);
        let keyed = def.fields.iter().map(|field| sample(field.field_type)).collect();
        let by_key = Filter::key(def, &keyed);
        let full = full_row(def);
        let can_update = dialect.has(Feature::ReturnedRows) && !full.iter().all(Value::is_absent);
        let create = target.insert(&full);
        Self {
            create: create.text,
            created: create.columns,
            read: target.select_one(&by_key, None).text,
            update: can_update.then(|| target.update(&by_key, &full, 0).text),
            delete: target.delete(&by_key).text,
            place: place.clone(),
            dialect,
            columns: target.columns,
        }
    }

    /// The statements of a plan: by the texts where they fit, rendered otherwise.
    pub fn statements(&self, plan: &Plan, def: &ModelDef) -> Vec<Statement> {
        self.prepared(plan, def)
            .map_or_else(|| render(plan, def, &self.place, self.dialect), |statement| vec![statement])
    }

    fn prepared(&self, plan: &Plan, def: &ModelDef) -> Option<Statement> {
        match plan {
            Plan::Create { row } => {
                let written = def.fields.iter().zip(row).filter(|(field, _)| field.default != Default::Sequence);
                let binds = written.map(|(field, value)| Bind::One(field.field_type, value.clone()));
                Some(statement(&self.create, binds.collect(), &self.created))
            }
            Plan::Read { filter, fields: None } => {
                Some(statement(&self.read, key_binds(filter, def)?.collect(), &self.columns))
            }
            Plan::Update { filter, row, now_us } => {
                let (key, text) = (key_binds(filter, def)?, self.update.as_ref()?);
                let mut binds = Vec::with_capacity(row.len() + 1);
                for (at, (field, value)) in def.fields.iter().zip(row).enumerate() {
                    match field.role {
                        Role::Plain if def.is_key(at) => {}
                        Role::Plain if value.is_absent() => return None,
                        Role::Plain => binds.push(Bind::One(field.field_type, value.clone())),
                        Role::UpdatedAt => binds.push(Bind::One(field.field_type, Value::Timestamp(*now_us))),
                        Role::CreatedAt | Role::Version => {}
                    }
                }
                binds.extend(key);
                Some(statement(text, binds, &self.columns))
            }
            Plan::Delete { filter } => Some(statement(&self.delete, key_binds(filter, def)?.collect(), &Arc::from([]))),
            Plan::Read { .. } | Plan::Count { .. } | Plan::List { .. } | Plan::BulkCreate { .. } => None,
        }
    }
}

fn key_binds<'a>(filter: &'a Filter, def: &'a ModelDef) -> Option<impl Iterator<Item = Bind> + 'a> {
    let key = filter.exact_key(def)?;
    Some(def.key_fields().zip(key).map(|(field, value)| Bind::One(field.field_type, value.clone())))
}

fn statement(text: &SqlText, binds: Vec<Bind>, columns: &Arc<[FieldType]>) -> Statement {
    Statement { text: text.clone(), binds, repeats: None, columns: Arc::clone(columns) }
}

/// Every field that an update can send, the key left out.
fn full_row(def: &ModelDef) -> Row {
    let value = |(at, field): (usize, &model::FieldDef)| match def.is_key(at) || field.role != Role::Plain {
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
        FieldType::Decimal(digits) => Value::Decimal(Decimal::new(0, digits.scale)),
        FieldType::Timestamp => Value::Timestamp(0),
        FieldType::Date => Value::Date(0),
        FieldType::Time => Value::Time(0),
        FieldType::Uuid => Value::Uuid(uuid::Uuid::nil()),
        FieldType::Bytes => Value::Bytes(Vec::new()),
        FieldType::Json => Value::Json("null".to_owned()),
        FieldType::Enum => Value::Enum(String::new()),
        FieldType::List(_) => Value::List(Vec::new()),
        FieldType::Vector(dimensions) => Value::Vector(vec![0.0; dimensions.into()]),
    }
}
