//! Composition: hosts, namespaces, generations, the request pipeline, activation, inspection.
//!
//! State has three homes: [`Host`] (process), `Namespace` (plugin, store, generation) and the local variables of one call.
//! The request path is `pipeline::call`; whatever changes a schema is `activation`, and the two do not meet.
//! Nothing here prints, reads the environment, names a driver or names wasmtime.
//!
//! ```
//! use modelhost_engine::{Call, DataSourceSettings, DataSourceUrl, Host, HostSettings, Limits};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let temporary = tempfile::tempdir()?;
//! # let folder = temporary.path();
//! # let component = artifacts::CRM.to_vec();
//! # tokio::runtime::Runtime::new()?.block_on(async move {
//! let url = DataSourceUrl::parse("sqlite:data/{namespace}.db", folder)?;
//! let host = Host::open(HostSettings {
//!     state_dir: folder.join("state"),
//!     data_sources: vec![DataSourceSettings::new("main", url)],
//!     limits: Limits::standard(),
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
mod deployment;
mod destroy;
mod generation;
mod host;
mod lifecycle;
mod namespace;

mod hooks;
mod ops;
mod pipeline;
mod request;

mod error;
mod inspect;
mod keys;
mod peek;

pub use control::{DeploymentRecord, NamespaceRecord, Placement};
pub use deployment::{Deployment, DeploymentState, Source};
pub use error::{EngineError, RefusedRecord};
pub use generation::Generation;
pub use host::Host;
pub use inspect::{DataSourceView, FieldView, GenerationView, HostView, ModelView, NamespaceView, OperationView};
pub use keys::{Access, KeyRecord, NewKey, Role, Scope};
pub use lifecycle::{Deployed, Unloaded};
pub use ops::{FailedBatch, Outcome};
pub use peek::{PeekedTable, peek, probe};
pub use pipeline::{Answer, Call};
pub use settings::HostSettings;

pub use sandbox::{Limits, Plugin, Sandbox, SandboxSettings};
pub use sql::{Dialect, Feature, OperationKind, example_call};
pub use store::{DataSourceSettings, DataSourceUrl, Durability, UrlError};
