//! Deployments under way and those that ended lately: what `GET /v1/admin/deployments/{id}` answers.
//!
//! In memory only: what was activated is in the control database, a failed deploy changed nothing.

use std::sync::{Arc, Mutex};

use crate::{DeployOptions, Deployed, EngineError, Host, Stage};

/// Deployments that are remembered; a deploy storm must not fill the memory.
const REMEMBERED_MAX: usize = 256;

/// Deploys under way at once: each holds a component and waits for the one compiler.
const RUNNING_MAX: usize = 8;

/// One deploy, as far as it is.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Names it in URLs.
    pub id: String,
    /// The namespace it is for.
    pub namespace: String,
    /// How far it is.
    pub state: DeploymentState,
}

/// How far a deploy is.
#[derive(Debug, Clone)]
pub enum DeploymentState {
    /// On its way.
    Running(Stage),
    /// Serving.
    Done(Box<Deployed>),
    /// Refused; what served before still serves.
    Failed(Arc<EngineError>),
}

/// The deployments that a host remembers, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deployments(Mutex<Vec<Deployment>>);

impl Deployments {
    fn put(&self, deployment: Deployment) {
        let mut deployments = self.0.lock().expect("no panic while it is held");
        match deployments.iter_mut().find(|known| known.id == deployment.id) {
            Some(known) => *known = deployment,
            None => {
                if deployments.len() >= REMEMBERED_MAX {
                    deployments.remove(0);
                }
                deployments.push(deployment);
            }
        }
    }

    fn running(&self) -> usize {
        let deployments = self.0.lock().expect("no panic while it is held");
        deployments.iter().filter(|deployment| matches!(deployment.state, DeploymentState::Running(_))).count()
    }

    fn get(&self, id: &str) -> Option<Deployment> {
        let deployments = self.0.lock().expect("no panic while it is held");
        deployments.iter().find(|deployment| deployment.id == id).cloned()
    }
}

/// What is deployed.
#[derive(Debug, Clone)]
pub enum Source {
    /// The bytes of a component.
    Bytes(Arc<[u8]>),
    /// The digest of a component that this host has.
    Digest(String),
    /// The number of a generation that the namespace had.
    Generation(i64),
}

impl Host {
    /// Begins a deploy and answers at once. The namespace must exist.
    pub fn start_deploy(
        self: &Arc<Self>,
        namespace: &str,
        source: Source,
        options: DeployOptions,
    ) -> Result<Deployment, EngineError> {
        self.namespace(namespace)?;
        let deployment = Deployment {
            id: uuid::Uuid::now_v7().to_string(),
            namespace: namespace.to_owned(),
            state: DeploymentState::Running(Stage::Loading),
        };
        if self.deployments.running() >= RUNNING_MAX {
            return Err(EngineError::TooManyDeploys { max: RUNNING_MAX });
        }
        self.deployments.put(deployment.clone());
        let (host, mut finished) = (Arc::clone(self), deployment.clone());
        tokio::spawn(async move {
            let namespace = finished.namespace.clone();
            let tell = |stage| {
                host.deployments.put(Deployment { state: DeploymentState::Running(stage), ..finished.clone() });
            };
            let result = match source {
                Source::Bytes(bytes) => host.deploy_with(&namespace, bytes, &options, tell).await,
                Source::Digest(digest) => match host.plugin_bytes(&digest) {
                    Ok(bytes) => host.deploy_with(&namespace, bytes, &options, tell).await,
                    Err(error) => Err(error),
                },
                Source::Generation(number) => host.roll_back(&namespace, number, &options, tell).await,
            };
            finished.state = match result {
                Ok(deployed) => DeploymentState::Done(Box::new(deployed)),
                Err(error) => DeploymentState::Failed(Arc::new(error)),
            };
            host.deployments.put(finished);
        });
        Ok(deployment)
    }

    /// How far a deploy is.
    pub fn deployment(&self, id: &str) -> Result<Deployment, EngineError> {
        self.deployments.get(id).ok_or_else(|| EngineError::DeploymentUnknown { id: crate::host::shown(id) })
    }
}
