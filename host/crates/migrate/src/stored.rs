//! A schema as the ledger keeps it, and its fingerprint.
//!
//! The text is one line for each column and index, so that a person can read it and `from_stored(to_stored(s))` is `s`. Two
//! schemas are equal exactly when their fingerprints are.

use std::fmt;

use model::{DeleteRule, FieldType, Ident, IndexCondition, NamespaceName};
use sha2::{Digest, Sha256};
use sql::{Column, Index, IndexedColumns, Reference, Referenced, Schema, Table, TableParts};

/// The hash of a schema's stored text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

/// A stored schema that no host wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stored schema has a line that can't be read: `{line}`")]
pub struct StoredSchemaError {
    /// The line.
    pub line: String,
}

impl Fingerprint {
    /// As the ledger has it.
    pub fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The fingerprint of a schema.
pub fn fingerprint(schema: &Schema) -> Fingerprint {
    let digest = Sha256::digest(to_stored(schema));
    Fingerprint(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The schema as text.
pub fn to_stored(schema: &Schema) -> String {
    let mut tables: Vec<&Table> = schema.tables.iter().collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let names = |columns: &[Ident]| columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    for table in tables {
        text.push_str(&format!("table {} key {}\n", table.name, names(&table.key)));
        for column in &table.columns {
            let nullable = if column.nullable { "null" } else { "not-null" };
            let length = column.length_max.map_or("-".to_owned(), |max| max.to_string());
            let sequence = if column.is_sequence { " sequence" } else { "" };
            text.push_str(&format!("column {} {} {nullable} {length}{sequence}\n", column.name, column.field_type));
            for label in &column.labels {
                text.push_str(&format!("label {label}\n"));
            }
        }
        for index in &table.unique {
            text.push_str(&format!("unique {}\n", names(&index.columns)));
        }
        for Index { on, .. } in &table.indexes {
            let word = if on.unique { "unique-index" } else { "index" };
            let column = |(name, descending): &(Ident, bool)| format!("{}{name}", if *descending { "-" } else { "" });
            let columns: Vec<String> = on.columns.iter().map(column).collect();
            let condition = |(name, condition): &(Ident, IndexCondition)| format!(" where {name} {}", condition.name());
            let conditions: String = on.conditions.iter().map(condition).collect();
            text.push_str(&format!("{word} {}{conditions}\n", columns.join(" ")));
        }
        for Reference { to, .. } in &table.references {
            let (columns, key) = (names(&to.columns), names(&to.key));
            text.push_str(&format!("reference {columns} to {} {key} on-delete {}\n", to.table, to.on_delete.name()));
        }
    }
    text
}

/// The schema that a text stands for, in a namespace.
pub fn from_stored(text: &str, namespace: &NamespaceName) -> Result<Schema, StoredSchemaError> {
    let mut tables: Vec<TableParts> = Vec::new();
    for line in text.lines() {
        read_line(line, &mut tables).ok_or_else(|| StoredSchemaError { line: line.to_owned() })?;
    }
    Ok(Schema { tables: tables.into_iter().map(|parts| Table::new(parts, namespace)).collect() })
}

fn read_line(line: &str, tables: &mut Vec<TableParts>) -> Option<()> {
    let words: Vec<&str> = line.split(' ').collect();
    match (words.as_slice(), tables.last_mut()) {
        (["table", name, "key", key @ ..], _) => tables.push(TableParts {
            name: ident(name)?,
            was: None,
            key: idents(key)?,
            columns: Vec::new(),
            unique: Vec::new(),
            indexes: Vec::new(),
            references: Vec::new(),
        }),
        (["column", name, field_type, nullable, length, rest @ ..], Some(table)) => table.columns.push(Column {
            name: ident(name)?,
            field_type: FieldType::from_text(field_type)?,
            labels: Vec::new(),
            nullable: *nullable == "null",
            length_max: length.parse().ok(),
            is_sequence: rest == ["sequence"],
            is_indexed: false,
            was: None,
            fill: None,
        }),
        // A label may hold spaces.
        (["label", ..], Some(table)) => {
            table.columns.last_mut()?.labels.push(line.strip_prefix("label ")?.to_owned());
        }
        (["unique", columns @ ..], Some(table)) => table.unique.push(idents(columns)?),
        (["index", on @ ..], Some(table)) => table.indexes.push(read_index(on, false)?),
        (["unique-index", on @ ..], Some(table)) => table.indexes.push(read_index(on, true)?),
        (["reference", to @ ..], Some(table)) => table.references.push(read_reference(to)?),
        _ => return None,
    }
    Some(())
}

fn read_index(words: &[&str], unique: bool) -> Option<IndexedColumns> {
    let mut parts = words.split(|word| *word == "where");
    let column = |word: &&str| match word.strip_prefix('-') {
        Some(name) => Some((ident(name)?, true)),
        None => Some((ident(word)?, false)),
    };
    let columns = parts.next()?.iter().map(column).collect::<Option<_>>()?;
    let condition = |words: &[&str]| match words {
        [name, condition] => {
            let condition = IndexCondition::ALL.into_iter().find(|known| known.name() == *condition)?;
            Some((ident(name)?, condition))
        }
        _ => None,
    };
    Some(IndexedColumns { columns, conditions: parts.map(condition).collect::<Option<_>>()?, unique })
}

fn read_reference(words: &[&str]) -> Option<Referenced> {
    let to = words.iter().position(|word| *word == "to")?;
    let [table, key @ .., "on-delete", rule] = &words[to + 1..] else { return None };
    Some(Referenced {
        columns: idents(&words[..to])?,
        table: ident(table)?,
        key: idents(key)?,
        on_delete: DeleteRule::ALL.into_iter().find(|known| known.name() == *rule)?,
    })
}

fn ident(word: &str) -> Option<Ident> {
    Ident::new(word).ok()
}

fn idents(words: &[&str]) -> Option<Vec<Ident>> {
    words.iter().map(|word| ident(word)).collect()
}
