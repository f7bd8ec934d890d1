//! From a component to machine code: here, or in a process of its own.
//!
//! A compiler's time, memory and stack are outside of what wasmtime promises to bound. Only a process has limits for them;
//! threads of this one are for those whose program is not ours, or who compile what they built themselves.

mod process;
mod threads;

pub use process::{CompileError, CompileRequest, CompilerProgram, REFUSED_BY_COMPILER};

use crate::cache::Authentic;
use crate::engine::Core;
use crate::error::Cause;
use crate::{LoadError, SandboxError};
use threads::Threads;

/// Where components are compiled.
#[derive(Debug, Clone)]
pub enum Compiling {
    /// On threads of this process, without a limit of memory and time.
    Here,
    /// In a process for each component, within `compile_memory_bytes_max` and `compile_cpu_seconds_max`.
    Program(CompilerProgram),
}

/// What compiles.
pub(crate) enum Compiler {
    Threads(Threads),
    Program(CompilerProgram),
}

impl Compiler {
    pub(crate) fn new(compiling: Compiling) -> Result<Self, SandboxError> {
        match compiling {
            Compiling::Here => Threads::new().map(Self::Threads),
            Compiling::Program(program) => Ok(Self::Program(program)),
        }
    }

    /// Blocks for as long as it takes.
    pub(crate) fn compile(&self, core: &Core, wasm: &[u8]) -> Result<Authentic, LoadError> {
        let artifact = match self {
            Self::Threads(threads) => {
                let refused = |error: wasmtime::Error| LoadError::refused_by_compiler(Cause::of(&error));
                threads.run(|| core.engine.precompile_component(wasm)).map_err(refused)
            }
            Self::Program(program) => program.compile(CompileRequest::of(&core.limits), wasm),
        };
        artifact.map(Authentic::compiled_by_this_host)
    }
}
