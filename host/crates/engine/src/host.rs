//! The host: the process's state, and the verbs of whoever embeds or operates it.
//!
//! Owns the state folder, the control database, the sandbox, the data sources and the map of namespaces. A verb that
//! changes a namespace takes that namespace's activation lock (`lifecycle.rs`, `destroy.rs`); calls take none.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use dashmap::DashMap;
use model::{NamespaceName, closest};
use sandbox::{Limits, Sandbox, SandboxSettings};
use sql::Dialect;
use store::{DataSource, StoreError};
use tracing::Instrument;

use crate::activation::Activation;
use crate::control::Control;
use crate::deploy_options::DeployOptions;
use crate::deployment::Deployments;
use crate::keys::{Access, KeyRecord, NewKey, Role, Scope};
use crate::lifecycle::Restored;
use crate::namespace::Namespace;
use crate::settings::{SchemaPolicy, SourceSettings};
use crate::state_dir::StateDir;
use crate::watch::Watched;
use crate::{Answer, Call, EngineError, HostSettings, NamespaceRecord, Placement, pipeline};

/// Namespaces that are activated at once when a host opens.
const OPENING_MAX: usize = 8;

/// Before a namespace whose database could not be asked is tried again; twice as long each time.
const RESTORE_AGAIN: Duration = Duration::from_millis(500);
/// Longest between two tries: a database that comes back is used within this time.
const RESTORE_AGAIN_MAX: Duration = Duration::from_secs(15);

/// Namespaces in one SQLite file: with 1,000, every new connection takes 30 ms and 5 MB to read their tables.
const PREFIX_MAX: usize = 64;

/// Guest instances alive at once: each takes a slot of the pool, and four thousand operations at once are more than two
/// cores finish in a second.
const INSTANCES_MAX: u32 = 4_096;

/// An open host.
pub struct Host {
    pub(crate) state_dir: StateDir,
    pub(crate) control: Control,
    pub(crate) sandbox: Sandbox,
    pub(crate) sources: BTreeMap<String, DataSource>,
    /// What a deploy may do to the tables of each data source.
    policies: BTreeMap<String, SchemaPolicy>,
    pub(crate) namespaces: DashMap<String, Arc<Namespace>>,
    pub(crate) limits: Limits,
    /// How long requests may go on in a generation that was replaced.
    pub(crate) drain_max: Duration,
    pub(crate) deployments: Deployments,
    pub(crate) watched: Watched,
    keys: ArcSwap<HashMap<String, KeyRecord>>,
}

impl Host {
    /// Opens the state folder and brings every namespace back to the generation it had.
    ///
    /// A namespace that can't be activated does not keep the others from serving: its calls are answered with the reason.
    pub async fn open(settings: HostSettings) -> Result<Arc<Self>, EngineError> {
        let state_dir = StateDir::open(&settings.state_dir)?;
        let control = Control::open(&state_dir.control_path()).await?;
        let sandbox = Sandbox::new(SandboxSettings {
            limits: settings.limits,
            cache: Some(state_dir.cache()?),
            compiling: settings.compiling,
            compiles_max: 1,
            instances_max: INSTANCES_MAX,
        })?;
        let keys = control.keys().await?.into_iter().map(|key| (key.id.clone(), key)).collect();
        let name = |of: &SourceSettings| of.source.name.clone();
        let policies = settings.data_sources.iter().map(|of| (name(of), of.schema)).collect();
        let sources = settings.data_sources.into_iter().map(|of| (name(&of), DataSource::new(of.source)));
        let host = Arc::new(Self {
            state_dir,
            control,
            sandbox,
            sources: sources.collect(),
            policies,
            namespaces: DashMap::new(),
            limits: settings.limits,
            drain_max: Duration::from_millis(settings.drain_ms_max),
            deployments: Deployments::default(),
            watched: Watched::default(),
            keys: ArcSwap::from_pointee(keys),
        });
        host.fit_pools().await;
        host.reopen().await?;
        Ok(host)
    }

    /// Makes the pools of data sources that share a server small enough for it. A server that is not there is found out
    /// about by the namespaces on it.
    async fn fit_pools(&self) {
        let servers: Vec<(&DataSource, String)> =
            self.sources.values().filter_map(|source| Some((source, source.url().server()?))).collect();
        let mut probes = tokio::task::JoinSet::new();
        for (source, server) in &servers {
            let sharing = servers.iter().filter(|(_, other)| other == server).count();
            probes.spawn(fit_pool((*source).clone(), sharing));
        }
        probes.join_all().await;
    }

    /// Runs one operation.
    pub async fn call(&self, call: &Call<'_>) -> Result<Answer, EngineError> {
        self.answer(call).await.1
    }

    /// Runs one operation, and tells which generation answered, whatever came of it; none where none serves.
    pub async fn answer(&self, call: &Call<'_>) -> (Option<i64>, Result<Answer, EngineError>) {
        let namespace = match self.namespace(call.namespace) {
            Ok(namespace) => namespace,
            Err(error) => return (None, Err(error)),
        };
        let now_us = now_us();
        let Call { model, operation, .. } = call;
        let span =
            tracing::debug_span!(target: "modelhost::request", "call", namespace = call.namespace, model, operation);
        let (generation, result) = pipeline::call(&namespace, call, now_us).instrument(span).await;
        namespace.count(result.as_ref().err(), now_us);
        (generation, result)
    }

    /// Makes a namespace on a data source. Nothing is written to the data source before the first deploy.
    pub async fn create_namespace(
        &self,
        name: &str,
        data_source: &str,
        placement: Option<Placement>,
    ) -> Result<NamespaceRecord, EngineError> {
        let name = NamespaceName::new(name).map_err(EngineError::NamespaceName)?;
        let source = self.source(data_source)?;
        let placement = self.placement(source, placement)?;
        if self.namespaces.contains_key(name.as_str()) {
            return Err(EngineError::NamespaceExists { namespace: name.to_string() });
        }
        let record = NamespaceRecord {
            name: name.clone(),
            data_source: data_source.to_owned(),
            placement,
            unloaded: false,
            created_at_us: now_us(),
        };
        match self.control.add_namespace(&record).await {
            Err(EngineError::Store(error)) if matches!(*error, StoreError::Unique(_)) => {
                return Err(EngineError::NamespaceExists { namespace: name.to_string() });
            }
            added => added?,
        }
        let store = source.store(name.clone(), placement.of(&name));
        self.namespaces.insert(name.to_string(), Arc::new(Namespace::new(record.clone(), store)));
        Ok(record)
    }

    /// What the holder of a key may do.
    pub fn access(&self, key: Option<&str>) -> Access {
        let keys = self.keys.load();
        let Some(key) = key else {
            return if keys.is_empty() { Access::Open } else { Access::Missing };
        };
        match KeyRecord::split(key).and_then(|(id, secret)| Some((keys.get(id)?, secret))) {
            Some((record, secret)) => record.access(secret),
            None => Access::Invalid,
        }
    }

    /// Makes a key. Its text is in the answer and nowhere else.
    pub async fn create_key(&self, label: &str, role: Role, scope: Scope) -> Result<NewKey, EngineError> {
        let key = KeyRecord::make(label.to_owned(), role, scope, now_us());
        self.control.add_key(&key.record).await?;
        self.remember(key.record.clone());
        Ok(key)
    }

    /// Every key, revoked ones too.
    pub fn keys(&self) -> Vec<KeyRecord> {
        let mut keys: Vec<_> = self.keys.load().values().cloned().collect();
        keys.sort_by(|a, b| (a.created_at_us, &a.id).cmp(&(b.created_at_us, &b.id)));
        keys
    }

    /// Ends a key from now on; again does nothing.
    pub async fn revoke_key(&self, id: &str) -> Result<KeyRecord, EngineError> {
        let keys = self.keys.load_full();
        let found = keys.get(id).cloned();
        let mut record = found.ok_or_else(|| EngineError::KeyUnknown { id: shown(id) })?;
        let may_administer =
            |key: &&KeyRecord| key.role == Role::Admin && key.scope == Scope::All && key.revoked_at_us.is_none();
        let is_last = !keys.values().filter(may_administer).any(|key| key.id != id);
        if is_last && may_administer(&&record) {
            return Err(EngineError::LastAdminKey { id: record.id });
        }
        record.revoked_at_us = record.revoked_at_us.or_else(|| Some(now_us()));
        self.control.update_key(&record).await?;
        self.remember(record.clone());
        Ok(record)
    }

    /// Closes every pool. Calls that come later fail.
    pub async fn close(&self) {
        for source in self.sources.values() {
            source.close().await;
        }
    }

    pub(crate) fn namespace(&self, name: &str) -> Result<Arc<Namespace>, EngineError> {
        match self.namespaces.get(name) {
            Some(namespace) => Ok(Arc::clone(&namespace)),
            None => {
                let names: Vec<String> = self.namespaces.iter().map(|entry| entry.key().clone()).collect();
                Err(EngineError::NamespaceUnknown {
                    namespace: shown(name),
                    closest: closest(name, names.iter().map(String::as_str)).map(str::to_owned),
                })
            }
        }
    }

    /// What a deploy may do to the tables of a namespace.
    pub(crate) fn policy(&self, namespace: &Namespace) -> SchemaPolicy {
        self.policies.get(&namespace.record.data_source).copied().unwrap_or(SchemaPolicy::Verify)
    }

    pub(crate) fn activation<'a>(
        &'a self,
        namespace: &'a Namespace,
        plugin: Arc<sandbox::Plugin>,
        options: &'a DeployOptions,
    ) -> Activation<'a> {
        Activation {
            control_id: &self.control.id,
            namespace: &namespace.record.name,
            store: &namespace.store,
            plugin,
            limits: self.limits,
            policy: self.policy(namespace),
            options,
            now_us: now_us(),
        }
    }

    pub(crate) fn source(&self, name: &str) -> Result<&DataSource, EngineError> {
        self.sources.get(name).ok_or_else(|| EngineError::DataSourceUnknown {
            data_source: shown(name),
            closest: closest(name, self.sources.keys().map(String::as_str)).map(str::to_owned),
            known: self.sources.keys().cloned().collect(),
        })
    }

    /// The placement that a new namespace gets: the one that was asked for, or the only one there can be.
    fn placement(&self, source: &DataSource, asked: Option<Placement>) -> Result<Placement, EngineError> {
        let data_source = source.name().to_owned();
        let mut allowed = allowed_placements(source);
        let asked = asked.or_else(|| (allowed.len() == 1).then(|| allowed[0]));
        let taken_by = self.has_for_its_own(source);
        allowed.retain(|placement| *placement != Placement::Own || taken_by.is_none());
        match (asked, taken_by) {
            (Some(Placement::Own), Some(namespace)) => Err(EngineError::PlaceTaken { data_source, namespace, allowed }),
            (Some(placement), _) if !allowed.contains(&placement) => {
                Err(EngineError::Placement { data_source, asked: Some(placement), allowed })
            }
            (Some(Placement::Prefix), _)
                if source.dialect() == Dialect::Sqlite && self.count_on(source) >= PREFIX_MAX =>
            {
                Err(EngineError::PrefixFull { data_source, max: PREFIX_MAX })
            }
            (Some(placement), _) => Ok(placement),
            (None, _) => Err(EngineError::Placement { data_source, asked: None, allowed }),
        }
    }

    /// The namespace that has a data source for its own.
    fn has_for_its_own(&self, source: &DataSource) -> Option<String> {
        let has = |namespace: &Namespace| {
            namespace.record.data_source == source.name() && namespace.record.placement == Placement::Own
        };
        let mut owners = self.namespaces.iter().filter(|entry| has(entry.value())).map(|entry| entry.key().clone());
        owners.next().filter(|_| !source.url().is_per_namespace())
    }

    fn count_on(&self, source: &DataSource) -> usize {
        self.namespaces.iter().filter(|entry| entry.value().record.data_source == source.name()).count()
    }

    async fn reopen(self: &Arc<Self>) -> Result<(), EngineError> {
        let mut opening = tokio::task::JoinSet::new();
        for record in self.control.namespaces().await? {
            let name = record.name.clone();
            let Some(source) = self.sources.get(&record.data_source) else {
                let (namespace, data_source) = (record.name.to_string(), record.data_source);
                return Err(EngineError::DataSourceGone { namespace, data_source });
            };
            let store = source.store(name.clone(), record.placement.of(&name));
            let namespace = Arc::new(Namespace::new(record, store));
            self.namespaces.insert(name.to_string(), Arc::clone(&namespace));
            if opening.len() >= OPENING_MAX {
                opening.join_next().await;
            }
            let host = Arc::clone(self);
            opening.spawn(async move {
                let name = namespace.record.name.as_str();
                if !namespace.record.unloaded && host.restore(name).await.is_ok_and(|how| how == Restored::Later) {
                    tokio::spawn(restore_later(Arc::downgrade(&host), name.to_owned()));
                }
            });
        }
        while opening.join_next().await.is_some() {}
        Ok(())
    }

    fn remember(&self, record: KeyRecord) {
        self.keys.rcu(|keys| {
            let mut keys = HashMap::clone(keys);
            keys.insert(record.id.clone(), record.clone());
            keys
        });
    }
}

/// The placements that make sense on a data source.
pub(crate) fn allowed_placements(source: &DataSource) -> Vec<Placement> {
    match (source.dialect(), source.url().is_per_namespace()) {
        (_, true) => vec![Placement::Own],
        (Dialect::Sqlite, false) => vec![Placement::Own, Placement::Prefix],
        (Dialect::Postgres | Dialect::Mysql, false) => {
            vec![Placement::Schema, Placement::Own, Placement::Prefix]
        }
    }
}

/// What a caller wrote, as far as it can be repeated: short, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(64).flat_map(char::escape_debug).collect()
}

/// The time of an operation.
pub(crate) fn now_us() -> i64 {
    chrono::Utc::now().timestamp_micros()
}

/// Tries again to serve a namespace whose database could not be asked when the host started.
async fn restore_later(host: Weak<Host>, name: String) {
    let mut pause = RESTORE_AGAIN;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(RESTORE_AGAIN_MAX);
        let Some(host) = host.upgrade() else { return };
        // One that was destroyed meanwhile is not there.
        if host.restore(&name).await.is_ok_and(|how| how == Restored::Later) {
            continue;
        }
        return;
    }
}

async fn fit_pool(source: DataSource, sharing: usize) {
    let data_source = source.name();
    match source.probe().await {
        Ok(_) => {
            let places = source.fit(sharing);
            tracing::debug!(target: "modelhost::host", data_source, places, "pool");
        }
        Err(error) => {
            tracing::warn!(target: "modelhost::host", data_source, detail = error.for_operator(), "{error}");
        }
    }
}
