//! Everything that can go wrong between a call and its answer, with who has to act.
//!
//! Callers match on it; renderers read it through [`Describe`]. A variant holds facts; what only an operator may read stays
//! in the error that it wraps.

use std::path::PathBuf;
use std::sync::Arc;

use migrate::{HistoryError, StoredSchemaError};
use model::{Code, DefinitionProblem, Describe, Ident, IdentError, ModelDef, Problem, Violation};
use sandbox::{CallError, Fault, LoadError, SandboxError};
use sql::PlanError;
use store::StoreError;

use crate::Placement;
use crate::plan_view::PlanView;

/// A record that was refused: an answer, not a failure.
#[derive(Debug, Clone)]
pub struct RefusedRecord {
    /// The model, which names the fields.
    pub def: Arc<ModelDef>,
    /// Everything that is wrong, warnings included.
    pub violations: Vec<Violation>,
}

/// Why a verb of the host did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum EngineError {
    #[error("the operation is not one that can be planned")]
    Invalid(Vec<PlanError>),
    #[error("the record was refused")]
    Refused(RefusedRecord),
    #[error("there is no such `{model}`")]
    NotFound { model: Ident },
    #[error("the `{model}` is not as this write expects: it has changed")]
    Conflict { model: Ident, current_version: Option<i64> },
    #[error("namespace `{namespace}` has no model `{model}`")]
    UnknownModel { namespace: String, model: String, closest: Option<String>, known: String },

    #[error(transparent)]
    Fault(Box<Fault>),
    #[error(transparent)]
    Load(Box<LoadError>),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(transparent)]
    Store(Box<StoreError>),

    #[error("there is no namespace `{namespace}`")]
    NamespaceUnknown { namespace: String, closest: Option<String> },
    #[error("namespace `{namespace}` exists already")]
    NamespaceExists { namespace: String },
    #[error("this is not the name of a namespace")]
    NamespaceName(#[source] IdentError),
    #[error("nothing is deployed to namespace `{namespace}`")]
    NothingDeployed { namespace: String },
    #[error("namespace `{namespace}` could not be activated when the host started")]
    NotActivated { namespace: String, error: Arc<EngineError> },
    #[error("there is no data source `{data_source}`")]
    DataSourceUnknown { data_source: String, closest: Option<String>, known: Vec<String> },
    #[error("namespace `{namespace}` is on data source `{data_source}`, which is no longer configured")]
    DataSourceGone { namespace: String, data_source: String },
    #[error("{}", placement_text(data_source, asked))]
    Placement { data_source: String, asked: Option<Placement>, allowed: Vec<Placement> },
    #[error("namespace `{namespace}` already has data source `{data_source}` for its own")]
    PlaceTaken { data_source: String, namespace: String, allowed: Vec<Placement> },
    #[error("destroying namespace `{namespace}` needs a consent that names what is lost")]
    ConsentMissing { namespace: String, given: Option<String>, expected: String, tables: Vec<String> },

    #[error("namespace `{namespace}` is owned by another host")]
    OwnedElsewhere { namespace: String, owner: String, generation: i64 },
    #[error("tables are in the way of namespace `{namespace}`: {}", tables.join(", "))]
    TableNotOwned { namespace: String, location: String, tables: Vec<String> },
    #[error("the schema of namespace `{namespace}` would change in a way that a deploy does not apply")]
    ChangeRefused { namespace: String, plan: Box<PlanView> },
    #[error("the tables of namespace `{namespace}` are not as the plugin needs")]
    SchemaDiffers { namespace: String, plan: Box<PlanView> },
    #[error("generation {generation} of namespace `{namespace}` was replaced while the request went on for too long")]
    Replaced { namespace: String, generation: i64 },
    #[error("namespace `{namespace}` had no generation {number}")]
    GenerationUnknown { namespace: String, number: i64, known: Vec<i64> },
    #[error("the migration history of namespace `{namespace}` can't be trusted")]
    HistoryBroken {
        namespace: String,
        #[source]
        error: HistoryError,
    },
    #[error("the ledger of namespace `{namespace}` can't be read")]
    LedgerUnreadable {
        namespace: String,
        #[source]
        error: StoredSchemaError,
    },

    #[error("the ledger of namespace `{namespace}` is missing from {location}")]
    LedgerMissing { namespace: String, location: String },
    #[error("the place of namespace `{namespace}` belongs to namespace `{other}`")]
    PlaceOwned { namespace: String, other: String },
    #[error("data source `{data_source}` holds {max} namespaces by prefix already")]
    PrefixFull { data_source: String, max: usize },

    #[error("{max} deployments are under way")]
    TooManyDeploys { max: usize },
    #[error("there is no deployment `{id}`")]
    DeploymentUnknown { id: String },
    #[error("this host has no plugin with the digest `{digest}`")]
    DigestUnknown { digest: String },
    #[error("there is no key `{id}`")]
    KeyUnknown { id: String },
    #[error("key `{id}` is the last one that may administer this host")]
    LastAdminKey { id: String },

    #[error("the control database holds a {what} that can't be read")]
    ControlUnreadable { what: &'static str },
    #[error("the watched folder `{}` can't be used", path.display())]
    WatchUnusable {
        path: PathBuf,
        what: &'static str,
        #[source]
        error: Arc<std::io::Error>,
    },
    #[error("state folder `{}` is in use by another host", path.display())]
    StateLocked { path: PathBuf },
    #[error("state folder `{}` can't be used", path.display())]
    StateUnusable {
        path: PathBuf,
        what: &'static str,
        #[source]
        error: Arc<std::io::Error>,
    },
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        Self::Store(Box::new(error))
    }
}

impl From<LoadError> for EngineError {
    fn from(error: LoadError) -> Self {
        Self::Load(Box::new(error))
    }
}

impl From<CallError> for EngineError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Fault(fault) => Self::Fault(fault),
            CallError::Sandbox(error) => Self::Sandbox(error),
        }
    }
}

impl From<PlanError> for EngineError {
    fn from(error: PlanError) -> Self {
        Self::Invalid(vec![error])
    }
}

impl EngineError {
    /// Whether the same may go well later, without anybody's doing: the database could not be asked.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }

    /// The error as its reader sees it, all parts included.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Invalid(errors) => Problem::several(errors.iter().map(|error| Problem::of(error)).collect()),
            Self::Fault(error) => Problem::of(&**error),
            Self::Load(error) => match &**error {
                LoadError::InvalidModel { problems } => Problem::several(problems.iter().map(definition).collect()),
                error => Problem::of(error),
            },
            Self::Sandbox(error) => Problem::of(error),
            Self::Store(error) => Problem::of(&**error),
            Self::NotActivated { error, .. } => {
                let inner = error.problem();
                let mut problem = Problem { message: self.to_string(), ..inner.clone() };
                problem.cause.insert(0, inner.message);
                problem
            }
            error => Problem::of(error),
        }
    }
}

impl Describe for EngineError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(errors) => errors.first().map_or(Code::RequestShape, Describe::code),
            Self::Refused(_) => Code::RecordRefused,
            Self::NotFound { .. } => Code::RecordNotFound,
            Self::Conflict { .. } => Code::WriteConflict,
            Self::UnknownModel { .. } => Code::PlanUnknownModel,
            Self::Fault(error) => error.code(),
            Self::Load(error) => error.code(),
            Self::Sandbox(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::NamespaceUnknown { .. } => Code::NamespaceUnknown,
            Self::NamespaceExists { .. } => Code::NamespaceExists,
            Self::NamespaceName(_) => Code::NamespaceName,
            Self::NothingDeployed { .. } => Code::NamespaceEmpty,
            Self::NotActivated { error, .. } => error.code(),
            Self::DataSourceUnknown { .. } | Self::DataSourceGone { .. } => Code::DataSourceUnknown,
            Self::Placement { .. } => Code::NamespacePlacement,
            Self::PlaceTaken { .. } => Code::NamespacePlaceTaken,
            Self::ConsentMissing { .. } => Code::NamespaceConsent,
            Self::OwnedElsewhere { .. } => Code::NamespaceOwnedElsewhere,
            Self::TableNotOwned { .. } => Code::SchemaTableNotOwned,
            Self::ChangeRefused { .. } => Code::SchemaChangeRefused,
            Self::SchemaDiffers { .. } => Code::SchemaDiffers,
            Self::Replaced { .. } => Code::NamespaceReplaced,
            Self::GenerationUnknown { .. } => Code::GenerationUnknown,
            Self::HistoryBroken { .. } | Self::LedgerUnreadable { .. } | Self::LedgerMissing { .. } => {
                Code::SchemaHistoryBroken
            }
            Self::PlaceOwned { .. } | Self::PrefixFull { .. } => Code::NamespacePlaceTaken,
            Self::TooManyDeploys { .. } => Code::HostOverloaded,
            Self::LastAdminKey { .. } => Code::AuthForbidden,
            Self::DeploymentUnknown { .. } | Self::DigestUnknown { .. } => Code::DeploymentUnknown,
            Self::KeyUnknown { .. } => Code::KeyUnknown,
            Self::StateLocked { .. } => Code::HostStateLocked,
            Self::StateUnusable { .. } | Self::ControlUnreadable { .. } | Self::WatchUnusable { .. } => {
                Code::HostStateUnusable
            }
        }
    }

    fn solutions(&self) -> Vec<String> {
        let meant = |closest: &Option<String>| closest.as_ref().map(|closest| format!("did you mean `{closest}`?"));
        let with = |first: Option<String>, rest: String| first.into_iter().chain([rest]).collect();
        match self {
            Self::Invalid(errors) => errors.iter().flat_map(Describe::solutions).collect(),
            Self::Refused(_) => {
                vec!["correct the fields that the violations name and send it again".to_owned()]
            }
            Self::NotFound { .. } => {
                vec!["check the filter, or ask for null with \"options\": {\"missing\": \"null\"} in a read".to_owned()]
            }
            Self::Conflict { .. } => {
                vec!["read the record again, apply the change to it and write that".to_owned()]
            }
            Self::UnknownModel { closest, known, .. } => with(meant(closest), format!("the models are {known}")),
            Self::Fault(error) => error.solutions(),
            Self::Load(error) => error.solutions(),
            Self::Sandbox(error) => error.solutions(),
            Self::Store(error) => error.solutions(),
            Self::NamespaceUnknown { closest, namespace } => with(
                meant(closest),
                format!("make it with `modelhost namespace create {namespace} --data-source NAME`"),
            ),
            Self::NamespaceExists { namespace } => {
                vec![format!("deploy to it with `modelhost deploy FILE.wasm --namespace {namespace}`")]
            }
            Self::NamespaceName(error) => with(
                error.closest().map(|closest| format!("write `{closest}`")),
                "write a-z, 0-9 and single dashes, a letter first, at most 20 bytes".to_owned(),
            ),
            Self::NothingDeployed { namespace } => {
                vec![format!("deploy a plugin with `modelhost deploy FILE.wasm --namespace {namespace}`")]
            }
            Self::NotActivated { error, namespace } => {
                let mut solutions = error.solutions();
                solutions.push(format!("then deploy the plugin to `{namespace}` again"));
                solutions
            }
            Self::DataSourceUnknown { closest, known, data_source } => with(
                meant(closest),
                match known.is_empty() {
                    true => {
                        format!("add to modelhost.toml: [data_sources.{data_source}] with a url")
                    }
                    false => format!("the data sources are {}", known.join(", ")),
                },
            ),
            Self::DataSourceGone { namespace, data_source } => vec![
                format!("configure it again: [data_sources.{data_source}] with its url"),
                format!("or destroy `{namespace}` while the data source is still there, then remove it"),
            ],
            Self::Placement { allowed, .. } => {
                vec![format!("give --placement {}", placements(allowed))]
            }
            Self::PlaceTaken { allowed, .. } => vec![
                format!("give --placement {}", placements(allowed)),
                "or write {namespace} into the data source's url: one database for each namespace".to_owned(),
            ],
            Self::ConsentMissing { namespace, expected, .. } => {
                vec![format!("to lose it, run `modelhost namespace destroy {namespace} --consent {expected}`")]
            }
            Self::SchemaDiffers { plan, .. } if !plan.differences.is_empty() => vec![
                "make the tables as the model needs them, or the model as the tables are".to_owned(),
                "or, where they are as the model needs, take what was made by hand over: deploy once with \
                 `schema_policy = \"verify\"`"
                    .to_owned(),
            ],
            Self::SchemaDiffers { .. } => vec![
                "run the SQL of the plan by hand, then deploy again".to_owned(),
                "or let deploys add what is new: `schema_policy = \"apply\"` for the data source".to_owned(),
            ],
            Self::Replaced { .. } => vec![
                "read whether it was done, then send it again: the new generation answers".to_owned(),
                "or raise [limits] drain_ms_max".to_owned(),
            ],
            Self::GenerationUnknown { known, .. } if known.is_empty() => vec!["deploy a plugin first".to_owned()],
            Self::GenerationUnknown { known, .. } => {
                let known: Vec<String> = known.iter().map(i64::to_string).collect();
                vec![format!("the generations are {}", known.join(", "))]
            }
            Self::OwnedElsewhere { namespace, .. } => vec![
                "serve the namespace from the host that owns it".to_owned(),
                format!("or, where that host is gone for good, deploy with `--take-over --namespace {namespace}`"),
                "or create a namespace with another name here".to_owned(),
            ],
            Self::TableNotOwned { .. } => vec![
                "give the model another table name".to_owned(),
                "or, where the table is meant to be the namespace's, deploy with `--adopt TABLE`".to_owned(),
            ],
            Self::ChangeRefused { .. } => vec![
                "keep the old fields and tables, and make new fields of a table that is there nullable (`Option<...>`)"
                    .to_owned(),
                "or, where only unused columns, indexes or tables are left over, deploy with `--keep-unused`"
                    .to_owned(),
                "or deploy to a new namespace".to_owned(),
            ],
            Self::HistoryBroken { .. } | Self::LedgerUnreadable { .. } => {
                vec!["restore the tables modelhost_owner and modelhost_history from a backup".to_owned()]
            }
            Self::LedgerMissing { namespace, .. } => vec![
                "bring the database back: the file was moved or removed, or the url leads elsewhere".to_owned(),
                "or, where the tables are there and only the ledger is not, deploy with `--adopt TABLE` for each"
                    .to_owned(),
                format!("or give the namespace up with `modelhost namespace destroy {namespace}`"),
            ],
            Self::PlaceOwned { .. } => {
                vec!["give each namespace a database, a schema or a prefix of its own".to_owned()]
            }
            Self::PrefixFull { .. } => {
                vec!["write {namespace} into the data source's url: one file for each namespace".to_owned()]
            }
            Self::TooManyDeploys { .. } => vec!["deploy again when one of them has ended".to_owned()],
            Self::LastAdminKey { .. } => vec!["make another admin key first: modelhost key create --admin".to_owned()],
            Self::ControlUnreadable { .. } => vec!["restore the state folder from a backup".to_owned()],
            Self::DeploymentUnknown { .. } => {
                vec!["list generations with `modelhost inspect NAMESPACE`".to_owned()]
            }
            Self::DigestUnknown { .. } => vec!["deploy the file itself".to_owned()],
            Self::KeyUnknown { .. } => vec!["list the keys with `modelhost key list`".to_owned()],
            Self::StateLocked { .. } => {
                vec!["stop the other host".to_owned(), "or give this one a state_dir of its own".to_owned()]
            }
            Self::WatchUnusable { what, .. } => {
                vec![format!("the host could not {what} it: make the folder, or correct `watch_dir`")]
            }
            Self::StateUnusable { what, .. } => {
                vec![format!("the host could not {what}: check that it exists, is intact and can be written")]
            }
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ChangeRefused { namespace, plan } => {
                vec![("namespace", namespace.clone()), ("plan", plan.text.clone())]
            }
            Self::SchemaDiffers { namespace, plan } => {
                let part = |name, text: String| (!text.is_empty()).then_some((name, text));
                let parts = [part("plan", plan.text.clone()), part("sql", plan.sql.clone())];
                let differences = part("differences", plan.differences.join("\n"));
                [("namespace", namespace.clone())]
                    .into_iter()
                    .chain(differences)
                    .chain(parts.into_iter().flatten())
                    .collect()
            }
            Self::Replaced { namespace, generation } => {
                vec![("namespace", namespace.clone()), ("generation", generation.to_string())]
            }
            Self::TableNotOwned { namespace, location, .. } => {
                vec![("namespace", namespace.clone()), ("location", location.clone())]
            }
            Self::OwnedElsewhere { namespace, owner, generation } => {
                vec![("namespace", namespace.clone()), ("owner", owner.clone()), ("generation", generation.to_string())]
            }
            Self::ConsentMissing { tables, given, .. } => {
                let given = given.as_ref().map(|given| ("given", given.clone()));
                [("lost", if tables.is_empty() { "nothing but the name".to_owned() } else { tables.join(", ") })]
                    .into_iter()
                    .chain(given)
                    .collect()
            }
            Self::Conflict { model, current_version } => {
                let version = current_version.map(|version| ("current_version", version.to_string()));
                [("model", model.to_string())].into_iter().chain(version).collect()
            }
            Self::NotFound { model } => vec![("model", model.to_string())],
            Self::UnknownModel { namespace, model, .. } => {
                vec![("namespace", namespace.clone()), ("model", model.clone())]
            }
            Self::NamespaceUnknown { namespace, .. }
            | Self::NothingDeployed { namespace }
            | Self::NamespaceExists { namespace } => vec![("namespace", namespace.clone())],
            _ => Vec::new(),
        }
    }
}

fn definition(problem: &DefinitionProblem) -> Problem {
    Problem::new(Code::PluginInvalidModel, problem.to_string()).solution(problem.hint.clone())
}

fn placements(allowed: &[Placement]) -> String {
    allowed.iter().map(|placement| placement.name()).collect::<Vec<_>>().join(" or ")
}

fn placement_text(data_source: &str, asked: &Option<Placement>) -> String {
    match asked {
        Some(placement) => format!("placement `{}` does not work on data source `{data_source}`", placement.name()),
        None => format!("a namespace on data source `{data_source}` must say where its tables are"),
    }
}
