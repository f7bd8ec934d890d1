//! The HTTP surface: routes, and what every request passes before its handler.
//!
//! Thin: a handler reads a request, calls the engine, writes its answer. Meaning lives in the engine; the order here is
//! host name, key, time limit, handler.

mod admin;
mod answer;
mod body;
mod error;
mod gate;
mod health;
mod keys;
mod namespaces;
mod operations;

use error::Failure;
pub(crate) use error::problem_json;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use engine::Host;
use model::{Code, Problem};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

/// What the surface needs to know.
#[derive(Debug, Clone)]
pub(crate) struct HttpSettings {
    /// Names by which callers may address this host, without ports.
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) body_bytes_max: usize,
    pub(crate) component_bytes_max: usize,
    pub(crate) request_ms_max: u64,
    pub(crate) shutdown_ms_max: u64,
}

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct Surface {
    pub(crate) host: Arc<Host>,
    pub(crate) settings: Arc<HttpSettings>,
    /// Set when the host shuts down: balancers stop sending, what is under way ends.
    draining: Arc<AtomicBool>,
}

impl Surface {
    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// Serves until `stop` is done, then ends what is under way, at most for the configured time.
pub(crate) async fn serve(
    host: Arc<Host>,
    settings: HttpSettings,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let shutdown = Duration::from_millis(settings.shutdown_ms_max);
    let draining = Arc::new(AtomicBool::new(false));
    let surface = Surface { host, settings: Arc::new(settings), draining: Arc::clone(&draining) };
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let signal = async move {
        stop.await;
        draining.store(true, Ordering::Relaxed);
        stopping.send_replace(true);
    };
    let server = axum::serve(listener, routes(surface)).with_graceful_shutdown(signal);
    let deadline = async move {
        let _ = stopped.wait_for(|is_stopping| *is_stopping).await;
        tokio::time::sleep(shutdown).await;
    };
    tokio::select! {
        result = server => result,
        () = deadline => {
            tracing::warn!(target: "modelhost::http", "requests were still under way when the time to shut down was over");
            Ok(())
        }
    }
}

fn routes(surface: Surface) -> Router {
    Router::new()
        .route("/v1/namespaces/{namespace}/models/{model}/{operation}", post(operations::run).fallback(wrong_method))
        .route("/v1/admin/inspect", get(admin::inspect).fallback(wrong_method))
        .route("/v1/admin/deployments/{id}", get(admin::deployment).fallback(wrong_method))
        .route("/v1/admin/namespaces", post(namespaces::create).get(namespaces::list).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}", get(namespaces::inspect).fallback(wrong_method))
        .route("/v1/admin/namespaces/{namespace}/deployments", post(admin::deploy).fallback(wrong_method))
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
    let problem = Problem::new(Code::RequestNotFound, format!("there is no `{}`", uri.path()))
        .solution("operations are POST /v1/namespaces/NAMESPACE/models/MODEL/OPERATION")
        .solution("administration is below /v1/admin: inspect, namespaces, deployments, keys");
    Failure::new(problem)
}

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Failure {
    let problem = Problem::new(Code::RequestMethod, format!("`{}` does not answer {method}", uri.path()));
    Failure::new(problem.solution("operations and changes are POST, what only reads is GET"))
}
