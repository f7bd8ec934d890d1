//! Records as the host hands them over: in columns, read here record by record.
//!
//! Nothing is copied before a struct wants it. The host is trusted to send what the contract says; where it does not,
//! reading panics.

use std::ops::Range;

use crate::Cell;
use crate::cell::Items;
use crate::wire::{Batch, Column, Gap, Lack, Scalars};

/// The records of a batch, in their order.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    columns: &'a [Column],
    /// Those of the records that are not read yet.
    gaps: &'a [Gap],
    left: Range<u32>,
}

/// The values of a record, in the order of the model's fields.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    columns: std::iter::Enumerate<std::slice::Iter<'a, Column>>,
    index: usize,
    /// Those of the fields that are not read yet.
    gaps: &'a [Gap],
}

impl Batch {
    /// The records, in their order.
    pub fn records(&self) -> Records<'_> {
        Records { columns: &self.columns, gaps: &self.gaps, left: 0..self.len }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let index = self.left.next()?;
        let own = self.gaps.iter().take_while(|gap| gap.index == index).count();
        let (gaps, later) = self.gaps.split_at(own);
        self.gaps = later;
        Some(Record { columns: self.columns.iter().enumerate(), index: index as usize, gaps })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<'a> Iterator for Record<'a> {
    type Item = Cell<'a>;

    fn next(&mut self) -> Option<Cell<'a>> {
        let (field, column) = self.columns.next()?;
        if let [gap, later @ ..] = self.gaps
            && gap.field as usize == field
        {
            self.gaps = later;
            return Some(match gap.lack {
                Lack::Absent => Cell::Absent,
                Lack::Null => Cell::Null,
            });
        }
        Some(column.cell(self.index))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.columns.size_hint()
    }
}

impl ExactSizeIterator for Record<'_> {}

impl Column {
    fn cell(&self, at: usize) -> Cell<'_> {
        match self {
            Self::Scalars(scalars) => scalars.cell(at),
            Self::Documents(texts) => Cell::Json(&texts.joined[piece(&texts.ends, at)]),
            Self::Vectors(vectors) => Cell::Vector(&vectors.numbers[piece(&vectors.ends, at)]),
            Self::Lists(lists) => Cell::Items(Items::of_column(&lists.items, piece(&lists.ends, at))),
        }
    }
}

impl Scalars {
    pub(crate) fn cell(&self, at: usize) -> Cell<'_> {
        match self {
            Self::Booleans(booleans) => Cell::Boolean(booleans[at]),
            Self::Ints(ints) => Cell::Int(ints[at]),
            Self::Floats(floats) => Cell::Float(floats[at]),
            Self::Decimals(digits) => Cell::Decimal(&digits.joined[piece(&digits.ends, at)]),
            Self::Texts(texts) => Cell::Text(&texts.joined[piece(&texts.ends, at)]),
            Self::Bytes(blobs) => Cell::Bytes(&blobs.joined[piece(&blobs.ends, at)]),
            Self::Uuids(uuids) => Cell::Uuid(uuids[at]),
            Self::TimestampsUs(timestamps) => Cell::TimestampUs(timestamps[at]),
            Self::Dates(dates) => Cell::Date(dates[at]),
            Self::TimesUs(times) => Cell::TimeUs(times[at]),
            Self::Enumerations(labels) => Cell::Enumeration(&labels.joined[piece(&labels.ends, at)]),
        }
    }
}

/// Where one of several pieces lies, of which it is known where each ends.
fn piece(ends: &[u32], at: usize) -> Range<usize> {
    let start = if at == 0 { 0 } else { ends[at - 1] };
    start as usize..ends[at] as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Blobs, Lists, Scalar, Texts, Uuid, Value, Vectors};

    fn texts(texts: [&str; 2]) -> Texts {
        let [first, both] = [texts[0].len(), texts.concat().len()];
        Texts { ends: vec![first as u32, both as u32], joined: texts.concat() }
    }

    /// Two records with a field of each kind; the last field of the first and the first of the last have no value.
    fn batch() -> Batch {
        let uuids = [1, 2].map(|low| Uuid { high: 7, low });
        let scalars = [
            Scalars::Booleans(vec![true, false]),
            Scalars::Ints(vec![i64::MIN, i64::MAX]),
            Scalars::Floats(vec![-0.0, 0.5]),
            Scalars::Decimals(texts(["1.50", "-2.00"])),
            Scalars::Texts(texts(["", "\u{1f600}b"])),
            Scalars::Bytes(Blobs { ends: vec![2, 2], joined: vec![0, 255] }),
            Scalars::Uuids(uuids.to_vec()),
            Scalars::TimestampsUs(vec![1, -1]),
            Scalars::Dates(vec![2, -2]),
            Scalars::TimesUs(vec![3, 4]),
            Scalars::Enumerations(texts(["new", "old"])),
        ];
        let mut columns: Vec<Column> = scalars.map(Column::Scalars).into();
        let items = Scalars::Texts(texts(["a", "bc"]));
        columns.push(Column::Documents(texts(["{}", "[1]"])));
        columns.push(Column::Lists(Lists { ends: vec![0, 2], items }));
        columns.push(Column::Vectors(Vectors { ends: vec![0, 2], numbers: vec![0.5, 1.5] }));
        let gap = |index, field, lack| Gap { index, field, lack };
        Batch { len: 2, columns, gaps: vec![gap(0, 13, Lack::Absent), gap(1, 0, Lack::Null)] }
    }

    fn rows() -> [Vec<Value>; 2] {
        let owned = str::to_owned;
        let text = |text: &str| Scalar::Text(text.to_owned());
        let first = vec![
            Value::Boolean(true),
            Value::Int(i64::MIN),
            Value::Float(-0.0),
            Value::Decimal(owned("1.50")),
            Value::Text(String::new()),
            Value::Bytes(vec![0, 255]),
            Value::Uuid(Uuid { high: 7, low: 1 }),
            Value::TimestampUs(1),
            Value::Date(2),
            Value::TimeUs(3),
            Value::Enumeration(owned("new")),
            Value::Json(owned("{}")),
            Value::Items(Vec::new()),
            Value::Absent,
        ];
        let second = vec![
            Value::Null,
            Value::Int(i64::MAX),
            Value::Float(0.5),
            Value::Decimal(owned("-2.00")),
            Value::Text(owned("\u{1f600}b")),
            Value::Bytes(Vec::new()),
            Value::Uuid(Uuid { high: 7, low: 2 }),
            Value::TimestampUs(-1),
            Value::Date(-2),
            Value::TimeUs(4),
            Value::Enumeration(owned("old")),
            Value::Json(owned("[1]")),
            Value::Items(vec![text("a"), text("bc")]),
            Value::Vector(vec![0.5, 1.5]),
        ];
        [first, second]
    }

    #[test]
    fn every_kind_of_column_is_read_where_it_lies() {
        let (batch, rows) = (batch(), rows());
        let records: Vec<Vec<Cell<'_>>> = batch.records().map(Iterator::collect).collect();
        let expected: Vec<Vec<Cell<'_>>> = rows.iter().map(|row| row.iter().map(Cell::from).collect()).collect();
        assert_eq!(records, expected);
    }

    #[test]
    fn a_batch_may_have_no_record() {
        assert_eq!(Batch { len: 0, columns: Vec::new(), gaps: Vec::new() }.records().count(), 0);
    }
}
