//! The WASI that a guest's standard library links, and nothing more: an empty one.
//!
//! Built for `wasm32-wasip2`, every Rust guest imports streams, stdio, the environment and `exit`; some import clocks and
//! the seed of hash maps. Here there are no files, no network, no environment and no arguments; stdin is closed, stdout and
//! stderr keep their last bytes for the operator, the clocks stand at the operation's time (so a sleep ends at once), and
//! the seed comes from the operation. Made by hand instead of from `WasiCtx`: building that one costs more than a call.

use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::component::{HasData, HasSelf, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::{cli, clocks, random};
use wasmtime_wasi::p2::pipe::ClosedInputStream;
use wasmtime_wasi_io::bindings::wasi::io;
use wasmtime_wasi_io::bytes::Bytes;
use wasmtime_wasi_io::poll::{DynPollable, Pollable, subscribe};
use wasmtime_wasi_io::streams::{DynInputStream, DynOutputStream, OutputStream, StreamResult};

use crate::state::{Exit, State};
use crate::text::printable;

/// Bytes of output kept for the operator: the end, where a panic message is.
const OUTPUT_TAIL_BYTES: usize = 4 << 10;
/// Lines of it that a fault carries.
const LINES_SHOWN: usize = 4;
/// Nanoseconds in which a clock that stands pretends to advance.
const RESOLUTION_NS: u64 = 1_000;

/// The end of what a guest wrote to stdout and stderr.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutputTail(Arc<Mutex<Vec<u8>>>);

/// Adds the interfaces of the allow-list.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    io::error::add_to_linker::<State, Streams>(linker, State::streams)?;
    io::poll::add_to_linker::<State, Streams>(linker, State::streams)?;
    io::streams::add_to_linker::<State, Streams>(linker, State::streams)?;
    cli::environment::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::exit::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::stdin::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::stdout::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::stderr::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::terminal_input::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::terminal_output::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::terminal_stdin::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::terminal_stdout::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    cli::terminal_stderr::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    clocks::wall_clock::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    clocks::monotonic_clock::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    random::insecure_seed::add_to_linker::<State, HasSelf<State>>(linker, |state| state)
}

impl OutputTail {
    /// The last lines that say something. Rust's advice to set a variable that a guest cannot have says nothing.
    pub(crate) fn last_lines(&self) -> Vec<String> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        let says_something = |line: &&str| !line.trim().is_empty() && !line.contains("`RUST_BACKTRACE=1`");
        let lines: Vec<_> = text.lines().filter(says_something).collect();
        lines[lines.len().saturating_sub(LINES_SHOWN)..]
            .iter()
            .map(|line| printable((*line).to_owned(), 1 << 10))
            .collect()
    }
}

/// Where the streams of a guest live.
struct Streams;

impl HasData for Streams {
    type Data<'a> = &'a mut ResourceTable;
}

#[wasmtime_wasi::async_trait]
impl Pollable for OutputTail {
    async fn ready(&mut self) {}
}

impl OutputStream for OutputTail {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut tail = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = &bytes[bytes.len().saturating_sub(OUTPUT_TAIL_BYTES)..];
        let surplus = (tail.len() + new.len()).saturating_sub(OUTPUT_TAIL_BYTES);
        tail.drain(..surplus);
        tail.extend_from_slice(new);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(OUTPUT_TAIL_BYTES)
    }
}

/// Something that is always ready: the end of a sleep on a clock that stands.
struct Ready;

#[wasmtime_wasi::async_trait]
impl Pollable for Ready {
    async fn ready(&mut self) {}
}

impl State {
    fn ready(&mut self) -> wasmtime::Result<Resource<DynPollable>> {
        self.count_host_call()?;
        let ready = self.table.push(Ready)?;
        subscribe(&mut self.table, ready)
    }

    fn output(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.count_host_call()?;
        let tail = self.output_tail.get_or_insert_default().clone();
        let stream: DynOutputStream = Box::new(tail);
        Ok(self.table.push(stream)?)
    }
}

impl cli::environment::Host for State {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.count_host_call()?;
        Ok(Vec::new())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        self.count_host_call()?;
        Ok(Vec::new())
    }

    fn initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        self.count_host_call()?;
        Ok(None)
    }
}

impl cli::exit::Host for State {
    fn exit(&mut self, _status: Result<(), ()>) -> wasmtime::Result<()> {
        Err(wasmtime::Error::new(Exit))
    }

    fn exit_with_code(&mut self, _status_code: u8) -> wasmtime::Result<()> {
        Err(wasmtime::Error::new(Exit))
    }
}

impl cli::stdin::Host for State {
    fn get_stdin(&mut self) -> wasmtime::Result<Resource<DynInputStream>> {
        self.count_host_call()?;
        let stream: DynInputStream = Box::new(ClosedInputStream);
        Ok(self.table.push(stream)?)
    }
}

impl cli::stdout::Host for State {
    fn get_stdout(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.output()
    }
}

impl cli::stderr::Host for State {
    fn get_stderr(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.output()
    }
}

impl cli::terminal_input::Host for State {}

impl cli::terminal_input::HostTerminalInput for State {
    fn drop(&mut self, terminal: Resource<cli::terminal_input::TerminalInput>) -> wasmtime::Result<()> {
        self.table.delete(terminal)?;
        Ok(())
    }
}

impl cli::terminal_output::Host for State {}

impl cli::terminal_output::HostTerminalOutput for State {
    fn drop(&mut self, terminal: Resource<cli::terminal_output::TerminalOutput>) -> wasmtime::Result<()> {
        self.table.delete(terminal)?;
        Ok(())
    }
}

impl cli::terminal_stdin::Host for State {
    fn get_terminal_stdin(&mut self) -> wasmtime::Result<Option<Resource<cli::terminal_input::TerminalInput>>> {
        self.count_host_call()?;
        Ok(None)
    }
}

impl cli::terminal_stdout::Host for State {
    fn get_terminal_stdout(&mut self) -> wasmtime::Result<Option<Resource<cli::terminal_output::TerminalOutput>>> {
        self.count_host_call()?;
        Ok(None)
    }
}

impl cli::terminal_stderr::Host for State {
    fn get_terminal_stderr(&mut self) -> wasmtime::Result<Option<Resource<cli::terminal_output::TerminalOutput>>> {
        self.count_host_call()?;
        Ok(None)
    }
}

impl clocks::wall_clock::Host for State {
    fn now(&mut self) -> wasmtime::Result<clocks::wall_clock::Datetime> {
        self.count_host_call()?;
        // Before 1970 the clock of WASI has no value: it stands at its first one.
        let now_us = self.ctx.now_us.max(0).unsigned_abs();
        Ok(clocks::wall_clock::Datetime {
            seconds: now_us / 1_000_000,
            nanoseconds: u32::try_from(now_us % 1_000_000 * 1_000)
                .expect("less than a second fits in 32 bits of nanoseconds"),
        })
    }

    fn resolution(&mut self) -> wasmtime::Result<clocks::wall_clock::Datetime> {
        self.count_host_call()?;
        Ok(clocks::wall_clock::Datetime { seconds: 0, nanoseconds: 1_000 })
    }
}

impl clocks::monotonic_clock::Host for State {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.count_host_call()?;
        Ok(self.ctx.now_us.max(0).unsigned_abs().saturating_mul(1_000))
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        self.count_host_call()?;
        Ok(RESOLUTION_NS)
    }

    fn subscribe_instant(&mut self, _when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.ready()
    }

    fn subscribe_duration(&mut self, _duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.ready()
    }
}

impl random::insecure_seed::Host for State {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        self.count_host_call()?;
        Ok((self.map_seed.next(), self.map_seed.next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_end_of_the_output() {
        let mut tail = OutputTail::default();
        tail.write(Bytes::from(vec![b'x'; 3 * OUTPUT_TAIL_BYTES])).unwrap();
        tail.write(Bytes::from_static(b"\npanicked at \x1b[31mhere\n\n")).unwrap();
        assert_eq!(tail.0.lock().unwrap().len(), OUTPUT_TAIL_BYTES);
        let lines = tail.last_lines();
        assert_eq!(lines[1], "panicked at \\u{1b}[31mhere");
        assert_eq!(lines[0].len(), 1 << 10);
    }
}
