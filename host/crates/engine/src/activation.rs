//! Activation: a loaded plugin becomes a namespace's next generation.
//!
//! The only place where tables come into being. It adds what is new and refuses everything else with the plan; an unchanged
//! schema costs one query. Nothing changes unless everything succeeds: statements, history and owner are one transaction,
//! and the swap comes last.

use std::sync::Arc;

use migrate::{History, MigrationPlan, diff, fingerprint, from_stored, to_stored};
use model::NamespaceName;
use sandbox::{Limits, Plugin};
use sql::{Feature, Place, Requirement, Schema};
use store::{Expect, Job, Step, Store, StoreError};

use crate::ledger::{Ledger, Owner};
use crate::{EngineError, Generation};

/// How long activation waits for another migrator of the same namespace.
const LOCK_WAIT_MS: u64 = 5_000;

/// What activation needs to know.
pub(crate) struct Activation<'a> {
    pub(crate) control_id: &'a str,
    pub(crate) namespace: &'a NamespaceName,
    pub(crate) store: &'a Store,
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) limits: Limits,
    pub(crate) now_us: i64,
}

/// Whether the control database says that the namespace was activated before. Only then is its ledger known to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Yes,
    No,
}

/// What a namespace's place holds before a migration.
struct Present {
    tables: Vec<String>,
    has_ledger: bool,
    owner: Option<Owner>,
    history: History,
    schema: Schema,
}

impl Activation<'_> {
    /// Prepares generation `number`: afterwards the tables fit the plugin. Answers the generation and what was applied.
    pub(crate) async fn run(self, number: i64, known: Known) -> Result<(Generation, MigrationPlan), EngineError> {
        let schema = Schema::of(self.plugin.manifest(), self.namespace);
        let ledger = Ledger::new(self.store, self.namespace);
        let owner = match known {
            Known::Yes => self.known_owner(&ledger).await?,
            Known::No => None,
        };
        let unchanged = owner
            .as_ref()
            .is_some_and(|owner| owner.control_id == self.control_id && owner.fingerprint == fingerprint(&schema));
        let applied = match unchanged {
            true => MigrationPlan { changes: Vec::new() },
            false => self.migrate(&ledger, &schema, number).await?,
        };
        let store = self.store.clone();
        let generation = Generation::new(number, self.namespace.clone(), self.plugin, self.limits, store);
        Ok((generation, applied))
    }

    async fn migrate(&self, ledger: &Ledger<'_>, schema: &Schema, number: i64) -> Result<MigrationPlan, EngineError> {
        self.check_server(schema).await?;
        let _lock = self.store.lock(LOCK_WAIT_MS).await?;
        let present = self.look(ledger).await?;
        let plan = diff(&present.schema, schema).on(self.store.dialect());
        self.check_foreign(&present.tables, &present.schema, schema)?;
        if plan.refused().next().is_some() {
            return Err(EngineError::ChangeRefused { namespace: self.namespace.to_string(), plan });
        }
        let owner = Owner {
            control_id: self.control_id.to_owned(),
            fence: present.owner.as_ref().map_or(1, |owner| owner.fence + 1),
            generation: number,
            fingerprint: fingerprint(schema),
            stored_schema: to_stored(schema),
        };
        match self.apply(ledger, &present, &plan, &owner).await {
            Ok(()) => Ok(plan),
            // Somebody else wrote the owner's row between our reading and our writing.
            Err(EngineError::Store(error)) if is_overtaken(&error) => Err(EngineError::OwnedElsewhere {
                namespace: self.namespace.to_string(),
                owner: "another host".to_owned(),
                generation: number,
            }),
            Err(error) => Err(error),
        }
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

    /// Runs the plan's statements, then the history's and the owner's: in one transaction where tables come and go with it.
    /// Where they do not, what was made is taken back when a later statement fails.
    async fn apply(
        &self,
        ledger: &Ledger<'_>,
        present: &Present,
        plan: &MigrationPlan,
        owner: &Owner,
    ) -> Result<(), EngineError> {
        let (place, dialect) = (self.store.place(), self.store.dialect());
        let mut changes = plan.statements(place, dialect)?;
        if !present.has_ledger {
            let at = usize::from(sql::create_place(place, dialect).is_some());
            changes.splice(at..at, ledger.creation()?);
        }
        let records = self.records(ledger, present, plan, owner);
        if dialect.has(Feature::TransactionalTables) {
            let changes = changes.into_iter().map(|statement| Step { statement, expect: Expect::Any });
            self.store.run(Job::steps(changes.chain(records).collect())).await?;
            return Ok(());
        }
        let mut outcome = Ok(());
        for statement in changes {
            outcome = self.store.run(Job::one(statement)).await.map(drop);
            if outcome.is_err() {
                break;
            }
        }
        if outcome.is_ok() {
            outcome = self.store.run(Job::steps(records)).await.map(drop);
        }
        if outcome.is_err() {
            // Each of these fails where the statement that it takes back did not run.
            for statement in plan.undo(place, dialect) {
                self.store.run(Job::one(statement)).await.ok();
            }
        }
        Ok(outcome?)
    }

    /// What is in the place; refused when it is somebody else's.
    async fn look(&self, ledger: &Ledger<'_>) -> Result<Present, EngineError> {
        let tables = ledger.tables().await?;
        let has_ledger = ledger.is_in(&tables);
        let owner = if has_ledger { ledger.owner().await? } else { None };
        if let (None, true, Place::Own) = (&owner, has_ledger, self.store.place())
            && let Some(other) = ledger.namespaces().await?.pop()
        {
            return Err(EngineError::PlaceOwned { namespace: self.namespace.to_string(), other });
        }
        let (history, schema) = match &owner {
            Some(owner) => {
                self.check_owner(owner)?;
                let schema = from_stored(&owner.stored_schema, self.namespace)
                    .map_err(|error| EngineError::LedgerUnreadable { namespace: self.namespace.to_string(), error })?;
                (ledger.history().await?, schema)
            }
            None => (History::from_rows(&[]).expect("an empty history is unbroken"), Schema { tables: Vec::new() }),
        };
        Ok(Present { tables, has_ledger, owner, history, schema })
    }

    /// What ends a migration: its history, and the owner's row as a guard.
    fn records(&self, ledger: &Ledger<'_>, present: &Present, plan: &MigrationPlan, owner: &Owner) -> Vec<Step> {
        let entry = (!plan.is_empty()).then(|| ledger.entry(&present.history, owner, plan, self.now_us));
        let mut steps: Vec<Step> = entry.into_iter().map(|statement| Step { statement, expect: Expect::Any }).collect();
        steps.push(Step { statement: ledger.record(owner, present.owner.as_ref()), expect: Expect::ExactlyOne });
        steps
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
        if owner.control_id == self.control_id {
            return Ok(());
        }
        Err(EngineError::OwnedElsewhere {
            namespace: self.namespace.to_string(),
            owner: owner.control_id.clone(),
            generation: owner.generation,
        })
    }

    /// A table that is there and not recorded as ours belongs to somebody else, whatever it looks like.
    fn check_foreign(&self, tables: &[String], present: &Schema, wanted: &Schema) -> Result<(), EngineError> {
        let is_ours = |name: &str| present.tables.iter().any(|table| table.name.as_str() == name);
        let is_wanted = |name: &str| wanted.tables.iter().any(|table| table.name.as_str() == name);
        let foreign: Vec<String> = tables.iter().filter(|name| is_wanted(name) && !is_ours(name)).cloned().collect();
        if foreign.is_empty() {
            return Ok(());
        }
        Err(EngineError::TableNotOwned {
            namespace: self.namespace.to_string(),
            location: self.store.location(),
            tables: foreign,
        })
    }
}

fn is_overtaken(error: &StoreError) -> bool {
    matches!(error, StoreError::Unique(_) | StoreError::Unexpected { .. })
}
