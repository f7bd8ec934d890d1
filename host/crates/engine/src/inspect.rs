//! What a host is doing, truthfully: made from the values that execute, never from a copy kept for show.
//!
//! These types are the wire form of inspection; renderers print them, nothing else reads them.

use std::sync::atomic::Ordering;

use model::{Constraint, Default, FieldDef, IndexDef, ModelDef, Role, format_timestamp};
use serde::Serialize;
use sql::{OperationKind, example_call};

use crate::namespace::{Namespace, State};
use crate::{EngineError, Host};
use sandbox::Limits;

/// A host.
#[derive(Debug, Clone, Serialize)]
pub struct HostView {
    /// The host's version.
    pub version: &'static str,
    /// Names the control database.
    pub control_id: String,
    /// In the order of their names.
    pub data_sources: Vec<DataSourceView>,
    /// In the order of their names, without their models.
    pub namespaces: Vec<NamespaceView>,
    /// Limits of one operation's guest calls, by name.
    pub limits: std::collections::BTreeMap<&'static str, u64>,
    /// Keys that can be used.
    pub keys_active: usize,
}

/// A data source.
#[derive(Debug, Clone, Serialize)]
pub struct DataSourceView {
    /// Its name.
    pub name: String,
    /// `sqlite` or `postgres`.
    pub dialect: &'static str,
    /// The URL without its password.
    pub url: String,
    /// Connections that are open.
    pub connections_open: usize,
    /// Connections that run something now.
    pub connections_in_use: usize,
    /// Callers that wait for one.
    pub waiting: usize,
    /// Connections, at most.
    pub connections_max: usize,
    /// The namespace that has had a connection for longest, and for how many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_holder: Option<(String, u64)>,
}

/// A namespace.
#[derive(Debug, Clone, Serialize)]
pub struct NamespaceView {
    /// Its name.
    pub name: String,
    /// `serving`, `empty`, `unloaded` or `failed`.
    pub state: &'static str,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The data source it is on.
    pub data_source: String,
    /// `own`, `schema` or `prefix`.
    pub placement: &'static str,
    /// Which database its rows are in, without password.
    pub location: String,
    /// What serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<GenerationView>,
    /// Every generation it had, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<GenerationView>,
    /// Its models; only where one namespace is inspected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelView>,
    /// Calls since it was loaded.
    pub calls: u64,
    /// Records refused since it was loaded.
    pub refusals: u64,
    /// Faults of its plugin since it was loaded.
    pub faults: u64,
    /// Statements since it was loaded.
    pub statements: u64,
    /// The last fault: time, code, message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_fault: Option<(String, String, String)>,
}

/// A generation.
#[derive(Debug, Clone, Serialize)]
pub struct GenerationView {
    /// Its number.
    pub number: i64,
    /// The plugin's name and version.
    pub plugin: String,
    /// Of the plugin's bytes.
    pub digest: String,
    /// When it was activated.
    pub activated_at: String,
}

/// A model.
#[derive(Debug, Clone, Serialize)]
pub struct ModelView {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// One sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its fields, in order.
    pub fields: Vec<FieldView>,
    /// Sets of fields that are unique together.
    pub unique: Vec<Vec<String>>,
    /// Its indexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
    /// Its references, in both directions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<String>,
    /// Its hooks: what they do and on which operations.
    pub hooks: Vec<String>,
    /// What can be done, each with a correct body.
    pub operations: Vec<OperationView>,
}

/// A field.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub field_type: String,
    /// `key`, `required`, `nullable`, `managed: version`, constraints.
    pub notes: Vec<String>,
}

/// An operation.
#[derive(Debug, Clone, Serialize)]
pub struct OperationView {
    /// Its name.
    pub name: &'static str,
    /// A correct body.
    pub example: String,
}

impl Host {
    /// The whole host.
    pub async fn inspect(&self) -> Result<HostView, EngineError> {
        let mut namespaces = Vec::new();
        for namespace in self.namespaces_by_name() {
            namespaces.push(self.view(&namespace, Detail::Summary).await?);
        }
        Ok(HostView {
            version: env!("CARGO_PKG_VERSION"),
            control_id: self.control.id.clone(),
            data_sources: self.sources.values().map(data_source).collect(),
            namespaces,
            limits: limits(&self.limits),
            keys_active: self.keys().iter().filter(|key| key.revoked_at_us.is_none()).count(),
        })
    }

    /// One namespace with its models and history.
    pub async fn inspect_namespace(&self, name: &str) -> Result<NamespaceView, EngineError> {
        let namespace = self.namespace(name)?;
        self.view(&namespace, Detail::Full).await
    }

    fn namespaces_by_name(&self) -> Vec<std::sync::Arc<Namespace>> {
        let mut namespaces: Vec<_> = self.namespaces.iter().map(|entry| entry.value().clone()).collect();
        namespaces.sort_by(|a, b| a.record.name.cmp(&b.record.name));
        namespaces
    }

    async fn view(&self, namespace: &Namespace, detail: Detail) -> Result<NamespaceView, EngineError> {
        let state = namespace.state();
        let history: Vec<_> = self
            .control
            .deployments(&namespace.record.name)
            .await?
            .into_iter()
            .filter(|record| !record.prepared)
            .map(|record| GenerationView {
                number: record.generation,
                plugin: format!("{} {}", record.plugin, record.version),
                digest: record.digest,
                activated_at: format_timestamp(record.activated_at_us),
            })
            .collect();
        let (word, serving, failure) = match &*state {
            State::Empty => ("empty", None, None),
            State::Unloaded => ("unloaded", None, None),
            State::Failed(error) => ("failed", None, Some(error.to_string())),
            State::Serving(generation) => ("serving", Some(generation), None),
        };
        let is_full = detail == Detail::Full;
        let counters = &namespace.counters;
        Ok(NamespaceView {
            name: namespace.record.name.to_string(),
            state: word,
            failure,
            data_source: namespace.record.data_source.clone(),
            placement: namespace.record.placement.name(),
            location: namespace.store.location(),
            generation: serving.and_then(|now| history.iter().find(|view| view.number == now.number).cloned()),
            models: match serving {
                Some(generation) if is_full => {
                    let models = &generation.plugin.manifest().models;
                    models.iter().map(|def| model(def, models)).collect()
                }
                _ => Vec::new(),
            },
            history: if is_full { history } else { Vec::new() },
            calls: counters.calls.load(Ordering::Relaxed),
            refusals: counters.refusals.load(Ordering::Relaxed),
            faults: counters.faults.load(Ordering::Relaxed),
            statements: namespace.store.statements(),
            last_fault: namespace
                .last_fault()
                .map(|(at, problem)| (format_timestamp(at), problem.code.to_string(), problem.message)),
        })
    }
}

/// The limits that an operator can set, by the names that configuration gives them.
fn limits(limits: &Limits) -> std::collections::BTreeMap<&'static str, u64> {
    let bytes = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    [
        ("memory_bytes_max", bytes(limits.memory_bytes_max)),
        ("stack_bytes_max", bytes(limits.stack_bytes_max)),
        ("output_bytes_max", bytes(limits.output_bytes_max)),
        ("log_bytes_max", bytes(limits.log_bytes_max)),
        ("component_bytes_max", bytes(limits.component_bytes_max)),
        ("call_time_ms_max", limits.call_time_ms_max),
        ("host_calls_max", limits.host_calls_max),
    ]
    .into()
}

/// How much of a namespace is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Summary,
    Full,
}

fn data_source(source: &store::DataSource) -> DataSourceView {
    let stats = source.stats();
    DataSourceView {
        name: source.name().to_owned(),
        dialect: source.dialect().name(),
        url: source.url().to_string(),
        connections_open: stats.size,
        connections_in_use: stats.in_use,
        waiting: stats.waiting,
        connections_max: stats.max,
        longest_holder: stats.longest.map(|holder| (holder.namespace.to_string(), holder.ms)),
    }
}

fn model(def: &ModelDef, models: &[std::sync::Arc<ModelDef>]) -> ModelView {
    let names = |set: &Vec<usize>| set.iter().map(|at| def.fields[*at].name.to_string()).collect();
    let hook = |hook: &model::Hook| {
        let operations = [(hook.on_create, "create"), (hook.on_update, "update"), (hook.on_delete, "delete")];
        let operations: Vec<_> = operations.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
        format!("{} on {}", hook.kind.name(), operations.join(", "))
    };
    ModelView {
        name: def.name.to_string(),
        table: def.table.to_string(),
        description: def.description.clone(),
        fields: def.fields.iter().enumerate().map(|(at, field)| field_view(field, def.is_key(at))).collect(),
        unique: def.unique.iter().map(names).collect(),
        indexes: def.indexes.iter().map(|index| index_text(index, def)).collect(),
        relations: relations(def, models),
        hooks: def.hooks.iter().map(hook).collect(),
        operations: OperationKind::ALL
            .into_iter()
            .map(|kind| OperationView { name: kind.name(), example: example_call(kind, def) })
            .collect(),
    }
}

fn index_text(index: &IndexDef, def: &ModelDef) -> String {
    let name = |at: usize| &def.fields[at].name;
    let sign = |descending: bool| if descending { "-" } else { "" };
    let fields: Vec<String> =
        index.fields.iter().map(|field| format!("{}{}", sign(field.descending), name(field.field))).collect();
    let conditions: Vec<String> =
        index.conditions.iter().map(|(at, condition)| format!("{} {}", name(*at), condition.name())).collect();
    let mut text = if index.unique { "unique " } else { "" }.to_owned() + &fields.join(", ");
    if !conditions.is_empty() {
        text.push_str(&format!(" where {}", conditions.join(" and ")));
    }
    match &index.label {
        Some(label) => format!("{label}: {text}"),
        None => text,
    }
}

fn relations(def: &ModelDef, models: &[std::sync::Arc<ModelDef>]) -> Vec<String> {
    let belongs_to = def.belongs_to.iter().map(|one| {
        let fields: Vec<&str> = one.fields.iter().map(|at| def.fields[*at].name.as_str()).collect();
        let (other, rule) = (&models[one.model].name, one.on_delete.name());
        format!("{} belongs to {other} by {}, on-delete {rule}", one.name, fields.join(", "))
    });
    let has_many = def.has_many.iter().map(|many| {
        let other = &models[many.model];
        format!("{} has many {} by its {}", many.name, other.name, other.belongs_to[many.relation].name)
    });
    belongs_to.chain(has_many).collect()
}

fn field_view(field: &FieldDef, is_key: bool) -> FieldView {
    let mut notes = Vec::new();
    notes.extend(is_key.then(|| "key".to_owned()));
    notes.extend((field.role != Role::Plain).then(|| format!("managed: {}", field.role.name())));
    notes.extend(field.is_required().then(|| "required".to_owned()));
    notes.extend(field.nullable.then(|| "nullable".to_owned()));
    notes.extend(match &field.default {
        Default::None => None,
        Default::Now => Some("default now".to_owned()),
        Default::NewUuid => Some("default new-uuid".to_owned()),
        Default::Sequence => Some("numbered by the database".to_owned()),
        Default::Constant(value) => {
            let mut text = "default ".to_owned();
            model::write_json(value, model::WireOptions { big_int: false }, &mut text);
            Some(text)
        }
    });
    notes.extend((!field.labels.is_empty()).then(|| format!("one of {}", field.labels.join(", "))));
    notes.extend(field.constraints.iter().map(constraint_text));
    notes.extend((field.column != field.name).then(|| format!("column {}", field.column)));
    FieldView { name: field.name.to_string(), field_type: field.field_type.to_string(), notes }
}

fn constraint_text(constraint: &Constraint) -> String {
    fn range<T: std::fmt::Display>(what: &str, min: Option<T>, max: Option<T>) -> String {
        let text = |bound: Option<T>| bound.map_or(String::new(), |bound| bound.to_string());
        format!("{what} {}..{}", text(min), text(max))
    }
    match constraint {
        Constraint::Length { min, max } => range("length", *min, *max),
        Constraint::IntRange { min, max } => range("range", *min, *max),
        Constraint::FloatRange { min, max } => range("range", *min, *max),
        Constraint::DecimalRange { min, max } => range("range", *min, *max),
        Constraint::Pattern(pattern) => format!("pattern {}", pattern.as_str()),
        Constraint::OneOf(texts) => format!("one of {}", texts.join(", ")),
    }
}
