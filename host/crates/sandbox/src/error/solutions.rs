//! What to do about each reason not to load a component.
//!
//! Written for whoever built the artifact: a command to run or a thing to change, most likely first.

use super::LoadError;
use crate::CONTRACT_VERSION;
use crate::DescribeFailure;

use model::Describe as _;

pub(super) fn load_solutions(error: &LoadError) -> Vec<String> {
    let texts: Vec<String> = match error {
        LoadError::NotWasm { .. } => vec![
            "give the `.wasm` file that `modelhost plugin build` wrote".to_owned(),
        ],
        LoadError::Malformed { .. } => vec![
            "build the plugin again, or copy the file again: it is not as it was built".to_owned(),
        ],
        LoadError::CoreModule => vec![
            "build for the target `wasm32-wasip2` (`modelhost plugin build` does): it makes components".to_owned(),
            "turn the module into a component with `wasm-tools component new`".to_owned(),
        ],
        LoadError::TooLarge { .. } => vec![
            "build with `opt-level = \"s\"`, `lto = true` and `strip = true`".to_owned(),
            "an operator can raise `component_bytes_max`".to_owned(),
        ],
        LoadError::WrongWorld { .. } => vec![format!(
            "implement the world `validator` of `modelhost:plugin@{CONTRACT_VERSION}`; `modelhost plugin new` writes one that does"
        )],
        LoadError::WrongVersion { found, expected, .. } => vec![
            format!("build the plugin against `modelhost:plugin@{expected}`"),
            format!("deploy it to a host that speaks {found}"),
        ],
        LoadError::ChangedType { .. } => vec![
            "build the plugin against the contract of this host: `modelhost plugin new` writes it beside the plugin".to_owned(),
        ],
        LoadError::MissingExport { .. } => vec![
            "export the plugin with `modelhost_guest::export_plugin!`, which exports every interface".to_owned(),
        ],
        LoadError::ForbiddenImport { imports } => imports
            .iter()
            .map(|import| format!("`{}`: {}", import.name, import.hint))
            .collect(),
        LoadError::BadDescribe { failure } => match failure {
            DescribeFailure::Refused { .. } => {
                vec!["correct what the plugin's `describe` complains about".to_owned()]
            }
            DescribeFailure::Broke(fault) => fault.solutions(),
        },
        LoadError::DescribeDiffers { .. } => vec![
            "let `describe` give a constant: no time, no random values, no order of a hash map".to_owned(),
        ],
        LoadError::InvalidModel { problems } => problems
            .iter()
            .map(|problem| format!("{}: {}", problem.place, problem.hint))
            .collect(),
        LoadError::NotGranted { missing, .. } => vec![
            format!("grant {} to the namespace", missing.join(", ")),
            "remove it from the plugin's `wants`".to_owned(),
        ],
        LoadError::Sandbox(error) => error.solutions(),
    };
    texts
}
