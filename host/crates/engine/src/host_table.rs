//! Reading and writing one table of the host's own, in the control database or in a ledger.
//!
//! The statements come from the same plans as everybody's; only whole records are read and written here.

use std::sync::Arc;

use model::{ModelDef, Row, Value};
use sql::{Filter, Order, Plan, Statement, Texts, Total};
use store::{Job, Store, StoreError};

/// Rows that one listing answers: a control table has thousands of rows, not millions.
const LIST_MAX: u64 = 1_000_000;

/// Position of the key in every table of the host.
const KEY: usize = 0;

/// One table of the host.
#[derive(Debug, Clone)]
pub(crate) struct HostTable {
    def: Arc<ModelDef>,
    texts: Arc<Texts>,
    store: Store,
}

impl HostTable {
    pub(crate) fn new(def: ModelDef, store: &Store) -> Self {
        let texts = Texts::new(&def, store.place(), store.dialect());
        Self { def: Arc::new(def), texts: Arc::new(texts), store: store.clone() }
    }

    pub(crate) fn def(&self) -> &ModelDef {
        &self.def
    }

    /// The statement that writes a new record.
    pub(crate) fn insert(&self, row: Row) -> Statement {
        self.statement(Plan::Create { row })
    }

    /// The statement that replaces a record, found by its key; `guard` must hold as well.
    pub(crate) fn replace(&self, row: &Row, guard: Filter) -> Statement {
        let filter = Filter::key(&self.def, row).and(guard);
        let mut row = row.clone();
        row[KEY] = Value::Absent;
        self.statement(Plan::Update { filter, row, now_us: 0 })
    }

    /// The statement that removes a record.
    pub(crate) fn delete(&self, key: &str) -> Statement {
        self.statement(Plan::Delete { filter: Filter::equals(KEY, Value::Text(key.to_owned())) })
    }

    /// The record with the key.
    pub(crate) async fn read(&self, key: &str) -> Result<Option<Row>, StoreError> {
        let filter = Filter::equals(KEY, Value::Text(key.to_owned()));
        let mut answers = self.store.run(Job::one(self.statement(Plan::Read { filter, fields: None }))).await?;
        Ok(answers.pop().and_then(|mut answer| answer.rows.pop()))
    }

    /// Every record that matches, in the order of the key.
    pub(crate) async fn list(&self, filter: Filter) -> Result<Vec<Row>, StoreError> {
        let order_by = vec![Order { field: KEY, descending: false }];
        let (asked, total) = (filter.clone(), Total::Untold);
        let plan = Plan::List { filter, asked, order_by, limit: LIST_MAX, offset: 0, fields: None, total };
        let mut answers = self.store.run(Job::one(self.statement(plan))).await?;
        Ok(answers.pop().map(|answer| answer.rows).unwrap_or_default())
    }

    fn statement(&self, plan: Plan) -> Statement {
        self.texts.statements(&plan, &self.def).remove(0)
    }
}
