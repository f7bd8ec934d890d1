//! From what wasmtime reports to what broke.
//!
//! wasmtime has one error type for a trap, a limit, a value it cannot read and a full pool; here they are told apart, by
//! what the state remembers first, by types next, and by its messages only where it offers nothing else.

use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::abi::v0_1::AnswerError;
use crate::fault::{Exceeded, FaultKind};
use crate::imports::OutputTail;
use crate::state::{Exit, State, Stop};
use crate::text::printable;
use crate::{BadOutput, CallError, Fault, GuestFunction, OperatorDetail, SandboxError};

/// Where something broke.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) namespace: &'a str,
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
        AnswerError::Output(problem) => fault(FaultKind::BadOutput(problem), OperatorDetail::default(), site),
        AnswerError::TooMuch(exceeded) => fault(FaultKind::OutputLimit(exceeded), OperatorDetail::default(), site),
        AnswerError::NoSuchHook => {
            CallError::Sandbox(SandboxError::NoSuchHook { plugin: site.plugin.to_owned(), hook: site.function.name() })
        }
    }
}

/// The failure of an instantiation or of a call that gave no answer.
pub(crate) fn call_error(error: &wasmtime::Error, state: &State, site: Site<'_>) -> CallError {
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return CallError::Sandbox(SandboxError::Full { instances_max: site.instances_max });
    }
    let detail = OperatorDetail {
        engine_message: printable(format!("{error:#}"), 4 << 10),
        last_output: state.output_tail.as_ref().map_or_else(Vec::new, OutputTail::last_lines),
        stack: stack(error),
    };
    fault(kind(error, state), detail, site)
}

/// Makes the fault, and tells the operator: nobody else sees the detail.
fn fault(kind: FaultKind, detail: OperatorDetail, site: Site<'_>) -> CallError {
    let fault = Fault { kind, plugin: site.plugin.to_owned(), function: site.function, detail };
    tracing::warn!(
        target: "modelhost::guest",
        namespace = site.namespace,
        engine_message = fault.detail.engine_message,
        last_output = ?fault.detail.last_output,
        stack = ?fault.detail.stack,
        "{fault}"
    );
    CallError::Fault(Box::new(fault))
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
        return FaultKind::Trap { reason: reason(trap) };
    }
    if error.downcast_ref::<Exit>().is_some() {
        return FaultKind::Trap { reason: "it called exit" };
    }
    FaultKind::BadOutput(BadOutput::Encoding)
}

/// The limits that wasmtime counts itself and reports in words only. The words of the root cause: a backtrace above it has
/// names that the guest chose.
fn counted(error: &wasmtime::Error, state: &State) -> Option<FaultKind> {
    let limits = &state.limits;
    let message = error.root_cause().to_string();
    let says = |part: &str| message.contains(part);
    let (kind, limit, max, unit): (fn(Exceeded) -> FaultKind, _, _, _) =
        if is_full_table(error) || says("store handle limit exceeded") {
            let max = limits.handles_max;
            (FaultKind::OutputLimit, "handles_max", max, "resource handles")
        } else if says("fuel allocated for hostcalls has been exhausted") {
            let max = limits.output_bytes_max;
            (FaultKind::OutputLimit, "output_bytes_max", max, "bytes of output")
        } else if says("resource limit exceeded: instance") {
            let max = limits.core_instances_max;
            (FaultKind::MemoryLimit, "core_instances_max", max, "core instances")
        } else if says("resource limit exceeded: memory") {
            (FaultKind::MemoryLimit, "memories_max", limits.memories_max, "memories")
        } else if says("resource limit exceeded: table") {
            (FaultKind::MemoryLimit, "tables_max", limits.tables_max, "tables")
        } else {
            return None;
        };
    Some(kind(Exceeded { limit, max: max as u64, unit }))
}

fn is_full_table(error: &wasmtime::Error) -> bool {
    matches!(error.downcast_ref::<ResourceTableError>(), Some(ResourceTableError::Full))
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

/// The guest's functions, from the text of the backtrace: only there their names are readable.
fn stack(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return Vec::new();
    };
    let text = backtrace.to_string();
    let frames = text.lines().filter_map(|line| {
        let (_, function) = line.split_once(" - ")?;
        Some(function.rsplit_once(".wasm!").map_or(function, |(_, name)| name))
    });
    let is_panicking = |name: &&str| ["panic", "abort", "unwind"].iter().any(|part| name.contains(part));
    frames.skip_while(is_panicking).take(FRAMES_SHOWN).map(|name| printable(name.to_owned(), 200)).collect()
}
