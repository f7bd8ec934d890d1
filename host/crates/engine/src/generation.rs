//! A generation: one activated plugin of a namespace, numbered, immutable, swapped whole.
//!
//! Everything a request needs is here, so that a request that took a generation at its start never meets another one.

use std::collections::HashMap;
use std::sync::Arc;

use model::{ModelDef, NamespaceName, closest};
use sandbox::{Limits, Plugin};
use sql::{Schema, Table, Texts};
use store::{ConstraintHit, Store};
use tokio::sync::Semaphore;

use crate::EngineError;

/// One activated plugin of a namespace.
pub struct Generation {
    /// Counts from 1 for each namespace and only grows.
    pub number: i64,
    /// The namespace.
    pub namespace: NamespaceName,
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Limits of each operation's guest calls.
    pub limits: Limits,
    pub(crate) store: Store,
    /// Closed when the requests that still hold it have to end.
    ended: Semaphore,
    models: HashMap<String, Arc<Model>>,
    /// The same, in the order of the manifest.
    in_order: Vec<Arc<Model>>,
}

/// A model with what activation prepared for it.
pub(crate) struct Model {
    pub(crate) def: Arc<ModelDef>,
    pub(crate) texts: Texts,
    /// Field positions by the name of the constraint that guards them.
    constraints: HashMap<String, Vec<usize>>,
    /// Positions of references by the name of their constraint.
    references: HashMap<String, usize>,
}

impl Generation {
    pub(crate) fn new(
        number: i64,
        namespace: NamespaceName,
        plugin: Arc<Plugin>,
        limits: Limits,
        store: Store,
    ) -> Self {
        let manifest = plugin.manifest();
        let schema = Schema::of(manifest, &namespace);
        let model = |(def, table): (&Arc<ModelDef>, &Table)| {
            let references = table.references.iter().enumerate();
            Arc::new(Model {
                def: Arc::clone(def),
                texts: Texts::new(def, store.place(), store.dialect()),
                constraints: constraints(def, table),
                references: references.map(|(at, one)| (one.name.as_str().to_owned(), at)).collect(),
            })
        };
        let in_order: Vec<Arc<Model>> = manifest.models.iter().zip(&schema.tables).map(model).collect();
        let models = in_order.iter().map(|model| (model.def.name.to_string(), Arc::clone(model))).collect();
        Self { number, namespace, limits, models, in_order, plugin, store, ended: Semaphore::new(0) }
    }

    /// Ends what still goes on in it.
    pub(crate) fn end(&self) {
        self.ended.close();
    }

    /// Waits until what goes on in it has to end, as a rule for ever.
    pub(crate) async fn ended(&self) {
        // Nobody adds a permit: it answers only when it is closed.
        let _ = self.ended.acquire().await;
    }

    pub(crate) fn models_in_order(&self) -> &[Arc<Model>] {
        &self.in_order
    }

    pub(crate) fn model(&self, name: &str) -> Result<&Arc<Model>, EngineError> {
        self.models.get(name).ok_or_else(|| {
            let names = || self.plugin.manifest().models.iter().map(|def| def.name.as_str());
            EngineError::UnknownModel {
                namespace: self.namespace.to_string(),
                model: crate::host::shown(name),
                closest: closest(name, names()).map(str::to_owned),
                known: names().collect::<Vec<_>>().join(", "),
            }
        })
    }
}

impl Model {
    /// Position of the reference that a constraint guards.
    pub(crate) fn reference_of(&self, constraint: &str) -> Option<usize> {
        self.references.get(constraint).copied()
    }

    /// The fields that a database's complaint about uniqueness is about.
    pub(crate) fn fields_of(&self, hit: &ConstraintHit) -> Vec<usize> {
        match hit {
            ConstraintHit::Key => self.def.key.clone(),
            ConstraintHit::Constraint { name } => self.constraints.get(name).cloned().unwrap_or_default(),
            ConstraintHit::Columns { columns, .. } => {
                let position =
                    |column: &String| self.def.fields.iter().position(|field| field.column.as_str() == column);
                columns.iter().filter_map(position).collect()
            }
        }
    }
}

fn constraints(def: &ModelDef, table: &Table) -> HashMap<String, Vec<usize>> {
    let key = (table.key_name.as_str().to_owned(), def.key.clone());
    let unique = table.unique.iter().zip(&def.unique);
    let unique = unique.map(|(index, set)| (index.name.as_str().to_owned(), set.clone()));
    let partial = table.indexes.iter().zip(&def.indexes).filter(|(index, _)| index.on.unique);
    let partial = partial
        .map(|(index, on)| (index.name.as_str().to_owned(), on.fields.iter().map(|field| field.field).collect()));
    std::iter::once(key).chain(unique).chain(partial).collect()
}
