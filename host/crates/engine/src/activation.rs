//! Activation: a loaded plugin becomes a namespace's next generation.
//!
//! Decides what has to happen to the tables; `migration` does it. It adds what is new and refuses everything else with the
//! plan; an unchanged schema costs one query. Nothing changes unless everything succeeds, and the swap comes last.

use std::sync::Arc;

use migrate::{Fingerprint, MigrationPlan, diff, fingerprint, from_stored, keep, unused};
use model::NamespaceName;
use sandbox::{Limits, Plugin};
use sql::{Requirement, Schema};
use store::{Job, Store};

use crate::deploy_options::{DeployOptions, Ownership, Unused};
use crate::ledger::{Ledger, Owner};
use crate::live::{self, Live};
use crate::migration::{Migration, Present, recover};
use crate::plan_view::PlanView;
use crate::settings::SchemaPolicy;
use crate::{EngineError, Generation};

/// How long activation waits for another migrator of the same namespace.
pub(crate) const LOCK_WAIT_MS: u64 = 5_000;

/// What activation needs to know.
pub(crate) struct Activation<'a> {
    pub(crate) control_id: &'a str,
    pub(crate) namespace: &'a NamespaceName,
    pub(crate) store: &'a Store,
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) limits: Limits,
    pub(crate) policy: SchemaPolicy,
    pub(crate) options: &'a DeployOptions,
    pub(crate) now_us: i64,
}

/// Whether the control database says that the namespace was activated before. Only then is its ledger known to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Yes,
    No,
}

impl Activation<'_> {
    /// Whether there is nothing to migrate: the tables are as the plugin needs them, or nobody asks how they are.
    pub(crate) async fn fits(&self, known: Known) -> Result<bool, EngineError> {
        if self.policy == SchemaPolicy::Ignore {
            return Ok(true);
        }
        let ledger = Ledger::new(self.store, self.namespace);
        self.is_unchanged(&ledger, &fingerprint(&self.schema()), known).await
    }

    /// Makes the tables fit for generation `number`, or refuses to. Answers what was applied.
    pub(crate) async fn fit(&self, number: i64) -> Result<PlanView, EngineError> {
        let schema = self.schema();
        let ledger = Ledger::new(self.store, self.namespace);
        self.check_server(&schema).await?;
        let _lock = self.store.lock(LOCK_WAIT_MS).await?;
        recover(&ledger, self.store).await?;
        let present = self.look(&ledger).await?;
        let planned = self.plan(&ledger, &present, &schema).await?;
        let Planned { view, migration } = planned;
        if !view.applicable {
            let is_ours_to_change = self.policy != SchemaPolicy::Verify && view.differences.is_empty();
            let (namespace, plan) = (self.namespace.to_string(), Box::new(view));
            return Err(match is_ours_to_change {
                true => EngineError::ChangeRefused { namespace, plan },
                false => EngineError::SchemaDiffers { namespace, plan },
            });
        }
        let owner = Owner {
            control_id: self.control_id.to_owned(),
            fence: present.owner.as_ref().map_or(1, |owner| owner.fence + 1),
            generation: number,
            fingerprint: fingerprint(&schema),
            stored_schema: migrate::to_stored(&migration.target),
        };
        migration.apply(&ledger, &present, &owner, self.now_us).await?;
        Ok(view)
    }

    /// The generation that the tables now fit.
    pub(crate) fn generation(self, number: i64) -> Generation {
        Generation::new(number, self.namespace.clone(), self.plugin, self.limits, self.store.clone())
    }

    /// What a deploy would apply, without doing it. What it would refuse is in the plan.
    pub(crate) async fn preview(&self, known: Known) -> Result<PlanView, EngineError> {
        if self.fits(known).await? {
            return Ok(PlanView::nothing());
        }
        let schema = self.schema();
        let ledger = Ledger::new(self.store, self.namespace);
        self.check_server(&schema).await?;
        let present = self.look(&ledger).await?;
        Ok(self.plan(&ledger, &present, &schema).await?.view)
    }

    async fn is_unchanged(&self, ledger: &Ledger<'_>, wanted: &Fingerprint, known: Known) -> Result<bool, EngineError> {
        // Whoever adopts tables, or makes them by hand, may begin without a ledger.
        if !self.options.adopt.is_empty() {
            return Ok(false);
        }
        let owner = match (known, self.policy) {
            (Known::Yes, SchemaPolicy::Apply) => self.known_owner(ledger).await?,
            (Known::Yes, _) => self.known_owner(ledger).await.or_else(|error| match error {
                EngineError::LedgerMissing { .. } => Ok(None),
                error => Err(error),
            })?,
            (Known::No, _) => None,
        };
        Ok(owner.is_some_and(|owner| owner.control_id == self.control_id && owner.fingerprint == *wanted))
    }

    fn schema(&self) -> Schema {
        Schema::of(self.plugin.manifest(), self.namespace)
    }

    async fn plan(&self, ledger: &Ledger<'_>, present: &Present, schema: &Schema) -> Result<Planned, EngineError> {
        let (place, dialect) = (self.store.place(), self.store.dialect());
        let mut differences = Vec::new();
        let from = match self.policy {
            SchemaPolicy::Verify => {
                let names = schema.tables.iter().map(|table| table.name.as_str());
                let names: Vec<&str> = names.collect();
                let live = Live::read(self.store).await?;
                // What earlier generations left is remembered, and not asked for.
                let unused = live.rest_of(unused(&present.schema, schema));
                keep(&unused, &live.fitting(schema, &names, &mut differences))
            }
            SchemaPolicy::Apply | SchemaPolicy::Ignore => self.known_tables(present, schema, &mut differences).await?,
        };
        let target = match (self.policy, self.options.unused) {
            (SchemaPolicy::Verify, _) | (_, Unused::Keep) => keep(&from, schema),
            (_, Unused::Refuse) => schema.clone(),
        };
        let plan = diff(&from, &target).on(dialect);
        let empty = live::without_rows(self.store, plan.asks_about()).await?;
        let plan = plan.with_empty(&empty);
        if self.policy == SchemaPolicy::Apply {
            differences.extend(self.in_the_way(&plan).await?);
        }
        let mut view = PlanView::new(&plan, place, dialect);
        if self.policy == SchemaPolicy::Verify {
            view.applicable = plan.is_empty() && present.has_ledger;
            view.text = plan.to_text_by_hand();
            if !present.has_ledger {
                let own = ledger.creation(&present.tables)?;
                let own: Vec<String> = own.iter().map(|statement| format!("{};", statement.text.as_str())).collect();
                view.sql = [view.sql, own.join("\n")].join("\n").trim().to_owned();
            }
        }
        view.applicable &= differences.is_empty();
        view.differences = differences;
        Ok(Planned { view, migration: Migration { store: self.store.clone(), plan, target } })
    }

    /// What the plan would add and is there already: somebody added it by hand, and nothing here may touch it.
    async fn in_the_way(&self, plan: &MigrationPlan) -> Result<Vec<String>, EngineError> {
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let live = Live::read(self.store).await?;
        let there = plan.makes(self.store.dialect()).into_iter().filter(|made| live.has(made));
        Ok(there.map(|made| format!("{made} is there already, and no deploy made it")).collect())
    }

    /// The tables that are recorded as ours, and those that are adopted. Any other one in our way is somebody else's.
    async fn known_tables(
        &self,
        present: &Present,
        schema: &Schema,
        differences: &mut Vec<String>,
    ) -> Result<Schema, EngineError> {
        let mut from = present.schema.clone();
        let is_ours = |name: &str| present.schema.tables.iter().any(|table| table.name.as_str() == name);
        let is_wanted = |name: &str| schema.tables.iter().any(|table| table.name.as_str() == name);
        let in_the_way = present.tables.iter().map(String::as_str).filter(|name| is_wanted(name) && !is_ours(name));
        let (adopted, foreign): (Vec<&str>, Vec<&str>) =
            in_the_way.partition(|name| self.options.adopt.iter().any(|adopted| adopted == name));
        if !foreign.is_empty() {
            return Err(EngineError::TableNotOwned {
                namespace: self.namespace.to_string(),
                location: self.store.location(),
                tables: foreign.into_iter().map(str::to_owned).collect(),
            });
        }
        let unknown = self.options.adopt.iter().filter(|name| !adopted.contains(&name.as_str()) && !is_ours(name));
        differences.extend(unknown.map(|name| format!("there is no table {name} to adopt, or no model wants it")));
        if !adopted.is_empty() {
            from.tables.extend(Live::read(self.store).await?.fitting(schema, &adopted, differences).tables);
        }
        Ok(from)
    }

    /// What the schema needs of the server, and no deploy can make, is there.
    async fn check_server(&self, schema: &Schema) -> Result<(), EngineError> {
        let Some(Requirement { statement, otherwise }) = sql::requirement(schema, self.store.dialect()) else {
            return Ok(());
        };
        match self.store.run(Job::one(statement)).await?[0].rows.is_empty() {
            true => Err(otherwise.into()),
            false => Ok(()),
        }
    }

    /// What is in the place; refused when it is somebody else's.
    async fn look(&self, ledger: &Ledger<'_>) -> Result<Present, EngineError> {
        let present = Present::read(ledger, self.store, self.namespace).await?;
        present.owner.as_ref().map_or(Ok(()), |owner| self.check_owner(owner))?;
        Ok(present)
    }

    /// The owner's row of a namespace that was activated before. A place without a ledger has lost its data, and is
    /// never filled anew by itself.
    async fn known_owner(&self, ledger: &Ledger<'_>) -> Result<Option<Owner>, EngineError> {
        let error = match ledger.owner().await {
            Ok(owner) => return Ok(owner),
            Err(error) => error,
        };
        match ledger.is_in(&ledger.tables().await?) {
            true => Err(error),
            false => Err(EngineError::LedgerMissing {
                namespace: self.namespace.to_string(),
                location: self.store.location(),
            }),
        }
    }

    fn check_owner(&self, owner: &Owner) -> Result<(), EngineError> {
        if owner.control_id == self.control_id || self.options.ownership == Ownership::TakeOver {
            return Ok(());
        }
        Err(EngineError::OwnedElsewhere {
            namespace: self.namespace.to_string(),
            owner: owner.control_id.clone(),
            generation: owner.generation,
        })
    }
}

/// What is to be done, and how it reads.
struct Planned {
    migration: Migration,
    view: PlanView,
}

/// The schema that the ledger says is there.
pub(crate) fn stored_schema(owner: &Owner, namespace: &NamespaceName) -> Result<Schema, EngineError> {
    from_stored(&owner.stored_schema, namespace)
        .map_err(|error| EngineError::LedgerUnreadable { namespace: namespace.to_string(), error })
}
