//! Bad input: every refusal of the program, as its reader sees it.
//!
//! Each module is a table: rows are data, one helper of the harness runs them through the command line or HTTP, and what
//! came of them is one snapshot. Invariant: every code of the host is reached by a row (`every_code_is_reached`), so a new
//! error can't be added without showing how it reads.

mod access;
mod bulk;
mod codes;
mod configuration;
mod data_sources;
mod filters;
mod host_start;
mod key_fields;
mod mysql_limits;
mod mysql_refusals;
mod namespaces;
mod operations;
mod options;
mod played;
mod plugin_tools;
mod plugins;
mod postgres_limits;
mod postgres_refusals;
mod requests;
mod schemas;
mod servers;
mod sqlite_files;
mod terminal;
mod types;
mod values;
