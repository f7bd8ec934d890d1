//! A migration that was decided: it runs whole or not at all.
//!
//! Statements, history and owner are one transaction where tables come and go with it. On MySQL, where they do not, a row in
//! the journal says what was on its way: whoever comes after a crash takes it back before anything else ([`recover`]).

use migrate::{History, MigrationPlan, diff};
use model::{Ident, NamespaceName};
use sql::{Feature, Place, Schema, Statement};
use store::{Expect, Job, Step, Store, StoreError};

use crate::EngineError;
use crate::activation::stored_schema;
use crate::ledger::{Journal, Ledger, Owner};
use crate::live;

/// How often a migration is tried that could not have its locks.
const TRIES: u32 = 3;
/// Before the second try; the third waits four times as long.
const TRY_AGAIN_MS: u64 = 100;

/// What a namespace's place holds before a migration.
pub(crate) struct Present {
    pub(crate) tables: Vec<String>,
    pub(crate) has_ledger: bool,
    pub(crate) owner: Option<Owner>,
    pub(crate) history: History,
    pub(crate) schema: Schema,
}

/// What is to be done to the tables.
pub(crate) struct Migration {
    pub(crate) store: Store,
    pub(crate) plan: MigrationPlan,
    /// The schema before.
    pub(crate) source: Schema,
    /// The schema afterwards.
    pub(crate) target: Schema,
}

impl Present {
    pub(crate) async fn read(
        ledger: &Ledger<'_>,
        store: &Store,
        namespace: &NamespaceName,
    ) -> Result<Self, EngineError> {
        let tables = ledger.tables().await?;
        let has_ledger = ledger.is_in(&tables);
        let owner = if has_ledger { ledger.owner().await? } else { None };
        if let (None, true, Place::Own) = (&owner, has_ledger, store.place())
            && let Some(other) = ledger.namespaces().await?.pop()
        {
            return Err(EngineError::PlaceOwned { namespace: namespace.to_string(), other });
        }
        let (history, schema) = match &owner {
            Some(owner) => (ledger.history().await?, stored_schema(owner, namespace)?),
            None => (History::from_rows(&[]).expect("an empty history is unbroken"), Schema { tables: Vec::new() }),
        };
        Ok(Self { tables, has_ledger, owner, history, schema })
    }
}

impl Migration {
    /// Runs it, and records that `owner` owns the namespace with the schema that comes of it.
    pub(crate) async fn apply(
        &self,
        ledger: &Ledger<'_>,
        present: &Present,
        owner: &Owner,
        now_us: i64,
    ) -> Result<(), EngineError> {
        let is_transactional = self.store.dialect().has(Feature::TransactionalTables);
        let outcome = match is_transactional {
            true => self.in_one_transaction(ledger, present, owner, now_us).await,
            false => self.one_by_one(ledger, present, owner, now_us).await,
        };
        match outcome {
            // Somebody else wrote the owner's row between our reading and our writing.
            Err(EngineError::Store(error)) if is_overtaken(&error) => Err(EngineError::OwnedElsewhere {
                namespace: ledger.namespace().to_string(),
                owner: "another host".to_owned(),
                generation: owner.generation,
            }),
            outcome => outcome,
        }
    }

    async fn in_one_transaction(
        &self,
        ledger: &Ledger<'_>,
        present: &Present,
        owner: &Owner,
        now_us: i64,
    ) -> Result<(), EngineError> {
        let (place, mut statements) = self.statements(ledger, present)?;
        statements.splice(0..0, place);
        let any = |statement| Step { statement, expect: Expect::Any };
        let mut steps: Vec<Step> = statements.into_iter().map(any).collect();
        steps.extend(self.records(ledger, present, owner, now_us));
        for tried in 1.. {
            match self.store.run(Job::steps(steps.clone())).await {
                Ok(_) => break,
                // Whoever uses a table keeps its migration waiting; whoever waits for long keeps everybody waiting.
                Err(StoreError::Busy { .. }) if tried < TRIES => {
                    tracing::warn!(
                        target: "modelhost::engine",
                        namespace = %ledger.namespace(), tried, "a table is in use: the migration is tried again",
                    );
                    let pause = TRY_AGAIN_MS * 4_u64.pow(tried - 1);
                    tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn one_by_one(
        &self,
        ledger: &Ledger<'_>,
        present: &Present,
        owner: &Owner,
        now_us: i64,
    ) -> Result<(), EngineError> {
        let (place, mut statements) = self.statements(ledger, present)?;
        let of_ledger = statements.drain(..ledger.creation(&present.tables)?.len()).collect::<Vec<_>>();
        for statement in place.into_iter().chain(of_ledger) {
            self.store.run(Job::one(statement)).await?;
        }
        let mut journal = Journal { before: self.source.clone(), after: self.target.clone(), statements_done: 0 };
        if !statements.is_empty() {
            self.note(ledger, owner, &journal).await?;
        }
        let mut outcome = Ok(());
        for statement in statements {
            outcome = self.store.run(Job::one(statement)).await.map(drop);
            if outcome.is_err() {
                break;
            }
            journal.statements_done += 1;
            self.note(ledger, owner, &journal).await?;
        }
        if outcome.is_ok() {
            let mut records = self.records(ledger, present, owner, now_us);
            records.extend(ledger.without_journal().map(|statement| Step { statement, expect: Expect::Any }));
            outcome = self.store.run(Job::steps(records)).await.map(drop);
        }
        if outcome.is_err() {
            // Where that fails too, whoever comes next does it.
            take_back(ledger, &self.store, journal).await.ok();
        }
        Ok(outcome?)
    }

    async fn note(&self, ledger: &Ledger<'_>, owner: &Owner, journal: &Journal) -> Result<(), EngineError> {
        if let Some(entry) = ledger.journal_entry(owner, journal) {
            self.store.run(Job::one(entry)).await?;
        }
        Ok(())
    }

    /// What makes the place, and then the tables, the ledger's first.
    fn statements(
        &self,
        ledger: &Ledger<'_>,
        present: &Present,
    ) -> Result<(Option<Statement>, Vec<Statement>), EngineError> {
        let (place, dialect) = (self.store.place(), self.store.dialect());
        let mut statements = ledger.creation(&present.tables)?;
        let made = sql::create_place(place, dialect).filter(|_| !present.has_ledger);
        statements.extend(self.plan.statements(place, dialect)?);
        Ok((made, statements))
    }

    /// What ends a migration: its history, and the owner's row as a guard.
    fn records(&self, ledger: &Ledger<'_>, present: &Present, owner: &Owner, now_us: i64) -> Vec<Step> {
        let entry = (!self.plan.is_empty()).then(|| ledger.entry(&present.history, owner, &self.plan, now_us));
        let mut steps: Vec<Step> = entry.into_iter().map(|statement| Step { statement, expect: Expect::Any }).collect();
        steps.push(Step { statement: ledger.record(owner, present.owner.as_ref()), expect: Expect::ExactlyOne });
        steps
    }
}

/// Takes back what a migration left that did not come to its end. Nothing was served with it, so that nothing is in it.
pub(crate) async fn recover(ledger: &Ledger<'_>, store: &Store) -> Result<(), EngineError> {
    let tables = ledger.tables().await?;
    let Some(mut journal) = ledger.journal(&tables).await? else { return Ok(()) };
    // Nobody knows of the next one.
    journal.statements_done += 1;
    take_back(ledger, store, journal).await
}

/// Takes back what is there of the statements that may have run. What is there and was before was told before they began.
async fn take_back(ledger: &Ledger<'_>, store: &Store, journal: Journal) -> Result<(), EngineError> {
    let (place, dialect) = (store.place(), store.dialect());
    let plan = diff(&journal.before, &journal.after).on(dialect);
    let asked: Vec<Ident> = plan.asks_about().into_iter().cloned().collect();
    let (live, names) = live::everything(store).await?;
    let begun = plan.with_empty(&asked).begun(journal.statements_done, place, dialect)?;
    let made = begun.made(&live, &names, place);
    tracing::warn!(
        target: "modelhost::engine",
        namespace = %ledger.namespace(), changes = made.changes.len(),
        "a migration did not come to its end: what is there of it is taken back",
    );
    for statement in made.undo(place, dialect).into_iter().chain(ledger.without_journal()) {
        store.run(Job::one(statement)).await?;
    }
    Ok(())
}

fn is_overtaken(error: &StoreError) -> bool {
    matches!(error, StoreError::Unique(_) | StoreError::Unexpected { .. })
}
