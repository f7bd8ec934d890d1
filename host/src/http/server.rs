//! Connections: accepts them, limits how many there are and how long each may take to send a request's head.
//!
//! Knows no route and no request. Invariant: a connection holds its place from before it is accepted until it is closed, so
//! that descriptors are left for the databases; one connection can't hold its place without sending whole heads.

use std::future::Future;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::HttpSettings;

/// Bytes that a connection may have waiting in memory. Prevents all connections together, each with a head that is almost
/// complete, from filling it; larger bodies are read piece by piece.
const BUFFER_BYTES_MAX: usize = 64 << 10;

/// How long to wait after an error that is not the connection's, such as no free descriptor: at once it would come again.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves connections until `stop` is done; the answer ends those that are still open.
pub(super) async fn accept(
    listener: TcpListener,
    routes: Router,
    settings: &HttpSettings,
    stop: impl Future<Output = ()>,
) -> GracefulShutdown {
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(settings.connections_max.min(Semaphore::MAX_PERMITS)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    http.header_read_timeout(Duration::from_millis(settings.head_ms_max)).max_buf_size(BUFFER_BYTES_MAX);
    let service = TowerToHyperService::new(routes);
    let mut stop = pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            () = &mut stop => return connections,
            next = next(&listener, &places) => next,
        };
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(target: "modelhost::http", %error, "a connection broke off");
            }
            drop(place);
        });
    }
}

/// The next connection, once there is a place for it: until then it waits in the backlog of the system.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await.expect("nobody closes the semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written whole: waiting for more to send only makes them late.
                let _ = stream.set_nodelay(true);
                return (stream, place);
            }
            Err(error) if is_of_the_connection(error.kind()) => {}
            Err(error) => {
                tracing::warn!(target: "modelhost::http", %error, "connections can't be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_the_connection(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}
