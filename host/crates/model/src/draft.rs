//! What a plugin says about its models, before anyone believed it.
//!
//! Plain data with public fields and texts of any content: it comes from a guest. [`crate::Manifest::check`] turns it into
//! definitions that hold only what is allowed, or into the list of everything that is wrong with it.

use crate::{DeleteRule, FieldType, HookKind, IndexCondition, Role, Value, View};

/// A manifest as described.
#[derive(Debug, Clone, PartialEq)]
pub struct ManifestDraft {
    /// Name of the plugin.
    pub name: String,
    /// Semantic version of the plugin.
    pub version: String,
    /// What made the component.
    pub sdk: String,
    /// Capabilities asked for.
    pub wants: Vec<String>,
    /// The models.
    pub models: Vec<ModelDraft>,
}

/// A model as described.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelDraft {
    /// Name of the model.
    pub name: String,
    /// Table name where it differs.
    pub table: Option<String>,
    /// Earlier name of the table.
    pub was: Option<String>,
    /// Fields in the order of a row.
    pub fields: Vec<FieldDraft>,
    /// Positions of the key fields, in order.
    pub key: Vec<u32>,
    /// Positions of fields that are unique together.
    pub unique: Vec<Vec<u32>>,
    /// Indexes beside the key and the unique sets.
    pub indexes: Vec<IndexDraft>,
    /// References to other models.
    pub belongs_to: Vec<BelongsToDraft>,
    /// References of other models to this one.
    pub has_many: Vec<HasManyDraft>,
    /// Hooks the model has.
    pub hooks: Vec<HookDraft>,
    /// One sentence.
    pub description: String,
}

/// A field as described.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDraft {
    /// Name of the field.
    pub name: String,
    /// What it holds.
    pub field_type: FieldType,
    /// The texts of an enum, or of the items of a list of enums.
    pub labels: Vec<String>,
    /// Whether it may hold null.
    pub nullable: bool,
    /// Who writes it.
    pub role: Role,
    /// What it gets when create does not send it.
    pub default: DefaultDraft,
    /// Rules that the host checks.
    pub constraints: Vec<ConstraintDraft>,
    /// Column name where it differs.
    pub column: Option<String>,
    /// Earlier name of the column.
    pub was: Option<String>,
    /// One sentence.
    pub description: String,
}

/// A default as described.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultDraft {
    /// Nothing.
    None,
    /// Always the same value.
    Constant(Value),
    /// The time of the operation.
    Now,
    /// A new uuid.
    NewUuid,
    /// The next number that the database gives.
    Sequence,
}

/// A constraint as described.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstraintDraft {
    /// Code points, bytes or items, at least.
    LengthMin(u32),
    /// Code points, bytes or items, at most.
    LengthMax(u32),
    /// Int, timestamp, date or time, at least.
    IntMin(i64),
    /// Int, timestamp, date or time, at most.
    IntMax(i64),
    /// Decimal, at least.
    DecimalMin(String),
    /// Decimal, at most.
    DecimalMax(String),
    /// Float, at least.
    FloatMin(f64),
    /// Float, at most.
    FloatMax(f64),
    /// A regular expression.
    Pattern(String),
    /// One of these texts.
    OneOf(Vec<String>),
}

/// An index as described.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDraft {
    /// What people call it.
    pub name: Option<String>,
    /// Positions, each with whether the largest comes first.
    pub fields: Vec<(u32, bool)>,
    /// What the records that stand in it meet.
    pub conditions: Vec<(u32, IndexCondition)>,
    /// The fields together occur once.
    pub unique: bool,
}

/// A reference as described.
#[derive(Debug, Clone, PartialEq)]
pub struct BelongsToDraft {
    /// Its name.
    pub name: String,
    /// Name of the other model.
    pub model: String,
    /// Positions of the fields that refer.
    pub fields: Vec<u32>,
    /// What becomes of the record when the other one is deleted.
    pub on_delete: DeleteRule,
}

/// The other side of a reference as described.
#[derive(Debug, Clone, PartialEq)]
pub struct HasManyDraft {
    /// Its name.
    pub name: String,
    /// Name of the model whose records refer.
    pub model: String,
    /// Name of its reference.
    pub relation: String,
}

/// A hook as described.
#[derive(Debug, Clone, PartialEq)]
pub struct HookDraft {
    /// What it does.
    pub kind: HookKind,
    /// Runs around create.
    pub on_create: bool,
    /// Runs around update.
    pub on_update: bool,
    /// Runs before delete.
    pub on_delete: bool,
    /// How much it wants to see.
    pub view: View,
}
