//! The schema that a manifest asks for: tables, columns, unique indexes.
//!
//! Pure data, comparable. `migrate` compares two of them; `ddl` writes them as text.

use model::{Constraint, FieldType, Ident, Manifest, ModelDef, NamespaceName};

use crate::statement::DerivedName;

/// The tables of one namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// In the order of the manifest.
    pub tables: Vec<Table>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name, without the namespace.
    pub name: Ident,
    /// In the order of the model's fields.
    pub columns: Vec<Column>,
    /// Name of the primary key constraint.
    pub key_name: DerivedName,
    /// The key column.
    pub key: Ident,
    /// Unique indexes beside the key.
    pub unique: Vec<UniqueIndex>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name.
    pub name: Ident,
    /// What it holds.
    pub field_type: FieldType,
    /// Whether it may hold null.
    pub nullable: bool,
    /// Characters a text may have; only MySQL asks.
    pub length_max: Option<u32>,
    /// Whether it stands in the key or in a unique index.
    pub is_indexed: bool,
}

/// A unique index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueIndex {
    /// `<namespace>__ix_<12 hex>`.
    pub name: DerivedName,
    /// Its columns, in order.
    pub columns: Vec<Ident>,
}

impl Schema {
    /// What the models of a manifest need in a namespace.
    pub fn of(manifest: &Manifest, namespace: &NamespaceName) -> Self {
        Self { tables: manifest.models.iter().map(|def| Table::of(def, namespace)).collect() }
    }
}

impl Table {
    /// What one model needs in a namespace.
    pub fn of(def: &ModelDef, namespace: &NamespaceName) -> Self {
        let column = |at: usize| def.fields[at].column.clone();
        let unique = def.unique.iter().map(|set| set.iter().map(|at| column(*at)).collect());
        let columns = def.fields.iter().map(|field| Column {
            name: field.column.clone(),
            field_type: field.field_type,
            nullable: field.nullable,
            length_max: field.constraints.iter().find_map(|constraint| match constraint {
                Constraint::Length { max, .. } => *max,
                _ => None,
            }),
            is_indexed: false,
        });
        Self::new(def.table.clone(), column(def.key), columns.collect(), unique.collect(), namespace)
    }

    /// A table whose constraint names and indexed columns follow from the rest.
    pub fn new(
        name: Ident,
        key: Ident,
        mut columns: Vec<Column>,
        unique: Vec<Vec<Ident>>,
        namespace: &NamespaceName,
    ) -> Self {
        for column in &mut columns {
            column.is_indexed = column.name == key || unique.iter().any(|set| set.contains(&column.name));
        }
        let index = |columns: Vec<Ident>| {
            let on: Vec<&str> = std::iter::once(name.as_str()).chain(columns.iter().map(Ident::as_str)).collect();
            UniqueIndex { name: DerivedName::new(namespace, "ix", &on), columns }
        };
        let unique = unique.into_iter().map(index).collect();
        Self { key_name: DerivedName::new(namespace, "pk", &[name.as_str()]), name, columns, key, unique }
    }
}
