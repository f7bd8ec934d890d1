//! A model as constant data: what `#[derive(Model)]` writes and the host is told.
//!
//! Kept apart from the contract's own types, because those hold owned texts and can't be constants. The derive judges what
//! one struct shows, [`judged`] what takes two types, the host everything. How it crosses is in `crossing`.

mod crossing;
pub mod judged;

use crate::wire::{DeleteRule, IndexCondition, Role};

/// A model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelDef {
    /// Name of the model.
    pub name: &'static str,
    /// Name of the table where it differs.
    pub table: Option<&'static str>,
    /// Earlier name of the table.
    pub was: Option<&'static str>,
    /// The fields, in the order of a row.
    pub fields: &'static [FieldDef],
    /// Positions of the key's fields, in order.
    pub key: &'static [u32],
    /// Sets of positions whose values together occur once.
    pub unique: &'static [&'static [u32]],
    /// Indexes beside the key and the unique sets.
    pub indexes: &'static [Index],
    /// References to other models, or to itself.
    pub belongs_to: &'static [BelongsTo],
    /// The other sides of references.
    pub has_many: &'static [HasMany],
    /// One sentence for people.
    pub description: &'static str,
}

/// A field of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldDef {
    /// Name of the field.
    pub name: &'static str,
    /// What it holds.
    pub field_type: FieldType,
    /// May hold null.
    pub nullable: bool,
    /// Who writes it.
    pub role: Role,
    /// What it gets when create does not send it.
    pub default: Default,
    /// The rules that the host checks.
    pub constraints: &'static [Constraint],
    /// Name of the column where it differs.
    pub column: Option<&'static str>,
    /// Earlier name of the column.
    pub was: Option<&'static str>,
    /// One sentence for people.
    pub description: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldType {
    /// One scalar.
    Scalar(ScalarType),
    /// A JSON document.
    Json,
    /// A list of scalars of one type.
    List(ScalarType),
    /// A `Vector` of so many dimensions.
    Vector(u16),
}

/// What a field or an item of a list holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScalarType {
    /// A `String`.
    Text,
    /// An `i64`.
    Int,
    /// An `f64`.
    Float,
    /// A `bool`.
    Boolean,
    /// A `Decimal` with so many digits.
    Decimal {
        /// All of them.
        precision: u8,
        /// Those behind the point.
        scale: u8,
    },
    /// A `Timestamp`.
    Timestamp,
    /// A `Date`.
    Date,
    /// A `Time`.
    Time,
    /// A `Uuid`.
    Uuid,
    /// `Bytes`.
    Bytes,
    /// One of these texts.
    Enumeration(&'static [&'static str]),
}

/// What a field gets when create does not send it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Default {
    /// Nothing.
    None,
    /// Always the same.
    Constant(Constant),
    /// The time of the operation.
    Now,
    /// A new random uuid.
    NewUuid,
    /// The next number that the database gives.
    Sequence,
}

/// A value that an author wrote down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Constant {
    /// One scalar.
    Scalar(Literal),
    /// A JSON document.
    Json(&'static str),
    /// A list of scalars.
    List(&'static [Literal]),
    /// A vector.
    Vector(&'static [f32]),
}

/// A scalar that an author wrote down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Literal {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// The digits of a decimal.
    Decimal(&'static str),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since midnight.
    Time(i64),
    /// Bytes.
    Bytes(&'static [u8]),
    /// One of the texts of an enum.
    Enumeration(&'static str),
}

/// A rule that the host checks by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Constraint {
    /// Code points of a text, bytes, items of a list, at least.
    LengthMin(u32),
    /// Code points of a text, bytes, items of a list, at most.
    LengthMax(u32),
    /// A whole number, at least; also days of a date, microseconds of a time or a timestamp.
    IntMin(i64),
    /// A whole number, at most; also days of a date, microseconds of a time or a timestamp.
    IntMax(i64),
    /// The digits of a decimal, at least.
    DecimalMin(&'static str),
    /// The digits of a decimal, at most.
    DecimalMax(&'static str),
    /// A number, at least.
    FloatMin(f64),
    /// A number, at most.
    FloatMax(f64),
    /// A regular expression that must match somewhere.
    Pattern(&'static str),
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

/// An index beside the key and the unique sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index {
    /// What people call it.
    pub name: Option<&'static str>,
    /// Positions of the fields, in order, each with its direction.
    pub fields: &'static [(u32, Direction)],
    /// What a record must be to stand in it.
    pub conditions: &'static [(u32, IndexCondition)],
    /// Among the records that stand in it the fields together occur once.
    pub unique: bool,
}

/// How an index orders a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A reference: fields that hold the key of a record of another model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BelongsTo {
    /// Name of the relation.
    pub name: &'static str,
    /// Name of the other model.
    pub model: &'static str,
    /// Positions of the fields, in the order of the other model's key.
    pub fields: &'static [u32],
    /// What becomes of the record when the other one is deleted.
    pub on_delete: DeleteRule,
}

/// The other side of a reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HasMany {
    /// Name of the relation.
    pub name: &'static str,
    /// Name of the model whose records refer.
    pub model: &'static str,
    /// Name of its reference.
    pub relation: &'static str,
}

impl ModelDef {
    /// Stands in for a struct that does not compile.
    #[doc(hidden)]
    pub const UNKNOWN: Self = Self {
        name: "",
        table: None,
        was: None,
        fields: &[],
        key: &[],
        unique: &[],
        indexes: &[],
        belongs_to: &[],
        has_many: &[],
        description: "",
    };

    /// What a hook may not write at this position, in words; none when it may.
    pub fn kept_at(&self, position: usize) -> Option<String> {
        let field = self.fields.get(position)?;
        if self.key.contains(&(position as u32)) {
            return Some(format!("the key `{}`", field.name));
        }
        (field.role != Role::Plain).then(|| format!("`{}`, which the host writes", field.name))
    }
}

impl FieldDef {
    /// Whether the caller must send the field at create.
    pub fn is_sent(&self) -> bool {
        self.role == Role::Plain && self.default == Default::None
    }

    /// Whether the database gives the value, after every hook of a create ran.
    pub fn is_sequence(&self) -> bool {
        self.default == Default::Sequence
    }
}
