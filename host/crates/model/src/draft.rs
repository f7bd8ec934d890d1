//! What a plugin says about its models, before anyone believed it.
//!
//! Plain data with public fields and texts of any content: it comes from a guest. [`crate::Manifest::check`] turns it into
//! definitions that hold only what is allowed, or into the list of everything that is wrong with it.

use crate::{FieldType, HookKind, Role, Value, View};

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
    /// Fields in the order of a row.
    pub fields: Vec<FieldDraft>,
    /// Position of the key field.
    pub key: u32,
    /// Positions of fields that are unique together.
    pub unique: Vec<Vec<u32>>,
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
}

/// A constraint as described.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstraintDraft {
    /// Code points, at least.
    LengthMin(u32),
    /// Code points, at most.
    LengthMax(u32),
    /// Int or timestamp, at least.
    IntMin(i64),
    /// Int or timestamp, at most.
    IntMax(i64),
    /// Float, at least.
    FloatMin(f64),
    /// Float, at most.
    FloatMax(f64),
    /// A regular expression.
    Pattern(String),
    /// One of these texts.
    OneOf(Vec<String>),
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
