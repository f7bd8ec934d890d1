//! The engine as an embedder uses it: hosts on SQLite in temporary folders, real plugins, no HTTP.

mod activation;
mod fixture;
mod requests;
mod statements;
