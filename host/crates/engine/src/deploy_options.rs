//! How something is deployed: what an operator explicitly agrees to.

/// How something is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployOptions {
    /// What becomes of columns, indexes and tables that the new version does not use.
    pub unused: Unused,
    /// Tables that are there, that nobody recorded as the namespace's, and that it takes over.
    pub adopt: Vec<String>,
    /// What happens where another host owns the namespace.
    pub ownership: Ownership,
}

/// What becomes of what a new version does not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unused {
    /// The deploy is refused: dropping them needs a consent.
    Refuse,
    /// They stay as they are, where they are in nobody's way.
    Keep,
}

/// What happens where another host owns a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The deploy is refused.
    Respect,
    /// The namespace is this host's from now on; the other one's next deploy is refused.
    TakeOver,
}

impl DeployOptions {
    /// Agrees to nothing.
    pub const PLAIN: Self = Self { unused: Unused::Refuse, adopt: Vec::new(), ownership: Ownership::Respect };
}
