//! The control database: which namespaces there are, what was deployed to them and when, which keys may call.
//!
//! A SQLite file in `state_dir`. It never says which schema a namespace has: that is the ledger's, beside the data.

mod records;

pub use records::{DeploymentRecord, NamespaceRecord, Placement};

use std::path::Path;

use model::{FieldType, ModelDef, NamespaceName, Nullable, Row, Value};
use sql::{Filter, Place, Table, create_table, tables_in};
use store::{DataSource, DataSourceSettings, DataSourceUrl, Durability, Job, Store};

use crate::EngineError;
use crate::host_table::HostTable;
use crate::keys::KeyRecord;

/// The open control database.
pub(crate) struct Control {
    /// Names this control database to the ledgers of the namespaces it owns.
    pub(crate) id: String,
    store: Store,
    namespaces: HostTable,
    deployments: HostTable,
    keys: HostTable,
}

impl Control {
    pub(crate) async fn open(path: &Path) -> Result<Self, EngineError> {
        let source = DataSource::new(DataSourceSettings {
            // A revoked key or a confirmed deployment survives a power failure, whatever the data sources do.
            durability: Durability::Full,
            ..DataSourceSettings::new("control", DataSourceUrl::sqlite_file(path))
        });
        let owner = NamespaceName::new("control").expect("a valid name");
        let store = source.store(owner.clone(), Place::Own);
        let identity = HostTable::new(identity_def(), &store);
        let namespaces = HostTable::new(records::namespace_def(), &store);
        let deployments = HostTable::new(records::deployment_def(), &store);
        let keys = HostTable::new(KeyRecord::def(), &store);
        let found = store.run(Job::one(tables_in(&Place::Own, store.dialect()))).await?;
        let found: Vec<_> = found.into_iter().flat_map(|answer| answer.rows).collect();
        let mut statements = Vec::new();
        for table in [&identity, &namespaces, &deployments, &keys] {
            let name = Value::Text(table.def().table.to_string());
            if !found.iter().any(|row| row[0] == name) {
                let table = Table::of(table.def(), &[], &owner);
                statements.push(create_table(&table, &Place::Own, store.dialect())?);
            }
        }
        if !statements.is_empty() {
            store.run(Job::atomic(statements)).await?;
        }
        let id = match identity.read("control").await?.as_deref() {
            Some([_, Value::Text(id)]) => id.clone(),
            _ => {
                let id = uuid::Uuid::new_v4().to_string();
                let row = vec![Value::Text("control".to_owned()), Value::Text(id.clone())];
                store.run(Job::one(identity.insert(row))).await?;
                id
            }
        };
        Ok(Self { id, store, namespaces, deployments, keys })
    }

    pub(crate) async fn namespaces(&self) -> Result<Vec<NamespaceRecord>, EngineError> {
        let rows = self.namespaces.list(Filter::All).await?;
        read_all(&rows, "namespace", NamespaceRecord::from_row)
    }

    pub(crate) async fn add_namespace(&self, record: &NamespaceRecord) -> Result<(), EngineError> {
        self.store.run(Job::one(self.namespaces.insert(record.to_row()))).await?;
        Ok(())
    }

    pub(crate) async fn update_namespace(&self, record: &NamespaceRecord) -> Result<(), EngineError> {
        self.store.run(Job::one(self.namespaces.replace(&record.to_row(), Filter::All))).await?;
        Ok(())
    }

    /// Forgets a namespace with its deployments, in one transaction.
    pub(crate) async fn remove_namespace(&self, name: &NamespaceName) -> Result<(), EngineError> {
        let mut statements = vec![self.namespaces.delete(name.as_str())];
        for deployment in self.deployments(name).await? {
            statements.push(self.deployments.delete(&deployment.id()));
        }
        self.store.run(Job::atomic(statements)).await?;
        Ok(())
    }

    /// The deployments of a namespace, oldest first.
    pub(crate) async fn deployments(&self, name: &NamespaceName) -> Result<Vec<DeploymentRecord>, EngineError> {
        let rows = self.deployments.list(Filter::equals(1, Value::Text(name.to_string()))).await?;
        let mut records = read_all(&rows, "deployment", DeploymentRecord::from_row)?;
        records.sort_by_key(|record| record.generation);
        Ok(records)
    }

    pub(crate) async fn add_deployment(&self, record: &DeploymentRecord) -> Result<(), EngineError> {
        self.store.run(Job::one(self.deployments.insert(record.to_row()))).await?;
        Ok(())
    }

    /// The deployment came about.
    pub(crate) async fn confirm_deployment(&self, record: &DeploymentRecord) -> Result<(), EngineError> {
        let confirmed = DeploymentRecord { prepared: false, ..record.clone() };
        self.store.run(Job::one(self.deployments.replace(&confirmed.to_row(), Filter::All))).await?;
        Ok(())
    }

    /// The deployment did not come about.
    pub(crate) async fn remove_deployment(&self, record: &DeploymentRecord) -> Result<(), EngineError> {
        self.store.run(Job::one(self.deployments.delete(&record.id()))).await?;
        Ok(())
    }

    pub(crate) async fn keys(&self) -> Result<Vec<KeyRecord>, EngineError> {
        let rows = self.keys.list(Filter::All).await?;
        read_all(&rows, "key", KeyRecord::from_row)
    }

    pub(crate) async fn add_key(&self, record: &KeyRecord) -> Result<(), EngineError> {
        self.store.run(Job::one(self.keys.insert(record.to_row()))).await?;
        Ok(())
    }

    pub(crate) async fn update_key(&self, record: &KeyRecord) -> Result<(), EngineError> {
        self.store.run(Job::one(self.keys.replace(&record.to_row(), Filter::All))).await?;
        Ok(())
    }
}

/// Every row, or none: a key or namespace that is silently left out would be one that is not there.
fn read_all<T>(rows: &[Row], what: &'static str, read: impl Fn(&Row) -> Option<T>) -> Result<Vec<T>, EngineError> {
    rows.iter().map(|row| read(row).ok_or(EngineError::ControlUnreadable { what })).collect()
}

fn identity_def() -> ModelDef {
    ModelDef::of_host(
        "modelhost_control",
        &[("name", FieldType::Text, Nullable::No), ("control_id", FieldType::Text, Nullable::No)],
    )
}
