//! `modelhost plugin new`

use std::path::{Path, PathBuf};

use clap::Args;
use model::{Code, NamespaceName, Problem};
use serde_json::json;

use crate::cli::report::file_problem;
use crate::cli::{Failed, Report};

/// The SDK and the contract: (path, text).
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

const CARGO_TOML: &str = include_str!("template/Cargo.toml.txt");
const LIB_RS: &str = include_str!("template/lib.rs.txt");
const README: &str = include_str!("template/README.md.txt");

/// Begin a plugin in a new folder, with the SDK and the contract beside it.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// Its name, which is also the folder's: a-z, 0-9 and single dashes
    name: String,
    /// Folder in which the new one is made
    #[arg(long, default_value = ".")]
    r#in: PathBuf,
}

impl New {
    pub(crate) fn run(self) -> Result<Report, Failed> {
        let name = &self.name;
        if let Err(error) = NamespaceName::new(name) {
            let mut problem =
                Problem::new(Code::CliUsage, format!("`{}` is not the name of a plugin", name.escape_debug()));
            problem.cause.push(error.to_string());
            problem.solutions.extend(error.closest().map(|closest| format!("write `{closest}`")));
            return Err(problem.into());
        }
        let folder = self.r#in.join(name);
        if folder.exists() {
            let message = format!("`{}` exists already", folder.display());
            let problem =
                Problem::new(Code::PluginFolderExists, message).solution("choose another name or another --in");
            return Err(problem.into());
        }
        let own = [
            ("Cargo.toml", CARGO_TOML.replace("NAME", name)),
            ("src/lib.rs", LIB_RS.to_owned()),
            ("README.md", README.replace("NAME", name).replace("CRATE", &name.replace('-', "_"))),
            (".gitignore", "/target\n".to_owned()),
        ];
        for (path, text) in own {
            write(&folder.join(path), &text)?;
        }
        for (path, text) in EMBEDDED {
            write(&folder.join("modelhost").join(path), text)?;
        }
        let shown = folder.display();
        let text = format!(
            "made {shown}\n  src/lib.rs        the model and its rules\n  modelhost/        the SDK and the contract\n\
             next:\n  cd {shown}\n  cargo test                  its rules, without a host\n  \
             modelhost plugin build      the component\n"
        );
        Ok(Report::new(text, json!({"plugin": name, "folder": folder})))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    let folder = path.parent().expect("a file in a folder");
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| file_problem(path, "write", &error).into())
}
