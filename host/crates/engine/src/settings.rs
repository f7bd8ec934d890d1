//! What a host needs to know to open. No defaults: whoever embeds a host decides each of these.

use std::path::PathBuf;

use sandbox::{Compiling, Limits};
use store::DataSourceSettings;

/// Everything a [`crate::Host`] is opened with.
#[derive(Debug, Clone)]
pub struct HostSettings {
    /// Folder of the control database, plugin bytes and compiled artifacts. Made when it is missing, locked while open.
    pub state_dir: PathBuf,
    /// The databases that namespaces may be on.
    pub data_sources: Vec<SourceSettings>,
    /// Limits of every guest call; namespaces may only lower them.
    pub limits: Limits,
    /// Where plugins are compiled.
    pub compiling: Compiling,
    /// Milliseconds that requests may go on in a generation that another one has replaced; then they end with an error.
    pub drain_ms_max: u64,
}

/// A database, and what a deploy may do to the tables in it.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// Where it is, and its limits.
    pub source: DataSourceSettings,
    /// What a deploy may do.
    pub schema: SchemaPolicy,
}

/// What a deploy may do to the tables of a data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaPolicy {
    /// Add what is new; refuse everything else with the plan.
    Apply,
    /// Change no table. A schema that is not as the plugin needs is refused with the SQL that somebody else may run.
    Verify,
    /// Neither look at tables nor change any. Operations fail where they are not as the plugin needs.
    Ignore,
}

impl SchemaPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Apply, Self::Verify, Self::Ignore];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Verify => "verify",
            Self::Ignore => "ignore",
        }
    }
}
