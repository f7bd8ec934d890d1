//! The schema that a manifest asks for: tables, columns, indexes, references.
//!
//! Pure data, comparable. `migrate` compares two of them; `ddl` writes them as text.

use model::{Constraint, DeleteRule, FieldType, Ident, IndexCondition, Manifest, ModelDef, NamespaceName, Role, Value};

use crate::literal::is_writable;
use crate::statement::DerivedName;

/// The tables of one namespace.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// In the order of the manifest.
    pub tables: Vec<Table>,
}

/// One table. Names of constraints and indexes follow from the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name, without the namespace.
    pub name: Ident,
    /// Its earlier name: how it came about, not what it is.
    pub was: Option<Ident>,
    /// In the order of the model's fields.
    pub columns: Vec<Column>,
    /// Name of the primary key constraint.
    pub key_name: DerivedName,
    /// The key columns, in order.
    pub key: Vec<Ident>,
    /// Unique indexes beside the key.
    pub unique: Vec<UniqueIndex>,
    /// The other indexes.
    pub indexes: Vec<Index>,
    /// Foreign keys.
    pub references: Vec<Reference>,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name.
    pub name: Ident,
    /// What it holds.
    pub field_type: FieldType,
    /// The texts that an enum may be.
    pub labels: Vec<String>,
    /// Whether it may hold null.
    pub nullable: bool,
    /// Characters or bytes it may have; only MySQL asks.
    pub length_max: Option<u32>,
    /// Whether the database numbers it.
    pub is_sequence: bool,
    /// Whether it stands in the key, in an index or in a reference.
    pub is_indexed: bool,
    /// Its earlier name: how it came about, not what it is.
    pub was: Option<Ident>,
    /// What rows that are there get when it is added: a constant that every dialect can write. Not what it is either.
    pub fill: Option<Value>,
}

/// A unique index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueIndex {
    /// `<namespace>__ix_<12 hex>`.
    pub name: DerivedName,
    /// Its columns, in order.
    pub columns: Vec<Ident>,
}

/// An index that is not a unique set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// `<namespace>__ix_<12 hex>`.
    pub name: DerivedName,
    /// What it is.
    pub on: IndexedColumns,
}

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedColumns {
    /// In order, each with whether the largest comes first.
    pub columns: Vec<(Ident, bool)>,
    /// Only rows that meet all of these stand in it.
    pub conditions: Vec<(Ident, IndexCondition)>,
    /// The columns together occur once among the rows that stand in it.
    pub unique: bool,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// `<namespace>__fk_<12 hex>`.
    pub name: DerivedName,
    /// What it is.
    pub to: Referenced,
}

/// What a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referenced {
    /// The columns that refer.
    pub columns: Vec<Ident>,
    /// The other table, without the namespace.
    pub table: Ident,
    /// Its key columns, in order.
    pub key: Vec<Ident>,
    /// What becomes of the row when the other one is deleted.
    pub on_delete: DeleteRule,
}

/// A table before its names are known.
#[derive(Debug, Clone, PartialEq)]
pub struct TableParts {
    /// Name, without the namespace.
    pub name: Ident,
    /// Its earlier name.
    pub was: Option<Ident>,
    /// The key columns, in order.
    pub key: Vec<Ident>,
    /// In the order of the model's fields; `is_indexed` is found out.
    pub columns: Vec<Column>,
    /// Columns of each unique index.
    pub unique: Vec<Vec<Ident>>,
    /// The other indexes.
    pub indexes: Vec<IndexedColumns>,
    /// Foreign keys.
    pub references: Vec<Referenced>,
}

impl Schema {
    /// What the models of a manifest need in a namespace.
    pub fn of(manifest: &Manifest, namespace: &NamespaceName) -> Self {
        Self { tables: manifest.models.iter().map(|def| Table::of(def, &manifest.models, namespace)).collect() }
    }
}

impl Table {
    /// What one of the models needs in a namespace.
    pub fn of(def: &ModelDef, models: &[std::sync::Arc<ModelDef>], namespace: &NamespaceName) -> Self {
        let column = |at: usize| def.fields[at].column.clone();
        let columns = |set: &[usize]| -> Vec<Ident> { set.iter().map(|at| column(*at)).collect() };
        let unique: Vec<Vec<Ident>> = def.unique.iter().map(|set| columns(set)).collect();
        let mut indexes: Vec<IndexedColumns> = def
            .indexes
            .iter()
            .map(|index| IndexedColumns {
                columns: index.fields.iter().map(|field| (column(field.field), field.descending)).collect(),
                conditions: index.conditions.iter().map(|(at, condition)| (column(*at), *condition)).collect(),
                unique: index.unique,
            })
            .collect();
        let references: Vec<Referenced> = def
            .belongs_to
            .iter()
            .map(|one| Referenced {
                columns: columns(&one.fields),
                table: models[one.model].table.clone(),
                key: models[one.model].key_fields().map(|field| field.column.clone()).collect(),
                on_delete: one.on_delete,
            })
            .collect();
        let key = columns(&def.key);
        // Without an index each delete of the other record reads this whole table.
        for reference in &references {
            let plain = |index: &IndexedColumns| index.columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            let mut led: Vec<Vec<Ident>> =
                indexes.iter().filter(|index| index.conditions.is_empty()).map(plain).collect();
            led.extend(unique.iter().cloned().chain([key.clone()]));
            if !led.iter().any(|columns| columns.starts_with(&reference.columns)) {
                let columns = reference.columns.iter().map(|name| (name.clone(), false)).collect();
                indexes.push(IndexedColumns { columns, conditions: Vec::new(), unique: false });
            }
        }
        let columns = def.fields.iter().map(Column::of).collect();
        let (name, was) = (def.table.clone(), def.was.clone());
        Self::new(TableParts { name, was, key, columns, unique, indexes, references }, namespace)
    }

    /// A table whose names and indexed columns follow from its parts.
    pub fn new(parts: TableParts, namespace: &NamespaceName) -> Self {
        let TableParts { name, was, key, mut columns, unique, indexes, references } = parts;
        for column in &mut columns {
            let is_in = |columns: &[Ident]| columns.contains(&column.name);
            column.is_indexed = is_in(&key)
                || unique.iter().any(|set| is_in(set))
                || indexes.iter().any(|index| index.columns.iter().any(|(name, _)| *name == column.name))
                || references.iter().any(|reference| is_in(&reference.columns));
        }
        let derived = |kind, rest: &[&str]| {
            let on: Vec<&str> = std::iter::once(name.as_str()).chain(rest.iter().copied()).collect();
            DerivedName::new(namespace, kind, &on)
        };
        let texts = |columns: &[Ident]| columns.iter().map(|column| column.as_str().to_owned()).collect::<Vec<_>>();
        let unique = unique.into_iter().map(|columns| {
            let on = texts(&columns);
            UniqueIndex { name: derived("ix", &on.iter().map(String::as_str).collect::<Vec<_>>()), columns }
        });
        let indexes = indexes.into_iter().map(|on| {
            let text = on.to_string();
            Index { name: derived("ix", &["index", &text]), on }
        });
        let references = references.into_iter().map(|to| {
            let text = to.to_string();
            Reference { name: derived("fk", &[&text]), to }
        });
        Self {
            was,
            key_name: derived("pk", &[]),
            unique: unique.collect(),
            indexes: indexes.collect(),
            references: references.collect(),
            name: name.clone(),
            columns,
            key,
        }
    }
}

impl Column {
    fn of(field: &model::FieldDef) -> Self {
        Self {
            name: field.column.clone(),
            field_type: field.field_type,
            labels: field.labels.clone(),
            nullable: field.nullable,
            length_max: field.constraints.iter().find_map(|constraint| match constraint {
                Constraint::Length { max, .. } => *max,
                _ => None,
            }),
            is_sequence: field.default == model::Default::Sequence,
            is_indexed: false,
            was: field.was.clone(),
            fill: fill(field).filter(|value| is_writable(field.field_type, value)),
        }
    }
}

/// What records that are there get in a field that is new and not nullable.
fn fill(field: &model::FieldDef) -> Option<Value> {
    match (field.role, &field.default) {
        _ if field.nullable => None,
        (Role::Version, _) => Some(Value::Int(1)),
        (Role::Plain, model::Default::Constant(value)) => Some(value.clone()),
        _ => None,
    }
}

/// As plans and stored schemas write it: `a, -b where c is-null`.
impl std::fmt::Display for IndexedColumns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = |descending: bool| if descending { "-" } else { "" };
        let columns: Vec<String> = self.columns.iter().map(|(name, down)| format!("{}{name}", sign(*down))).collect();
        f.write_str(&columns.join(", "))?;
        for (at, (name, condition)) in self.conditions.iter().enumerate() {
            write!(f, " {} {name} {}", if at == 0 { "where" } else { "and" }, condition.name())?;
        }
        Ok(())
    }
}

/// As plans write it: `a, b to other (x, y) on-delete cascade`.
impl std::fmt::Display for Referenced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |columns: &[Ident]| columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ");
        let (columns, key) = (names(&self.columns), names(&self.key));
        write!(f, "{columns} to {} ({key}) on-delete {}", self.table, self.on_delete.name())
    }
}
