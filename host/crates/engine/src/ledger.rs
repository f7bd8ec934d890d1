//! The ledger of a namespace: who owns it, which schema it has, what was applied, what is on its way. Beside the data, in
//! the same place.
//!
//! Read and written at activation and destruction only, under the namespace's session lock where it changes something.

use migrate::{
    Fingerprint, History, HistoryError, Made, MigrationPlan, StoredSchemaError, history_def, journal_def, owner_def,
};
use model::{ModelDef, NamespaceName, Value};
use sql::{Dialect, Feature, Filter, Schema, Statement, Table, create_table, tables_in};
use store::{Expect, Job, Step, Store};

use crate::EngineError;
use crate::host_table::HostTable;

/// The tables of a namespace's ledger.
pub(crate) struct Ledger<'a> {
    store: &'a Store,
    namespace: &'a NamespaceName,
    owner: HostTable,
    history: HostTable,
    /// Only where tables do not come and go with a transaction.
    journal: Option<HostTable>,
}

/// The row of `modelhost_owner`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) control_id: String,
    pub(crate) fence: i64,
    pub(crate) generation: i64,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) stored_schema: String,
}

/// The row of `modelhost_journal`.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    /// Of one try: whoever finds another one has been overtaken.
    pub(crate) id: String,
    /// What each of the statements makes.
    pub(crate) made: Vec<Made>,
    /// Statements that are known to have run; the next one may have.
    pub(crate) statements_done: usize,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(store: &'a Store, namespace: &'a NamespaceName) -> Self {
        let (owner, history) = (HostTable::new(owner_def(), store), HostTable::new(history_def(), store));
        let is_transactional = store.dialect().has(Feature::TransactionalTables);
        let journal = (!is_transactional).then(|| HostTable::new(journal_def(), store));
        Self { store, namespace, owner, history, journal }
    }

    pub(crate) fn namespace(&self) -> &NamespaceName {
        self.namespace
    }

    /// The owner's row: the one fingerprint query of an unchanged schema.
    pub(crate) async fn owner(&self) -> Result<Option<Owner>, EngineError> {
        let row = self.owner.read(self.namespace.as_str()).await?;
        Ok(row.as_deref().and_then(|row| match row {
            [
                Value::Text(_),
                Value::Text(control_id),
                Value::Int(fence),
                Value::Int(generation),
                Value::Text(fingerprint),
                Value::Text(stored_schema),
            ] => Some(Owner {
                control_id: control_id.clone(),
                fence: *fence,
                generation: *generation,
                fingerprint: Fingerprint::from_stored(fingerprint),
                stored_schema: stored_schema.clone(),
            }),
            _ => None,
        }))
    }

    /// The namespaces that the ledger knows.
    pub(crate) async fn namespaces(&self) -> Result<Vec<String>, EngineError> {
        let rows = self.owner.list(Filter::All).await?;
        let name = |row: &model::Row| match row.first() {
            Some(Value::Text(name)) => Some(name.clone()),
            _ => None,
        };
        Ok(rows.iter().filter_map(name).collect())
    }

    /// The names of the tables in the namespace's place, without its prefix.
    pub(crate) async fn tables(&self) -> Result<Vec<String>, EngineError> {
        let answers = self.store.run(Job::one(tables_in(self.store.place(), self.store.dialect()))).await?;
        let (_, prefix) = self.store.place().table("");
        let name = |row: &model::Row| match &row[0] {
            // SQLite does not tell names apart by their case.
            Value::Text(name) if self.store.dialect() == Dialect::Sqlite => {
                name.to_ascii_lowercase().strip_prefix(&prefix).map(str::to_owned)
            }
            Value::Text(name) => name.strip_prefix(&prefix).map(str::to_owned),
            _ => None,
        };
        Ok(answers.iter().flat_map(|answer| &answer.rows).filter_map(name).collect())
    }

    /// Whether the ledger's tables are among those.
    pub(crate) fn is_in(&self, tables: &[String]) -> bool {
        tables.iter().any(|name| name == self.owner.def().table.as_str())
    }

    /// The history, followed to its end.
    pub(crate) async fn history(&self) -> Result<History, EngineError> {
        let rows = self.history.list(Filter::All).await?;
        History::from_rows(&rows)
            .map_err(|error: HistoryError| EngineError::HistoryBroken { namespace: self.namespace.to_string(), error })
    }

    /// The statements that make those of the ledger's own tables that are not there. The one by which a ledger is known comes
    /// last.
    pub(crate) fn creation(&self, present: &[String]) -> Result<Vec<Statement>, EngineError> {
        let defs = self.own_tables();
        let missing = defs.iter().filter(|def| !present.iter().any(|name| name == def.table.as_str()));
        let create = |def: &&ModelDef| {
            create_table(&Table::of(def, &[], self.namespace), self.store.place(), self.store.dialect())
        };
        Ok(missing.map(create).collect::<Result<_, _>>()?)
    }

    fn own_tables(&self) -> Vec<&ModelDef> {
        self.journal.iter().chain([&self.history, &self.owner]).map(HostTable::def).collect()
    }

    /// What was on its way when a migration did not come to its end.
    pub(crate) async fn journal(&self, present: &[String]) -> Result<Option<Journal>, EngineError> {
        let is_there = |table: &&HostTable| present.iter().any(|name| name == table.def().table.as_str());
        let Some(journal) = self.journal.as_ref().filter(is_there) else { return Ok(None) };
        let Some(row) = journal.read(self.namespace.as_str()).await? else { return Ok(None) };
        let [_, Value::Text(id), _, _, Value::Text(made), Value::Int(done)] = row.as_slice() else { return Ok(None) };
        let unreadable = |line: &str| EngineError::LedgerUnreadable {
            namespace: self.namespace.to_string(),
            error: StoredSchemaError { line: line.to_owned() },
        };
        let read = |line: &str| Made::from_line(line, self.namespace).ok_or_else(|| unreadable(line));
        let made = made.lines().map(read).collect::<Result<_, _>>()?;
        Ok(Some(Journal { id: id.clone(), made, statements_done: usize::try_from(*done).unwrap_or(0) }))
    }

    /// The step that says what is on its way, and then how far it is; it fails where somebody else has taken over.
    pub(crate) fn journal_entry(&self, owner: &Owner, entry: &Journal) -> Option<Step> {
        let made: Vec<String> = entry.made.iter().map(Made::to_line).collect();
        let row = vec![
            Value::Text(self.namespace.to_string()),
            Value::Text(entry.id.clone()),
            Value::Text(owner.control_id.clone()),
            Value::Int(owner.generation),
            Value::Text(made.join("\n")),
            Value::Int(i64::try_from(entry.statements_done).unwrap_or(i64::MAX)),
        ];
        let journal = self.journal.as_ref()?;
        let statement = match entry.statements_done {
            0 => journal.insert(row),
            _ => journal.replace(&row, Filter::equals(1, Value::Text(entry.id.clone()))),
        };
        Some(Step { statement, expect: Expect::ExactlyOne })
    }

    /// The statement that says that nothing is on its way.
    pub(crate) fn without_journal(&self) -> Option<Statement> {
        Some(self.journal.as_ref()?.delete(self.namespace.as_str()))
    }

    /// The statement that records an owner; it changes nothing when somebody else was faster.
    pub(crate) fn record(&self, owner: &Owner, before: Option<&Owner>) -> Statement {
        let row = vec![
            Value::Text(self.namespace.to_string()),
            Value::Text(owner.control_id.clone()),
            Value::Int(owner.fence),
            Value::Int(owner.generation),
            Value::Text(owner.fingerprint.to_string()),
            Value::Text(owner.stored_schema.clone()),
        ];
        match before {
            None => self.owner.insert(row),
            Some(before) => self.owner.replace(&row, Filter::equals(2, Value::Int(before.fence))),
        }
    }

    /// The statement that continues the history.
    pub(crate) fn entry(&self, history: &History, owner: &Owner, plan: &MigrationPlan, now_us: i64) -> Statement {
        let entry = history.next(owner.generation, owner.fingerprint.clone(), plan.to_text(), now_us);
        self.history.insert(entry.to_row())
    }

    /// The tables that the ledger says are the namespace's, its own last.
    pub(crate) fn owned_tables(&self, schema: &Schema) -> Vec<model::Ident> {
        let tables = schema.tables.iter().map(|table| table.name.clone());
        tables.chain(self.own_tables().into_iter().map(|def| def.table.clone())).collect()
    }
}
