//! Models that have been judged: every name is an identifier, every default fits, every position exists.
//!
//! A [`Manifest`] is immutable and belongs to one generation. It knows nothing of SQL; `sql` turns it into tables.

use std::sync::Arc;

use crate::check::check_manifest;
use crate::{Constraint, FieldType, Ident, ManifestDraft, Problems, Value};

/// A plugin's description of itself.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Name of the plugin.
    pub name: String,
    /// Semantic version of the plugin.
    pub version: String,
    /// What made the component.
    pub sdk: String,
    /// Capabilities asked for.
    pub wants: Vec<String>,
    /// The models, in the plugin's order: a position here is what `call.model` says to the guest.
    pub models: Vec<Arc<ModelDef>>,
}

/// One model.
#[derive(Debug, Clone)]
pub struct ModelDef {
    /// Position in the manifest.
    pub position: usize,
    /// Name of the model.
    pub name: Ident,
    /// Name of the table, without namespace.
    pub table: Ident,
    /// The fields in the order of a row.
    pub fields: Vec<FieldDef>,
    /// Position of the key field.
    pub key: usize,
    /// Sets of field positions that are unique together; the key is not among them.
    pub unique: Vec<Vec<usize>>,
    /// At most one hook of each kind.
    pub hooks: Vec<Hook>,
    /// One sentence.
    pub description: String,
}

/// One field.
#[derive(Debug, Clone)]
pub struct FieldDef {
    /// Name of the field.
    pub name: Ident,
    /// Name of the column.
    pub column: Ident,
    /// What it holds.
    pub field_type: FieldType,
    /// Whether it may hold null.
    pub nullable: bool,
    /// Who writes it.
    pub role: Role,
    /// What it gets when create does not send it.
    pub default: Default,
    /// Rules that the host checks.
    pub constraints: Vec<Constraint>,
    /// One sentence.
    pub description: String,
}

/// Who writes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The caller.
    Plain,
    /// The host, at create.
    CreatedAt,
    /// The host, at create and update.
    UpdatedAt,
    /// The host: 1 at create, one more at each update.
    Version,
}

/// What a field gets when create does not send it.
#[derive(Debug, Clone, PartialEq)]
pub enum Default {
    /// Null when the field is nullable; otherwise it must be sent.
    None,
    /// Always this value.
    Constant(Value),
    /// The time of the operation.
    Now,
    /// A new uuid, version 7.
    NewUuid,
}

/// What a hook does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookKind {
    /// Refuses records.
    Validate,
    /// Tidies records.
    Normalize,
}

/// How much of a record a hook wants to see in an update or delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// What the caller sent.
    Sent,
    /// The record as it will be.
    Whole,
    /// As it will be, and as it was.
    Before,
}

/// A hook that a model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hook {
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

impl Manifest {
    /// Judges a description as a whole. The error lists everything that is wrong, each with where and what to do.
    pub fn check(draft: &ManifestDraft) -> Result<Self, Problems> {
        check_manifest(draft)
    }

    /// The model of that name.
    pub fn model(&self, name: &str) -> Option<&Arc<ModelDef>> {
        self.models.iter().find(|model| model.name.as_str() == name)
    }
}

impl ModelDef {
    /// Position of the field of that name.
    pub fn position_of(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|def| def.name.as_str() == field)
    }

    /// The key field.
    pub fn key_field(&self) -> &FieldDef {
        &self.fields[self.key]
    }

    /// Position of the field that the host writes in that role.
    pub fn managed(&self, role: Role) -> Option<usize> {
        self.fields.iter().position(|def| def.role == role)
    }

    /// The hook of that kind.
    pub fn hook(&self, kind: HookKind) -> Option<&Hook> {
        self.hooks.iter().find(|hook| hook.kind == kind)
    }

    /// The names of the fields, in order.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|def| def.name.as_str())
    }
}

impl FieldDef {
    /// Whether create must send the field.
    pub fn is_required(&self) -> bool {
        !self.nullable && self.role == Role::Plain && self.default == Default::None
    }
}

impl Role {
    /// The word for the role in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::CreatedAt => "created-at",
            Self::UpdatedAt => "updated-at",
            Self::Version => "version",
        }
    }
}

impl HookKind {
    /// The word for the hook in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Normalize => "normalize",
        }
    }
}
