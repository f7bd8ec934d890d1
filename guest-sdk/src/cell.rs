//! One value of a record, lent.

use std::ops::Range;

use crate::wire::{Scalar, Scalars, Uuid, Value};

/// The value of a field, or of an item of a list, where it lies. The cases are those of [`Value`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the cases are the contract's, and described there")]
pub enum Cell<'a> {
    Absent,
    Null,
    Boolean(bool),
    Int(i64),
    Float(f64),
    Decimal(&'a str),
    Text(&'a str),
    Bytes(&'a [u8]),
    Uuid(Uuid),
    TimestampUs(i64),
    Date(i32),
    TimeUs(i64),
    Json(&'a str),
    Enumeration(&'a str),
    Vector(&'a [f32]),
    Items(Items<'a>),
}

/// The items of a list, where they lie.
#[derive(Debug, Clone, Copy)]
pub struct Items<'a>(Place<'a>);

#[derive(Debug, Clone, Copy)]
enum Place<'a> {
    Column { items: &'a Scalars, start: usize, end: usize },
    List(&'a [Scalar]),
}

impl Cell<'_> {
    /// The contract's word for the case. Never the value: it may be somebody's secret, and printing every kind of value
    /// would make each plugin 40 KiB larger.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
            Self::TimestampUs(_) => "timestamp-us",
            Self::Date(_) => "date",
            Self::TimeUs(_) => "time-us",
            Self::Json(_) => "json",
            Self::Enumeration(_) => "enumeration",
            Self::Vector(_) => "vector",
            Self::Items(_) => "items",
        }
    }
}

impl<'a> Items<'a> {
    pub(crate) fn of_column(items: &'a Scalars, Range { start, end }: Range<usize>) -> Self {
        Self(Place::Column { items, start, end })
    }

    /// The items, in their order.
    pub fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        let len = match self.0 {
            Place::Column { start, end, .. } => end - start,
            Place::List(items) => items.len(),
        };
        (0..len).map(move |at| match self.0 {
            Place::Column { items, start, .. } => items.cell(start + at),
            Place::List(items) => Cell::from(&items[at]),
        })
    }
}

impl PartialEq for Items<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cells().eq(other.cells())
    }
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Absent => Self::Absent,
            Value::Null => Self::Null,
            Value::Boolean(boolean) => Self::Boolean(*boolean),
            Value::Int(int) => Self::Int(*int),
            Value::Float(float) => Self::Float(*float),
            Value::Decimal(digits) => Self::Decimal(digits),
            Value::Text(text) => Self::Text(text),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Uuid(uuid) => Self::Uuid(*uuid),
            Value::TimestampUs(us) => Self::TimestampUs(*us),
            Value::Date(days) => Self::Date(*days),
            Value::TimeUs(us) => Self::TimeUs(*us),
            Value::Json(text) => Self::Json(text),
            Value::Enumeration(label) => Self::Enumeration(label),
            Value::Vector(numbers) => Self::Vector(numbers),
            Value::Items(items) => Self::Items(Items(Place::List(items))),
        }
    }
}

impl<'a> From<&'a Scalar> for Cell<'a> {
    fn from(scalar: &'a Scalar) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Boolean(boolean) => Self::Boolean(*boolean),
            Scalar::Int(int) => Self::Int(*int),
            Scalar::Float(float) => Self::Float(*float),
            Scalar::Decimal(digits) => Self::Decimal(digits),
            Scalar::Text(text) => Self::Text(text),
            Scalar::Bytes(bytes) => Self::Bytes(bytes),
            Scalar::Uuid(uuid) => Self::Uuid(*uuid),
            Scalar::TimestampUs(us) => Self::TimestampUs(*us),
            Scalar::Date(days) => Self::Date(*days),
            Scalar::TimeUs(us) => Self::TimeUs(*us),
            Scalar::Enumeration(label) => Self::Enumeration(label),
        }
    }
}
