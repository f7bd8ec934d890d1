//! From bytes to a plugin: `Sandbox::load`, in the order in which it gets expensive.
//!
//! Size, then (off the async threads) digest and inspection, then compilation under a permit or the cache, then the trial
//! with `describe`, then the manifest. Equal bytes are loaded once; grants are checked for each caller.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::{HookKind, Manifest};
use wasmtime::component::Component;

use crate::abi::v0_1::Exports;
use crate::artifact::{self, Outline, inspect, ours};
use crate::cache::{compile, component_of};
use crate::describe::describe;
use crate::error::Cause;
use crate::plugin::Prepared;
use crate::{Digest, LoadError, Plugin, Sandbox, SandboxError};

impl Sandbox {
    /// Judges, compiles and tries a component. `grants` are the capabilities that the plugin may want.
    ///
    /// Cancel safe: a load that is dropped leaves nothing behind but, at most, a finished compilation in the cache.
    pub async fn load(
        &self,
        bytes: Arc<[u8]>,
        grants: &[String],
    ) -> Result<Arc<Plugin>, LoadError> {
        let bytes_max = self.core.limits.component_bytes_max;
        if bytes.len() > bytes_max {
            return Err(LoadError::TooLarge {
                bytes: bytes.len(),
                bytes_max,
            });
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
        let contract = Arc::clone(&self.contract);
        let inspected = Arc::clone(&bytes);
        let outline = off_thread("inspecting a component", move || {
            inspect(&inspected, &contract)
        })
        .await??;
        let permit = self.compiles.acquire().await;
        let _permit = permit.expect("nobody closes the semaphore of compilations");
        // Whoever waited for the permit may find that the one before loaded the same bytes.
        if let Some(plugin) = self.in_use(&digest) {
            return Ok(plugin);
        }
        let component = self.component(bytes, digest).await?;
        let prepared = self.prepare(&component, &outline)?;
        let draft = describe(&self.core, &prepared, &digest).await?;
        let manifest =
            Manifest::check(&draft).map_err(|problems| LoadError::InvalidModel { problems })?;
        check_hooks(&manifest, &outline)?;
        let core = Arc::clone(&self.core);
        let plugin = Arc::new(Plugin::new(core, prepared, digest, manifest, outline));
        self.remember(&plugin);
        Ok(plugin)
    }

    /// The compiled component, from the cache where it has one.
    async fn component(&self, bytes: Arc<[u8]>, digest: Digest) -> Result<Component, LoadError> {
        let engine = self.core.engine.clone();
        let cache = self.cache.clone();
        let (component, was_cached) = off_thread("compiling a component", move || {
            let cached = cache.as_ref().and_then(|cache| cache.read(&digest));
            if let Some(component) = cached.and_then(|found| component_of(&engine, &found).ok()) {
                return Ok((component, true));
            }
            let artifact = compile(&engine, &bytes)?;
            if let Some(cache) = cache {
                cache.write(&digest, &artifact);
            }
            Ok((component_of(&engine, &artifact)?, false))
        })
        .await?
        .map_err(|error: wasmtime::Error| LoadError::Malformed {
            damage: "refused by the compiler, which stopped",
            offset: 0,
            bytes: 0,
            source: Cause::of(&error),
        })?;
        let counter = if was_cached {
            &self.counters.from_cache
        } else {
            &self.counters.compiled
        };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(component)
    }

    fn prepare(&self, component: &Component, outline: &Outline) -> Result<Prepared, LoadError> {
        // Names and types were compared before; what is left is a WASI interface with a function that ours lacks.
        let changed = |error: wasmtime::Error| LoadError::ChangedType {
            interface: "an imported or exported interface".to_owned(),
            item: "a function".to_owned(),
            expected: "what this host has".to_owned(),
            found: Cause::of(&error).to_string(),
        };
        let pre = self
            .core
            .linker
            .instantiate_pre(component)
            .map_err(changed)?;
        let exports = Exports::of(&pre, outline).map_err(changed)?;
        Ok(Prepared { pre, exports })
    }
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
    let missing: Vec<_> = wants
        .filter(|want| !grants.contains(want))
        .cloned()
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(LoadError::NotGranted {
        missing,
        granted: grants.to_vec(),
    })
}
