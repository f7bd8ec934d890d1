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

/// The program that compiles: it is run with these arguments and the numbers of the [`CompileRequest`] behind them.
#[derive(Debug, Clone)]
pub struct CompilerProgram {
    /// The program.
    pub path: PathBuf,
    /// Its first arguments.
    pub arguments: Vec<OsString>,
}

/// Why there is no machine code, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompileError {
    /// The compiler refuses the component.
    Refused(String),
    /// The compiler does not start.
    Broken(String),
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

    /// The request as the process is told.
    fn to_numbers(self) -> [u64; 3] {
        [self.stack_bytes_max as u64, self.memory_bytes_max as u64, self.cpu_seconds_max]
    }

    /// Binds the process that calls it: a session of its own, the lowest priority, the request's limits, the host's death.
    /// For ever, so it is for a process that does nothing else, before it has a second thread. Only Linux has all of this;
    /// elsewhere the process stays as it is.
    pub fn confine(self) -> std::io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{Resource, Rlimit, Signal, getrlimit};
            use rustix::process::{set_parent_process_death_signal, setrlimit, setsid};
            set_parent_process_death_signal(Some(Signal::KILL))?;
            setsid()?;
            super::threads::step_back();
            // Where sessions are not weighed, or memory is not scored, there is no such file.
            std::fs::write("/proc/self/autogroup", "19").ok();
            std::fs::write("/proc/self/oom_score_adj", "1000").ok();
            // The signal that tells of the time comes at the lower bound, an end without a word at the upper one.
            let (memory, seconds) = (self.memory_bytes_max as u64, self.cpu_seconds_max);
            let limits = [
                (Resource::Data, memory, memory),
                (Resource::Cpu, seconds, seconds + 1),
                (Resource::Core, 0, 0),
                (Resource::Fsize, 0, 0),
            ];
            for (resource, current, maximum) in limits {
                let lower = |max: u64| Some(getrlimit(resource).maximum.map_or(max, |allowed| allowed.min(max)));
                setrlimit(resource, Rlimit { current: lower(current), maximum: lower(maximum) })?;
            }
        }
        Ok(())
    }

    /// The machine code of a component.
    pub fn compile(self, wasm: &[u8]) -> Result<Vec<u8>, CompileError> {
        let broken = |error: &dyn std::fmt::Display| CompileError::Broken(format!("{error:#}"));
        let limits = Limits { stack_bytes_max: self.stack_bytes_max, ..Limits::standard() };
        // An engine that runs nothing needs no pool, on which machine code does not depend.
        let mut config = engine_config(&limits, 1);
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        let engine = Engine::new(&config).map_err(|error| broken(&error))?;
        let threads = Threads::new().map_err(|error| broken(&error))?;
        let compiled = threads.run(|| engine.precompile_component(wasm));
        compiled.map_err(|error| CompileError::Refused(format!("{error:#}")))
    }
}

impl From<[u64; 3]> for CompileRequest {
    fn from([stack, memory, cpu_seconds_max]: [u64; 3]) -> Self {
        let bytes = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        Self { stack_bytes_max: bytes(stack), memory_bytes_max: bytes(memory), cpu_seconds_max }
    }
}

impl CompilerProgram {
    pub(super) fn compile(&self, request: CompileRequest, wasm: &[u8]) -> Result<Vec<u8>, LoadError> {
        let broken = |said: String| LoadError::Sandbox(SandboxError::Compiler { source: Cause::text(said) });
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).args(request.to_numbers().map(|number| number.to_string())).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| broken(format!("{}: {error}", self.path.display())))?;
        let sent = child.stdin.take().expect("it is piped").write_all(wasm);
        let output = child.wait_with_output().map_err(|error| broken(error.to_string()))?;
        if output.status.success() {
            // Machine code of a part of the component would be another plugin's.
            return sent.map(|()| output.stdout).map_err(|error| broken(error.to_string()));
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let limit = |limit, max, unit| LoadError::CompileLimit { limit, max, unit };
        Err(match end_of(output.status, &said) {
            End::Time => limit("compile_cpu_seconds_max", request.cpu_seconds_max, "seconds of processor"),
            End::Memory => limit("compile_memory_bytes_max", request.memory_bytes_max as u64, "bytes of memory"),
            End::Refused => LoadError::refused_by_compiler(Cause::text(said)),
            End::Other => broken(format!("{}: {said}", output.status)),
        })
    }
}

/// How a process ended that compiled nothing.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Time,
    Memory,
    Refused,
    Other,
}

/// Memory ends in more than one way: Rust aborts, wasmtime panics, the system answers an error. All of them say so.
fn end_of(status: ExitStatus, said: &str) -> End {
    const NO_MEMORY: [&str; 4] = ["memory allocation of", "out of memory", "out-of-memory", "Cannot allocate memory"];
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None::<i32>;
    const SIGABRT: i32 = 6;
    #[cfg(target_os = "linux")]
    if signal == Some(rustix::process::Signal::XCPU.as_raw()) {
        return End::Time;
    }
    if NO_MEMORY.iter().any(|words| said.contains(words)) {
        return End::Memory;
    }
    // What overflows the compiler's stack aborts too.
    match status.code() == Some(i32::from(REFUSED_BY_COMPILER)) || signal == Some(SIGABRT) {
        true => End::Refused,
        false => End::Other,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn every_end_of_the_process_is_told_apart() {
        const ABORTED: i32 = 6;
        let exited = |code: i32| ExitStatus::from_raw(code << 8);
        let no_memory = "memory allocation of 64 bytes failed";
        assert_eq!(end_of(ExitStatus::from_raw(ABORTED), no_memory), End::Memory);
        assert_eq!(end_of(exited(101), "panicked: out-of-memory"), End::Memory);
        assert_eq!(end_of(ExitStatus::from_raw(ABORTED), "thread has overflowed its stack"), End::Refused);
        assert_eq!(end_of(exited(REFUSED_BY_COMPILER.into()), "wrong"), End::Refused);
        assert_eq!(end_of(exited(1), "no such verb"), End::Other);
        assert_eq!(end_of(ExitStatus::from_raw(9), ""), End::Other);
    }
}
