//! What every request passes: the name it was addressed to, its path and query, its key, the time it may take.
//!
//! Default-deny: a browser on this machine can send requests to 127.0.0.1 in the name of any page, so that the host name is
//! checked even where no key is asked for.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::{Access, Role};
use model::{Code, Problem};
use percent_encoding::percent_decode_str;

use super::{Failure, Surface, shown};

/// Runs before every handler.
pub(super) async fn pass(State(surface): State<Surface>, mut request: Request, next: Next) -> Response {
    if let Err(failure) = check_host(&surface, &request) {
        return failure.into_response();
    }
    if let Err(failure) = check_path(request.uri().path()) {
        return failure.into_response();
    }
    if let Err(failure) = check_query(request.uri()) {
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
            let place = namespace.map_or("the whole host".to_owned(), |name| format!("namespace `{}`", shown(name)));
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

/// The text of a key. Whoever sends something else (another scheme, two headers) sends a text that is no key: a request
/// that wants to be somebody is not answered as nobody's.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let first = values.next()?;
    let sent = first.to_str().ok().filter(|_| values.next().is_none()).and_then(|value| value.split_once(' '));
    match sent {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Some(key.trim()),
        _ => Some(""),
    }
}

/// Refuses a path that is not text, so that what comes after has names to judge and messages to repeat them in.
fn check_path(path: &str) -> Result<(), Failure> {
    if !path.contains('%') {
        return Ok(());
    }
    let is_hex = |part: &str| part.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let what = match percent_decode_str(path).decode_utf8() {
        _ if !path.split('%').skip(1).all(is_hex) => "has a `%` without two hexadecimal digits",
        Err(_) => "is not UTF-8",
        Ok(text) if text.contains(char::is_control) => "holds control characters",
        Ok(_) => return Ok(()),
    };
    let problem = Problem::new(Code::RequestNotFound, format!("there is no `{}`: the path {what}", shown(path)))
        .solution("namespaces, models and operations have plain names: a-z, 0-9, `-` and `_`");
    Err(Failure::new(problem))
}

/// Only a deploy and its plan take options there. Elsewhere an option would be swallowed, so that it is refused; a probe may
/// send what it likes.
fn check_query(uri: &Uri) -> Result<(), Failure> {
    let Some(query) = uri.query() else { return Ok(()) };
    if ["/health/live", "/health/ready"].contains(&uri.path())
        || ["/deployments", "/plan"].iter().any(|end| uri.path().ends_with(end))
    {
        return Ok(());
    }
    let message = format!("`{}` takes nothing behind a `?`, and `{}` stands there", shown(uri.path()), shown(query));
    Err(Failure::new(
        Problem::new(Code::RequestShape, message).solution("what an operation is given stands in its body"),
    ))
}

fn check_host(surface: &Surface, request: &Request) -> Result<(), Failure> {
    let mut hosts = request.headers().get_all(header::HOST).into_iter();
    let first = hosts.next();
    if hosts.next().is_some() {
        let problem = Problem::new(Code::RequestHost, "the request has more than one host header");
        return Err(Failure::new(
            problem.solution("send one: what is between you and this host may have added another"),
        ));
    }
    let named = first.and_then(|host| host.to_str().ok()).or_else(|| request.uri().host()).unwrap_or("");
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

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn sent(values: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn a_key_has_the_bearer_scheme_in_any_case() {
        assert_eq!(sent(&[]), None);
        assert_eq!(sent(&["Bearer mh_a"]).as_deref(), Some("mh_a"));
        assert_eq!(sent(&["bearer  mh_a"]).as_deref(), Some("mh_a"));
    }

    #[test]
    fn whatever_else_is_sent_is_no_key() {
        for values in [&["mh_a"][..], &["Basic mh_a"], &["Bearer"], &["Bearer mh_a", "Bearer mh_a"]] {
            assert_eq!(sent(values).as_deref(), Some(""), "{values:?}");
        }
    }

    #[test]
    fn swallows_no_option() {
        let refused = |uri: &'static str| check_query(&Uri::from_static(uri)).is_err();
        assert!(refused("/v1/namespaces/acme/models/note/list?limit=1"));
        assert!(refused("/v1/admin/namespaces/acme/unload?force=true"));
        assert!(!refused("/v1/admin/namespaces/acme/plan?keep_unused=true"));
        assert!(!refused("/health/ready?from=balancer"));
    }

    #[test]
    fn refuses_paths_that_are_not_text() {
        let refused = |path| check_path(path).is_err();
        assert!(["/v1/%ff", "/v1/%zz", "/v1/%", "/v1/%4", "/v1/%1b%5b31m", "/%00"].into_iter().all(refused));
        assert!(!["/v1/acme", "/v1/%61cme", "/v1/%C3%A9"].into_iter().any(refused));
    }
}
