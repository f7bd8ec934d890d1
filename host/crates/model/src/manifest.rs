//! Models that have been judged: every name is an identifier, every default fits, every position exists.
//!
//! A [`Manifest`] is immutable and belongs to one generation. It knows nothing of SQL; `sql` turns it into tables.

use std::sync::Arc;

use crate::check::check_manifest;
use crate::json::found_text;
use crate::suggest::closest;
use crate::{
    BelongsTo, Constraint, FieldType, HasMany, Ident, IndexDef, ManifestDraft, Problems, Value, ValueError,
    WireOptions, write_json_string,
};

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
    /// Earlier name of the table.
    pub was: Option<Ident>,
    /// The fields in the order of a row.
    pub fields: Vec<FieldDef>,
    /// Positions of the key fields, in order; never empty.
    pub key: Vec<usize>,
    /// Sets of field positions that are unique together; the key is not among them.
    pub unique: Vec<Vec<usize>>,
    /// Indexes beside the key and the unique sets.
    pub indexes: Vec<IndexDef>,
    /// References to other models.
    pub belongs_to: Vec<BelongsTo>,
    /// References of other models to this one.
    pub has_many: Vec<HasMany>,
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
    /// Earlier name of the column.
    pub was: Option<Ident>,
    /// What it holds.
    pub field_type: FieldType,
    /// The texts that an enum, or the items of a list of enums, may be; empty for every other type.
    pub labels: Vec<String>,
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
    /// The next number that the database gives: it is known when the record is written.
    Sequence,
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

    /// The key fields, in the order of the key.
    pub fn key_fields(&self) -> impl Iterator<Item = &FieldDef> {
        self.key.iter().map(|at| &self.fields[*at])
    }

    /// Whether the field is one of the key.
    pub fn is_key(&self, position: usize) -> bool {
        self.key.contains(&position)
    }

    /// Position of the key field that the database numbers.
    pub fn sequence(&self) -> Option<usize> {
        self.key.iter().copied().find(|at| self.fields[*at].default == Default::Sequence)
    }

    /// Every set of fields that means one record at most: the key first, then the unique sets.
    pub fn unique_sets(&self) -> impl Iterator<Item = &[usize]> {
        std::iter::once(self.key.as_slice()).chain(self.unique.iter().map(Vec::as_slice))
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
    /// The value that a JSON text stands for, as [`FieldType::parse_json`], and one of the labels where the field has any.
    pub fn parse_json(&self, raw: &str, wire: WireOptions) -> Result<Value, ValueError> {
        let value = self.field_type.parse_json(raw, wire).map_err(|error| match self.field_type {
            FieldType::Enum => ValueError {
                expected: self.one_of(),
                hint: Some(format!("write for example {}", self.example())),
                ..error
            },
            _ => error,
        })?;
        self.check_labels(&value)?;
        Ok(value)
    }

    /// A value that fits, as JSON.
    pub fn example(&self) -> String {
        let one_of = self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::OneOf(texts) => texts.first(),
            _ => None,
        });
        match (self.field_type, self.labels.first().or(one_of)) {
            (FieldType::Text | FieldType::Enum, Some(text)) => {
                let mut raw = String::new();
                write_json_string(text, &mut raw);
                raw
            }
            (field_type, _) => field_type.example().into_owned(),
        }
    }

    /// Refuses a text that is none of the labels.
    pub fn check_labels(&self, value: &Value) -> Result<(), ValueError> {
        match value {
            Value::Enum(text) if !self.labels.contains(text) => Err(ValueError {
                expected: self.one_of(),
                found: found_text(text),
                hint: closest(text, self.labels.iter().map(String::as_str))
                    .map(|label| format!("did you mean \"{label}\"?")),
            }),
            Value::List(items) => items.iter().enumerate().try_for_each(|(at, item)| {
                let place = |error: ValueError| ValueError { found: format!("{} as item {at}", error.found), ..error };
                self.check_labels(item).map_err(place)
            }),
            _ => Ok(()),
        }
    }

    fn one_of(&self) -> String {
        format!("one of {}", self.labels.join(", "))
    }

    /// Whether a caller may write the field.
    pub fn is_written_by_callers(&self) -> bool {
        self.role == Role::Plain && self.default != Default::Sequence
    }

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
