//! A host of its own for each test, dropped with its folder.

use std::sync::Arc;

use model::{Describe, Value};
use modelhost_engine::{
    Answer, Call, Compiling, DataSourceSettings, DataSourceUrl, EngineError, Host, HostSettings, Limits, Outcome,
    SchemaPolicy, SourceSettings,
};
use tempfile::TempDir;

/// A host on one SQLite file for each namespace.
pub(crate) struct Fixture {
    pub(crate) host: Arc<Host>,
    pub(crate) folder: TempDir,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let host = open(&folder).await.expect("a new host opens");
        Self { host, folder }
    }

    /// With a namespace that serves a plugin.
    pub(crate) async fn serving(namespace: &str, plugin: &[u8]) -> Self {
        let fixture = Self::new().await;
        fixture.begin(namespace, plugin).await;
        fixture
    }

    pub(crate) async fn begin(&self, namespace: &str, plugin: &[u8]) {
        self.host.create_namespace(namespace, "main", None).await.expect("a new namespace");
        self.host.deploy(namespace, Arc::from(plugin)).await.expect("a good plugin");
    }

    /// Another host, with a state folder of its own, on the data of this one.
    pub(crate) async fn beside(&self) -> Arc<Host> {
        open_at(&self.folder, "other-state").await.expect("another host opens")
    }

    /// As after a restart of the process.
    pub(crate) async fn reopened(self) -> Self {
        let Self { host, folder } = self;
        host.close().await;
        drop(host);
        let host = open(&folder).await.expect("the host opens again");
        Self { host, folder }
    }

    pub(crate) async fn call(&self, namespace: &str, path: &str, body: &str) -> Result<Answer, EngineError> {
        let (model, operation) = path.split_once('/').expect("model/operation");
        self.host.call(&Call { namespace, model, operation, body }).await
    }

    /// The value of a field in the record that a call answers.
    pub(crate) async fn field(&self, namespace: &str, path: &str, body: &str, field: &str) -> Value {
        let answer = self.call(namespace, path, body).await.expect("an answer");
        field_of(&answer, field)
    }
}

/// The value of a field in the record of an answer.
pub(crate) fn field_of(answer: &Answer, field: &str) -> Value {
    match &answer.outcome {
        Outcome::Record(row) => row[answer.def.position_of(field).expect("a field")].clone(),
        other => panic!("expected a record, found {other:?}"),
    }
}

/// The code of the error that a call is answered with.
pub(crate) fn code(result: Result<Answer, EngineError>) -> String {
    match result {
        Err(error) => error.code().to_string(),
        Ok(answer) => format!("{:?}", answer.outcome),
    }
}

async fn open(folder: &TempDir) -> Result<Arc<Host>, EngineError> {
    open_at(folder, "state").await
}

async fn open_at(folder: &TempDir, state: &str) -> Result<Arc<Host>, EngineError> {
    let url = DataSourceUrl::parse("sqlite:data/{namespace}.db", folder.path()).expect("a valid URL");
    let shared = DataSourceUrl::parse("sqlite:shared.db", folder.path()).expect("a valid URL");
    Host::open(HostSettings {
        state_dir: folder.path().join(state),
        data_sources: [("main", url), ("shared", shared)]
            .map(|(name, url)| SourceSettings {
                source: DataSourceSettings::new(name, url),
                schema: SchemaPolicy::Apply,
            })
            .into(),
        limits: Limits::standard(),
        compiling: Compiling::Here,
        drain_ms_max: 30_000,
    })
    .await
}
