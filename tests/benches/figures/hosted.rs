//! A host in this process, and namespaces on it.
//!
//! Opened as a program that embeds the engine would, with the limits and pool settings that are the default. Invariant: a
//! call that the figures make succeeds, or the bench ends.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use engine::{
    Answer, Call, Compiling, DataSourceSettings, DataSourceUrl, Host, HostSettings, Limits, Outcome, Placement,
    SchemaPolicy, SourceSettings,
};
use model::Row;

use crate::contact;

/// The only data source of a host of the figures.
pub(crate) const DATA_SOURCE: &str = "main";

/// One model of one namespace.
pub(crate) struct Model {
    pub(crate) host: Arc<Host>,
    pub(crate) namespace: String,
}

/// A SQLite file for each namespace.
pub(crate) fn sqlite_url(folder: &Path) -> String {
    format!("sqlite:{}/data/{{namespace}}.db", folder.display())
}

/// The file of a namespace.
pub(crate) fn sqlite_file(folder: &Path, namespace: &str) -> PathBuf {
    folder.join("data").join(format!("{namespace}.db"))
}

/// The state folder of a host.
pub(crate) fn state_dir(folder: &Path) -> PathBuf {
    folder.join("state")
}

pub(crate) async fn open(folder: &Path, url: &str) -> Result<Arc<Host>> {
    let url = DataSourceUrl::parse(url, folder)?;
    let settings = HostSettings {
        state_dir: state_dir(folder),
        data_sources: vec![SourceSettings {
            source: DataSourceSettings::new(DATA_SOURCE, url),
            schema: SchemaPolicy::Apply,
        }],
        limits: Limits::standard(),
        compiling: Compiling::Here,
        drain_ms_max: 30_000,
    };
    Ok(Host::open(settings).await?)
}

/// Makes a namespace and deploys a plugin to it.
pub(crate) async fn deploy(
    host: &Arc<Host>,
    namespace: &str,
    placement: Placement,
    bytes: impl Into<Arc<[u8]>>,
) -> Result<Model> {
    host.create_namespace(namespace, DATA_SOURCE, Some(placement)).await?;
    host.deploy(namespace, bytes.into()).await?;
    Ok(Model { host: Arc::clone(host), namespace: namespace.to_owned() })
}

impl Model {
    pub(crate) async fn call(&self, operation: &str, body: &str) -> Answer {
        let call = Call { namespace: &self.namespace, model: "contact", operation, body };
        match self.host.call(&call).await {
            Ok(answer) => answer,
            Err(error) => panic!("{operation} {body:.200}: {error:?}"),
        }
    }

    /// Creates [`contact::MANY`] records by a body of [`contact::body_of_many`].
    pub(crate) async fn create_many(&self, body: &str) {
        let outcome = self.call("bulk_create", body).await.outcome;
        let Outcome::Written { created, .. } = outcome else { panic!("bulk_create answers {outcome:?}") };
        assert_eq!(created, contact::MANY as u64);
    }

    /// Creates the records from number 0 on.
    pub(crate) async fn fill(&self, count: usize) {
        for number in 0..count {
            let new = contact::NewContact::numbered(number);
            self.call("create", &new.body(Some(contact::id(number)))).await;
        }
    }

    pub(crate) async fn read(&self, number: usize) -> Result<Row> {
        let body = contact::body_by_key(contact::id(number));
        contact::rows(self.call("read", &body).await.outcome).pop().context("the record is there")
    }

    /// Statements that ran in the namespace so far.
    pub(crate) async fn statements(&self) -> Result<u64> {
        Ok(self.host.inspect_namespace(&self.namespace).await?.statements)
    }
}
