//! Lines for the operator: cut at 1 KiB, 64 KiB for one operation, the rest dropped and counted by the host.
//!
//! Callers never see them. Outside of wasm the test kit keeps them (`testing::logged`).

use crate::bindings::modelhost::plugin::log::Level;

/// A line that helps while developing.
pub fn debug(message: impl AsRef<str>) {
    line(Level::Debug, message.as_ref());
}

/// A line about what happened.
pub fn info(message: impl AsRef<str>) {
    line(Level::Info, message.as_ref());
}

/// A line about what should be looked at.
pub fn warn(message: impl AsRef<str>) {
    line(Level::Warn, message.as_ref());
}

/// A line about what went wrong.
pub fn error(message: impl AsRef<str>) {
    line(Level::Error, message.as_ref());
}

#[cfg(target_family = "wasm")]
fn line(level: Level, message: &str) {
    crate::bindings::modelhost::plugin::log::log(level, message);
}

#[cfg(not(target_family = "wasm"))]
fn line(level: Level, message: &str) {
    let level = match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    crate::testing::surroundings::log(format!("{level}: {message}"));
}
