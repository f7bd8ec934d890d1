//! What a host is doing, truthfully: made from the values that execute, never from a copy kept for show.
//!
//! These types are the wire form of inspection; renderers print them, nothing else reads them.

mod models;

pub(crate) use models::model_views;
pub use models::{FieldView, ModelView, OperationView};

use std::sync::atomic::Ordering;

use model::format_timestamp;
use serde::Serialize;

use crate::namespace::{Namespace, State};
use crate::watch::WatchView;
use crate::{EngineError, Host};
use sandbox::Limits;

/// A host.
#[derive(Debug, Clone, Serialize)]
pub struct HostView {
    /// The host's version.
    pub version: &'static str,
    /// Names the control database.
    pub control_id: String,
    /// In the order of their names.
    pub data_sources: Vec<DataSourceView>,
    /// In the order of their names, without their models.
    pub namespaces: Vec<NamespaceView>,
    /// Compiled plugins.
    pub plugins: PluginsView,
    /// The folder from which plugins are deployed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<WatchView>,
    /// Milliseconds that requests may go on in a generation that was replaced.
    pub drain_ms_max: u128,
    /// Limits of one operation's guest calls, by name.
    pub limits: std::collections::BTreeMap<&'static str, u64>,
    /// Keys that can be used.
    pub keys_active: usize,
}

/// Compiled plugins, since the host was opened.
#[derive(Debug, Clone, Serialize)]
pub struct PluginsView {
    /// That generations hold now; equal ones are one.
    pub in_use: u64,
    /// That were compiled.
    pub compiled: u64,
    /// Whose compiled code was found on the disk.
    pub from_cache: u64,
    /// Loads that found the plugin in use already.
    pub shared: u64,
}

/// A data source.
#[derive(Debug, Clone, Serialize)]
pub struct DataSourceView {
    /// Its name.
    pub name: String,
    /// `sqlite`, `postgres` or `mysql`.
    pub dialect: &'static str,
    /// The URL without its password.
    pub url: String,
    /// Connections that are open.
    pub connections_open: usize,
    /// Connections that run something now.
    pub connections_in_use: usize,
    /// Callers that wait for one.
    pub waiting: usize,
    /// Connections, at most.
    pub connections_max: usize,
    /// The namespace that has had a connection for longest, and for how many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_holder: Option<(String, u64)>,
}

/// A namespace.
#[derive(Debug, Clone, Serialize)]
pub struct NamespaceView {
    /// Its name.
    pub name: String,
    /// `serving`, `empty`, `unloaded` or `failed`.
    pub state: &'static str,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The data source it is on.
    pub data_source: String,
    /// `own`, `schema` or `prefix`.
    pub placement: &'static str,
    /// Which database its rows are in, without password.
    pub location: String,
    /// What serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<GenerationView>,
    /// Generations that were replaced and still have requests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub draining: Vec<i64>,
    /// What a deploy may do to its tables: `apply`, `verify` or `ignore`.
    pub schema_policy: &'static str,
    /// Every generation it had, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<GenerationView>,
    /// Its models; only where one namespace is inspected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelView>,
    /// Calls since it was loaded.
    pub calls: u64,
    /// Records refused since it was loaded.
    pub refusals: u64,
    /// Faults of its plugin since it was loaded.
    pub faults: u64,
    /// Statements since it was loaded.
    pub statements: u64,
    /// The last fault: time, code, message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_fault: Option<(String, String, String)>,
}

/// The owner of a namespace.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerView {
    /// Names the control database of the host that owns it.
    pub control_id: String,
    /// Whether that is this host.
    pub is_this_host: bool,
    /// Grows with each change of schema or owner.
    pub fence: i64,
    /// The generation for which the schema was changed last.
    pub generation: i64,
    /// Of the schema that the serving generation needs.
    pub fingerprint: String,
}

/// A generation.
#[derive(Debug, Clone, Serialize)]
pub struct GenerationView {
    /// Its number.
    pub number: i64,
    /// The plugin's name and version.
    pub plugin: String,
    /// Of the plugin's bytes.
    pub digest: String,
    /// When it was activated.
    pub activated_at: String,
}

impl Host {
    /// The whole host.
    pub async fn inspect(&self) -> Result<HostView, EngineError> {
        let mut namespaces = Vec::new();
        for namespace in self.namespaces_by_name() {
            namespaces.push(self.view(&namespace, Detail::Summary).await?);
        }
        Ok(HostView {
            version: env!("CARGO_PKG_VERSION"),
            control_id: self.control.id.clone(),
            data_sources: self.sources.values().map(data_source).collect(),
            namespaces,
            plugins: plugins(self.sandbox.stats()),
            watch: self.watch_view(),
            drain_ms_max: self.drain_max.as_millis(),
            limits: limits(&self.limits),
            keys_active: self.keys().iter().filter(|key| key.revoked_at_us.is_none()).count(),
        })
    }

    /// One namespace with its models and history.
    pub async fn inspect_namespace(&self, name: &str) -> Result<NamespaceView, EngineError> {
        let namespace = self.namespace(name)?;
        self.view(&namespace, Detail::Full).await
    }

    fn namespaces_by_name(&self) -> Vec<std::sync::Arc<Namespace>> {
        let mut namespaces: Vec<_> = self.namespaces.iter().map(|entry| entry.value().clone()).collect();
        namespaces.sort_by(|a, b| a.record.name.cmp(&b.record.name));
        namespaces
    }

    async fn view(&self, namespace: &Namespace, detail: Detail) -> Result<NamespaceView, EngineError> {
        let state = namespace.state();
        let history: Vec<_> = self
            .control
            .deployments(&namespace.record.name)
            .await?
            .into_iter()
            .filter(|record| !record.prepared)
            .map(|record| GenerationView {
                number: record.generation,
                plugin: format!("{} {}", record.plugin, record.version),
                digest: record.digest,
                activated_at: format_timestamp(record.activated_at_us),
            })
            .collect();
        let (word, serving, failure) = match &*state {
            State::Empty => ("empty", None, None),
            State::Unloaded => ("unloaded", None, None),
            State::Failed(error) => ("failed", None, Some(error.to_string())),
            State::Serving(generation) => ("serving", Some(generation), None),
        };
        let is_full = detail == Detail::Full;
        let counters = &namespace.counters;
        Ok(NamespaceView {
            name: namespace.record.name.to_string(),
            state: word,
            failure,
            data_source: namespace.record.data_source.clone(),
            placement: namespace.record.placement.name(),
            location: namespace.store.location(),
            generation: serving.and_then(|now| history.iter().find(|view| view.number == now.number).cloned()),
            models: match serving {
                Some(generation) if is_full => model_views(generation.plugin.manifest()),
                _ => Vec::new(),
            },
            draining: namespace.draining(),
            schema_policy: self.policy(namespace).name(),
            history: if is_full { history } else { Vec::new() },
            calls: counters.calls.load(Ordering::Relaxed),
            refusals: counters.refusals.load(Ordering::Relaxed),
            faults: counters.faults.load(Ordering::Relaxed),
            statements: namespace.store.statements(),
            last_fault: namespace
                .last_fault()
                .map(|(at, problem)| (format_timestamp(at), problem.code.to_string(), problem.message)),
        })
    }
}

impl Host {
    /// Who owns a namespace, as its data source says; none where it has no ledger. Asks the database, which nothing else here
    /// does.
    pub async fn owner(&self, namespace: &str) -> Result<Option<OwnerView>, EngineError> {
        let namespace = self.namespace(namespace)?;
        Ok(self.owner_of(&namespace).await?.map(|owner| OwnerView {
            is_this_host: owner.control_id == self.control.id,
            control_id: owner.control_id,
            fence: owner.fence,
            generation: owner.generation,
            fingerprint: owner.fingerprint.to_string(),
        }))
    }
}

/// The limits that an operator can set, by the names that configuration gives them.
fn limits(limits: &Limits) -> std::collections::BTreeMap<&'static str, u64> {
    let bytes = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    [
        ("memory_bytes_max", bytes(limits.memory_bytes_max)),
        ("stack_bytes_max", bytes(limits.stack_bytes_max)),
        ("output_bytes_max", bytes(limits.output_bytes_max)),
        ("log_bytes_max", bytes(limits.log_bytes_max)),
        ("component_bytes_max", bytes(limits.component_bytes_max)),
        ("compile_memory_bytes_max", bytes(limits.compile_memory_bytes_max)),
        ("compile_cpu_seconds_max", limits.compile_cpu_seconds_max),
        ("call_time_ms_max", limits.call_time_ms_max),
        ("host_calls_max", limits.host_calls_max),
    ]
    .into()
}

fn plugins(stats: sandbox::Stats) -> PluginsView {
    let sandbox::Stats { compiled, from_cache, shared, in_use } = stats;
    PluginsView { in_use, compiled, from_cache, shared }
}

/// How much of a namespace is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Summary,
    Full,
}

fn data_source(source: &store::DataSource) -> DataSourceView {
    let stats = source.stats();
    DataSourceView {
        name: source.name().to_owned(),
        dialect: source.dialect().name(),
        url: source.url().to_string(),
        connections_open: stats.size,
        connections_in_use: stats.in_use,
        waiting: stats.waiting,
        connections_max: stats.max,
        longest_holder: stats.longest.map(|holder| (holder.namespace.to_string(), holder.ms)),
    }
}
