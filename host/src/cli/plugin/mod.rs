//! `modelhost plugin`: what authors need, without a host and without this project's sources.

mod build;
mod cargo;
mod check;
mod new;

use clap::Subcommand;

use super::{Failed, Report};

/// Write, build and check plugins. No host is needed.
#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    /// Begin a plugin in a new folder, with the SDK and the contract beside it
    New(new::New),
    /// Build a plugin's component and check it
    Build(build::Build),
    /// Check a component as a host does before it serves it
    Check(check::Check),
}

impl Plugin {
    pub(crate) async fn run(self) -> Result<Report, Failed> {
        match self {
            Self::New(command) => command.run(),
            Self::Build(command) => command.run().await,
            Self::Check(command) => command.run().await,
        }
    }
}
