//! One throw-away database server: fresh data in a temporary folder, on a free loopback port.
//!
//! It holds no data worth keeping, and what only one kind of server knows is that kind's. Invariant: until
//! `leave_running`, dropping the value stops the server and removes its folder, whatever happened before; a server
//! started as a child also ends when this process is killed.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::account::Account;
use super::process::{self, Signal};
use super::{Installed, Kind, Record, folder};

/// The superuser of every throw-away server.
pub(super) const USER: &str = "modelhost";

/// Whether committed data survives a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As an operator would run it.
    Durable,
    /// Without any fsync: several times faster for tests.
    ThrowAway,
}

/// What becomes of a server when the process that started it dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// It ends too, also after kill -9, where the system can arrange that.
    Child,
    /// It may be left running.
    Detached,
}

/// A server that runs, or is about to.
pub(crate) struct Server {
    installed: Installed,
    account: Account,
    folder: PathBuf,
    password: String,
    port: u16,
    durability: Durability,
    child: Option<Child>,
    kept: bool,
}

/// What became of a launch.
enum Launch {
    Ready,
    /// Between finding a free port and taking it somebody else took it.
    PortTaken,
}

impl Server {
    /// Starts a server of each kind; one that fails doesn't keep the others from running.
    pub(crate) fn start_all(kinds: &[Kind], durability: Durability, lifetime: Lifetime) -> Vec<(Kind, Result<Self>)> {
        // Making data takes most of the time, so all kinds do it at once.
        let prepared: Vec<Result<Self>> = thread::scope(|scope| {
            let threads: Vec<_> =
                kinds.iter().map(|kind| scope.spawn(move || Self::prepare(*kind, durability))).collect();
            threads.into_iter().map(|thread| thread.join().expect("a panic was printed already")).collect()
        });
        // The system ends a child together with the thread that started it, so all are launched from this one.
        let launched = prepared.into_iter().map(|server| server.and_then(|server| server.launched(lifetime)));
        kinds.iter().copied().zip(launched).collect()
    }

    pub(crate) fn url(&self) -> String {
        let Self { password, port, .. } = self;
        let kind = self.kind();
        format!("{}://{USER}:{password}@127.0.0.1:{port}/{}", kind.name(), kind.database())
    }

    pub(crate) fn description(&self) -> String {
        format!("{} ({}) on 127.0.0.1:{}", self.installed, self.durability.word(), self.port)
    }

    pub(crate) fn record(&self) -> Record {
        Record {
            kind: self.kind(),
            folder: self.folder.clone(),
            port: self.port,
            url: self.url(),
            durability: self.durability,
        }
    }

    /// Lets the server outlive this process.
    pub(crate) fn leave_running(mut self) {
        self.kept = true;
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the server keeps its data; its kind makes the folder.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn password(&self) -> &str {
        &self.password
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn durability(&self) -> Durability {
        self.durability
    }

    /// One of the server's programs, under the server's account and in its folder.
    pub(super) fn command(&self, program: &str, at_our_death: Option<Signal>) -> Command {
        self.account.command(self.installed.program(program), &self.folder, at_our_death)
    }

    pub(super) fn write_secret(&self, name: &str, text: &str) -> Result<()> {
        folder::write_secret(&self.account, &self.folder.join(name), text)
    }

    fn kind(&self) -> Kind {
        self.installed.kind()
    }

    fn prepare(kind: Kind, durability: Durability) -> Result<Self> {
        let installed = Installed::find(kind).context("type `cargo xtask db install`")?;
        let account = Account::for_servers()?;
        let folder = folder::fresh(&account)?;
        let password = folder::random_hex()?;
        let server = Self { installed, account, folder, password, port: 0, durability, child: None, kept: false };
        kind.make_data(&server)?;
        Ok(server)
    }

    fn launched(mut self, lifetime: Lifetime) -> Result<Self> {
        for _ in 0..3 {
            self.port = free_port()?;
            match self.launch(lifetime)? {
                Launch::Ready => return Ok(self),
                Launch::PortTaken => {}
            }
        }
        bail!("three free ports were taken by others before {} could use them", self.kind().title())
    }

    fn launch(&mut self, lifetime: Lifetime) -> Result<Launch> {
        /// Starting takes less than a second; a machine that builds at the same time is slower.
        const PATIENCE: Duration = Duration::from_secs(60);
        let kind = self.kind();
        let log = self.folder.join("log");
        let at_our_death = (lifetime == Lifetime::Child).then_some(kind.stop_signals()[0]);
        let mut command = self.command(kind.programs()[0][0], at_our_death);
        // In a group of its own: a ctrl-c at the terminal is ours to handle.
        let output = File::create(&log)?;
        command.process_group(0).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.args(kind.arguments(self)).spawn();
        self.child = Some(child.with_context(|| format!("starting {}", kind.title()))?);
        let start = Instant::now();
        while !kind.is_ready(self) {
            if let Some(status) = self.ended()? {
                let text = fs::read_to_string(&log).unwrap_or_default();
                if text.contains("Address already in use") {
                    return Ok(Launch::PortTaken);
                }
                bail!("{} ended with {status}:\n{}", kind.title(), text.trim());
            }
            if start.elapsed() > PATIENCE {
                bail!("{} was not ready after {} s", kind.title(), PATIENCE.as_secs());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Launch::Ready)
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        match &mut self.child {
            Some(child) => child.try_wait().context("looking after the server's process"),
            None => Ok(None),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let stopped = process::stop(self.kind(), &self.folder);
        if let Some(child) = &mut self.child {
            // One that has not yet said which process it is was not told to stop; one that ended stays a zombie unless
            // it is waited for.
            child.kill().and_then(|()| child.wait()).ok();
        }
        if let Err(error) = stopped.and_then(|()| folder::remove(&self.folder)) {
            eprintln!("warning: {error:#}");
        }
    }
}

impl Durability {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::ThrowAway => "throw-away",
        }
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a port")?;
    Ok(listener.local_addr()?.port())
}
