//! Why a component is not loaded, and why the sandbox itself failed.
//!
//! A [`LoadError`] says what was found, what was expected and what to do, in the host's own words; what the engine or a
//! parser said is a cause, never the headline. A [`SandboxError`] is the host's fault and never a plugin's.

use std::fmt;

use model::{Code, Describe};

use crate::Fault;

mod load;
mod solutions;

pub use load::{DescribeFailure, ForbiddenImport, LoadError};

/// Why a hook call gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// The guest broke.
    #[error(transparent)]
    Fault(Box<Fault>),
    /// The host broke.
    #[error(transparent)]
    Sandbox(SandboxError),
}

/// The host broke.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SandboxError {
    /// wasmtime does not start with our settings on this machine.
    #[error("the WebAssembly engine does not start on this machine")]
    Engine {
        /// What it said.
        source: Cause,
    },
    /// The ticker thread does not start.
    #[error("the thread that interrupts guests does not start")]
    Ticker {
        /// What the system said.
        #[source]
        source: std::sync::Arc<std::io::Error>,
    },
    /// A limit is higher than the sandbox can enforce.
    #[error("limit `{limit}` is {value}, the sandbox enforces at most {max}")]
    LimitTooHigh {
        /// The limit.
        limit: &'static str,
        /// As set.
        value: usize,
        /// At most.
        max: usize,
    },
    /// The cache of compiled plugins cannot be used.
    #[error("the folder of compiled plugins cannot be used: {doing} failed")]
    Cache {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: std::sync::Arc<std::io::Error>,
    },
    /// The process that compiles does not start, or ended without a reason.
    #[error("the process that compiles plugins failed")]
    Compiler {
        /// What the system or the process said.
        source: Cause,
    },
    /// All slots of the pool are taken.
    #[error("all {instances_max} instances of the sandbox are in use")]
    Full {
        /// How many there are.
        instances_max: u32,
    },
    /// The future of an earlier call was dropped, so the session is over.
    #[error("the session ended when one of its calls was dropped")]
    Abandoned,
    /// The engine asked for a hook that the plugin's manifest does not list.
    #[error("plugin `{plugin}` exports no hook `{hook}`")]
    NoSuchHook {
        /// The plugin.
        plugin: String,
        /// The hook.
        hook: &'static str,
    },
    /// Work on another thread panicked.
    #[error("{doing} panicked")]
    Panicked {
        /// What was done.
        doing: &'static str,
    },
}

/// What a library said, kept as a cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause(String);

impl Cause {
    /// The message with its own causes, on one line.
    pub(crate) fn of(error: &wasmtime::Error) -> Self {
        Self::text(format!("{error:#}"))
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self(crate::text::printable(text.into(), 2 << 10))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

impl Describe for CallError {
    fn code(&self) -> Code {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Sandbox(error) => error.code(),
        }
    }

    fn solutions(&self) -> Vec<String> {
        match self {
            Self::Fault(fault) => fault.solutions(),
            Self::Sandbox(error) => error.solutions(),
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Fault(fault) => fault.context(),
            Self::Sandbox(error) => error.context(),
        }
    }
}

impl Describe for SandboxError {
    fn code(&self) -> Code {
        match self {
            Self::LimitTooHigh { .. } => Code::ConfigInvalidValue,
            Self::Cache { .. } => Code::HostStateUnusable,
            Self::Full { .. } => Code::HostOverloaded,
            Self::Engine { .. }
            | Self::Ticker { .. }
            | Self::Compiler { .. }
            | Self::Abandoned
            | Self::NoSuchHook { .. }
            | Self::Panicked { .. } => Code::HostBug,
        }
    }

    fn solutions(&self) -> Vec<String> {
        let text = match self {
            Self::Engine { .. } | Self::Ticker { .. } | Self::Compiler { .. } => {
                "give the process more address space, memory maps, threads and processes (`ulimit -v`, `ulimit -u`, `vm.max_map_count`)"
            }
            Self::LimitTooHigh { limit, max, .. } => {
                return vec![format!("set `{limit}` to {max} or less")];
            }
            Self::Cache { .. } => "let the host's user read and write the folder",
            Self::Full { .. } => "send it again after a moment",
            Self::Abandoned => "begin a new session",
            Self::NoSuchHook { .. } | Self::Panicked { .. } => {
                "report this with the host's log: it is a defect of the host"
            }
        };
        vec![text.to_owned()]
    }
}
