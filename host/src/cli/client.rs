//! Speaking HTTP to a host.

use std::time::Duration;

use model::{Code, Problem};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{Connection, Failed};

/// A host that is somewhere else, as a rule on this machine.
pub(crate) struct Client {
    server: String,
    key: Option<String>,
    http: reqwest::Client,
}

/// What is sent along.
pub(crate) enum Payload {
    Nothing,
    Json(Value),
    /// JSON as the user wrote it.
    Text(String),
    Wasm(Vec<u8>),
}

impl Client {
    pub(crate) fn new(connection: &Connection) -> Result<Self, Failed> {
        Self::to(&connection.server, connection.key.clone())
    }

    pub(crate) fn to(server: &str, key: Option<String>) -> Result<Self, Failed> {
        if !(server.starts_with("http://") || server.starts_with("https://")) {
            let problem = Problem::new(Code::CliUsage, format!("`{server}` is not the address of a host"))
                .solution("write for example --server http://127.0.0.1:7474");
            return Err(problem.into());
        }
        let http = reqwest::Client::builder().timeout(Duration::from_secs(120)).no_proxy().build();
        let http = http.map_err(|error| unreachable_host(server, &error))?;
        Ok(Self { server: server.trim_end_matches('/').to_owned(), key, http })
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failed> {
        self.send(Method::GET, path, Payload::Nothing).await
    }

    pub(crate) async fn post(&self, path: &str, payload: Payload) -> Result<Value, Failed> {
        self.send(Method::POST, path, payload).await
    }

    async fn send(&self, method: Method, path: &str, payload: Payload) -> Result<Value, Failed> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.server));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let request = match payload {
            Payload::Nothing if method == Method::GET => request,
            Payload::Nothing => request.header("content-type", "application/json"),
            Payload::Json(body) => request.json(&body),
            Payload::Text(body) => request.header("content-type", "application/json").body(body),
            Payload::Wasm(bytes) => request.header("content-type", "application/wasm").body(bytes),
        };
        let response = request.send().await.map_err(|error| unreachable_host(&self.server, &error))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| unreachable_host(&self.server, &error))?;
        match serde_json::from_slice::<Value>(&body) {
            Ok(value) if status.is_success() => Ok(value),
            Ok(value) if value["error"]["code"].is_string() => Err(Failed::from_server(value)),
            _ => Err(not_a_host(&self.server, status)),
        }
    }
}

/// One segment of a URL's path, whatever the user typed.
pub(crate) fn segment(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn unreachable_host(server: &str, error: &reqwest::Error) -> Failed {
    let mut problem = Problem::new(Code::CliServer, format!("no host answers at {server}"));
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        problem.cause.push(inner.to_string());
        source = inner.source();
    }
    problem
        .solution("start one with `modelhost serve`")
        .solution("or name another one with --server URL or MODELHOST_SERVER")
        .into()
}

fn not_a_host(server: &str, status: StatusCode) -> Failed {
    let problem = Problem::new(Code::CliServer, format!("what answers at {server} is not a modelhost (HTTP {status})"));
    problem.solution("name the host with --server URL or MODELHOST_SERVER").into()
}
