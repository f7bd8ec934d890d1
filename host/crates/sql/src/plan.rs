//! Plans: what an operation will do, decided before anything runs.
//!
//! A plan is complete: defaults, the time and fresh ids are in it, so that hooks and statements see the same record. It
//! says nothing of dialects and places.

use model::{ModelDef, Row, Value};

use crate::data::complete;
use crate::example::example_call;
use crate::{Filter, Moment, Operation, OperationKind, Order, PlanError};

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
        /// Ends in the key, so that pages are stable.
        order_by: Vec<Order>,
        /// At most so many.
        limit: u64,
        /// Leaving out so many.
        offset: u64,
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
        OperationKind::Read => Ok(Plan::Read { filter: unique(kind, filter, def)? }),
        OperationKind::Update => {
            let filter = unique(kind, filter, def)?;
            let key_changes = !row[def.key].is_absent() && filter.fixed_value(def.key) != Some(&row[def.key]);
            if key_changes {
                return Err(PlanError::KeyChange { field: def.key_field().name.clone() });
            }
            row[def.key] = Value::Absent;
            if row.iter().all(Value::is_absent) {
                return Err(PlanError::NothingToWrite);
            }
            Ok(Plan::Update { filter, row, now_us: moment.now_us })
        }
        OperationKind::Delete => Ok(Plan::Delete { filter: unique(kind, filter, def)? }),
        OperationKind::List => {
            let mut order_by = options.order_by;
            let ends_in_key = order_by.iter().any(|order| order.field == def.key);
            if !ends_in_key {
                order_by.push(Order { field: def.key, descending: false });
            }
            Ok(Plan::List { filter, order_by, limit: options.limit, offset: options.offset })
        }
    }
}

fn unique(kind: OperationKind, filter: Filter, def: &ModelDef) -> Result<Filter, PlanError> {
    if filter.is_unique(def) {
        return Ok(filter);
    }
    let names = |set: &[usize]| -> String {
        set.iter().map(|at| format!("`{}`", def.fields[*at].name)).collect::<Vec<_>>().join(" and ")
    };
    let mut sets = vec![names(&[def.key])];
    sets.extend(def.unique.iter().map(|set| names(set)));
    Err(PlanError::NotUnique { operation: kind.name(), sets, example: example_call(kind, def) })
}
