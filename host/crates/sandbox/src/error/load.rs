//! The errors of loading: one variant, one code, for each thing that can be wrong with an artifact.
//!
//! Only facts and headlines; what to do about each is in `solutions.rs`.

use model::{Code, Describe, Problems};

use super::solutions::load_solutions;
use crate::{Cause, Fault, SandboxError};

/// Why a component is not loaded.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LoadError {
    /// Not WebAssembly at all.
    #[error("this is not a WebAssembly component but {found}")]
    NotWasm {
        /// What the bytes look like.
        found: &'static str,
    },
    /// WebAssembly that is cut off or damaged.
    #[error("the component is {damage} at byte {offset} of {bytes}")]
    Malformed {
        /// `cut off` or `damaged`.
        damage: &'static str,
        /// Where.
        offset: usize,
        /// Its size.
        bytes: usize,
        /// What the parser said.
        source: Cause,
    },
    /// Well-formed, and still nothing that can run here.
    #[error("the component cannot run here: {why}")]
    Unusable {
        /// In the host's words.
        why: &'static str,
        /// What the library said that noticed.
        source: Cause,
    },
    /// A core module.
    #[error("this is a core WebAssembly module, plugins are components")]
    CoreModule,
    /// Larger than the limit.
    #[error("the component has {bytes} bytes, at most {bytes_max} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// At most.
        bytes_max: usize,
    },
    /// More than the compiler may take.
    #[error("compiling the component takes more than {max} {unit}, its `{limit}`")]
    CompileLimit {
        /// The limit.
        limit: &'static str,
        /// At most.
        max: u64,
        /// Of what.
        unit: &'static str,
    },
    /// A component for something else.
    #[error("the component is not a model plugin: it exports {}", listed(.exports))]
    WrongWorld {
        /// What it exports, at most 8.
        exports: Vec<String>,
    },
    /// A plugin for another version of the contract.
    #[error("the plugin was built for version {found} of the contract, this host speaks {expected} (`{interface}`)")]
    WrongVersion {
        /// The interface, without version.
        interface: String,
        /// Its version.
        found: String,
        /// Ours.
        expected: &'static str,
    },
    /// A plugin for another text of the contract.
    #[error("`{item}` in `{interface}` differs from this host's contract: expected {expected}, found {found}")]
    ChangedType {
        /// The interface.
        interface: String,
        /// The function or type.
        item: String,
        /// Ours.
        expected: String,
        /// The plugin's.
        found: String,
    },
    /// An interface that the plugin has to export.
    #[error("the plugin does not export `{interface}`, {reason}")]
    MissingExport {
        /// The interface.
        interface: String,
        /// Why it has to.
        reason: String,
    },
    /// Imports outside of the list.
    #[error("the plugin imports {}, which plugins do not get", listed_imports(.imports))]
    ForbiddenImport {
        /// All of them.
        imports: Vec<ForbiddenImport>,
    },
    /// `describe` gave no manifest.
    #[error("the plugin does not describe itself: {failure}")]
    BadDescribe {
        /// What happened.
        failure: DescribeFailure,
    },
    /// Two calls of `describe` gave different answers.
    #[error("the plugin describes itself differently each time: {difference}")]
    DescribeDiffers {
        /// Where.
        difference: String,
    },
    /// A hook breaks without any record.
    #[error("a hook of model `{model}` breaks when it is called without records: {fault}")]
    BadHook {
        /// The model.
        model: String,
        /// What happened.
        fault: Box<Fault>,
    },
    /// The manifest has problems.
    #[error("the plugin's models have {} {}", .problems.len(), if .problems.len() == 1 { "problem" } else { "problems" })]
    InvalidModel {
        /// All of them.
        problems: Problems,
    },
    /// The plugin wants what it was not granted.
    #[error("the plugin wants {}, which it was not granted", listed(.missing))]
    NotGranted {
        /// What is missing.
        missing: Vec<String>,
        /// What was granted.
        granted: Vec<String>,
    },
    /// The host broke.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// An import outside of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForbiddenImport {
    /// As the component names it.
    pub name: String,
    /// What to use instead, or why there is no such thing.
    pub hint: &'static str,
}

/// Why `describe` gave no manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescribeFailure {
    /// It answered with an error.
    #[error("it says \"{message}\"")]
    Refused {
        /// The plugin's words, printable and short.
        message: String,
    },
    /// It broke.
    #[error("{0}")]
    Broke(Box<Fault>),
}

impl LoadError {
    pub(crate) fn refused_by_compiler(source: Cause) -> Self {
        Self::Unusable { why: "the compiler refuses it", source }
    }
}

impl Describe for LoadError {
    fn code(&self) -> Code {
        match self {
            Self::NotWasm { .. } => Code::PluginNotWasm,
            Self::Malformed { .. } | Self::Unusable { .. } => Code::PluginMalformed,
            Self::CoreModule => Code::PluginCoreModule,
            Self::TooLarge { .. } => Code::PluginTooLarge,
            Self::CompileLimit { .. } => Code::PluginCompileLimit,
            Self::WrongWorld { .. } => Code::PluginWrongWorld,
            Self::WrongVersion { .. } => Code::PluginWrongVersion,
            Self::ChangedType { .. } => Code::PluginChangedType,
            Self::MissingExport { .. } => Code::PluginMissingExport,
            Self::ForbiddenImport { .. } => Code::PluginForbiddenImport,
            Self::BadDescribe { .. } => Code::PluginBadDescribe,
            Self::DescribeDiffers { .. } => Code::PluginDescribeDiffers,
            Self::BadHook { .. } => Code::PluginBadHook,
            Self::InvalidModel { .. } => Code::PluginInvalidModel,
            Self::NotGranted { .. } => Code::PluginNotGranted,
            Self::Sandbox(error) => error.code(),
        }
    }

    fn solutions(&self) -> Vec<String> {
        load_solutions(self)
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ForbiddenImport { imports } => imports.iter().map(|import| ("import", import.name.clone())).collect(),
            Self::InvalidModel { problems } => {
                problems.iter().map(|problem| ("problem", problem.to_string())).collect()
            }
            Self::ChangedType { interface, item, .. } => vec![("interface", interface.clone()), ("item", item.clone())],
            Self::WrongVersion { found, expected, .. } => {
                vec![("found", found.clone()), ("expected", (*expected).to_owned())]
            }
            Self::BadDescribe { failure: DescribeFailure::Broke(fault) } | Self::BadHook { fault, .. } => {
                fault.context()
            }
            Self::NotGranted { granted, .. } => vec![("granted", listed(granted))],
            Self::NotWasm { .. }
            | Self::Malformed { .. }
            | Self::Unusable { .. }
            | Self::CoreModule
            | Self::TooLarge { .. }
            | Self::CompileLimit { .. }
            | Self::WrongWorld { .. }
            | Self::MissingExport { .. }
            | Self::BadDescribe { .. }
            | Self::DescribeDiffers { .. }
            | Self::Sandbox(_) => Vec::new(),
        }
    }
}

/// Names as a sentence has them.
fn listed(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}

fn listed_imports(imports: &[ForbiddenImport]) -> String {
    let names: Vec<_> = imports.iter().map(|import| import.name.clone()).collect();
    listed(&names)
}
