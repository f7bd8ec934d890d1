//! A namespace's life: deploy, unload, restore. Each holds the namespace's activation lock from its first look to the swap.
//!
//! A deployment is written to the control database as prepared, then the data source migrates, then it is confirmed. Whoever
//! meets a prepared one later (after a crash, or a lost connection) asks the ledger whether it came about.

use std::sync::Arc;

use sandbox::Plugin;
use tokio::sync::OwnedMutexGuard;

use crate::activation::Known;
use crate::host::{now_us, shown};
use crate::ledger::Ledger;
use crate::namespace::{Namespace, State};
use crate::{DeploymentRecord, EngineError, Host, NamespaceRecord};

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

/// A namespace that nobody else changes while this exists.
pub(crate) struct Held {
    pub(crate) namespace: Arc<Namespace>,
    _activation: OwnedMutexGuard<()>,
}

impl Host {
    /// Loads a plugin and makes it the namespace's next generation; a deploy equal to the current one is a no-op.
    pub async fn deploy(&self, namespace: &str, bytes: Arc<[u8]>) -> Result<Deployed, EngineError> {
        self.namespace(namespace)?;
        let plugin = self.sandbox.load(Arc::clone(&bytes), &[]).await?;
        let held = self.hold(namespace).await?;
        let namespace = &held.namespace;
        let current = self.settled(namespace).await?.pop();
        let digest = plugin.digest().to_string();
        if let Some(record) = current.as_ref().filter(|record| record.digest == digest) {
            let is_serving = matches!(&*namespace.state(), State::Serving(_));
            if !is_serving {
                self.serve(namespace, plugin, record, Known::Yes).await?;
            }
            return Ok(Deployed { record: record.clone(), unchanged: true, plan_text: String::new() });
        }
        self.state_dir.write_plugin(plugin.digest(), &bytes)?;
        let manifest = plugin.manifest();
        let record = DeploymentRecord {
            namespace: namespace.record.name.clone(),
            generation: current.as_ref().map_or(0, |record| record.generation) + 1,
            digest,
            plugin: manifest.name.clone(),
            version: manifest.version.clone(),
            activated_at_us: now_us(),
            prepared: true,
        };
        let known = if current.is_some() { Known::Yes } else { Known::No };
        self.control.add_deployment(&record).await?;
        let plan_text = match self.serve(namespace, plugin, &record, known).await {
            Ok(plan_text) => plan_text,
            Err(error) => {
                // Where the database can't be asked now, whoever comes next settles it.
                let _ = self.settled(namespace).await;
                return Err(error);
            }
        };
        Ok(Deployed { record, unchanged: false, plan_text })
    }

    /// Deploys a plugin that this host already has the bytes of.
    pub async fn deploy_digest(&self, namespace: &str, digest: &str) -> Result<Deployed, EngineError> {
        let bytes = self.state_dir.read_plugin(digest)?;
        let bytes = bytes.ok_or_else(|| EngineError::DigestUnknown { digest: shown(digest) })?;
        self.deploy(namespace, bytes).await
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
        namespace.swap(State::Unloaded);
        namespace.store.release().await;
        Ok(Unloaded { generation, models })
    }

    /// Serves the generation that a namespace had before the host was closed.
    pub(crate) async fn restore(&self, namespace: &str) -> Result<(), EngineError> {
        let held = self.hold(namespace).await?;
        let Some(record) = self.settled(&held.namespace).await?.pop() else { return Ok(()) };
        let bytes = self.state_dir.read_plugin(&record.digest)?;
        let bytes = bytes.ok_or_else(|| EngineError::DigestUnknown { digest: record.digest.clone() })?;
        let plugin = self.sandbox.load(bytes, &[]).await?;
        self.serve(&held.namespace, plugin, &record, Known::Yes).await?;
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
            let owner = if ledger.is_in(&ledger.tables().await?) { ledger.owner().await? } else { None };
            let came_about =
                owner.is_some_and(|owner| owner.control_id == self.control.id && owner.generation >= record.generation);
            if came_about {
                self.control.confirm_deployment(&record).await?;
                records.push(DeploymentRecord { prepared: false, ..record });
                break;
            }
            self.control.remove_deployment(&record).await?;
        }
        Ok(records)
    }

    /// Activates, confirms, swaps. Answers what was changed in the database.
    async fn serve(
        &self,
        namespace: &Namespace,
        plugin: Arc<Plugin>,
        record: &DeploymentRecord,
        known: Known,
    ) -> Result<String, EngineError> {
        let (generation, plan) = self.activation(namespace, plugin).run(record.generation, known).await?;
        if record.prepared {
            self.control.confirm_deployment(record).await?;
        }
        if matches!(&*namespace.state(), State::Unloaded) {
            self.control.update_namespace(&NamespaceRecord { unloaded: false, ..namespace.record.clone() }).await?;
        }
        namespace.swap(State::Serving(Arc::new(generation)));
        Ok(plan.to_text())
    }
}
