//! Compiling in a process of its own: what the host asks for, and what the process does.
//!
//! The component goes in by standard input, the machine code comes back by standard output. The process has a session of
//! its own, because Linux weighs sessions against each other (`sched_autogroup`): beside the compiler in its own session the
//! host and a database on the same machine keep their share. It dies with the host.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use wasmtime::{Engine, InstanceAllocationStrategy};

use super::threads::Threads;
use crate::engine::engine_config;
use crate::error::Cause;
use crate::{Limits, LoadError, SandboxError};

/// How the process ends where the compiler refuses the component; what it said stands in standard error.
pub const REFUSED_BY_COMPILER: u8 = 3;

/// The program that compiles: it is run with these arguments and those of [`CompileRequest::to_arguments`] behind them.
#[derive(Debug, Clone)]
pub struct CompilerProgram {
    /// The program.
    pub path: PathBuf,
    /// Its first arguments.
    pub arguments: Vec<OsString>,
}

/// What the compiling process is told beside the component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileRequest {
    /// Bytes of stack of guests, which machine code checks.
    pub stack_bytes_max: usize,
    /// Bytes that the process may take.
    pub memory_bytes_max: usize,
    /// Seconds of processor that it may take.
    pub cpu_seconds_max: u64,
}

impl CompileRequest {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            stack_bytes_max: limits.stack_bytes_max,
            memory_bytes_max: limits.compile_memory_bytes_max,
            cpu_seconds_max: limits.compile_cpu_seconds_max,
        }
    }

    /// The request as arguments, in the order of the fields.
    pub fn to_arguments(self) -> [String; 3] {
        [self.stack_bytes_max.to_string(), self.memory_bytes_max.to_string(), self.cpu_seconds_max.to_string()]
    }

    /// Binds the process that calls it: a session of its own, the request's limits, the host's death. For ever, so it is
    /// for a process that does nothing else. Only Linux has all of this; elsewhere the process stays as it is.
    pub fn confine(self) -> std::io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit, setsid};
            let at_most = |max: u64| Rlimit { current: Some(max), maximum: Some(max) };
            set_parent_process_death_signal(Some(Signal::KILL))?;
            setsid()?;
            // Where sessions are not weighed there is no such file.
            std::fs::write("/proc/self/autogroup", "10").ok();
            setrlimit(Resource::Data, at_most(self.memory_bytes_max as u64))?;
            // The signal that tells of the time comes at the lower bound, an end without a word at the upper one.
            let seconds = Rlimit { current: Some(self.cpu_seconds_max), maximum: Some(self.cpu_seconds_max + 1) };
            setrlimit(Resource::Cpu, seconds)?;
            setrlimit(Resource::Core, at_most(0))?;
            setrlimit(Resource::Fsize, at_most(0))?;
        }
        Ok(())
    }

    /// The machine code of a component; the error is what the compiler said.
    pub fn compile(self, wasm: &[u8]) -> Result<Vec<u8>, String> {
        let limits = Limits { stack_bytes_max: self.stack_bytes_max, ..Limits::standard() };
        // An engine that runs nothing needs no pool, on which machine code does not depend.
        let mut config = engine_config(&limits, 1);
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        let engine = Engine::new(&config).map_err(|error| format!("{error:#}"))?;
        let threads = Threads::new().map_err(|error| error.to_string())?;
        threads.run(|| engine.precompile_component(wasm)).map_err(|error| format!("{error:#}"))
    }
}

impl CompilerProgram {
    pub(super) fn compile(&self, request: CompileRequest, wasm: &[u8]) -> Result<Vec<u8>, LoadError> {
        let broken = |said: String| LoadError::Sandbox(SandboxError::Compiler { source: Cause::text(said) });
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).args(request.to_arguments()).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| broken(format!("{}: {error}", self.path.display())))?;
        // Whoever stops reading has ended, and its status says why.
        child.stdin.take().map(|mut stdin| stdin.write_all(wasm));
        let output = child.wait_with_output().map_err(|error| broken(error.to_string()))?;
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        match output.status.code() {
            Some(0) => Ok(output.stdout),
            Some(code) if code == i32::from(REFUSED_BY_COMPILER) => {
                Err(LoadError::refused_by_compiler(Cause::text(said)))
            }
            _ => {
                Err(limit_reached(output.status, request)
                    .unwrap_or_else(|| broken(format!("{}: {said}", output.status))))
            }
        }
    }
}

/// The limit by which the system ended the process.
fn limit_reached(status: ExitStatus, request: CompileRequest) -> Option<LoadError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::Signal;
        use std::os::unix::process::ExitStatusExt;
        let limit = |limit, max, unit| LoadError::CompileLimit { limit, max, unit };
        let by = |signal: Signal| status.signal() == Some(signal.as_raw());
        if by(Signal::XCPU) {
            return Some(limit("compile_cpu_seconds_max", request.cpu_seconds_max, "seconds of processor"));
        }
        // Rust aborts where it gets no memory.
        if by(Signal::ABORT) {
            return Some(limit("compile_memory_bytes_max", request.memory_bytes_max as u64, "bytes of memory"));
        }
    }
    let _ = (status, request);
    None
}
