//! The configuration of the host: one file, the environment and command-line flags, in rising precedence.
//!
//! [`Config::load`] reads everything, judges every key against one table (`keys.rs`) and answers with all problems at
//! once, each with the corrected line. It opens no database and makes no folder. Invariants: every value knows where it
//! came from, no source chooses a database for anybody, and no text that leaves this module holds a password.

mod keys;
mod origin;
mod profile;
mod setting;

mod source_url;
mod units;
mod value;

mod environment;
mod file;
mod flags;
mod written;

mod conversion;
mod foreign;
mod sections;
mod unknown;

mod checks;
mod data_source;
mod layers;
mod load;
mod settings;

mod reference;
mod show;

#[cfg(test)]
mod sample;

pub(crate) use data_source::DataSource;
pub(crate) use load::Sources;
pub(crate) use reference::reference_markdown;
pub(crate) use settings::{Config, Durability, Log, LogFormat, Schema};
pub(crate) use show::{json, show, text};
