//! Errors as HTTP answers: status, and one JSON shape for all.
//!
//! `{"error": {code, message, context, cause, solutions, docs}}` with the members of RFC 9457 beside. The match of codes to
//! statuses is exhaustive, so that a new code forces the decision.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Access, EngineError, Role, Scope};
use model::{Blame, Code, Describe, Problem, Violation, WireOptions, write_json};
use serde_json::{Map, Value, json};

/// A request that was not answered as asked.
#[derive(Debug)]
pub(crate) struct Failure {
    problem: Box<Problem>,
    violations: Vec<Value>,
}

impl Failure {
    pub(crate) fn new(problem: Problem) -> Self {
        Self { problem: Box::new(problem), violations: Vec::new() }
    }

    /// A panic that was caught. Its text stays in the log.
    pub(crate) fn bug() -> Self {
        let problem = Problem::new(Code::HostBug, "the host made a mistake");
        Self::new(problem.solution("report it with the time of this answer and the host's log"))
    }

    /// What went wrong with an operation, as its caller may read it: a tenant's key reads no file, server or database name of
    /// the operator's, and no other namespace's. The log has them.
    pub(crate) fn of_operation(error: EngineError, access: &Access) -> Self {
        let is_hidden = is_hidden(&error, access);
        let failure = Self::from(error);
        match is_hidden {
            true => Self::new(without_infrastructure(failure.problem.code)),
            false => failure,
        }
    }

    /// As [`Failure::of_operation`], of an error that others read too.
    pub(super) fn of_shared(error: &EngineError, access: &Access) -> Self {
        let problem = error.problem();
        Self::new(if is_hidden(error, access) { without_infrastructure(problem.code) } else { problem })
    }

    /// The body without its status.
    pub(super) fn into_json(self) -> Value {
        let mut body = problem_json(&self.problem);
        if !self.violations.is_empty() {
            body["error"]["violations"] = Value::Array(self.violations);
        }
        body
    }

    /// The answer as a plain HTTP response.
    pub(crate) fn into_http(self) -> Response {
        self.into_response()
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let violations = match &error {
            EngineError::Refused(refused) => {
                refused.violations.iter().map(|violation| violation_json(violation, &refused.def)).collect()
            }
            _ => Vec::new(),
        };
        log(&error);
        Self { problem: Box::new(error.problem()), violations }
    }
}

/// Whether an error speaks of what only operators of the whole host may know.
fn is_hidden(error: &EngineError, access: &Access) -> bool {
    let is_tenant = match access {
        Access::Key { role: Role::Write | Role::Read, .. } => true,
        Access::Key { scope, .. } => *scope != Scope::All,
        _ => false,
    };
    let is_infrastructure = match error {
        EngineError::NotActivated { .. } | EngineError::PlaceOwned { .. } => true,
        EngineError::Store(_) => error.problem().blame() != Blame::Caller,
        _ => false,
    };
    is_tenant && is_infrastructure
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status_of(self.problem.code);
        let mut body = self.into_json();
        body["status"] = json!(status.as_u16());
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// A problem as JSON: for HTTP bodies and for `--json` on the command line.
pub(crate) fn problem_json(problem: &Problem) -> Value {
    let docs = format!("modelhost explain {}", problem.code);
    let mut error = Map::new();
    error.insert("code".to_owned(), json!(problem.code.as_str()));
    error.insert("message".to_owned(), json!(problem.message));
    error.insert("blame".to_owned(), json!(problem.blame().name()));
    let context: Map<String, Value> =
        problem.context.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    error.insert("context".to_owned(), Value::Object(context));
    error.insert("cause".to_owned(), json!(problem.cause));
    error.insert("solutions".to_owned(), json!(problem.solutions));
    if let Some(example) = &problem.example {
        error.insert("example".to_owned(), json!(example));
    }
    error.insert("docs".to_owned(), json!(docs));
    if !problem.parts.is_empty() {
        let parts = problem.parts.iter().map(|part| problem_json(part)["error"].take());
        error.insert("problems".to_owned(), Value::Array(parts.collect()));
    }
    json!({
        "type": format!("urn:modelhost:error:{}", problem.code),
        "title": problem.code.as_str(),
        "detail": problem.message,
        "error": error,
    })
}

/// A violation as JSON, its field by name.
pub(super) fn violation_json(violation: &Violation, def: &model::ModelDef) -> Value {
    let parameter = |(name, value): &(String, model::Value)| {
        let mut text = String::new();
        write_json(value, WireOptions { big_int: false }, &mut text);
        (name.clone(), serde_json::from_str(&text).unwrap_or(Value::Null))
    };
    json!({
        "index": violation.index,
        "field": violation.field.map(|at| def.fields[at].name.as_str()),
        "code": violation.code,
        "message": violation.message,
        "parameters": violation.parameters.iter().map(parameter).collect::<Map<String, Value>>(),
        "severity": violation.severity.name(),
    })
}

/// A code with what it means in general.
fn without_infrastructure(code: Code) -> Problem {
    Problem::new(code, code.page().meaning.trim_end_matches('.'))
        .solution("ask the operator: the host's log has the details, at the time of this answer")
}

/// What an operator may read and a caller may not goes to the log. The sandbox has logged what a guest did by itself.
fn log(error: &EngineError) {
    let code = Describe::code(error);
    match error {
        EngineError::Store(inner) => {
            tracing::warn!(target: "modelhost::http", %code, detail = inner.for_operator(), "{error}");
        }
        error => tracing::debug!(target: "modelhost::http", %code, "{error}"),
    }
}

/// The HTTP status of a code.
pub(crate) fn status_of(code: Code) -> StatusCode {
    match code {
        Code::RequestTooLarge | Code::PluginTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RequestContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::RequestHost | Code::AuthForbidden => StatusCode::FORBIDDEN,
        Code::RequestMethod => StatusCode::METHOD_NOT_ALLOWED,
        Code::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        Code::AuthMissing | Code::AuthInvalid | Code::AuthRevoked => StatusCode::UNAUTHORIZED,
        Code::RequestNotFound
        | Code::PlanUnknownModel
        | Code::PlanUnknownOperation
        | Code::RecordNotFound
        | Code::NamespaceUnknown
        | Code::GenerationUnknown
        | Code::DeploymentUnknown
        | Code::KeyUnknown => StatusCode::NOT_FOUND,
        Code::RequestNotJson
        | Code::RequestShape
        | Code::RequestTooDeep
        | Code::PlanUnknownField
        | Code::PlanUnknownOperator
        | Code::PlanUnknownOption
        | Code::PlanOptionValue
        | Code::PlanTypeMismatch
        | Code::PlanMissingField
        | Code::PlanManagedField
        | Code::PlanKeyChange
        | Code::PlanNotUnique
        | Code::PlanFilterShape
        | Code::PlanFilterLimit
        | Code::PlanCursor
        | Code::PlanTooManyRows
        | Code::PlanUnsupported
        | Code::NamespaceName
        | Code::NamespacePlacement
        | Code::NamespaceConsent
        | Code::DataSourceUnknown
        | Code::CliUsage
        | Code::CliFile
        | Code::CliUnknownCode => StatusCode::BAD_REQUEST,
        Code::RecordRefused
        | Code::PluginNotWasm
        | Code::PluginMalformed
        | Code::PluginCompileLimit
        | Code::PluginCoreModule
        | Code::PluginWrongWorld
        | Code::PluginWrongVersion
        | Code::PluginChangedType
        | Code::PluginMissingExport
        | Code::PluginForbiddenImport
        | Code::PluginBadDescribe
        | Code::PluginDescribeDiffers
        | Code::PluginBadHook
        | Code::PluginInvalidModel
        | Code::PluginNotGranted
        | Code::PluginBuildFailed
        | Code::PluginNoTarget
        | Code::PluginFolderExists => StatusCode::UNPROCESSABLE_ENTITY,
        Code::WriteConflict
        | Code::SchemaTableNotOwned
        | Code::SchemaChangeRefused
        | Code::SchemaDiffers
        | Code::NamespaceExists
        | Code::NamespaceEmpty
        | Code::NamespaceOwnedElsewhere
        | Code::NamespacePlaceTaken => StatusCode::CONFLICT,
        Code::DatabaseRefused
        | Code::DatabaseUnknownHost
        | Code::DatabasePoolExhausted
        | Code::DatabaseTimeout
        | Code::DatabaseConnectionLost
        | Code::DatabaseBusy
        | Code::SchemaLocked
        | Code::NamespaceReplaced
        | Code::HostOverloaded
        | Code::CliServer => StatusCode::SERVICE_UNAVAILABLE,
        Code::DatabaseDiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::GuestTrap
        | Code::GuestTimeLimit
        | Code::GuestMemoryLimit
        | Code::GuestStackLimit
        | Code::GuestOutputLimit
        | Code::GuestBadOutput
        | Code::SchemaHistoryBroken
        | Code::DatabaseAuthFailed
        | Code::DatabaseMissing
        | Code::DatabaseTlsRequired
        | Code::DatabaseFile
        | Code::DatabaseFailed
        | Code::ConfigUnreadable
        | Code::ConfigSyntax
        | Code::ConfigUnknownKey
        | Code::ConfigInvalidValue
        | Code::ConfigConflict
        | Code::ConfigMissing
        | Code::HostPortInUse
        | Code::HostStateLocked
        | Code::HostStateUnusable
        | Code::HostBug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::Scope;

    use super::*;

    fn key(role: Role) -> Access {
        Access::Key { id: "k".to_owned(), role, scope: Scope::All }
    }

    fn told(access: &Access) -> String {
        let error = EngineError::StateUnusable {
            path: "/var/lib/modelhost".into(),
            what: "write",
            error: Arc::new(std::io::Error::other("disk 7 is full")),
        };
        let error = EngineError::NotActivated { namespace: "acme".to_owned(), error: Arc::new(error) };
        problem_json(&Failure::of_operation(error, access).problem)["error"].to_string()
    }

    #[test]
    fn a_tenant_reads_what_a_failure_means_and_no_fact_of_the_operator() {
        for role in [Role::Write, Role::Read] {
            let told = told(&key(role));
            assert!(!told.contains("/var/lib") && !told.contains("disk 7"), "{told}");
            assert!(told.contains("host.state-unusable") && told.contains("ask the operator"), "{told}");
        }
    }

    #[test]
    fn who_operates_the_host_reads_everything() {
        for access in [Access::Open, key(Role::Admin), key(Role::Deploy)] {
            let told = told(&access);
            assert!(told.contains("/var/lib/modelhost") && told.contains("disk 7"), "{told}");
        }
    }

    #[test]
    fn a_tenant_reads_what_it_did_wrong_itself() {
        let error = EngineError::NamespaceUnknown { namespace: "acme".to_owned(), closest: None };
        let failure = Failure::of_operation(error, &key(Role::Read));
        assert_eq!(failure.problem.message, "there is no namespace `acme`");
    }
}
