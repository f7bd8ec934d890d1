//! The rows of the control database, as types.

use model::{FieldType, ModelDef, NamespaceName, Nullable, Row, Value};
use sql::Place;

/// Where a namespace's tables are on its data source, as an operator says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Plain names; the database or file belongs to the namespace.
    Own,
    /// A PostgreSQL schema named as the namespace.
    Schema,
    /// Names begin with `<namespace>__`.
    Prefix,
}

/// A namespace as the control database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceRecord {
    /// Its name.
    pub name: NamespaceName,
    /// The data source it is on.
    pub data_source: String,
    /// Where on it.
    pub placement: Placement,
    /// Unloaded by an operator: not served until something is deployed again.
    pub unloaded: bool,
    /// When it was made, in microseconds.
    pub created_at_us: i64,
}

/// One generation that a namespace had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentRecord {
    /// The namespace.
    pub namespace: NamespaceName,
    /// Counts from 1.
    pub generation: i64,
    /// Of the plugin's bytes.
    pub digest: String,
    /// The plugin's name.
    pub plugin: String,
    /// The plugin's version.
    pub version: String,
    /// When it was activated, in microseconds.
    pub activated_at_us: i64,
    /// Written before its migration and not confirmed since: the ledger says whether it came about.
    pub prepared: bool,
}

impl Placement {
    /// Every placement.
    pub const ALL: [Self; 3] = [Self::Own, Self::Schema, Self::Prefix];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Schema => "schema",
            Self::Prefix => "prefix",
        }
    }

    /// The placement of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placement| placement.name() == name)
    }

    /// The place of a namespace.
    pub(crate) fn of(self, namespace: &NamespaceName) -> Place {
        match self {
            Self::Own => Place::Own,
            Self::Schema => Place::Schema(namespace.clone()),
            Self::Prefix => Place::Prefix(namespace.clone()),
        }
    }
}

pub(super) fn namespace_def() -> ModelDef {
    ModelDef::of_host(
        "modelhost_namespaces",
        &[
            ("name", FieldType::Text, Nullable::No),
            ("data_source", FieldType::Text, Nullable::No),
            ("placement", FieldType::Text, Nullable::No),
            ("unloaded", FieldType::Boolean, Nullable::No),
            ("created_at", FieldType::Timestamp, Nullable::No),
        ],
    )
}

pub(super) fn deployment_def() -> ModelDef {
    ModelDef::of_host(
        "modelhost_deployments",
        &[
            ("id", FieldType::Text, Nullable::No),
            ("namespace", FieldType::Text, Nullable::No),
            ("generation", FieldType::Int, Nullable::No),
            ("digest", FieldType::Text, Nullable::No),
            ("plugin", FieldType::Text, Nullable::No),
            ("version", FieldType::Text, Nullable::No),
            ("activated_at", FieldType::Timestamp, Nullable::No),
            ("prepared", FieldType::Boolean, Nullable::No),
        ],
    )
}

impl NamespaceRecord {
    pub(super) fn to_row(&self) -> Row {
        vec![
            Value::Text(self.name.to_string()),
            Value::Text(self.data_source.clone()),
            Value::Text(self.placement.name().to_owned()),
            Value::Boolean(self.unloaded),
            Value::Timestamp(self.created_at_us),
        ]
    }

    pub(super) fn from_row(row: &Row) -> Option<Self> {
        let [
            Value::Text(name),
            Value::Text(data_source),
            Value::Text(placement),
            Value::Boolean(unloaded),
            Value::Timestamp(created_at_us),
        ] = row.as_slice()
        else {
            return None;
        };
        Some(Self {
            name: NamespaceName::new(name).ok()?,
            data_source: data_source.clone(),
            placement: Placement::parse(placement)?,
            unloaded: *unloaded,
            created_at_us: *created_at_us,
        })
    }
}

impl DeploymentRecord {
    /// `<namespace>/<generation>`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.namespace, self.generation)
    }

    pub(super) fn to_row(&self) -> Row {
        vec![
            Value::Text(self.id()),
            Value::Text(self.namespace.to_string()),
            Value::Int(self.generation),
            Value::Text(self.digest.clone()),
            Value::Text(self.plugin.clone()),
            Value::Text(self.version.clone()),
            Value::Timestamp(self.activated_at_us),
            Value::Boolean(self.prepared),
        ]
    }

    pub(super) fn from_row(row: &Row) -> Option<Self> {
        let [
            Value::Text(_),
            Value::Text(namespace),
            Value::Int(generation),
            Value::Text(digest),
            Value::Text(plugin),
            Value::Text(version),
            Value::Timestamp(activated_at_us),
            Value::Boolean(prepared),
        ] = row.as_slice()
        else {
            return None;
        };
        Some(Self {
            namespace: NamespaceName::new(namespace).ok()?,
            generation: *generation,
            digest: digest.clone(),
            plugin: plugin.clone(),
            version: version.clone(),
            activated_at_us: *activated_at_us,
            prepared: *prepared,
        })
    }
}
