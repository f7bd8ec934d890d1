//! Definitions as the host is told.
//!
//! Judges nothing. Invariant: nothing is left out; each `match` and each struct here names every part.

use super::{
    BelongsTo, Constant, Constraint, Default, Direction, FieldDef, FieldType, HasMany, Index, Literal, ModelDef,
    ScalarType,
};
use crate::hooks::Declared;
use crate::wire;

impl ModelDef {
    /// The model as the host is told.
    pub fn to_wire(&self, declared: Declared) -> wire::Model {
        let Self { name, table, was, fields, key, unique, indexes, belongs_to, has_many, description } = *self;
        wire::Model {
            name: name.to_owned(),
            table: table.map(str::to_owned),
            was: was.map(str::to_owned),
            fields: fields.iter().copied().map(FieldDef::to_wire).collect(),
            key: key.to_vec(),
            unique: unique.iter().map(|set| set.to_vec()).collect(),
            indexes: indexes.iter().copied().map(Index::to_wire).collect(),
            belongs_to: belongs_to.iter().copied().map(BelongsTo::to_wire).collect(),
            has_many: has_many.iter().copied().map(HasMany::to_wire).collect(),
            hooks: declared.to_wire(),
            description: description.to_owned(),
        }
    }
}

impl FieldDef {
    fn to_wire(self) -> wire::Field {
        let Self { name, field_type, nullable, role, default, constraints, column, was, description } = self;
        wire::Field {
            name: name.to_owned(),
            field_type: field_type.to_wire(),
            nullable,
            role,
            default_value: default.to_wire(),
            constraints: constraints.iter().copied().map(Constraint::to_wire).collect(),
            column: column.map(str::to_owned),
            was: was.map(str::to_owned),
            description: description.to_owned(),
        }
    }
}

impl FieldType {
    fn to_wire(self) -> wire::FieldType {
        match self {
            Self::Scalar(scalar) => scalar.to_field(),
            Self::Json => wire::FieldType::Json,
            Self::List(item) => wire::FieldType::Items(item.to_item()),
            Self::Vector(dimensions) => wire::FieldType::Vector(dimensions),
        }
    }
}

impl ScalarType {
    fn to_field(self) -> wire::FieldType {
        match self {
            Self::Text => wire::FieldType::Text,
            Self::Int => wire::FieldType::Int,
            Self::Float => wire::FieldType::Float,
            Self::Boolean => wire::FieldType::Boolean,
            Self::Decimal { precision, scale } => wire::FieldType::Decimal(wire::DecimalType { precision, scale }),
            Self::Timestamp => wire::FieldType::Timestamp,
            Self::Date => wire::FieldType::Date,
            Self::Time => wire::FieldType::Time,
            Self::Uuid => wire::FieldType::Uuid,
            Self::Bytes => wire::FieldType::Bytes,
            Self::Enumeration(texts) => wire::FieldType::Enumeration(owned(texts)),
        }
    }

    fn to_item(self) -> wire::ItemType {
        match self {
            Self::Text => wire::ItemType::Text,
            Self::Int => wire::ItemType::Int,
            Self::Float => wire::ItemType::Float,
            Self::Boolean => wire::ItemType::Boolean,
            Self::Decimal { precision, scale } => wire::ItemType::Decimal(wire::DecimalType { precision, scale }),
            Self::Timestamp => wire::ItemType::Timestamp,
            Self::Date => wire::ItemType::Date,
            Self::Time => wire::ItemType::Time,
            Self::Uuid => wire::ItemType::Uuid,
            Self::Bytes => wire::ItemType::Bytes,
            Self::Enumeration(texts) => wire::ItemType::Enumeration(owned(texts)),
        }
    }
}

impl Default {
    fn to_wire(self) -> wire::DefaultValue {
        match self {
            Self::None => wire::DefaultValue::None,
            Self::Constant(constant) => wire::DefaultValue::Constant(constant.to_value()),
            Self::Now => wire::DefaultValue::Now,
            Self::NewUuid => wire::DefaultValue::NewUuid,
            Self::Sequence => wire::DefaultValue::Sequence,
        }
    }
}

impl Constant {
    fn to_value(self) -> wire::Value {
        match self {
            Self::Scalar(literal) => literal.to_value(),
            Self::Json(json) => wire::Value::Json(json.to_owned()),
            Self::List(items) => wire::Value::Items(items.iter().copied().map(Literal::to_scalar).collect()),
            Self::Vector(numbers) => wire::Value::Vector(numbers.to_vec()),
        }
    }
}

impl Literal {
    fn to_value(self) -> wire::Value {
        match self {
            Self::Text(text) => wire::Value::Text(text.to_owned()),
            Self::Int(int) => wire::Value::Int(int),
            Self::Float(float) => wire::Value::Float(float),
            Self::Boolean(boolean) => wire::Value::Boolean(boolean),
            Self::Decimal(digits) => wire::Value::Decimal(digits.to_owned()),
            Self::Timestamp(micros) => wire::Value::TimestampUs(micros),
            Self::Date(days) => wire::Value::Date(days),
            Self::Time(micros) => wire::Value::TimeUs(micros),
            Self::Bytes(bytes) => wire::Value::Bytes(bytes.to_vec()),
            Self::Enumeration(text) => wire::Value::Enumeration(text.to_owned()),
        }
    }

    fn to_scalar(self) -> wire::Scalar {
        match self {
            Self::Text(text) => wire::Scalar::Text(text.to_owned()),
            Self::Int(int) => wire::Scalar::Int(int),
            Self::Float(float) => wire::Scalar::Float(float),
            Self::Boolean(boolean) => wire::Scalar::Boolean(boolean),
            Self::Decimal(digits) => wire::Scalar::Decimal(digits.to_owned()),
            Self::Timestamp(micros) => wire::Scalar::TimestampUs(micros),
            Self::Date(days) => wire::Scalar::Date(days),
            Self::Time(micros) => wire::Scalar::TimeUs(micros),
            Self::Bytes(bytes) => wire::Scalar::Bytes(bytes.to_vec()),
            Self::Enumeration(text) => wire::Scalar::Enumeration(text.to_owned()),
        }
    }
}

impl Constraint {
    fn to_wire(self) -> wire::Constraint {
        match self {
            Self::LengthMin(min) => wire::Constraint::LengthMin(min),
            Self::LengthMax(max) => wire::Constraint::LengthMax(max),
            Self::IntMin(min) => wire::Constraint::IntMin(min),
            Self::IntMax(max) => wire::Constraint::IntMax(max),
            Self::DecimalMin(min) => wire::Constraint::DecimalMin(min.to_owned()),
            Self::DecimalMax(max) => wire::Constraint::DecimalMax(max.to_owned()),
            Self::FloatMin(min) => wire::Constraint::FloatMin(min),
            Self::FloatMax(max) => wire::Constraint::FloatMax(max),
            Self::Pattern(pattern) => wire::Constraint::Pattern(pattern.to_owned()),
            Self::OneOf(texts) => wire::Constraint::OneOf(owned(texts)),
        }
    }
}

impl Index {
    fn to_wire(self) -> wire::Index {
        let Self { name, fields, conditions, unique } = self;
        let field = |&(field, direction): &(u32, Direction)| {
            let descending = direction == Direction::Descending;
            wire::IndexField { field, descending }
        };
        wire::Index {
            name: name.map(str::to_owned),
            fields: fields.iter().map(field).collect(),
            conditions: conditions.to_vec(),
            unique,
        }
    }
}

impl BelongsTo {
    fn to_wire(self) -> wire::BelongsTo {
        let Self { name, model, fields, on_delete } = self;
        wire::BelongsTo { name: name.to_owned(), model: model.to_owned(), fields: fields.to_vec(), on_delete }
    }
}

impl HasMany {
    fn to_wire(self) -> wire::HasMany {
        let [name, model, relation] = [self.name, self.model, self.relation].map(str::to_owned);
        wire::HasMany { name, model, relation }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
