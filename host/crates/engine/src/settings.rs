//! What a host needs to know to open. No defaults: whoever embeds a host decides each of these.

use std::path::PathBuf;

use sandbox::Limits;
use store::DataSourceSettings;

/// Everything a [`crate::Host`] is opened with.
#[derive(Debug, Clone)]
pub struct HostSettings {
    /// Folder of the control database, plugin bytes and compiled artifacts. Made when it is missing, locked while open.
    pub state_dir: PathBuf,
    /// The databases that namespaces may be on.
    pub data_sources: Vec<DataSourceSettings>,
    /// Limits of every guest call; namespaces may only lower them.
    pub limits: Limits,
}
