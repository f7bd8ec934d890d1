//! A loaded plugin: judged, compiled, ready to be called.
//!
//! Immutable and shared by every namespace that uses the same bytes; what belongs to one of them (grants, limits, place) is
//! not here. It keeps the engine and its ticker alive.

use std::sync::Arc;

use model::Manifest;
use wasmtime::component::InstancePre;

use crate::abi::v0_1::Exports;
use crate::artifact::Outline;
use crate::engine::Core;
use crate::state::State;
use crate::{CallContext, Digest, Session};

/// A component that may be called.
pub struct Plugin {
    pub(crate) core: Arc<Core>,
    pub(crate) prepared: Prepared,
    pub(crate) name: Arc<str>,
    digest: Digest,
    manifest: Manifest,
    imports: Vec<String>,
}

/// A component ready to be instantiated: all that can be resolved once is.
pub(crate) struct Prepared {
    pub(crate) pre: InstancePre<State>,
    pub(crate) exports: Exports,
}

impl Plugin {
    pub(crate) fn new(
        core: Arc<Core>,
        prepared: Prepared,
        digest: Digest,
        manifest: Manifest,
        outline: Outline,
    ) -> Self {
        Self { core, prepared, name: manifest.name.as_str().into(), digest, manifest, imports: outline.imports }
    }

    /// The digest of its bytes.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What it says about itself, judged.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Every interface it imports, in order of name.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// Begins one operation. Costs next to nothing until a hook is called.
    pub fn session(self: &Arc<Self>, context: CallContext) -> Session {
        Session::new(Arc::clone(self), context)
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("name", &self.name).field("digest", &self.digest).finish_non_exhaustive()
    }
}
