//! Bare wasmtime: the calls that a fresh instance for each operation cannot do without.
//!
//! The engine has the host's settings. A store gets a limiter, fuel for what the guest may hand over and an epoch deadline
//! at which it yields; interfaces that the guest never calls trap. No clock, no log buffer, no judgement of the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use sandbox::Limits;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder};

use crate::contact::Contact;

use bindings::exports::modelhost::plugin::validate;
use bindings::modelhost::plugin::{ctx, log, types};

mod bindings {
    //! What wasmtime generates from the contract.
    #![allow(
        unsafe_code,
        unreachable_pub,
        missing_docs,
        dead_code,
        clippy::all,
        reason = "generated; wasmtime answers for the unsafe code in it"
    )]

    wasmtime::component::bindgen!({
        path: "../wit/draft",
        world: "validator",
        ownership: Borrowing { duplicate_if_necessary: true },
        exports: { default: async },
    });
}

/// A component that can be instantiated.
pub(crate) struct Guest {
    engine: Engine,
    pre: InstancePre<State>,
    validate: validate::GuestIndices,
    limits: Limits,
    _ticker: Ticker,
}

struct State {
    limits: StoreLimits,
}

/// Ends an epoch every millisecond, as the host's does.
struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Guest {
    pub(crate) fn compile(bytes: &[u8], limits: Limits, instances_max: u32) -> wasmtime::Result<Self> {
        let engine = Engine::new(&sandbox::engine_config(&limits, instances_max))?;
        let component = Component::new(&engine, bytes)?;
        let mut linker = Linker::<State>::new(&engine);
        types::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
        log::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
        ctx::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
        linker.define_unknown_imports_as_traps(&component)?;
        let pre = linker.instantiate_pre(&component)?;
        let validate = validate::GuestIndices::new(&pre)?;
        Ok(Self { _ticker: Ticker::start(&engine), engine, pre, validate, limits })
    }

    /// A fresh instance, one call, gone. Answers how many violations there are.
    pub(crate) async fn validate(&self, contact: &Contact) -> wasmtime::Result<usize> {
        let limits = StoreLimitsBuilder::new()
            .memory_size(self.limits.memory_bytes_max)
            .table_elements(self.limits.table_elements_max)
            .memories(self.limits.memories_max)
            .tables(self.limits.tables_max)
            .instances(self.limits.core_instances_max)
            .build();
        let mut store = Store::new(&self.engine, State { limits });
        store.limiter(|state| &mut state.limits);
        store.set_hostcall_fuel(self.limits.output_bytes_max);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let instance = self.pre.instantiate_async(&mut store).await?;
        let guest = self.validate.load(&mut store, &instance)?;
        let call = types::Call { model: 0, operation: types::Operation::Create };
        let record = Record::of(contact);
        let (columns, gaps) = (record.columns(), record.gaps());
        let batch = types::Batch { len: 1, columns: &columns, gaps: &gaps };
        let violations = guest.call_validate(&mut store, call, batch, None).await?;
        Ok(violations.len())
    }
}

/// The record of the figures as the contract has it: a batch of one.
struct Record<'a> {
    contact: &'a Contact,
    id: [types::Uuid; 1],
    texts: [(&'a str, [u32; 1]); 3],
    times: [[i64; 1]; 2],
    score: [f64; 1],
}

impl<'a> Record<'a> {
    fn of(contact: &'a Contact) -> Self {
        let (high, low) = contact.id.as_u64_pair();
        let texts = [&contact.name, contact.email.as_deref().unwrap_or_default(), &contact.status];
        Self {
            contact,
            id: [types::Uuid { high, low }],
            texts: texts.map(|text| (text, [u32::try_from(text.len()).expect("a short text")])),
            times: [contact.created_at, contact.updated_at].map(|time| [time.timestamp_micros()]),
            score: [contact.score.unwrap_or_default()],
        }
    }

    fn columns(&self) -> [types::Column<'_>; 10] {
        let texts = |at: usize| {
            let (joined, ends) = &self.texts[at];
            types::Scalars::Texts(types::Texts { ends, joined })
        };
        [
            types::Scalars::Uuids(&self.id),
            texts(0),
            texts(1),
            texts(2),
            types::Scalars::Ints(std::slice::from_ref(&self.contact.credit)),
            types::Scalars::Floats(&self.score),
            types::Scalars::Booleans(std::slice::from_ref(&self.contact.active)),
            types::Scalars::TimestampsUs(&self.times[0]),
            types::Scalars::TimestampsUs(&self.times[1]),
            types::Scalars::Ints(std::slice::from_ref(&self.contact.version)),
        ]
        .map(types::Column::Scalars)
    }

    fn gaps(&self) -> Vec<types::Gap> {
        let is_null = [(2, self.contact.email.is_none()), (5, self.contact.score.is_none())];
        let gaps = is_null.into_iter().filter(|(_, is_null)| *is_null);
        gaps.map(|(field, _)| types::Gap { index: 0, field, lack: types::Lack::Null }).collect()
    }
}

impl types::Host for State {}

impl log::Host for State {
    fn log(&mut self, _level: log::Level, _message: String) {}
}

impl ctx::Host for State {
    fn now_us(&mut self) -> i64 {
        0
    }

    fn random(&mut self) -> u64 {
        0
    }
}

impl Ticker {
    fn start(engine: &Engine) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, engine) = (Arc::clone(&stop), engine.clone());
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
                engine.increment_epoch();
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It cannot panic, and a drop has nobody to tell.
            let _ = thread.join();
        }
    }
}
