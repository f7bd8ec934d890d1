//! Where generated types end: each version of the contract is a module that converts to and from the model's types.
//!
//! Outside of here nobody sees a generated type, so a new version of the contract is one module more and no other change.

pub(crate) mod v0_1;

/// The version of the contract that this host speaks.
pub const CONTRACT_VERSION: &str = "0.1.0";
