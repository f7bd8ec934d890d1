//! The host that the demo plays on: a folder, a data source, a server on a free port.

use std::path::{Path, PathBuf};

use engine::{DataSourceSettings, DataSourceUrl, Host, HostSettings, Limits, SchemaPolicy, SourceSettings};
use model::{Code, Problem};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::cli::client::Client;
use crate::cli::report::file_problem;
use crate::cli::{Failed, compile};
use crate::http::{self, HttpSettings};

/// A running host.
pub(super) struct Stage {
    pub(super) client: Client,
    pub(super) address: String,
    folder: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    _temporary: Option<TempDir>,
}

impl Stage {
    pub(super) async fn open(keep: Option<&Path>) -> Result<Self, Failed> {
        let (folder, temporary) = folder(keep)?;
        let url = DataSourceUrl::parse("sqlite:data/{namespace}.db", &folder).expect("a valid URL");
        let settings = HostSettings {
            state_dir: folder.join("state"),
            data_sources: vec![SourceSettings {
                source: DataSourceSettings::new("main", url),
                schema: SchemaPolicy::Apply,
            }],
            limits: Limits::standard(),
            compiling: compile::in_a_process()?,
            drain_ms_max: 30_000,
        };
        let host = Host::open(settings).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| no_port(&error))?;
        let port = listener.local_addr().map_err(|error| no_port(&error))?.port();
        let settings = HttpSettings {
            allowed_hosts: vec!["127.0.0.1".to_owned()],
            body_bytes_max: 4 << 20,
            component_bytes_max: Limits::standard().component_bytes_max,
            request_ms_max: 30_000,
            head_ms_max: 10_000,
            connections_max: 1_024,
            shutdown_ms_max: 2_000,
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(http::serve(host, settings, listener, async {
            let _ = stopped.await;
        }));
        let address = format!("http://127.0.0.1:{port}");
        let client = Client::to(&address, None)?;
        Ok(Self { client, address, folder, stop: Some(stop), server, _temporary: temporary })
    }

    /// The file of a namespace.
    pub(super) fn file(&self, namespace: &str) -> PathBuf {
        self.folder.join("data").join(format!("{namespace}.db"))
    }

    /// Stops the host; what to try next.
    pub(super) async fn close(mut self, keep: Option<&Path>) -> String {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.server).await;
        match keep {
            None => "the folder is gone again; `modelhost demo --keep DIR` keeps it".to_owned(),
            Some(folder) => {
                let folder = folder.display();
                format!(
                    "everything is in {folder}; serve it again with\n  modelhost serve --state-dir '{folder}/state' \
                     --data-source 'main=sqlite:{folder}/data/{{namespace}}.db'"
                )
            }
        }
    }
}

fn folder(keep: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), Failed> {
    match keep {
        Some(folder) if folder.exists() => {
            let message = format!("`{}` exists already", folder.display());
            Err(Problem::new(Code::CliUsage, message).solution("name a folder that is not there yet").into())
        }
        Some(folder) => {
            let made = std::fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
            made.map(|folder| (folder, None)).map_err(|error| file_problem(folder, "make", &error).into())
        }
        None => {
            let made = TempDir::with_prefix("modelhost-demo-");
            let made = made.map_err(|error| file_problem(&std::env::temp_dir(), "make a folder in", &error))?;
            Ok((made.path().to_owned(), Some(made)))
        }
    }
}

fn no_port(error: &std::io::Error) -> Failed {
    let mut problem = Problem::new(Code::HostPortInUse, "no free port on 127.0.0.1");
    problem.cause.push(error.to_string());
    problem.into()
}
