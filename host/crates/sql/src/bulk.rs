//! Many new records in one call: `{"data": [{...}, {...}], "options": {...}}`.
//!
//! Rows are read from the body a batch at a time, so that a large call costs one batch of memory and not two bodies. What
//! is wrong with a row is told with the row's position; a batch is never half read.

use std::ops::Range;
use std::sync::Arc;

use model::{JsonError, ListItems, Members, ModelDef, Row, WireOptions, cut_list, is_json, items, members};
use serde_json::value::RawValue;

use crate::data::{complete, parse_data};
use crate::operation::{part, shape_errors};
use crate::options::parse_options;
use crate::{Moment, OperationKind, Options, Plan, PlanError};

/// Records of one call, at most: an answer that names every row that is wrong stays readable by a program.
pub const BULK_ROWS_MAX: usize = 100_000;
/// Bytes of the records of one call that are all written or none: every one of them is judged before the first is written,
/// and waits in memory.
pub const BULK_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Records that one statement writes, at most: as many as one crossing into a guest has.
pub const BATCH_SIZE_MAX: usize = 1_000;
/// Wrong rows that one answer names, at most: whoever sends thousands of them sends another file.
pub const BULK_ERRORS_MAX: usize = 1_000;

/// The part that holds the records.
const ROWS: &str = "data";

/// What becomes of a record whose key or unique set is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// The call is refused.
    Error,
    /// The record that is there stays, the new one is left out.
    Skip,
}

/// What many writes answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returning {
    /// How many records were written.
    Count,
    /// The records that were written.
    Records,
}

/// What happens together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All records are written or none.
    All,
    /// All records of a batch are written or none.
    Batch,
}

/// How many records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkOptions {
    /// What becomes of a record that is there already.
    pub on_conflict: OnConflict,
    /// What is answered.
    pub returning: Returning,
    /// What happens together.
    pub transaction: Scope,
    /// Records of one statement.
    pub batch_size: usize,
}

/// A call that writes many records, as far as it is read before the first of them.
#[derive(Debug)]
pub struct BulkCreate<'a> {
    body: &'a str,
    rows: Vec<&'a str>,
    /// How.
    pub options: Options,
}

/// The text of some records of a call, cut out so that another thread can read it.
#[derive(Debug)]
pub struct BatchText {
    /// Position of the first record.
    pub start: usize,
    text: String,
    /// Where each record stands in the text.
    rows: Vec<Range<usize>>,
    wire: WireOptions,
}

impl BulkOptions {
    pub(crate) fn unsaid() -> Self {
        Self {
            on_conflict: OnConflict::Error,
            returning: Returning::Count,
            transaction: Scope::All,
            batch_size: BATCH_SIZE_MAX,
        }
    }
}

impl<'a> BulkCreate<'a> {
    /// Reads everything of a body but what is in its rows. Rows that can still be taken back are only cut out of it; a call
    /// whose batches stay is JSON as a whole before the first of them is written.
    pub fn parse(def: &ModelDef, body: &'a str) -> Result<Self, Vec<PlanError>> {
        if let Some((around, rows)) = cut_list(body, ROWS, BULK_ROWS_MAX)
            && let Some(others) = around.members()
        {
            let bulk = Self::of(def, body, &others, Some(Ok(rows)))?;
            if bulk.options.bulk.transaction == Scope::All || is_json(body) {
                return Ok(bulk);
            }
        }
        let mut others = members(body)
            .map_err(|error| vec![PlanError::NotAnObject { what: "the request body".to_owned(), error }])?;
        let rows = others.iter().position(|(part, _)| part == ROWS).map(|at| items(others.remove(at).1.get()));
        let rows = rows.map(|rows| {
            let rows = rows?;
            Ok(ListItems { len: rows.len(), first: rows.into_iter().map(RawValue::get).collect() })
        });
        Self::of(def, body, &others, rows)
    }

    fn of(
        def: &ModelDef,
        body: &'a str,
        others: &Members<'_>,
        rows: Option<Result<ListItems<'a>, JsonError>>,
    ) -> Result<Self, Vec<PlanError>> {
        const KIND: OperationKind = OperationKind::BulkCreate;
        let mut names: Vec<&str> = others.iter().map(|(part, _)| part.as_ref()).collect();
        names.extend(rows.is_some().then_some(ROWS));
        let mut errors = shape_errors(KIND, def, &names);
        let options = parse_options(KIND, def, part(others, "options"), &mut errors);
        let rows = match rows {
            Some(Ok(rows)) if rows.len > BULK_ROWS_MAX => {
                errors.push(PlanError::TooManyRows { found: rows.len, max: BULK_ROWS_MAX });
                Vec::new()
            }
            Some(Ok(rows)) => rows.first,
            Some(Err(error)) => {
                errors.push(PlanError::NotAList { error });
                Vec::new()
            }
            None => Vec::new(),
        };
        let bulk = Self { body, rows, options };
        let (found, max) = (bulk.size_bytes(), BULK_BYTES_MAX);
        if found > max && bulk.options.bulk.transaction == Scope::All {
            errors.push(PlanError::TooLarge { found, max });
        }
        if errors.is_empty() { Ok(bulk) } else { Err(errors) }
    }

    /// Records in the call.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn size_bytes(&self) -> usize {
        self.rows.iter().map(|row| row.len()).sum()
    }

    /// Positions at which batches begin.
    pub fn batches(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.rows.len()).step_by(self.options.bulk.batch_size)
    }

    /// The text of the batch that begins at a position.
    pub fn batch(&self, start: usize) -> BatchText {
        let end = self.rows.len().min(start + self.options.bulk.batch_size);
        let place = |row: &&str| {
            let start = row.as_ptr() as usize - self.body.as_ptr() as usize;
            start..start + row.len()
        };
        let mut rows: Vec<_> = self.rows[start..end].iter().map(place).collect();
        let (first, last) = (rows.first().map_or(0, |row| row.start), rows.last().map_or(0, |row| row.end));
        rows.iter_mut().for_each(|row| *row = row.start - first..row.end - first);
        BatchText { start, text: self.body[first..last].to_owned(), rows, wire: self.options.wire }
    }

    /// The plan of records that hooks have judged.
    pub fn plan(&self, rows: Vec<Row>) -> Plan {
        let BulkOptions { on_conflict, returning, .. } = self.options.bulk;
        Plan::BulkCreate { rows: Arc::new(rows), on_conflict, returning }
    }
}

impl BatchText {
    /// The records, each full width with what the host gives to it.
    pub fn read(&self, def: &ModelDef, moment: &Moment) -> Result<Vec<Row>, Vec<PlanError>> {
        let mut errors = Vec::new();
        let mut rows = Vec::with_capacity(self.rows.len());
        for (at, place) in self.rows.iter().enumerate() {
            let before = errors.len();
            let raw = &self.text[place.clone()];
            let mut row = parse_data(OperationKind::BulkCreate, def, raw, self.wire, &mut errors);
            let found = errors.split_off(before);
            errors.extend(found.into_iter().map(|error| error.in_row(self.start + at)));
            if errors.len() >= BULK_ERRORS_MAX {
                break;
            }
            complete(def, &mut row, &moment.of_row(self.start + at));
            rows.push(row);
        }
        if errors.is_empty() { Ok(rows) } else { Err(errors) }
    }
}
