//! `modelhost compile-component`: what `serve` runs for each plugin that it compiles. Nobody else calls it.
//!
//! Reads a component from standard input and writes machine code to standard output. Ends with a status of its own and what
//! the compiler said where it refuses the component; by a signal where it reaches a limit.

use std::io::{ErrorKind, Read, Write};

use clap::Args;
use engine::{CompileRequest, CompilerProgram, Compiling, REFUSED_BY_COMPILER};
use model::{Code, Problem};

use super::{Failed, Report};
use crate::render;

/// The name of the verb.
pub(super) const VERB: &str = "compile-component";

#[derive(Debug, Args)]
pub(crate) struct Compile {
    stack_bytes_max: usize,
    memory_bytes_max: usize,
    cpu_seconds_max: u64,
}

/// Compiling by this very program, also after another one was installed in its place.
pub(crate) fn in_a_process() -> Result<Compiling, Failed> {
    let path = match cfg!(target_os = "linux") {
        true => "/proc/self/exe".into(),
        false => std::env::current_exe().map_err(|error| failed("finding the program", &error))?,
    };
    Ok(Compiling::Program(CompilerProgram { path, arguments: vec![VERB.into()] }))
}

impl Compile {
    pub(crate) fn run(&self) -> Result<Report, Failed> {
        let Self { stack_bytes_max, memory_bytes_max, cpu_seconds_max } = *self;
        let request = CompileRequest { stack_bytes_max, memory_bytes_max, cpu_seconds_max };
        request.confine().map_err(|error| failed("setting limits", &error))?;
        let mut wasm = Vec::new();
        match std::io::stdin().lock().read_to_end(&mut wasm) {
            Ok(_) => {}
            // As everywhere else where there is no memory.
            Err(error) if error.kind() == ErrorKind::OutOfMemory => std::process::abort(),
            Err(error) => return Err(failed("reading the component", &error)),
        }
        match request.compile(&wasm) {
            Ok(artifact) => {
                let mut output = std::io::stdout().lock();
                let written = output.write_all(&artifact).and_then(|()| output.flush());
                written.map_err(|error| failed("writing machine code", &error))?;
                Ok(Report::silent())
            }
            Err(said) => {
                render::eprint(&said);
                Ok(Report { exit_code: REFUSED_BY_COMPILER, ..Report::silent() })
            }
        }
    }
}

fn failed(doing: &str, error: &std::io::Error) -> Failed {
    let mut problem = Problem::new(Code::HostBug, format!("{doing} failed"));
    problem.cause.push(error.to_string());
    problem.into()
}
