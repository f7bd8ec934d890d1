//! The HTTP surface: routes, and what every request passes before its handler.
//!
//! Thin: a handler reads a request, calls the engine, writes its answer. Meaning lives in the engine; the order here is
//! host name, path, query, key, time limit, handler.

mod admin;
mod answer;
mod body;
mod deployments;
mod error;
mod gate;
mod health;
mod keys;
mod namespaces;
mod operations;
mod server;

use error::Failure;
pub(crate) use error::problem_json;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use engine::{EngineError, Host};
use model::{Code, Problem};
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use tower_http::catch_panic::CatchPanicLayer;

/// What the surface needs to know.
#[derive(Debug, Clone)]
pub(crate) struct HttpSettings {
    /// Names by which callers may address this host, without ports.
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) body_bytes_max: usize,
    pub(crate) component_bytes_max: usize,
    pub(crate) request_ms_max: u64,
    pub(crate) head_ms_max: u64,
    pub(crate) connections_max: usize,
    pub(crate) shutdown_ms_max: u64,
}

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct Surface {
    pub(crate) host: Arc<Host>,
    pub(crate) settings: Arc<HttpSettings>,
    /// Set when the host shuts down: balancers stop sending, what is under way ends.
    draining: Arc<AtomicBool>,
    /// Each change holds it for reading until it is done: who gets it for writing knows that none is under way.
    changes: Arc<RwLock<()>>,
}

impl Surface {
    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Runs a change to its end, also when the caller goes away or its time is over: a namespace that is destroyed by half
    /// can be neither used nor destroyed.
    async fn to_the_end<T: Send + 'static>(
        &self,
        change: impl Future<Output = Result<T, EngineError>> + Send + 'static,
    ) -> Result<T, Failure> {
        let under_way = Arc::clone(&self.changes).read_owned().await;
        let task = tokio::spawn(async move {
            let result = change.await.map_err(Failure::from);
            drop(under_way);
            result
        });
        task.await.unwrap_or_else(|error| {
            tracing::error!(target: "modelhost::http", %error, "a change ended with a panic");
            Err(Failure::bug())
        })
    }
}

/// Serves until `stop` is done, then ends what is under way, at most for the configured time.
pub(crate) async fn serve(
    host: Arc<Host>,
    settings: HttpSettings,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) {
    let settings = Arc::new(settings);
    let surface = Surface { host, settings: Arc::clone(&settings), draining: Arc::default(), changes: Arc::default() };
    let stop = async {
        stop.await;
        surface.draining.store(true, Ordering::Relaxed);
    };
    let connections = server::accept(listener, routes(surface.clone()), &settings, stop).await;
    let ended = async {
        connections.shutdown().await;
        drop(surface.changes.write().await);
    };
    if tokio::time::timeout(Duration::from_millis(settings.shutdown_ms_max), ended).await.is_err() {
        tracing::warn!(target: "modelhost::http", "requests were still under way when the time to shut down was over");
    }
}

fn routes(surface: Surface) -> Router {
    Router::new()
        .route("/v1/namespaces/{namespace}/models/{model}/{operation}", post(operations::run).fallback(wrong_method))
        .route("/v1/admin/inspect", get(admin::inspect).fallback(wrong_method))
        .route("/v1/admin/deployments/{id}", get(deployments::deployment).fallback(wrong_method))
        .route("/v1/admin/namespaces", post(namespaces::create).get(namespaces::list).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}", get(namespaces::inspect).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}/deployments", post(deployments::deploy).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}/plan", post(deployments::plan).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}/rollback", post(deployments::roll_back).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}/generations", get(deployments::generations).fallback(wrong_method))
        .route(
            "/v1/admin/namespaces/{namespace}/generations/{from}/diff/{to}",
            get(deployments::compare).fallback(wrong_method),
        )
        .route("/v1/admin/namespaces/{namespace}/unload", post(namespaces::unload).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}/destroy", post(namespaces::destroy).fallback(wrong_method))
        .route("/v1/admin/keys", post(keys::create).get(keys::list).fallback(wrong_method))
        .route("/v1/admin/keys/{id}/revoke", post(keys::revoke).fallback(wrong_method))
        .route("/health/live", get(health::live).fallback(wrong_method))
        .route("/health/ready", get(health::ready).fallback(wrong_method))
        .fallback(unknown_route)
        .layer(axum::middleware::from_fn_with_state(surface.clone(), gate::pass))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Failure::bug().into_http()))
        .with_state(surface)
}

async fn unknown_route(uri: axum::http::Uri) -> Failure {
    let problem = Problem::new(Code::RequestNotFound, format!("there is no `{}`", shown(uri.path())))
        .solution("operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION")
        .solution("administration is below /v1/admin: inspect, namespaces, deployments, keys");
    Failure::new(problem)
}

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Failure {
    let message = format!("`{}` does not answer {}", shown(uri.path()), shown(method.as_str()));
    let problem = Problem::new(Code::RequestMethod, message);
    Failure::new(problem.solution("operations and changes are POST, what only reads is GET"))
}

/// Longest text of a request that a message repeats.
const SHOWN_CHARS_MAX: usize = 200;

/// Text of a request as a message may repeat it: short, and nothing in it speaks to a terminal.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARS_MAX).flat_map(char::escape_debug).collect()
}
