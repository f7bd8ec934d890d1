//! The host: the process's state, and the verbs of whoever embeds or operates it.
//!
//! Owns the state folder, the control database, the sandbox, the data sources and the map of namespaces. A verb that
//! changes a namespace takes that namespace's activation lock; calls take none.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;
use dashmap::DashMap;
use model::{NamespaceName, closest};
use sandbox::{Limits, Sandbox, SandboxSettings};
use store::DataSource;
use tracing::Instrument;

use crate::activation::{Activation, Known};
use crate::control::Control;
use crate::deployment::Deployments;
use crate::keys::{Access, KeyRecord, NewKey, Role, Scope};
use crate::namespace::{Namespace, State};
use crate::state_dir::StateDir;
use crate::{Answer, Call, DeploymentRecord, EngineError, HostSettings, NamespaceRecord, Placement, pipeline};

/// Namespaces that are activated at once when a host opens.
const OPENING_MAX: usize = 8;

/// Guest instances alive at once: each takes a slot of the pool, and four thousand operations at once are more than two
/// cores finish in a second.
const INSTANCES_MAX: u32 = 4_096;

/// An open host.
pub struct Host {
    pub(crate) state_dir: StateDir,
    pub(crate) control: Control,
    pub(crate) sandbox: Sandbox,
    pub(crate) sources: BTreeMap<String, DataSource>,
    pub(crate) namespaces: DashMap<String, Arc<Namespace>>,
    pub(crate) limits: Limits,
    pub(crate) deployments: Deployments,
    keys: ArcSwap<HashMap<String, KeyRecord>>,
}

/// What a deploy did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The generation that serves now.
    pub record: DeploymentRecord,
    /// Whether it already was the current one.
    pub unchanged: bool,
    /// What was changed in the database, as people read it; empty when nothing was.
    pub plan_text: String,
}

/// What an unload freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unloaded {
    /// The generation that served; none when nothing was loaded.
    pub generation: Option<i64>,
    /// Models that are no longer served.
    pub models: usize,
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
            compiles_max: 1,
            instances_max: INSTANCES_MAX,
        })?;
        let keys = control.keys().await?.into_iter().map(|key| (key.id.clone(), key)).collect();
        let sources = settings.data_sources.into_iter().map(|source| (source.name.clone(), DataSource::new(source)));
        let host = Arc::new(Self {
            state_dir,
            control,
            sandbox,
            sources: sources.collect(),
            namespaces: DashMap::new(),
            limits: settings.limits,
            deployments: Deployments::default(),
            keys: ArcSwap::from_pointee(keys),
        });
        host.reopen().await?;
        Ok(host)
    }

    /// Runs one operation.
    pub async fn call(&self, call: &Call<'_>) -> Result<Answer, EngineError> {
        let namespace = self.namespace(call.namespace)?;
        let now_us = now_us();
        let Call { model, operation, .. } = call;
        let span =
            tracing::debug_span!(target: "modelhost::request", "call", namespace = call.namespace, model, operation);
        let result = pipeline::call(&namespace, call, now_us).instrument(span).await;
        namespace.count(result.as_ref().err(), now_us);
        result
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
        self.control.add_namespace(&record).await?;
        let store = source.store(name.clone(), placement.of(&name));
        self.namespaces.insert(name.to_string(), Arc::new(Namespace::new(record.clone(), store)));
        Ok(record)
    }

    /// Loads a plugin and makes it the namespace's next generation; a deploy equal to the current one is a no-op.
    pub async fn deploy(&self, namespace: &str, bytes: Arc<[u8]>) -> Result<Deployed, EngineError> {
        let namespace = self.namespace(namespace)?;
        let plugin = self.sandbox.load(Arc::clone(&bytes), &[]).await?;
        let _activation = namespace.activation.lock().await;
        let name = &namespace.record.name;
        let current = self.control.deployments(name).await?.pop();
        let digest = plugin.digest().to_string();
        let is_equal = current.as_ref().is_some_and(|record| record.digest == digest);
        if is_equal && matches!(&*namespace.state(), State::Serving(_)) {
            let record = current.expect("an equal deployment is there");
            return Ok(Deployed { record, unchanged: true, plan_text: String::new() });
        }
        self.state_dir.write_plugin(plugin.digest(), &bytes)?;
        let last = current.as_ref().map_or(0, |record| record.generation);
        let number = if is_equal { last } else { last + 1 };
        let manifest = plugin.manifest();
        let record = DeploymentRecord {
            namespace: name.clone(),
            generation: number,
            digest,
            plugin: manifest.name.clone(),
            version: manifest.version.clone(),
            activated_at_us: now_us(),
        };
        let known = if last > 0 { Known::Yes } else { Known::No };
        let (generation, plan) = self.activation(&namespace, Arc::clone(&plugin)).run(number, known).await?;
        if !is_equal {
            self.control.add_deployment(&record).await?;
        }
        if matches!(&*namespace.state(), State::Unloaded) {
            self.control.update_namespace(&NamespaceRecord { unloaded: false, ..namespace.record.clone() }).await?;
        }
        namespace.swap(State::Serving(Arc::new(generation)));
        Ok(Deployed { record, unchanged: is_equal, plan_text: plan.to_text() })
    }

    /// Deploys a plugin that this host already has the bytes of.
    pub async fn deploy_digest(&self, namespace: &str, digest: &str) -> Result<Deployed, EngineError> {
        let bytes = self.state_dir.read_plugin(digest)?;
        let bytes = bytes.ok_or_else(|| EngineError::DigestUnknown { digest: digest.chars().take(64).collect() })?;
        self.deploy(namespace, bytes).await
    }

    /// Stops serving a namespace and frees what it holds. Never touches data; again does nothing.
    pub async fn unload(&self, namespace: &str) -> Result<Unloaded, EngineError> {
        let namespace = self.namespace(namespace)?;
        let _activation = namespace.activation.lock().await;
        let (generation, models) = match &*namespace.state() {
            State::Serving(generation) => (Some(generation.number), generation.plugin.manifest().models.len()),
            State::Empty | State::Unloaded | State::Failed(_) => (None, 0),
        };
        let unloaded = NamespaceRecord { unloaded: true, ..namespace.record.clone() };
        self.control.update_namespace(&unloaded).await?;
        namespace.swap(State::Unloaded);
        namespace.store.release().await;
        Ok(Unloaded { generation, models })
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
        let found = self.keys.load().get(id).cloned();
        let mut record = found.ok_or_else(|| EngineError::KeyUnknown { id: id.chars().take(64).collect() })?;
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
                    namespace: name.chars().take(64).collect(),
                    closest: closest(name, names.iter().map(String::as_str)).map(str::to_owned),
                })
            }
        }
    }

    pub(crate) fn activation<'a>(&'a self, namespace: &'a Namespace, plugin: Arc<sandbox::Plugin>) -> Activation<'a> {
        Activation {
            control_id: &self.control.id,
            namespace: &namespace.record.name,
            store: &namespace.store,
            plugin,
            limits: self.limits,
            now_us: now_us(),
        }
    }

    fn source(&self, name: &str) -> Result<&DataSource, EngineError> {
        self.sources.get(name).ok_or_else(|| EngineError::DataSourceUnknown {
            data_source: name.chars().take(64).collect(),
            closest: closest(name, self.sources.keys().map(String::as_str)).map(str::to_owned),
            known: self.sources.keys().cloned().collect(),
        })
    }

    fn placement(&self, source: &DataSource, asked: Option<Placement>) -> Result<Placement, EngineError> {
        let is_taken = |placement: Placement| {
            let shares = |namespace: &Namespace| {
                namespace.record.data_source == source.name() && namespace.record.placement == placement
            };
            self.namespaces.iter().filter(|entry| shares(entry.value())).map(|entry| entry.key().clone()).next()
        };
        let allowed = allowed_placements(source);
        match asked.or_else(|| (allowed.len() == 1).then(|| allowed[0])) {
            Some(placement) if !allowed.contains(&placement) => {
                Err(EngineError::Placement { data_source: source.name().to_owned(), asked: Some(placement), allowed })
            }
            Some(Placement::Own) if !source.url().is_per_namespace() => match is_taken(Placement::Own) {
                Some(namespace) => {
                    Err(EngineError::PlaceTaken { data_source: source.name().to_owned(), namespace, allowed })
                }
                None => Ok(Placement::Own),
            },
            Some(placement) => Ok(placement),
            None => Err(EngineError::Placement { data_source: source.name().to_owned(), asked: None, allowed }),
        }
    }

    async fn reopen(self: &Arc<Self>) -> Result<(), EngineError> {
        let mut opening = tokio::task::JoinSet::new();
        for record in self.control.namespaces().await? {
            let name = record.name.clone();
            let Some(source) = self.sources.get(&record.data_source) else {
                return Err(self
                    .source(&record.data_source)
                    .err()
                    .unwrap_or(EngineError::NamespaceName(model::IdentError::Empty)));
            };
            let store = source.store(name.clone(), record.placement.of(&name));
            let namespace = Arc::new(Namespace::new(record, store));
            self.namespaces.insert(name.to_string(), Arc::clone(&namespace));
            if opening.len() >= OPENING_MAX {
                opening.join_next().await;
            }
            let host = Arc::clone(self);
            opening.spawn(async move {
                if !namespace.record.unloaded && let Err(error) = host.restore(&namespace).await {
                    tracing::error!(target: "modelhost::host", namespace = %namespace.record.name, %error, "not activated");
                    namespace.swap(State::Failed(Arc::new(error)));
                }
            });
        }
        while opening.join_next().await.is_some() {}
        Ok(())
    }

    /// Serves the generation that the control database says a namespace had.
    async fn restore(&self, namespace: &Namespace) -> Result<(), EngineError> {
        let _activation = namespace.activation.lock().await;
        let Some(record) = self.control.deployments(&namespace.record.name).await?.pop() else {
            return Ok(());
        };
        let bytes = self.state_dir.read_plugin(&record.digest)?;
        let bytes = bytes.ok_or_else(|| EngineError::DigestUnknown { digest: record.digest.clone() })?;
        let plugin = self.sandbox.load(bytes, &[]).await?;
        let (generation, _) = self.activation(namespace, plugin).run(record.generation, Known::Yes).await?;
        namespace.swap(State::Serving(Arc::new(generation)));
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
        (sql::Dialect::Sqlite, false) => vec![Placement::Own, Placement::Prefix],
        (sql::Dialect::Postgres | sql::Dialect::Mysql, false) => {
            vec![Placement::Schema, Placement::Own, Placement::Prefix]
        }
    }
}

/// The time of an operation.
pub(crate) fn now_us() -> i64 {
    chrono::Utc::now().timestamp_micros()
}
