//! One instance of a component: its store, armed with every limit, and its functions.
//!
//! Made fresh for an operation and dropped with it. Whoever gets an error from a call must drop the instance: a store that
//! trapped or whose future was dropped refuses every later call.

use model::{ManifestDraft, Problems, Row, Violation};
use wasmtime::component::InstancePre;
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::abi::v0_1::{AnswerError, Exports, Functions};
use crate::state::State;
use crate::{FieldChange, HookCall, Records};

/// An instance and what it may use.
pub(crate) struct Instance {
    store: Store<State>,
    functions: Functions,
}

impl Instance {
    /// Instantiates; the state comes back when that fails, because it knows why.
    pub(crate) async fn start(pre: &InstancePre<State>, state: State) -> Result<Self, (wasmtime::Error, State)> {
        let mut store = armed(pre.component().engine(), state);
        match pre.instantiate_async(&mut store).await {
            Ok(instance) => {
                store.data_mut().clock.charge();
                Ok(Self { store, functions: Functions::of(instance) })
            }
            Err(error) => Err((error, store.into_data())),
        }
    }

    pub(crate) async fn describe(
        &mut self,
        exports: &Exports,
    ) -> Result<Result<Result<ManifestDraft, Problems>, String>, AnswerError> {
        self.begin()?;
        let answer = self.functions.describe(&mut self.store, exports).await?;
        self.end()?;
        Ok(answer)
    }

    pub(crate) async fn validate(
        &mut self,
        exports: &Exports,
        call: &HookCall<'_>,
        records: Records<'_>,
    ) -> Result<Vec<Violation>, AnswerError> {
        self.begin()?;
        let functions = &mut self.functions;
        let answer = functions.validate(&mut self.store, exports, call, records).await?;
        self.end()?;
        Ok(answer)
    }

    pub(crate) async fn normalize(
        &mut self,
        exports: &Exports,
        call: &HookCall<'_>,
        rows: &[&Row],
    ) -> Result<Vec<FieldChange>, AnswerError> {
        self.begin()?;
        let functions = &mut self.functions;
        let answer = functions.normalize(&mut self.store, exports, call, rows).await?;
        self.end()?;
        Ok(answer)
    }

    pub(crate) fn renew(&mut self) {
        self.store.data_mut().renew();
    }

    pub(crate) fn state(&self) -> &State {
        self.store.data()
    }

    pub(crate) fn into_state(self) -> State {
        self.store.into_data()
    }

    fn begin(&mut self) -> Result<(), AnswerError> {
        self.store.set_epoch_deadline(1);
        let state = self.store.data_mut();
        state.clock.resume();
        let left = state.check_time();
        left.map_err(|stopped| AnswerError::Call(wasmtime::Error::new(stopped)))
    }

    /// Counts what the call took. An answer that came after its time is still an answer; the next call finds no time left.
    fn end(&mut self) -> Result<(), AnswerError> {
        let state = self.store.data_mut();
        state.clock.charge();
        state.check_host_calls().map_err(|stopped| AnswerError::Call(wasmtime::Error::new(stopped)))
    }
}

fn armed(engine: &Engine, state: State) -> Store<State> {
    let limits = state.limits;
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(limits.output_bytes_max);
    store.set_max_component_handles(limits.handles_max);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| {
        let state = store.data_mut();
        Ok(match state.check() {
            Ok(()) => UpdateDeadline::YieldCustom(1, state.clock.yield_once()),
            Err(_) => UpdateDeadline::Interrupt,
        })
    });
    store
}
