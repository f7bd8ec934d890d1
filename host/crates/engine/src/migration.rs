//! A migration that was decided: it runs whole or not at all.
//!
//! Statements, history and owner are one transaction where tables come and go with it. On MySQL, where they do not, a row in
//! the journal says what was on its way: whoever comes after a crash takes it back before anything else ([`recover`]).

use migrate::{History, Made, MigrationPlan};
use model::NamespaceName;
use sql::{Feature, Place, Schema, Statement, any_row, any_value};
use store::{Expect, Job, Step, Store, StoreError};

use crate::EngineError;
use crate::activation::stored_schema;
use crate::ledger::{Journal, Ledger, Owner};
use crate::live::{self, Live};

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
                // The answer to the commit may be all that was lost.
                Err(StoreError::ConnectionLost { .. }) if is_recorded(ledger, owner).await => break,
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
        let (id, made) = (uuid::Uuid::new_v4().to_string(), self.plan.makes(self.store.dialect()));
        let mut journal = Journal { id, made, statements_done: 0 };
        let mut outcome = match statements.is_empty() {
            true => Ok(()),
            false => self.note(ledger, owner, &journal).await,
        };
        for statement in statements {
            if outcome.is_ok() {
                outcome = self.store.run(Job::one(statement)).await.map(drop);
            }
            if outcome.is_ok() {
                journal.statements_done += 1;
                outcome = self.note(ledger, owner, &journal).await;
            }
        }
        if outcome.is_ok() {
            let mut records = self.records(ledger, present, owner, now_us);
            records.extend(ledger.without_journal().map(|statement| Step { statement, expect: Expect::Any }));
            outcome = self.store.run(Job::steps(records)).await.map(drop);
            if outcome.is_err() && is_recorded(ledger, owner).await {
                return Ok(());
            }
        }
        if outcome.is_err() {
            // Where the database can't be asked now, whoever comes next does it.
            take_back_own(ledger, &self.store, journal).await.ok();
        }
        Ok(outcome?)
    }

    async fn note(&self, ledger: &Ledger<'_>, owner: &Owner, journal: &Journal) -> Result<(), StoreError> {
        let entry = ledger.journal_entry(owner, journal);
        self.store.run(Job::steps(entry.into_iter().collect())).await.map(drop)
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

/// Takes back what a migration left that did not come to its end.
pub(crate) async fn recover(ledger: &Ledger<'_>, store: &Store) -> Result<(), EngineError> {
    match ledger.journal(&ledger.tables().await?).await? {
        Some(journal) => take_back(ledger, store, journal, Next::MayHaveRun).await,
        None => Ok(()),
    }
}

/// As [`recover`], by the one whose statement failed; nothing where somebody else has done it meanwhile.
async fn take_back_own(ledger: &Ledger<'_>, store: &Store, own: Journal) -> Result<(), EngineError> {
    match ledger.journal(&ledger.tables().await?).await? {
        Some(found) if found.id == own.id => take_back(ledger, store, own, Next::Failed).await,
        _ => Ok(()),
    }
}

/// What is known of the statement after those that ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Failed,
    MayHaveRun,
}

/// Takes back what is there of the statements that ran, the last one first. Nothing was served with it, so that whatever is in
/// it came from elsewhere: a table with rows and a column with values stay.
async fn take_back(ledger: &Ledger<'_>, store: &Store, journal: Journal, next: Next) -> Result<(), EngineError> {
    let (place, dialect) = (store.place(), store.dialect());
    let live = Live::read(store).await?;
    let begun = journal.statements_done + usize::from(next == Next::MayHaveRun);
    let mut taken = 0;
    for (at, made) in journal.made.iter().enumerate().take(begun).rev() {
        let is_known = at < journal.statements_done;
        if !live.has(made) {
            continue;
        }
        let is_used = match made {
            Made::Table(table) => live::finds(store, any_row(table, place, dialect)).await?,
            Made::Column { filled: true, .. } if is_known => false,
            Made::Column { table, column, .. } => live::finds(store, any_value(table, column, place, dialect)).await?,
            Made::Index { .. } | Made::Reference { .. } => false,
        };
        if is_used {
            tracing::error!(
                target: "modelhost::engine", namespace = %ledger.namespace(), %made,
                "made by a migration that did not come to its end, and stays: somebody wrote into it",
            );
            continue;
        }
        if let Some(statement) = made.undo(place, dialect) {
            store.run(Job::one(statement)).await?;
            taken += 1;
        }
    }
    tracing::warn!(
        target: "modelhost::engine", namespace = %ledger.namespace(), taken,
        "a migration did not come to its end: what was there of it is taken back",
    );
    if let Some(statement) = ledger.without_journal() {
        store.run(Job::one(statement)).await?;
    }
    Ok(())
}

/// Whether the owner's row says what a migration was to end with.
async fn is_recorded(ledger: &Ledger<'_>, owner: &Owner) -> bool {
    ledger.owner().await.is_ok_and(|found| found.as_ref() == Some(owner))
}

fn is_overtaken(error: &StoreError) -> bool {
    matches!(error, StoreError::Unique(_) | StoreError::Unexpected { .. })
}
