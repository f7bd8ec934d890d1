//! From bytes to a plugin: `Sandbox::load`, in the order in which it gets expensive.
//!
//! Size, then (off the async threads) digest and inspection, then compilation under a permit, both or either from the
//! cache, then `describe`, the manifest, and the trial of the hooks. Equal bytes are loaded once; grants are checked for
//! each caller.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::{HookKind, Manifest};
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::Component;

use crate::abi::v0_1::Exports;
use crate::artifact::{self, Outline, inspect, ours};
use crate::cache::{Cache, component_of};
use crate::compiler::Compiler;
use crate::contract::Contract;
use crate::describe::describe;
use crate::engine::Core;
use crate::error::Cause;
use crate::plugin::Prepared;
use crate::trial::try_hooks;
use crate::{Digest, LoadError, Plugin, Sandbox, SandboxError};

impl Sandbox {
    /// Judges, compiles and tries a component. `grants` are the capabilities that the plugin may want.
    ///
    /// Cancel safe: a load that is dropped leaves nothing behind but what the cache has of it.
    pub async fn load(&self, bytes: Arc<[u8]>, grants: &[String]) -> Result<Arc<Plugin>, LoadError> {
        let bytes_max = self.core.limits.component_bytes_max;
        if bytes.len() > bytes_max {
            return Err(LoadError::TooLarge { bytes: bytes.len(), bytes_max });
        }
        artifact::check_kind(&bytes)?;
        let hashed = Arc::clone(&bytes);
        let digest = off_thread("hashing a component", move || Digest::of(&hashed)).await?;
        let plugin = match self.in_use(&digest) {
            Some(plugin) => plugin,
            None => self.load_new(bytes, digest).await?,
        };
        check_grants(plugin.manifest(), grants)?;
        Ok(plugin)
    }

    async fn load_new(&self, bytes: Arc<[u8]>, digest: Digest) -> Result<Arc<Plugin>, LoadError> {
        let (contract, cache, inspected) = (Arc::clone(&self.contract), self.cache.clone(), Arc::clone(&bytes));
        let outline = off_thread("inspecting a component", move || {
            cached_or_inspected(&contract, cache.as_deref(), &inspected, &digest)
        });
        let outline = outline.await??;
        let permit = Arc::clone(&self.compiles).acquire_owned().await;
        let permit = permit.expect("nobody closes the semaphore of compilations");
        // Whoever waited for the permit may find that the one before loaded the same bytes.
        if let Some(plugin) = self.in_use(&digest) {
            return Ok(plugin);
        }
        let (component, _permit) = self.component(bytes, digest, permit).await?;
        let prepared = self.prepare(&component, &outline)?;
        let draft = describe(&self.core, &prepared, &digest).await?;
        let manifest = Manifest::check(&draft).map_err(|problems| LoadError::InvalidModel { problems })?;
        check_hooks(&manifest, &outline)?;
        let core = Arc::clone(&self.core);
        let plugin = Arc::new(Plugin::new(core, prepared, digest, manifest, outline));
        try_hooks(&plugin).await?;
        self.remember(&plugin);
        Ok(plugin)
    }

    /// The compiled component. The permit is with the thread that compiles: it stays taken until the compiler is done, also
    /// when the load was dropped meanwhile.
    async fn component(
        &self,
        bytes: Arc<[u8]>,
        digest: Digest,
        permit: OwnedSemaphorePermit,
    ) -> Result<(Component, OwnedSemaphorePermit), LoadError> {
        let core = Arc::clone(&self.core);
        let (cache, compiler) = (self.cache.clone(), Arc::clone(&self.compiler));
        let (component, permit) = off_thread("compiling a component", move || {
            let component = cached_or_compiled(&core, (cache.as_deref(), &compiler), &bytes, &digest);
            (component, permit)
        })
        .await?;
        let (component, origin) = component?;
        let counter = match origin {
            Origin::Cache => &self.counters.from_cache,
            Origin::Compiler => &self.counters.compiled,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok((component, permit))
    }

    fn prepare(&self, component: &Component, outline: &Outline) -> Result<Prepared, LoadError> {
        // Names and types were compared before; what is left is a WASI interface with a function that ours lacks.
        let unusable = |error: wasmtime::Error| LoadError::Unusable {
            why: "it needs a function that this host does not have",
            source: Cause::of(&error),
        };
        let pre = self.core.linker.instantiate_pre(component).map_err(unusable)?;
        let exports = Exports::of(&pre, outline).map_err(unusable)?;
        Ok(Prepared { pre, exports })
    }
}

/// Where a compiled component came from.
enum Origin {
    Cache,
    Compiler,
}

fn cached_or_inspected(
    contract: &Contract,
    cache: Option<&Cache>,
    bytes: &[u8],
    digest: &Digest,
) -> Result<Outline, LoadError> {
    if let Some(outline) = cache.and_then(|cache| cache.outline(digest)) {
        return Ok(outline);
    }
    let outline = inspect(bytes, contract)?;
    if let Some(cache) = cache {
        cache.keep_outline(digest, &outline);
    }
    Ok(outline)
}

fn cached_or_compiled(
    core: &Core,
    (cache, compiler): (Option<&Cache>, &Compiler),
    bytes: &[u8],
    digest: &Digest,
) -> Result<(Component, Origin), LoadError> {
    let cached = cache.and_then(|cache| cache.artifact(digest));
    if let Some(component) = cached.and_then(|artifact| component_of(&core.engine, &artifact).ok()) {
        return Ok((component, Origin::Cache));
    }
    let artifact = compiler.compile(core, bytes)?;
    if let Some(cache) = cache {
        cache.keep_artifact(digest, &artifact);
    }
    let component = component_of(&core.engine, &artifact);
    let component = component.map_err(|error| LoadError::refused_by_compiler(Cause::of(&error)))?;
    Ok((component, Origin::Compiler))
}

/// Runs blocking work; a panic in it is the host's failure, not the process's end.
async fn off_thread<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SandboxError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| SandboxError::Panicked { doing })
}

/// Every hook that the manifest lists must be exported: the host calls no other and expects each.
fn check_hooks(manifest: &Manifest, outline: &Outline) -> Result<(), LoadError> {
    for kind in [HookKind::Validate, HookKind::Normalize] {
        let mut models = manifest.models.iter();
        let user = models.find(|model| model.hook(kind).is_some());
        if let Some(model) = user
            && !outline.exports(kind.name())
        {
            return Err(LoadError::MissingExport {
                interface: ours(kind.name()),
                reason: format!("which its model `{}` declares as a hook", model.name),
            });
        }
    }
    Ok(())
}

fn check_grants(manifest: &Manifest, grants: &[String]) -> Result<(), LoadError> {
    let wants = manifest.wants.iter();
    let missing: Vec<_> = wants.filter(|want| !grants.contains(want)).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(LoadError::NotGranted { missing, granted: grants.to_vec() })
}
