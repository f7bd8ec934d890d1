//! The contract's imports: `log` and `ctx`, on top of what `imports/` offers.

use wasmtime::component::{HasSelf, Linker};

use super::bindings::modelhost::plugin::{ctx, log, types};
use crate::imports::LogLevel;
use crate::state::State;

/// Adds the contract's imports.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    types::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    log::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    ctx::add_to_linker::<State, HasSelf<State>>(linker, |state| state)
}

impl types::Host for State {}

impl log::Host for State {
    fn log(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            log::Level::Debug => LogLevel::Debug,
            log::Level::Info => LogLevel::Info,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Error => LogLevel::Error,
        };
        self.log(level, message)
    }
}

impl ctx::Host for State {
    fn now_us(&mut self) -> wasmtime::Result<i64> {
        self.count_host_call()?;
        Ok(self.ctx.now_us)
    }

    fn random(&mut self) -> wasmtime::Result<u64> {
        self.count_host_call()?;
        Ok(self.ctx.random.next())
    }
}
