//! `modelhost serve`

use std::net::SocketAddr;

use clap::Args;
use engine::{Access, DataSourceSettings, Host, HostSettings, HostView, Limits, SchemaPolicy, SourceSettings};
use model::{Code, Problem};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ConfigArgs, Failed, Report, compile};
use crate::config::{Config, Durability, Schema};
use crate::http::{self, HttpSettings};
use crate::log::Log;
use crate::render;

/// Serve namespaces over HTTP until interrupted.
///
/// Needs a state folder and at least one data source, from modelhost.toml or as flags. There is no default database.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    modelhost serve --state-dir modelhost-state --data-source 'main=sqlite:data/{namespace}.db'")]
pub(crate) struct Serve {
    #[command(flatten)]
    args: ConfigArgs,
}

impl Serve {
    pub(crate) async fn run(self, as_json: bool) -> Result<Report, Failed> {
        let config = self.args.load()?;
        let state_dir = config.ready_to_serve()?.to_owned();
        let log = Log::start(&config.log)?;
        raise_descriptors();
        let listen = config.http.listen;
        let listener = TcpListener::bind(listen).await.map_err(|error| port_problem(listen, &error))?;
        let host = Host::open(HostSettings {
            state_dir,
            data_sources: data_sources(&config),
            limits: limits(&config),
            compiling: compile::in_a_process()?,
            drain_ms_max: config.limits.drain_ms_max,
        })
        .await?;
        let address = listener.local_addr().map_err(|error| port_problem(listen, &error))?;
        let view = host.inspect().await?;
        if is_open(&host) && !address.ip().is_loopback() {
            return Err(keyless(address).into());
        }
        if let Some(folder) = &config.watch_dir {
            host.watch(folder)?;
        }
        announce(&config, address, (&host, &view), as_json);
        let closing = std::sync::Arc::clone(&host);
        let settings = http_settings(&config, address);
        http::serve(host, settings, listener, interrupted()).await;
        closing.close().await;
        log.end("stopped");
        Ok(Report::silent())
    }
}

/// The data sources of a configuration, as the engine takes them.
pub(crate) fn data_sources(config: &Config) -> Vec<SourceSettings> {
    let connection = |name: &String, source: &crate::config::DataSource| DataSourceSettings {
        connections_max: u32::try_from(source.connections_max).unwrap_or(u32::MAX),
        connect_ms_max: source.connect_ms_max,
        wait_ms_max: source.wait_ms_max,
        statement_ms_max: source.statement_ms_max,
        durability: match source.durability {
            Some(Durability::Full) => engine::Durability::Full,
            Some(Durability::Normal) | None => engine::Durability::Normal,
        },
        ..DataSourceSettings::new(name.clone(), source.url.parsed().clone())
    };
    let settings = |(name, source)| SourceSettings {
        source: connection(name, source),
        schema: match source.schema_policy {
            Schema::Apply => SchemaPolicy::Apply,
            Schema::Verify => SchemaPolicy::Verify,
            Schema::Ignore => SchemaPolicy::Ignore,
        },
    };
    config.data_sources.iter().map(settings).collect()
}

fn limits(config: &Config) -> Limits {
    let bytes = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    Limits {
        memory_bytes_max: bytes(config.limits.memory_bytes_max),
        call_time_ms_max: config.limits.call_time_ms_max,
        output_bytes_max: bytes(config.limits.output_bytes_max),
        log_bytes_max: bytes(config.limits.log_bytes_max),
        component_bytes_max: bytes(config.limits.component_bytes_max),
        compile_memory_bytes_max: bytes(config.limits.compile_memory_bytes_max),
        compile_cpu_seconds_max: config.limits.compile_cpu_seconds_max,
        ..Limits::standard()
    }
}

fn http_settings(config: &Config, address: SocketAddr) -> HttpSettings {
    let mut allowed_hosts = config.http.allowed_hosts.clone();
    allowed_hosts.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    allowed_hosts.push(address.ip().to_string());
    HttpSettings {
        allowed_hosts,
        body_bytes_max: usize::try_from(config.http.body_bytes_max).unwrap_or(usize::MAX),
        component_bytes_max: limits(config).component_bytes_max,
        request_ms_max: config.http.request_ms_max,
        head_ms_max: config.http.head_ms_max,
        connections_max: usize::try_from(config.http.connections_max).unwrap_or(usize::MAX),
        shutdown_ms_max: config.http.shutdown_ms_max,
    }
}

/// Whether requests need no key.
fn is_open(host: &Host) -> bool {
    host.access(None) == Access::Open
}

/// Tells where the host listens and which database each namespace is on.
fn announce(config: &Config, address: SocketAddr, (host, view): (&Host, &HostView), as_json: bool) {
    if as_json {
        let host: Value = serde_json::to_value(view).unwrap_or_default();
        render::print(&json!({"listen": format!("http://{address}"), "host": host}).to_string());
        return;
    }
    let mut text = format!("modelhost {} on http://{address} (profile {})\n", view.version, config.profile.name());
    for source in &view.data_sources {
        text.push_str(&format!("  data source {}: {}\n", source.name, source.url));
    }
    for namespace in &view.namespaces {
        let serves = match (&namespace.generation, &namespace.failure) {
            (Some(generation), _) => format!("generation {} serves {}", generation.number, generation.plugin),
            (None, Some(failure)) => format!("FAILED: {failure}"),
            (None, None) => namespace.state.to_owned(),
        };
        text.push_str(&format!(
            "  namespace {} on {} ({}): {serves}\n",
            namespace.name, namespace.data_source, namespace.location
        ));
    }
    if let Some(folder) = &config.watch_dir {
        text.push_str(&format!("  watching {}: NAMESPACE.wasm is deployed\n", folder.display()));
    }
    if view.namespaces.is_empty() {
        text.push_str("  no namespaces yet: modelhost namespace create NAME --data-source SOURCE\n");
    }
    if is_open(host) {
        text.push_str("  no keys yet: requests from this machine are accepted without one\n");
    } else if view.keys_active == 0 {
        text.push_str("  every key is revoked: only health checks are answered\n");
    }
    render::print(&text);
}

/// Takes as many descriptors as the system allows: a shell's usual 1,024 are as many as connections alone may take.
fn raise_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let allowed = getrlimit(Resource::Nofile);
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: allowed.maximum, maximum: allowed.maximum }) {
            tracing::debug!(target: "modelhost::serve", %error, "the limit of descriptors stays as it is");
        }
    }
}

/// Done when the process is asked to stop.
async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(_) => return drop(interrupt.await),
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

fn port_problem(listen: SocketAddr, error: &std::io::Error) -> Problem {
    let mut problem = Problem::new(Code::HostPortInUse, format!("can't listen on {listen}"));
    problem.cause.push(error.to_string());
    problem.solution("stop what listens there").solution("or listen elsewhere: --listen 127.0.0.1:7475")
}

fn keyless(address: SocketAddr) -> Problem {
    let message = format!("{address} can be reached from other machines, and this host has no keys");
    Problem::new(Code::ConfigConflict, message)
        .solution("listen on 127.0.0.1 first and make a key with `modelhost key create --admin`")
        .solution("or keep listening on 127.0.0.1 only")
}
