//! A schema as the ledger keeps it, and its fingerprint.
//!
//! The text is one line for each column and index, so that a person can read it and `from_stored(to_stored(s))` is `s`. Two
//! schemas are equal exactly when their fingerprints are.

use std::fmt;

use model::{FieldType, Ident, NamespaceName};
use sha2::{Digest, Sha256};
use sql::{Column, Schema, Table};

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
    let mut text = String::new();
    for table in tables {
        text.push_str(&format!("table {} key {}\n", table.name, table.key));
        for column in &table.columns {
            let nullable = if column.nullable { "null" } else { "not-null" };
            let length = column.length_max.map_or("-".to_owned(), |max| max.to_string());
            text.push_str(&format!("column {} {} {nullable} {length}\n", column.name, column.field_type));
        }
        for index in &table.unique {
            let columns: Vec<&str> = index.columns.iter().map(Ident::as_str).collect();
            text.push_str(&format!("unique {}\n", columns.join(" ")));
        }
    }
    text
}

/// The schema that a text stands for, in a namespace.
pub fn from_stored(text: &str, namespace: &NamespaceName) -> Result<Schema, StoredSchemaError> {
    let mut tables: Vec<StoredTable> = Vec::new();
    for line in text.lines() {
        let error = || StoredSchemaError { line: line.to_owned() };
        let words: Vec<&str> = line.split(' ').collect();
        let ident = |word: &str| Ident::new(word).map_err(|_| error());
        match (words.as_slice(), tables.last_mut()) {
            (["table", name, "key", key], _) => {
                tables.push(StoredTable {
                    name: ident(name)?,
                    key: ident(key)?,
                    columns: Vec::new(),
                    unique: Vec::new(),
                });
            }
            (["column", name, field_type, nullable, length], Some(table)) => table.columns.push(Column {
                name: ident(name)?,
                field_type: FieldType::ALL.into_iter().find(|known| known.name() == *field_type).ok_or_else(error)?,
                nullable: *nullable == "null",
                length_max: length.parse().ok(),
                is_indexed: false,
            }),
            (["unique", columns @ ..], Some(table)) => {
                table.unique.push(columns.iter().map(|word| ident(word)).collect::<Result<_, _>>()?);
            }
            _ => return Err(error()),
        }
    }
    Ok(Schema { tables: tables.into_iter().map(|table| table.finish(namespace)).collect() })
}

struct StoredTable {
    name: Ident,
    key: Ident,
    columns: Vec<Column>,
    unique: Vec<Vec<Ident>>,
}

impl StoredTable {
    fn finish(self, namespace: &NamespaceName) -> Table {
        Table::new(self.name, self.key, self.columns, self.unique, namespace)
    }
}
