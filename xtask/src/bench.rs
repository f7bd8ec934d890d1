//! `cargo xtask bench`: the figures of the project beside bare drivers, in one process and release mode.
//!
//! It builds the program, which some rows start, brings the databases and runs the bench `figures` of package `e2e`, which
//! owns the rows and targets. Invariant: the servers are durable here (fsync on), so that no figure is bought with lost
//! writes.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result};

use crate::databases::{Databases, Need};
use crate::db::Durability;
use crate::shell::Shell;

pub(crate) fn run(shell: &Shell, json: Option<&Path>, arguments: &[OsString]) -> Result<()> {
    let mut program = shell.cargo();
    program.args(["build", "--release", "--package", "modelhost"]);
    shell.run(&mut program)?;
    let databases = Databases::open(shell, Durability::Durable, Need::AtHand)?;
    let mut command = shell.cargo();
    command.args(["bench", "--package", "e2e", "--bench", "figures", "--"]).args(arguments);
    if let Some(file) = json {
        // cargo runs a bench in its package's folder; the caller means the folder they typed in.
        let here = env::current_dir().context("the current folder is gone")?;
        command.arg("--json").arg(here.join(file));
    }
    databases.lend_to(&mut command);
    shell.run(&mut command)
}
