//! Faults: the guest broke. A trap, a limit, or an answer that makes no sense.
//!
//! A fault has two readers and two texts. The caller's is `Display` and `Describe`: which plugin, which hook, which limit,
//! in the host's own words. The operator's is [`OperatorDetail`], which has no `Display`: it quotes the guest's stderr and
//! the engine's message and must never reach a caller.

use std::fmt;

use model::{Code, Describe};

use crate::BadOutput;

/// What broke, where, and what the operator may see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What broke.
    pub kind: FaultKind,
    /// The plugin, by its name; by its digest where its name is not known yet.
    pub plugin: String,
    /// What the host had called.
    pub function: GuestFunction,
    /// For the operator only.
    pub detail: OperatorDetail,
}

/// How a guest broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// It trapped: a panic, an invalid instruction, an exit.
    Trap {
        /// In the host's words.
        reason: &'static str,
    },
    /// It ran for too long.
    TimeLimit(Exceeded),
    /// It wanted too much memory.
    MemoryLimit(Exceeded),
    /// It recursed too deep.
    StackLimit(Exceeded),
    /// It handed too much to the host: bytes, violations, host calls, handles.
    OutputLimit(Exceeded),
    /// It answered with something that the contract does not allow.
    BadOutput(BadOutput),
}

/// The limits on an operation that an operator has a setting for; the others keep plugins from being something else.
const RAISABLE: [&str; 3] = ["memory_bytes_max", "output_bytes_max", "call_time_ms_max"];

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// Its name in [`crate::Limits`].
    pub limit: &'static str,
    /// Its value.
    pub max: u64,
    /// What it counts.
    pub unit: &'static str,
}

/// A function of the guest that the host calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuestFunction {
    /// What a plugin says about itself.
    Describe,
    /// The hook that refuses records.
    Validate,
    /// The hook that tidies records.
    Normalize,
}

/// What only the operator may read. Without `Display`, so that no answer can hold it by accident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperatorDetail {
    /// The engine's message with its causes.
    pub engine_message: String,
    /// The last lines that the guest wrote to stderr or stdout, at most 4: of a Rust guest, its panic.
    pub last_output: Vec<String>,
    /// Functions on the guest's stack, innermost first, at most 8, without those of a panic's own machinery; `<unknown>`
    /// without a name section.
    pub stack: Vec<String>,
}

impl GuestFunction {
    /// The function's name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Validate => "validate",
            Self::Normalize => "normalize",
        }
    }
}

impl FaultKind {
    /// The limit that was reached, if it was one.
    pub fn exceeded(&self) -> Option<Exceeded> {
        match self {
            Self::TimeLimit(exceeded)
            | Self::MemoryLimit(exceeded)
            | Self::StackLimit(exceeded)
            | Self::OutputLimit(exceeded) => Some(*exceeded),
            Self::Trap { .. } | Self::BadOutput(_) => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, function, .. } = self;
        let function = function.name();
        match &self.kind {
            FaultKind::Trap { reason } => {
                write!(f, "plugin `{plugin}` broke in `{function}`: {reason}")
            }
            FaultKind::TimeLimit(Exceeded { limit, max, unit }) => {
                write!(f, "plugin `{plugin}` was stopped in `{function}` after {max} {unit}, its `{limit}`")
            }
            FaultKind::MemoryLimit(Exceeded { limit, max, unit })
            | FaultKind::StackLimit(Exceeded { limit, max, unit })
            | FaultKind::OutputLimit(Exceeded { limit, max, unit }) => {
                write!(f, "plugin `{plugin}` went beyond {max} {unit} in `{function}`, its `{limit}`")
            }
            FaultKind::BadOutput(problem) => {
                write!(f, "plugin `{plugin}` gave an answer to `{function}` that makes no sense: {problem}")
            }
        }
    }
}

impl std::error::Error for Fault {}

impl Describe for Fault {
    fn code(&self) -> Code {
        match self.kind {
            FaultKind::Trap { .. } => Code::GuestTrap,
            FaultKind::TimeLimit(_) => Code::GuestTimeLimit,
            FaultKind::MemoryLimit(_) => Code::GuestMemoryLimit,
            FaultKind::StackLimit(_) => Code::GuestStackLimit,
            FaultKind::OutputLimit(_) => Code::GuestOutputLimit,
            FaultKind::BadOutput(_) => Code::GuestBadOutput,
        }
    }

    fn solutions(&self) -> Vec<String> {
        let describes = self.function == GuestFunction::Describe;
        let text = match self.kind {
            FaultKind::Trap { .. } => "what the plugin said before it broke is in the host's log",
            FaultKind::BadOutput(_) => {
                "build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer"
            }
            FaultKind::StackLimit(_) => "let the plugin loop instead of recursing",
            _ if describes => "let `describe` give a constant, and the plugin begin with less memory",
            FaultKind::TimeLimit(_) => "send fewer records at once, or let the plugin do less work for each",
            FaultKind::MemoryLimit(_) => "send fewer records at once, or let the plugin keep less in memory",
            FaultKind::OutputLimit(_) => "send fewer records at once, or let the plugin answer with less",
        };
        let mut solutions = vec![text.to_owned()];
        if let Some(Exceeded { limit, .. }) = self.kind.exceeded().filter(|exceeded| RAISABLE.contains(&exceeded.limit))
        {
            solutions.push(format!("an operator can raise `{limit}`"));
        }
        solutions
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let mut context = vec![("plugin", self.plugin.clone()), ("hook", self.function.name().to_owned())];
        if let Some(Exceeded { limit, max, unit }) = self.kind.exceeded() {
            context.push(("limit", limit.to_owned()));
            context.push(("max", format!("{max} {unit}")));
        }
        context
    }
}
