//! `modelhost compile-component`: what `serve` runs for each plugin that it compiles. Nobody else calls it.
//!
//! Reads a component from standard input and writes machine code to standard output. Ends with a status of its own and what
//! the compiler said where it refuses the component; by a signal where it reaches a limit.

use std::io::{Read, Write};

use clap::Args;
use engine::{CompileError, CompileRequest, CompilerProgram, Compiling, REFUSED_BY_COMPILER};
use model::{Code, Problem};

use super::{Failed, Report};
use crate::render;

/// The name of the verb.
pub(super) const VERB: &str = "compile-component";

#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// The request.
    #[arg(num_args = 3, required = true)]
    request: Vec<u64>,
}

/// Compiling by this very program; on Linux also after another one was installed in its place.
pub(crate) fn in_a_process() -> Result<Compiling, Failed> {
    let path = match cfg!(target_os = "linux") {
        true => "/proc/self/exe".into(),
        false => std::env::current_exe().map_err(|error| failed("finding the program", &error))?,
    };
    Ok(Compiling::Program(CompilerProgram { path, arguments: vec![VERB.into()] }))
}

impl Compile {
    pub(crate) fn run(&self) -> Result<Report, Failed> {
        let numbers: [u64; 3] = self.request.as_slice().try_into().expect("clap counts them");
        let request = CompileRequest::from(numbers);
        request.confine().map_err(|error| failed("setting limits", &error))?;
        let mut wasm = Vec::new();
        std::io::stdin().lock().read_to_end(&mut wasm).map_err(|error| failed("reading the component", &error))?;
        match request.compile(&wasm) {
            Ok(artifact) => {
                let mut output = std::io::stdout().lock();
                let written = output.write_all(&artifact).and_then(|()| output.flush());
                written.map_err(|error| failed("writing machine code", &error))?;
                Ok(Report::silent())
            }
            Err(CompileError::Refused(said)) => {
                render::eprint(&said);
                Ok(Report { exit_code: REFUSED_BY_COMPILER, ..Report::silent() })
            }
            Err(CompileError::Broken(said)) => Err(failed("starting the compiler", &said)),
        }
    }
}

fn failed(doing: &str, error: &dyn std::fmt::Display) -> Failed {
    let mut problem = Problem::new(Code::HostBug, format!("{doing} failed"));
    problem.cause.push(error.to_string());
    problem.into()
}
