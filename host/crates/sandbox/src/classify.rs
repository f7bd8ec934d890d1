//! From what wasmtime reports to what broke.
//!
//! wasmtime has one error type for a trap, a limit, a value it cannot read and a full pool; here they are told apart, by
//! what the state remembers first, by types next, and by its messages only where it offers nothing else.

use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::abi::v0_1::AnswerError;
use crate::fault::{Exceeded, FaultKind};
use crate::state::{Exit, State, Stop};
use crate::text::printable;
use crate::{BadOutput, CallError, Fault, GuestFunction, OperatorDetail, SandboxError};

/// Where something broke.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) plugin: &'a str,
    pub(crate) function: GuestFunction,
    pub(crate) instances_max: u32,
}

/// Frames of the guest's stack that the operator sees.
const FRAMES_SHOWN: usize = 8;

/// The failure of a call.
pub(crate) fn answer_error(error: AnswerError, state: &State, site: Site<'_>) -> CallError {
    match error {
        AnswerError::Call(error) => call_error(&error, state, site),
        AnswerError::Output(problem) => fault(
            FaultKind::BadOutput(problem),
            OperatorDetail::default(),
            site,
        ),
        AnswerError::TooMuch(exceeded) => fault(
            FaultKind::OutputLimit(exceeded),
            OperatorDetail::default(),
            site,
        ),
        AnswerError::NoSuchHook => CallError::Sandbox(SandboxError::NoSuchHook {
            plugin: site.plugin.to_owned(),
            hook: site.function.name(),
        }),
    }
}

/// The failure of an instantiation or of a call that gave no answer.
pub(crate) fn call_error(error: &wasmtime::Error, state: &State, site: Site<'_>) -> CallError {
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return CallError::Sandbox(SandboxError::Full {
            instances_max: site.instances_max,
        });
    }
    let detail = OperatorDetail {
        engine_message: printable(format!("{error:#}"), 4 << 10),
        last_output_line: state.output_tail.as_ref().and_then(|tail| tail.last_line()),
        stack: stack(error),
    };
    fault(kind(error, state), detail, site)
}

fn fault(kind: FaultKind, detail: OperatorDetail, site: Site<'_>) -> CallError {
    CallError::Fault(Box::new(Fault {
        kind,
        plugin: site.plugin.to_owned(),
        function: site.function,
        detail,
    }))
}

fn kind(error: &wasmtime::Error, state: &State) -> FaultKind {
    match state.stop() {
        Some(Stop::Time(exceeded)) => return FaultKind::TimeLimit(exceeded),
        Some(Stop::HostCalls(exceeded)) => return FaultKind::OutputLimit(exceeded),
        None => {}
    }
    let trap = error.downcast_ref::<Trap>().copied();
    if trap == Some(Trap::StackOverflow) {
        return FaultKind::StackLimit(Exceeded {
            limit: "stack_bytes_max",
            max: state.limits.stack_bytes_max as u64,
            unit: "bytes of stack",
        });
    }
    if let Some(kind) = counted(error, state) {
        return kind;
    }
    // The guest was refused memory and gave up: a trap of its allocator, or an instantiation that cannot go on.
    if let Some(exceeded) = state.limiter.denied() {
        return FaultKind::MemoryLimit(exceeded);
    }
    if let Some(trap) = trap {
        return FaultKind::Trap {
            reason: reason(trap),
        };
    }
    if error.downcast_ref::<Exit>().is_some() {
        return FaultKind::Trap {
            reason: "it called exit",
        };
    }
    FaultKind::BadOutput(BadOutput::Encoding)
}

/// The limits that wasmtime counts itself and reports in words only.
fn counted(error: &wasmtime::Error, state: &State) -> Option<FaultKind> {
    let limits = &state.limits;
    let output = |limit, max: usize, unit| {
        Some(FaultKind::OutputLimit(Exceeded {
            limit,
            max: max as u64,
            unit,
        }))
    };
    let memory = |limit, max: usize, unit| {
        Some(FaultKind::MemoryLimit(Exceeded {
            limit,
            max: max as u64,
            unit,
        }))
    };
    let table_is_full = matches!(
        error.downcast_ref::<ResourceTableError>(),
        Some(ResourceTableError::Full)
    );
    let message = format!("{error:#}");
    let says = |part: &str| message.contains(part);
    if table_is_full || says("store handle limit exceeded") {
        return output("handles_max", limits.handles_max, "resource handles");
    }
    if says("fuel allocated for hostcalls has been exhausted") {
        return output(
            "output_bytes_max",
            limits.output_bytes_max,
            "bytes of output",
        );
    }
    if says("resource limit exceeded: instance") {
        return memory(
            "core_instances_max",
            limits.core_instances_max,
            "core instances",
        );
    }
    if says("resource limit exceeded: memory") {
        return memory("memories_max", limits.memories_max, "memories");
    }
    if says("resource limit exceeded: table") {
        return memory("tables_max", limits.tables_max, "tables");
    }
    None
}

fn reason(trap: Trap) -> &'static str {
    match trap {
        Trap::UnreachableCodeReached => "it panicked or gave up",
        Trap::MemoryOutOfBounds | Trap::HeapMisaligned => "it reached outside of its memory",
        Trap::TableOutOfBounds => "it reached outside of a table",
        Trap::IndirectCallToNull | Trap::BadSignature => "it called a function that is not there",
        Trap::IntegerOverflow | Trap::BadConversionToInteger => "a number did not fit its type",
        Trap::IntegerDivisionByZero => "it divided by zero",
        Trap::CannotEnterComponent => "it was called after it broke",
        _ => "it trapped",
    }
}

fn stack(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return Vec::new();
    };
    let frames = backtrace.frames().iter().take(FRAMES_SHOWN);
    frames
        .map(|frame| {
            let name = frame.func_name().unwrap_or("<unknown>");
            printable(name.to_owned(), 200)
        })
        .collect()
}
