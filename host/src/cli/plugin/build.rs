//! `modelhost plugin build`

use std::path::PathBuf;

use clap::Args;

use super::{cargo, check};
use crate::cli::progress::Progress;
use crate::cli::{Failed, Report};

/// Build a plugin's component and check it as a host does.
#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The plugin's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
}

impl Build {
    pub(crate) async fn run(self) -> Result<Report, Failed> {
        let component = {
            let _progress = Progress::start("compiling the plugin");
            cargo::build(&self.folder)?
        };
        check::check(&component).await
    }
}
