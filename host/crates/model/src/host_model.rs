//! Models of the host's own tables: the control database and the ledger beside a namespace's data.
//!
//! They are ordinary models, so that their statements come out of the same plans and renderer as everybody's. Their table
//! names begin with `modelhost_`, which no plugin's may.

use crate::{Constraint, Default, FieldDef, FieldType, Ident, ModelDef, Role};

/// Characters of a key: a namespace's name and a number.
const KEY_LENGTH_MAX: u32 = 100;

impl ModelDef {
    /// A table of the host. The first field is the key; a type with `true` may be null.
    ///
    /// # Panics
    /// When a name is not an identifier: names stand in our own source.
    pub fn of_host(table: &'static str, fields: &[(&'static str, FieldType, Nullable)]) -> Self {
        // Only the key has a length, and no rule that anybody checks: MySQL indexes no text without one.
        let width = |name: &str, field_type: FieldType| match field_type == FieldType::Text && name == fields[0].0 {
            true => vec![Constraint::Length { min: None, max: Some(KEY_LENGTH_MAX) }],
            false => Vec::new(),
        };
        let field = |(name, field_type, nullable): &(&'static str, FieldType, Nullable)| FieldDef {
            name: Ident::of_host(name),
            column: Ident::of_host(name),
            was: None,
            field_type: *field_type,
            labels: Vec::new(),
            nullable: *nullable == Nullable::Yes,
            role: Role::Plain,
            default: Default::None,
            constraints: width(name, *field_type),
            description: String::new(),
        };
        Self {
            position: 0,
            name: Ident::of_host(table),
            table: Ident::of_host(table),
            was: None,
            fields: fields.iter().map(field).collect(),
            key: vec![0],
            unique: Vec::new(),
            indexes: Vec::new(),
            belongs_to: Vec::new(),
            has_many: Vec::new(),
            hooks: Vec::new(),
            description: String::new(),
        }
    }
}

/// Whether a column of a host table may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nullable {
    /// It may.
    Yes,
    /// It may not.
    No,
}
