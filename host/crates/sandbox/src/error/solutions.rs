//! What to do about each reason not to load a component.
//!
//! Written for whoever built the artifact: a command to run or a thing to change, most likely first.

use model::{DefinitionProblem, Describe as _};

use super::{DescribeFailure, ForbiddenImport, LoadError};
use crate::CONTRACT_VERSION;

pub(super) fn load_solutions(error: &LoadError) -> Vec<String> {
    match error {
        LoadError::NotWasm { .. } => texts(&["give the `.wasm` file that `modelhost plugin build` wrote"]),
        LoadError::Malformed { .. } => {
            texts(&["build the plugin again, or copy the file again: it is not as it was built"])
        }
        LoadError::Unusable { .. } => {
            texts(&["build the plugin with `modelhost plugin build`, without further features of WebAssembly"])
        }
        LoadError::CoreModule => texts(&[
            "build for the target `wasm32-wasip2` (`modelhost plugin build` does): it makes components",
            "turn the module into a component with `wasm-tools component new`",
        ]),
        LoadError::TooLarge { .. } => {
            texts(&["build with `lto = true` and `strip = true`", "an operator can raise `component_bytes_max`"])
        }
        LoadError::CompileLimit { limit, .. } => {
            vec![format!("divide very large functions, or have an operator raise `{limit}`")]
        }
        LoadError::WrongWorld { .. } => vec![format!(
            "implement the world `validator` of `modelhost:plugin@{CONTRACT_VERSION}`; `modelhost plugin new` writes one"
        )],
        LoadError::WrongVersion { found, expected, .. } => vec![
            format!("build the plugin against `modelhost:plugin@{expected}`"),
            format!("deploy it to a host that speaks {found}"),
        ],
        LoadError::ChangedType { .. } => texts(&[
            "build the plugin against this host's contract: `modelhost plugin new` writes it beside the plugin",
        ]),
        LoadError::MissingExport { .. } => {
            texts(&["export the plugin with `modelhost_guest::export_plugin!`, which exports every interface"])
        }
        LoadError::ForbiddenImport { imports } => imports.iter().map(of_import).collect(),
        LoadError::BadDescribe { failure } => of_describe(failure),
        LoadError::DescribeDiffers { .. } => {
            texts(&["let `describe` give a constant: no time, no random values, no order of a hash map"])
        }
        LoadError::BadHook { fault, .. } => {
            let first = "answer nothing where there are no records".to_owned();
            [vec![first], fault.solutions()].concat()
        }
        LoadError::InvalidModel { problems } => problems.iter().map(of_problem).collect(),
        LoadError::NotGranted { missing, .. } => vec![
            format!("remove {} from the plugin's `wants`", missing.join(", ")),
            "what every plugin gets (a log, the time and randomness of the call) needs no grant".to_owned(),
        ],
        LoadError::Sandbox(error) => error.solutions(),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn of_import(import: &ForbiddenImport) -> String {
    format!("`{}`: {}", import.name, import.hint)
}

fn of_problem(problem: &DefinitionProblem) -> String {
    format!("{}: {}", problem.place, problem.hint)
}

fn of_describe(failure: &DescribeFailure) -> Vec<String> {
    match failure {
        DescribeFailure::Refused { .. } => texts(&["correct what the plugin's `describe` complains about"]),
        DescribeFailure::Broke(fault) => fault.solutions(),
    }
}
