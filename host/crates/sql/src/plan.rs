//! Plans: what an operation will do, decided before anything runs.
//!
//! A plan is complete: defaults, the time and fresh ids are in it, so that hooks and statements see the same record. It
//! says nothing of dialects and places.

use std::sync::Arc;

use model::{ModelDef, Row, Value};

use crate::bulk::{BulkOptions, OnConflict, Returning};
use crate::cursor::go_on;
use crate::data::complete;
use crate::example::example_call;
use crate::{Filter, Moment, Operation, OperationKind, Options, Order, PlanError, Total};

/// What an operation will do.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Write this record.
    Create {
        /// Full width; `absent` only where a required field was not sent.
        row: Row,
    },
    /// Answer the one record that matches.
    Read {
        /// Fixes the key or a unique set.
        filter: Filter,
        /// Positions of the fields to answer; all where none are named.
        fields: Option<Vec<usize>>,
    },
    /// Answer how many records match.
    Count {
        /// Which.
        filter: Filter,
    },
    /// Change the one record that matches.
    Update {
        /// Fixes the key or a unique set.
        filter: Filter,
        /// Full width; `absent` where nothing changes.
        row: Row,
        /// What `updated_at` becomes.
        now_us: i64,
    },
    /// Remove the one record that matches.
    Delete {
        /// Fixes the key or a unique set.
        filter: Filter,
    },
    /// Answer records in order.
    List {
        /// Which.
        filter: Filter,
        /// The filter without the cursor: what the cursor of the next page and the total are about.
        asked: Filter,
        /// Ends in the key, so that pages are stable.
        order_by: Vec<Order>,
        /// At most so many. One more is read, so that it is known whether a page follows.
        limit: u64,
        /// Leaving out so many.
        offset: u64,
        /// Positions of the fields to answer; all where none are named.
        fields: Option<Vec<usize>>,
        /// Whether to tell how many records match in all.
        total: Total,
    },
    /// Write these records.
    BulkCreate {
        /// Full width, as for one record; shared with the statements.
        rows: Arc<Vec<Row>>,
        /// What becomes of a record that is there already.
        on_conflict: OnConflict,
        /// What is answered.
        returning: Returning,
    },
}

/// Decides how an operation runs.
pub fn plan(operation: Operation, def: &ModelDef, moment: &Moment) -> Result<Plan, PlanError> {
    let Operation { kind, filter, data: mut row, options } = operation;
    match kind {
        OperationKind::Create => {
            complete(def, &mut row, moment);
            Ok(Plan::Create { row })
        }
        OperationKind::BulkCreate => {
            complete(def, &mut row, moment);
            let BulkOptions { on_conflict, returning, .. } = options.bulk;
            Ok(Plan::BulkCreate { rows: Arc::new(vec![row]), on_conflict, returning })
        }
        OperationKind::Read => Ok(Plan::Read { filter: unique(kind, filter, def)?, fields: options.fields }),
        OperationKind::Exists => Ok(Plan::Count { filter: unique(kind, filter, def)? }),
        OperationKind::Count => Ok(Plan::Count { filter }),
        OperationKind::Update => {
            let filter = unique(kind, filter, def)?;
            for at in &def.key {
                if !row[*at].is_absent() && filter.fixed_value(*at) != Some(&row[*at]) {
                    return Err(PlanError::KeyChange { field: def.fields[*at].name.clone() });
                }
                row[*at] = Value::Absent;
            }
            if row.iter().all(Value::is_absent) {
                return Err(PlanError::NothingToWrite);
            }
            Ok(Plan::Update { filter, row, now_us: moment.now_us })
        }
        OperationKind::Delete => Ok(Plan::Delete { filter: unique(kind, filter, def)? }),
        OperationKind::List => {
            let order_by = whole_order(options.order_by, def);
            let Options { after, limit, offset, fields, total, .. } = options;
            let asked = filter;
            let filter = match after {
                Some(cursor) => go_on(&cursor, asked.clone(), &order_by, def)?,
                None => asked.clone(),
            };
            Ok(Plan::List { filter, asked, order_by, limit, offset, fields, total })
        }
    }
}

/// The order, ended by the key, so that pages are stable.
fn whole_order(mut order_by: Vec<Order>, def: &ModelDef) -> Vec<Order> {
    for at in &def.key {
        if !order_by.iter().any(|order| order.field == *at) {
            order_by.push(Order { field: *at, descending: false });
        }
    }
    order_by
}

fn unique(kind: OperationKind, filter: Filter, def: &ModelDef) -> Result<Filter, PlanError> {
    if filter.is_unique(def) {
        return Ok(filter);
    }
    let names = |set: &[usize]| -> String {
        set.iter().map(|at| format!("`{}`", def.fields[*at].name)).collect::<Vec<_>>().join(" and ")
    };
    let sets = def.unique_sets().map(names).collect();
    Err(PlanError::NotUnique { operation: kind.name(), sets, example: example_call(kind, def) })
}
