//! Composition: hosts, namespaces, generations, the request pipeline, activation, inspection.
//!
//! State has three homes: [`Host`] (process), `Namespace` (plugin, store, generation) and the local variables of one call.
//! The request path is `pipeline::call`; whatever changes a schema is `activation`, and the two do not meet.
//! Nothing here prints, reads the environment, names a driver or names wasmtime.
//!
//! ```
//! use modelhost_engine::{
//!     Call, Compiling, DataSourceSettings, DataSourceUrl, Host, HostSettings, Limits, SchemaPolicy, SourceSettings,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let temporary = tempfile::tempdir()?;
//! # let folder = temporary.path();
//! # let component = artifacts::CRM.to_vec();
//! # tokio::runtime::Runtime::new()?.block_on(async move {
//! let url = DataSourceUrl::parse("sqlite:data/{namespace}.db", folder)?;
//! let host = Host::open(HostSettings {
//!     state_dir: folder.join("state"),
//!     data_sources: vec![SourceSettings {
//!         source: DataSourceSettings::new("main", url),
//!         schema: SchemaPolicy::Apply,
//!     }],
//!     limits: Limits::standard(),
//!     compiling: Compiling::Here,
//!     drain_ms_max: 30_000,
//! })
//! .await?;
//! host.create_namespace("acme", "main", None).await?;
//! host.deploy("acme", component.into()).await?;
//!
//! let body = r#"{"data": {"name": "Ada"}}"#;
//! let call = Call { namespace: "acme", model: "customer", operation: "create", body };
//! assert_eq!(host.call(&call).await?.generation, 1);
//! host.close().await;
//! # Ok(())
//! # })
//! # }
//! ```

mod settings;
mod state_dir;

mod control;
mod host_table;
mod ledger;

mod activation;
mod deploy_options;
mod deployment;
mod destroy;
mod generation;
mod history;
mod host;
mod lifecycle;
mod live;
mod migration;
mod namespace;
mod plan_view;
mod watch;

mod hooks;
mod ops;
mod pipeline;
mod request;

mod error;
mod inspect;
mod keys;
mod peek;

pub use control::{DeploymentRecord, NamespaceRecord, Placement};
pub use deploy_options::{DeployOptions, Ownership, Unused};
pub use deployment::{Deployment, DeploymentState, Source};
pub use error::{EngineError, RefusedRecord};
pub use generation::Generation;
pub use history::GenerationDiff;
pub use host::Host;
pub use inspect::{
    DataSourceView, FieldView, GenerationView, HostView, ModelView, NamespaceView, OperationView, OwnerView,
    PluginsView,
};
pub use keys::{Access, KeyRecord, NewKey, Role, Scope};
pub use lifecycle::{Deployed, Stage, Unloaded};
pub use ops::{FailedBatch, Outcome};
pub use peek::{PeekedTable, peek, probe};
pub use pipeline::{Answer, Call};
pub use plan_view::{ChangeView, PlanView};
pub use settings::{HostSettings, SchemaPolicy, SourceSettings};
pub use watch::{FileView, WatchView};

pub use sandbox::{
    CompileError, CompileRequest, CompilerProgram, Compiling, Limits, Plugin, REFUSED_BY_COMPILER, Sandbox,
    SandboxSettings,
};
pub use sql::{Dialect, Feature, OperationKind, example_call};
pub use store::{DataSourceSettings, DataSourceUrl, Durability, UrlError};
