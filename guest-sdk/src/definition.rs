//! A model as constant data: what `#[derive(Model)]` writes and the host is told.
//!
//! Kept apart from the contract's own types, because those hold owned texts and can't be constants. Does not judge; the
//! derive and the host do. Invariant: `to_wire` leaves nothing out.

use crate::hooks::Declared;
use crate::wire;

/// A model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelDef {
    /// Name of the model.
    pub name: &'static str,
    /// Name of the table where it differs.
    pub table: Option<&'static str>,
    /// The fields, in the order of a row.
    pub fields: &'static [FieldDef],
    /// Position of the key.
    pub key: u32,
    /// Sets of positions whose values together occur once.
    pub unique: &'static [&'static [u32]],
    /// One sentence for people.
    pub description: &'static str,
}

/// A field of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldDef {
    /// Name of the field.
    pub name: &'static str,
    /// What it holds.
    pub field_type: wire::FieldType,
    /// May hold null.
    pub nullable: bool,
    /// Who writes it.
    pub role: wire::Role,
    /// What it gets when create does not send it.
    pub default: Default,
    /// The rules that the host checks.
    pub constraints: &'static [Constraint],
    /// Name of the column where it differs.
    pub column: Option<&'static str>,
    /// One sentence for people.
    pub description: &'static str,
}

/// What a field gets when create does not send it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Default {
    /// Nothing.
    None,
    /// A text.
    Text(&'static str),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A JSON document.
    Json(&'static str),
    /// The time of the operation.
    Now,
    /// A new random uuid.
    NewUuid,
}

/// A rule that the host checks by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Constraint {
    /// Unicode code points, at least.
    LengthMin(u32),
    /// Unicode code points, at most.
    LengthMax(u32),
    /// A whole number, at least.
    IntMin(i64),
    /// A whole number, at most.
    IntMax(i64),
    /// A number, at least.
    FloatMin(f64),
    /// A number, at most.
    FloatMax(f64),
    /// A regular expression that must match somewhere.
    Pattern(&'static str),
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

impl ModelDef {
    /// Stands in for a struct that does not compile.
    #[doc(hidden)]
    pub const UNKNOWN: Self = Self { name: "", table: None, fields: &[], key: 0, unique: &[], description: "" };

    /// What a hook may not write at this position, in words; none when it may.
    pub fn kept_at(&self, position: usize) -> Option<String> {
        let field = self.fields.get(position)?;
        if position == self.key as usize {
            return Some(format!("the key `{}`", field.name));
        }
        (field.role != wire::Role::Plain).then(|| format!("`{}`, which the host writes", field.name))
    }

    /// The model as the host is told.
    pub fn to_wire(&self, declared: Declared) -> wire::Model {
        wire::Model {
            name: self.name.to_owned(),
            table: self.table.map(str::to_owned),
            fields: self.fields.iter().copied().map(FieldDef::to_wire).collect(),
            key: self.key,
            unique: self.unique.iter().map(|set| set.to_vec()).collect(),
            hooks: declared.to_wire(),
            description: self.description.to_owned(),
        }
    }
}

impl FieldDef {
    /// Whether the caller must send the field at create.
    pub fn is_sent(&self) -> bool {
        self.role == wire::Role::Plain && self.default == Default::None
    }

    fn to_wire(self) -> wire::Field {
        wire::Field {
            name: self.name.to_owned(),
            field_type: self.field_type,
            nullable: self.nullable,
            role: self.role,
            default_value: self.default.to_wire(),
            constraints: self.constraints.iter().copied().map(Constraint::to_wire).collect(),
            column: self.column.map(str::to_owned),
            description: self.description.to_owned(),
        }
    }
}

impl Default {
    fn to_wire(self) -> wire::DefaultValue {
        wire::DefaultValue::Constant(match self {
            Self::None => return wire::DefaultValue::None,
            Self::Now => return wire::DefaultValue::Now,
            Self::NewUuid => return wire::DefaultValue::NewUuid,
            Self::Text(text) => wire::Value::Text(text.to_owned()),
            Self::Int(int) => wire::Value::Int(int),
            Self::Float(float) => wire::Value::Float(float),
            Self::Boolean(boolean) => wire::Value::Boolean(boolean),
            Self::Json(json) => wire::Value::Json(json.to_owned()),
        })
    }
}

impl Constraint {
    fn to_wire(self) -> wire::Constraint {
        match self {
            Self::LengthMin(min) => wire::Constraint::LengthMin(min),
            Self::LengthMax(max) => wire::Constraint::LengthMax(max),
            Self::IntMin(min) => wire::Constraint::IntMin(min),
            Self::IntMax(max) => wire::Constraint::IntMax(max),
            Self::FloatMin(min) => wire::Constraint::FloatMin(min),
            Self::FloatMax(max) => wire::Constraint::FloatMax(max),
            Self::Pattern(pattern) => wire::Constraint::Pattern(pattern.to_owned()),
            Self::OneOf(texts) => wire::Constraint::OneOf(texts.iter().map(|text| (*text).to_owned()).collect()),
        }
    }
}
