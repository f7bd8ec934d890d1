//! A host of a test's own: the program as a child, in a folder and on a port of its own.
//!
//! Its shortcuts are requests that a test is not about. Invariant: the child is gone when the value is.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::program_inside;
use crate::{Answer, Filters, Output, Request, Setup, program, run, wait_until};

const START: Duration = Duration::from_secs(60);

/// A running host.
pub struct TestHost {
    setup: Setup,
    folder: TempDir,
    child: Child,
    announced: Value,
    key: Option<String>,
    filters: Filters,
}

impl TestHost {
    #[track_caller]
    pub(crate) fn start(setup: Setup, folder: TempDir) -> Self {
        let (child, announced) = spawn(&setup, folder.path());
        let filters = Filters::new().hide(&folder.path().display().to_string(), "[dir]");
        Self { setup, folder, child, announced, key: None, filters }
    }

    /// Where it keeps `state/` and `data/`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The SQLite file of a namespace.
    pub fn file(&self, namespace: &str) -> PathBuf {
        self.folder.path().join(format!("data/{namespace}.db"))
    }

    /// What `serve --json` printed when it was ready.
    pub fn announced(&self) -> &Value {
        &self.announced
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        self.announced["listen"].as_str().and_then(|url| url.strip_prefix("http://")).expect("it was announced")
    }

    /// The process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has logged a text, and answers what it logged so far: the log is written beside the answers.
    #[track_caller]
    pub fn logs(&self, text: &str) -> String {
        wait_until(&format!("`{text}` is in the log"), || Some(self.log()).filter(|log| log.contains(text)))
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).expect("the log is text")
    }

    /// Sends this key with every request and command from now on.
    pub fn use_key(&mut self, key: &str) {
        self.key = Some(key.to_owned());
    }

    /// Replaces a text in what is compared.
    pub fn hide(&mut self, text: &str, replacement: &str) {
        self.filters = std::mem::take(&mut self.filters).hide(text, replacement);
    }

    /// A text without what differs from run to run.
    pub fn filtered(&self, text: &str) -> String {
        self.filters.apply(&text.replace(self.address(), "[host]"))
    }

    /// A command that talks to this host.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path());
        command.args(arguments).env("MODELHOST_SERVER", format!("http://{}", self.address()));
        if let Some(key) = &self.key {
            command.env("MODELHOST_KEY", key);
        }
        command
    }

    /// Runs a command that talks to this host.
    pub fn cli(&self, arguments: &[&str]) -> Output {
        run(&mut self.command(arguments))
    }

    /// A request to this host, with the key if there is one.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let request = Request::new(self.address(), method, path);
        match &self.key {
            Some(key) => request.header("authorization", &format!("Bearer {key}")),
            None => request,
        }
    }

    /// `GET`
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// `POST` with a body of JSON.
    #[track_caller]
    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.request("POST", path).json(body).send()
    }

    /// An operation; `target` is `NAMESPACE MODEL OPERATION`.
    #[track_caller]
    pub fn call(&self, target: &str, body: &str) -> Answer {
        self.post(&call_path(target), body)
    }

    /// What `data` of an operation that has to succeed holds.
    #[track_caller]
    pub fn data(&self, target: &str, body: &str) -> Value {
        self.call(target, body).data().clone()
    }

    /// Makes a namespace on the data source `main`.
    #[track_caller]
    pub fn namespace(&self, name: &str, placement: Option<&str>) {
        let body = serde_json::json!({"name": name, "data_source": "main", "placement": placement});
        let answer = self.post("/v1/admin/namespaces", &body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    /// Deploys a component and waits for the end: `{"state": "done", ...}` or `{"state": "failed", "error": ...}`.
    #[track_caller]
    pub fn deploy(&self, namespace: &str, component: &[u8]) -> Value {
        let path = format!("/v1/admin/namespaces/{namespace}/deployments");
        let request = self.request("POST", &path).header("content-type", "application/wasm");
        let accepted = request.body(component).send();
        assert_eq!(accepted.status, 202, "{}", accepted.text);
        let progress = accepted.header("location").to_owned();
        wait_until("the deployment ends", || {
            let deployment = self.get(&progress).body["deployment"].take();
            (deployment["state"] != "running").then_some(deployment)
        })
    }

    /// Makes a namespace in its usual place and deploys a component that has to work.
    #[track_caller]
    pub fn serve(&self, namespace: &str, component: &[u8]) {
        self.namespace(namespace, None);
        let deployment = self.deploy(namespace, component);
        assert_eq!(deployment["state"], "done", "{deployment}");
    }

    /// One namespace as `inspect` shows it.
    #[track_caller]
    pub fn inspect(&self, namespace: &str) -> Value {
        self.get(&format!("/v1/admin/namespaces/{namespace}")).body["namespace"].take()
    }

    /// Ends the process as a power failure does.
    pub fn kill(&mut self) {
        self.child.kill().expect("the child is ours");
        self.child.wait().expect("the child is ours");
    }

    /// Asks the process to stop.
    pub fn terminate(&self) {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(done.is_ok_and(|status| status.success()), "the process takes the signal");
    }

    /// Waits until the process has ended by itself.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        wait_until("the host ends", || self.child.try_wait().expect("the child is ours"))
    }

    /// Starts the process again in the same folder, on another port.
    #[track_caller]
    pub fn restart(&mut self) {
        let folder = self.folder.path();
        (self.child, self.announced) = spawn(&self.setup, folder);
    }

    /// Starts the process again with other settings.
    #[track_caller]
    pub fn restart_with(&mut self, setup: Setup) {
        self.setup = setup;
        self.restart();
    }
}

impl Drop for TestHost {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path of `NAMESPACE MODEL OPERATION`.
pub(crate) fn call_path(target: &str) -> String {
    let [namespace, model, operation] = target.split(' ').collect::<Vec<_>>()[..] else {
        panic!("`{target}` is not NAMESPACE MODEL OPERATION");
    };
    format!("/v1/namespaces/{namespace}/models/{model}/{operation}")
}

#[track_caller]
fn spawn(setup: &Setup, folder: &Path) -> (Child, Value) {
    let log: File =
        OpenOptions::new().create(true).append(true).open(folder.join("log")).expect("the folder can be written");
    let mut command = program_inside(folder, &setup.inside);
    command.args(["serve", "--json", "--state-dir", "state", "--listen", "127.0.0.1:0"]).envs(&setup.environment);
    command.stdout(Stdio::piped()).stderr(log);
    let mut child = command.spawn().expect("the program starts");
    let stdout = child.stdout.take().expect("it is piped");
    let (told, tells) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let _ = stdout.read_line(&mut line);
        if line.trim_end() == "{" {
            // An error, on several lines.
            let _ = stdout.read_to_string(&mut line);
        }
        let _ = told.send(line);
    });
    let line = tells.recv_timeout(START).unwrap_or_default();
    match serde_json::from_str::<Value>(&line) {
        Ok(announced) if announced["listen"].is_string() => (child, announced),
        _ => {
            let _ = child.kill();
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("the host did not get ready: {line}{log}")
        }
    }
}
