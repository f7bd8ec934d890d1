//! What every request passes: the name it was addressed to, the key it carries, the time it may take.
//!
//! Default-deny: a browser on this machine can send requests to 127.0.0.1 in the name of any page, so that the host name is
//! checked even where no key is asked for.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::{Access, Role};
use model::{Code, Problem};

use super::{Failure, Surface};

/// Runs before every handler.
pub(super) async fn pass(State(surface): State<Surface>, mut request: Request, next: Next) -> Response {
    if let Err(failure) = check_host(&surface, &request) {
        return failure.into_response();
    }
    let access = surface.host.access(bearer(request.headers()));
    request.extensions_mut().insert(access);
    let limit = Duration::from_millis(surface.settings.request_ms_max);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("the request took more than {} ms", surface.settings.request_ms_max);
            let problem = Problem::new(Code::RequestTimeout, message)
                .solution("send the body at once and ask for less")
                .solution("or raise [http] request_ms_max");
            Failure::new(problem).into_response()
        }
    }
}

/// Whether the caller may do what a role may, in a namespace. Asked before anything about the namespace is said.
pub(super) fn require(access: &Access, role: Role, namespace: Option<&str>) -> Result<(), Failure> {
    let failure =
        |code: Code, message: &str, solution: &str| Err(Failure::new(Problem::new(code, message).solution(solution)));
    match access {
        Access::Open => Ok(()),
        Access::Key { role: has, scope, .. } => {
            let in_scope = namespace.is_none_or(|namespace| scope.includes(namespace));
            let whole_host = namespace.is_some() || *scope == engine::Scope::All;
            if *has <= role && in_scope && whole_host {
                return Ok(());
            }
            let place = namespace.map_or("the whole host".to_owned(), |name| format!("namespace `{name}`"));
            let message = format!("this key may not {} in {place}", verb(role));
            failure(Code::AuthForbidden, &message, "ask an administrator for a key with that role and namespace")
        }
        Access::Revoked { id } => {
            failure(Code::AuthRevoked, &format!("key `{id}` was revoked"), "ask an administrator for a new key")
        }
        Access::Invalid => failure(
            Code::AuthInvalid,
            "this is not a key of this host",
            "send `authorization: Bearer mh_...` with the text that `modelhost key create` printed",
        ),
        Access::Missing => failure(
            Code::AuthMissing,
            "this host asks for a key",
            "send `authorization: Bearer mh_...`, or set MODELHOST_KEY for the command line",
        ),
    }
}

fn verb(role: Role) -> &'static str {
    match role {
        Role::Admin => "administer",
        Role::Deploy => "deploy or inspect",
        Role::Write => "write",
        Role::Read => "read",
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or("");
    Some(value.strip_prefix("Bearer ").unwrap_or(value))
}

fn check_host(surface: &Surface, request: &Request) -> Result<(), Failure> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = named.or_else(|| request.uri().host()).unwrap_or("");
    let name = match named.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => named.rsplit_once(':').map_or(named, |(name, _)| name),
    };
    if surface.settings.allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let shown: String = name.chars().take(64).flat_map(char::escape_debug).collect();
    let problem = Problem::new(Code::RequestHost, format!("this host does not answer to the name `{shown}`"))
        .solution("address it by one of the names it was given")
        .solution(format!("or add the name: [http] allowed_hosts = [\"{shown}\"]"));
    Err(Failure::new(problem))
}
