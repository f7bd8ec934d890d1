//! A server in a process of its own: the program under test, or the bare one.
//!
//! Both begin by saying where they listen, as `{"listen": "http://..."}`. Invariant: a server that is dropped does
//! not outlive the bench; one that is stopped was asked to, so that it could close its files.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Deserializer, Value};

use crate::client::Client;
use crate::hosted;

/// How long a server may take to stop.
const STOP_MAX: Duration = Duration::from_secs(10);

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Held open: a server whose output is gone may end.
    _output: BufReader<ChildStdout>,
    address: SocketAddr,
    announced: Value,
}

/// The program of this build: beside the folder of the bench.
pub(crate) fn program() -> Result<PathBuf> {
    let bench = std::env::current_exe()?;
    let folder = bench.parent().and_then(Path::parent).context("the bench lies in a target folder")?;
    let program = folder.join(format!("modelhost{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("{} is missing; type: cargo build --release -p modelhost", program.display());
    }
    Ok(program)
}

/// `modelhost serve` on the state and data of a folder.
pub(crate) fn serve(program: &Path, folder: &Path) -> Command {
    serve_on(program, folder, &hosted::sqlite_url(folder))
}

/// `modelhost serve` on the state of a folder and the data of a URL, which may hold a password.
pub(crate) fn serve_on(program: &Path, folder: &Path, url: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--json", "serve", "--listen", "127.0.0.1:0", "--state-dir"]).arg(hosted::state_dir(folder));
    // No other configuration: neither a file of this folder nor a variable of this shell.
    command.current_dir(folder).env_clear();
    command.env(format!("MODELHOST_DATA_SOURCES__{}__URL", hosted::DATA_SOURCE.to_uppercase()), url);
    command
}

impl Server {
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        let mut output = BufReader::new(child.stdout.take().context("its output is piped")?);
        match announced(&mut output) {
            Ok((address, announced)) => Ok(Self { child, _output: output, address, announced }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(error.context(format!("starting {}", command.get_program().display())))
            }
        }
    }

    /// What it said first.
    pub(crate) fn announced(&self) -> &Value {
        &self.announced
    }

    /// Its threads, or the first one where there is no telling.
    pub(crate) fn threads(&self) -> Vec<u32> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).into_iter().flatten();
        let mut threads: Vec<u32> = tasks.filter_map(|task| task.ok()?.file_name().to_str()?.parse().ok()).collect();
        if threads.is_empty() {
            threads.push(self.child.id());
        }
        threads
    }

    /// The memory that it has now.
    pub(crate) fn resident_kib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        Client::connect(self.address)
    }

    /// Asks the process to end and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status()?;
        let start = Instant::now();
        while asked.success() && start.elapsed() < STOP_MAX {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            sleep(Duration::from_millis(1));
        }
        bail!("the server did not stop when it was asked to")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended, and a drop has nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first document of a server's output, on one line or on several.
fn announced(output: &mut impl BufRead) -> Result<(SocketAddr, Value)> {
    let mut documents = Deserializer::from_reader(output).into_iter::<Value>();
    let announced = documents.next().context("it said nothing")??;
    let url = announced["listen"].as_str().with_context(|| format!("it named no address: {announced}"))?;
    let address = url.strip_prefix("http://").context("an http address")?.parse()?;
    Ok((address, announced))
}
