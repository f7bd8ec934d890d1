//! A namespace's life: deploy, unload, restore. Each holds the namespace's activation lock from its first look to the swap.
//!
//! Where the data source has to migrate, a deployment is written to the control database as prepared before, and confirmed
//! afterwards. Whoever meets a prepared one later (after a crash, or a lost connection) asks the ledger whether it came about.
//! Where nothing migrates, it comes about by being written.

use std::sync::Arc;
use std::time::Duration;

use sandbox::Plugin;
use tokio::sync::OwnedMutexGuard;

use crate::activation::{Known, LOCK_WAIT_MS};
use crate::deploy_options::{DeployOptions, Ownership};
use crate::host::{now_us, shown};
use crate::ledger::{Ledger, Owner};
use crate::migration::recover;
use crate::namespace::{Namespace, State};
use crate::plan_view::PlanView;
use crate::{DeploymentRecord, EngineError, Host, NamespaceRecord};

/// What a deploy did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The generation that serves now.
    pub record: DeploymentRecord,
    /// Whether it already was the one that serves.
    pub unchanged: bool,
    /// What was changed in the database.
    pub plan: PlanView,
}

/// How far a deploy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The plugin is checked and compiled.
    Loading,
    /// It waits until nobody else changes the namespace.
    Waiting,
    /// The tables are compared with what the plugin needs, and changed.
    Migrating,
}

/// What an unload freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unloaded {
    /// The generation that served; none when nothing was loaded.
    pub generation: Option<i64>,
    /// Models that are no longer served.
    pub models: usize,
}

/// A namespace that nobody else changes while this exists.
pub(crate) struct Held {
    pub(crate) namespace: Arc<Namespace>,
    _activation: OwnedMutexGuard<()>,
}

/// What became of a namespace when the host was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Restored {
    /// It serves, or fails for good.
    Settled,
    /// Its database could not be asked.
    Later,
}

/// A plugin on its way to be served.
struct Candidate<'a> {
    plugin: Arc<Plugin>,
    options: &'a DeployOptions,
    known: Known,
    recorded: Recorded,
}

/// Whether the control database has a candidate's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recorded {
    Yes,
    No,
}

impl Host {
    /// Loads a plugin and makes it the namespace's next generation; a deploy equal to the current one is a no-op.
    pub async fn deploy(&self, namespace: &str, bytes: Arc<[u8]>) -> Result<Deployed, EngineError> {
        self.deploy_with(namespace, bytes, &DeployOptions::PLAIN, |_| {}).await
    }

    /// As [`Host::deploy`], with what the operator agrees to; tells how far it is.
    pub async fn deploy_with(
        &self,
        namespace: &str,
        bytes: Arc<[u8]>,
        options: &DeployOptions,
        tell: impl Fn(Stage),
    ) -> Result<Deployed, EngineError> {
        self.namespace(namespace)?;
        tell(Stage::Loading);
        let plugin = self.sandbox.load(Arc::clone(&bytes), &[]).await?;
        tell(Stage::Waiting);
        let held = self.hold(namespace).await?;
        tell(Stage::Migrating);
        let namespace = &held.namespace;
        let current = self.settled(namespace).await?.pop();
        let digest = plugin.digest().to_string();
        let known = if current.is_some() { Known::Yes } else { Known::No };
        let owner = match options.ownership {
            Ownership::TakeOver => self.owner_of(namespace).await?,
            Ownership::Respect => None,
        };
        // Taking over a namespace or a table is news, whatever this host served before.
        let is_taken = owner.as_ref().is_some_and(|owner| owner.control_id != self.control.id);
        let is_news = is_taken || !options.adopt.is_empty();
        if let Some(record) = current.as_ref().filter(|record| record.digest == digest && !is_news) {
            let number = record.generation;
            let unchanged = matches!(&*namespace.state(), State::Serving(serving) if serving.number == number);
            if !unchanged {
                self.serve(namespace, Candidate { plugin, options, known, recorded: Recorded::Yes }, record).await?;
            }
            return Ok(Deployed { record: record.clone(), unchanged, plan: PlanView::nothing() });
        }
        self.state_dir.write_plugin(plugin.digest(), &bytes)?;
        let manifest = plugin.manifest();
        // Above every number that this host gave, and that the data source knows of the one it is taken over from.
        let last = current.map_or(0, |last| last.generation).max(owner.map_or(0, |last| last.generation));
        let record = DeploymentRecord {
            namespace: namespace.record.name.clone(),
            generation: last + 1,
            digest,
            plugin: manifest.name.clone(),
            version: manifest.version.clone(),
            activated_at_us: now_us(),
            prepared: false,
        };
        self.serve_new(namespace, Candidate { plugin, options, known, recorded: Recorded::No }, record).await
    }

    async fn serve_new(
        &self,
        namespace: &Namespace,
        candidate: Candidate<'_>,
        record: DeploymentRecord,
    ) -> Result<Deployed, EngineError> {
        match self.serve(namespace, candidate, &record).await {
            Ok(plan) => Ok(Deployed { record, unchanged: false, plan }),
            Err(error) => {
                // Where the database can't be asked now, whoever comes next settles it.
                let _ = self.settled(namespace).await;
                Err(error)
            }
        }
    }

    /// What a deploy would change in the database, without doing anything. What it would refuse is in the plan.
    pub async fn preview(
        &self,
        namespace: &str,
        bytes: Arc<[u8]>,
        options: &DeployOptions,
    ) -> Result<PlanView, EngineError> {
        let namespace = self.namespace(namespace)?;
        let plugin = self.sandbox.load(bytes, &[]).await?;
        let is_known = self.control.deployments(&namespace.record.name).await?.iter().any(|record| !record.prepared);
        let known = if is_known { Known::Yes } else { Known::No };
        self.activation(&namespace, plugin, options).preview(known).await
    }

    /// The bytes of a plugin that this host has.
    pub fn plugin_bytes(&self, digest: &str) -> Result<Arc<[u8]>, EngineError> {
        let bytes = self.state_dir.read_plugin(digest)?;
        bytes.ok_or_else(|| EngineError::DigestUnknown { digest: shown(digest) })
    }

    /// Stops serving a namespace and frees what it holds. Never touches data; again does nothing.
    pub async fn unload(&self, namespace: &str) -> Result<Unloaded, EngineError> {
        let held = self.hold(namespace).await?;
        let namespace = &held.namespace;
        let (generation, models) = match &*namespace.state() {
            State::Serving(generation) => (Some(generation.number), generation.plugin.manifest().models.len()),
            State::Empty | State::Unloaded | State::Failed(_) => (None, 0),
        };
        self.control.update_namespace(&NamespaceRecord { unloaded: true, ..namespace.record.clone() }).await?;
        namespace.swap(State::Unloaded, self.drain_max);
        namespace.store.release().await;
        Ok(Unloaded { generation, models })
    }

    /// Serves the generation that a namespace had before the host was closed. Where that fails its calls are answered with the
    /// reason; answers whether it is worth another try.
    pub(crate) async fn restore(&self, namespace: &str) -> Result<Restored, EngineError> {
        let held = self.hold(namespace).await?;
        // Somebody else was faster.
        if matches!(&*held.namespace.state(), State::Serving(_) | State::Unloaded) {
            return Ok(Restored::Settled);
        }
        let Err(error) = self.restore_held(&held).await else { return Ok(Restored::Settled) };
        tracing::error!(target: "modelhost::host", namespace, %error, "not activated");
        let may_pass = error.may_pass();
        held.namespace.swap(State::Failed(Arc::new(error)), Duration::ZERO);
        Ok(if may_pass { Restored::Later } else { Restored::Settled })
    }

    async fn restore_held(&self, held: &Held) -> Result<(), EngineError> {
        let Some(record) = self.settled(&held.namespace).await?.pop() else { return Ok(()) };
        let plugin = self.sandbox.load(self.plugin_bytes(&record.digest)?, &[]).await?;
        let (options, known, recorded) = (&DeployOptions::PLAIN, Known::Yes, Recorded::Yes);
        let candidate = Candidate { plugin, options, known, recorded };
        self.serve(&held.namespace, candidate, &record).await?;
        Ok(())
    }

    /// Waits until nobody else changes the namespace. One that was destroyed meanwhile is not there any more.
    pub(crate) async fn hold(&self, name: &str) -> Result<Held, EngineError> {
        let namespace = self.namespace(name)?;
        let activation = Arc::clone(&namespace.activation).lock_owned().await;
        let is_same = self.namespace(name).is_ok_and(|found| Arc::ptr_eq(&found, &namespace));
        match is_same {
            true => Ok(Held { namespace, _activation: activation }),
            false => Err(EngineError::NamespaceUnknown { namespace: shown(name), closest: None }),
        }
    }

    /// The deployments that came about, oldest first. One that is only prepared is confirmed or removed, as the ledger says.
    pub(crate) async fn settled(&self, namespace: &Namespace) -> Result<Vec<DeploymentRecord>, EngineError> {
        let mut records = self.control.deployments(&namespace.record.name).await?;
        while let Some(record) = records.pop_if(|record| record.prepared) {
            let ledger = Ledger::new(&namespace.store, &namespace.record.name);
            let owner = self.owner_of(namespace).await?;
            let came_about =
                owner.is_some_and(|owner| owner.control_id == self.control.id && owner.generation == record.generation);
            if came_about {
                self.control.confirm_deployment(&record).await?;
                records.push(DeploymentRecord { prepared: false, ..record });
                break;
            }
            if ledger.journal(&ledger.tables().await?).await?.is_some() {
                let _lock = namespace.store.lock(LOCK_WAIT_MS).await?;
                recover(&ledger, &namespace.store).await?;
            }
            self.control.remove_deployment(&record).await?;
        }
        Ok(records)
    }

    /// The owner's row of the namespace, where its place has a ledger.
    pub(crate) async fn owner_of(&self, namespace: &Namespace) -> Result<Option<Owner>, EngineError> {
        let ledger = Ledger::new(&namespace.store, &namespace.record.name);
        match ledger.is_in(&ledger.tables().await?) {
            true => ledger.owner().await,
            false => Ok(None),
        }
    }

    /// Activates, records, swaps. Answers what was changed in the database.
    async fn serve(
        &self,
        namespace: &Namespace,
        candidate: Candidate<'_>,
        record: &DeploymentRecord,
    ) -> Result<PlanView, EngineError> {
        let Candidate { plugin, options, known, recorded } = candidate;
        let activation = self.activation(namespace, plugin, options);
        let plan = match (activation.fits(known).await?, recorded) {
            (true, Recorded::Yes) => PlanView::nothing(),
            (true, Recorded::No) => {
                self.control.add_deployment(record).await?;
                PlanView::nothing()
            }
            (false, Recorded::Yes) => activation.fit(record.generation).await?,
            (false, Recorded::No) => {
                self.control.add_deployment(&DeploymentRecord { prepared: true, ..record.clone() }).await?;
                let plan = activation.fit(record.generation).await?;
                self.control.confirm_deployment(record).await?;
                plan
            }
        };
        if matches!(&*namespace.state(), State::Unloaded) {
            self.control.update_namespace(&NamespaceRecord { unloaded: false, ..namespace.record.clone() }).await?;
        }
        namespace.swap(State::Serving(Arc::new(activation.generation(record.generation))), self.drain_max);
        Ok(plan)
    }
}
