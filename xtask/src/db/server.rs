//! One throw-away PostgreSQL server: a fresh cluster in a temporary folder, on a free loopback port.
//!
//! It holds no data worth keeping. Invariant: until `leave_running`, dropping the value stops the server and removes its
//! folder, whatever happened before; a server started as a child also ends when this process is killed.

use std::fs::{self, File};
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::account::{self, Account, Lifetime};
use super::{Installed, Record};

/// The superuser of every throw-away server.
const USER: &str = "modelhost";

/// How a folder of ours begins; nothing else is ever removed.
const FOLDER_PREFIX: &str = "modelhost-db-";

/// Whether committed data survives a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As an operator would run it.
    Durable,
    /// Without any fsync: several times faster for tests.
    ThrowAway,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    installed: Installed,
    account: Account,
    folder: PathBuf,
    port: u16,
    url: String,
    durability: Durability,
    child: Option<Child>,
    kept: bool,
}

/// What a PostgreSQL server writes about itself into its data folder.
pub(crate) struct PostmasterFile {
    pub(crate) pid: u32,
    pub(crate) port: u16,
    pub(crate) ready: bool,
}

impl Server {
    /// Starts a server that ends with this process.
    pub(crate) fn start_child(installed: &Installed, durability: Durability) -> Result<Self> {
        Self::start(installed, durability, Lifetime::Child)
    }

    /// Starts a server that may be left running.
    pub(crate) fn start_detached(installed: &Installed, durability: Durability) -> Result<Self> {
        Self::start(installed, durability, Lifetime::Detached)
    }

    /// With the password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn description(&self) -> String {
        format!("PostgreSQL {} ({}) on 127.0.0.1:{}", self.installed.major(), self.durability.word(), self.port)
    }

    pub(crate) fn record(&self) -> Record {
        Record { folder: self.folder.clone(), port: self.port, url: self.url.clone(), durability: self.durability }
    }

    /// Lets the server outlive this process.
    pub(crate) fn leave_running(mut self) {
        self.kept = true;
    }

    fn start(installed: &Installed, durability: Durability, lifetime: Lifetime) -> Result<Self> {
        let account = Account::for_servers()?;
        let folder = fresh_folder(&account)?;
        let password = random_hex()?;
        let mut server = Self {
            installed: installed.clone(),
            account,
            folder,
            port: 0,
            url: String::new(),
            durability,
            child: None,
            kept: false,
        };
        server.make_cluster(&password)?;
        // Between finding a free port and taking it somebody else may take it.
        for _ in 0..3 {
            server.port = free_port()?;
            if server.launch(lifetime)? {
                server.url = format!("postgres://{USER}:{password}@127.0.0.1:{}/postgres", server.port);
                return Ok(server);
            }
        }
        bail!("three free ports were taken by others before PostgreSQL could use them")
    }

    fn make_cluster(&self, password: &str) -> Result<()> {
        let password_file = self.folder.join("password");
        let mut options = File::options();
        options.write(true).create_new(true).mode(0o600);
        std::io::Write::write_all(&mut options.open(&password_file)?, password.as_bytes())?;
        self.account.own(&password_file)?;
        let output = self
            .command("initdb", Lifetime::Detached)
            .args(["--username", USER, "--auth", "scram-sha-256"])
            .args(["--encoding", "UTF8", "--locale", "C", "--no-sync"])
            .args(["--pwfile", "password", "--pgdata", "data"])
            .output()
            .context("starting initdb")?;
        fs::remove_file(&password_file)?;
        if !output.status.success() {
            bail!("initdb ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    /// Starts the server and waits until it is ready; `false` when somebody else has the port.
    fn launch(&mut self, lifetime: Lifetime) -> Result<bool> {
        /// Starting takes a tenth of a second; a machine that builds at the same time is slower.
        const PATIENCE: Duration = Duration::from_secs(60);
        let log = self.folder.join("log");
        let mut command = self.command("postgres", lifetime);
        command.args(["-D", "data", "-p", &self.port.to_string()]);
        for setting in settings(self.durability) {
            command.args(["-c", setting]);
        }
        // In a group of its own: a ctrl-c at the terminal is ours to handle.
        let output = File::create(&log)?;
        command.process_group(0).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let mut child = command.spawn().context("starting postgres")?;
        let start = Instant::now();
        loop {
            if PostmasterFile::read(&self.folder).is_some_and(|file| file.ready) {
                self.child = Some(child);
                return Ok(true);
            }
            if let Some(status) = child.try_wait()? {
                let text = fs::read_to_string(&log).unwrap_or_default();
                if text.contains("Address already in use") {
                    return Ok(false);
                }
                bail!("PostgreSQL ended with {status}:\n{}", text.trim());
            }
            if start.elapsed() > PATIENCE {
                self.child = Some(child);
                bail!("PostgreSQL was not ready after {} s", PATIENCE.as_secs());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn command(&self, program: &str, lifetime: Lifetime) -> Command {
        let program = self.installed.program(program);
        self.account.command(&program, &self.folder, lifetime)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = stop_and_remove(&self.folder, Some(&self.installed)) {
            eprintln!("warning: {error:#}");
        }
        if let Some(child) = &mut self.child {
            // It was told to stop; without waiting it would stay a zombie.
            child.wait().ok();
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

impl PostmasterFile {
    /// Reads the file of a server whose data lies in `folder`.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(folder.join("data/postmaster.pid")).ok()?)
    }

    /// The first line is the process, the fourth the port, the eighth the state.
    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        Some(Self {
            pid: lines.first()?.trim().parse().ok()?,
            port: lines.get(3)?.trim().parse().ok()?,
            ready: lines.get(7).is_some_and(|line| line.trim() == "ready"),
        })
    }
}

/// Stops the server in a folder that `Server::start` made, as far as it runs, and removes the folder.
pub(crate) fn stop_and_remove(folder: &Path, installed: Option<&Installed>) -> Result<()> {
    let ours = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(FOLDER_PREFIX));
    if !ours {
        bail!("{} was not made by `cargo xtask db`", folder.display());
    }
    if !folder.exists() {
        return Ok(());
    }
    if PostmasterFile::read(folder).is_some() {
        let installed = installed.context("the programs of PostgreSQL are gone, so it can't be stopped")?;
        stop(folder, installed)?;
    }
    fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))
}

fn stop(folder: &Path, installed: &Installed) -> Result<()> {
    let account = account::owner(&folder.join("data"))?;
    for mode in ["fast", "immediate"] {
        let output = account
            .command(&installed.program("pg_ctl"), folder, Lifetime::Detached)
            .args(["stop", "-D", "data", "-w", "-t", "20", "-m", mode])
            .output()
            .context("starting pg_ctl")?;
        // A pid file without a process is what a crash leaves: nothing to stop.
        if output.status.success() || PostmasterFile::read(folder).is_none() || is_stale(&output) {
            return Ok(());
        }
    }
    bail!("the PostgreSQL in {} does not stop", folder.display())
}

fn is_stale(output: &std::process::Output) -> bool {
    String::from_utf8_lossy(&output.stderr).contains("No such process")
}

fn settings(durability: Durability) -> Vec<&'static str> {
    let mut settings = vec!["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "ssl=off"];
    settings.extend(match durability {
        Durability::Durable => ["fsync=on", "synchronous_commit=on", "full_page_writes=on"],
        Durability::ThrowAway => ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
    });
    settings
}

/// A folder that did not exist before, for the server's account alone.
fn fresh_folder(account: &Account) -> Result<PathBuf> {
    let name = format!("{FOLDER_PREFIX}{}", &random_hex()?[..12]);
    let folder = account.temporary_folder()?.join(name);
    fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    account.own(&folder)?;
    Ok(folder)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a port")?;
    Ok(listener.local_addr()?.port())
}

fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).context("reading /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_is_ready_only_when_it_says_so() {
        let starting = "4711\ndata\n1700000000\n40001\n\n127.0.0.1\n  52 1\nstarting\n";
        let file = PostmasterFile::parse(starting).unwrap();
        assert_eq!((file.pid, file.port, file.ready), (4711, 40001, false));
        let ready = starting.replace("starting", "ready   ");
        assert!(PostmasterFile::parse(&ready).unwrap().ready);
        assert!(PostmasterFile::parse("4711\n").is_none());
    }

    #[test]
    fn refuses_to_remove_a_folder_of_somebody_else() {
        let error = stop_and_remove(Path::new("/usr/lib"), None).unwrap_err();
        assert!(error.to_string().contains("was not made by"), "{error}");
    }
}
