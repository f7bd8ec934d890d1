//! Values of one scalar type, one after another.

use std::fmt::Write;

use model::{ItemType, Value};
use uuid::Uuid;

use super::bindings::modelhost::plugin::types;

/// What the model guarantees and a column relies on.
pub(super) const MISFIT: &str = "a field holds values of its type";

/// Values of one type.
pub(super) enum Scalars {
    Booleans(Vec<bool>),
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Decimals(Pieces<String>),
    Texts(Pieces<String>),
    Bytes(Pieces<Vec<u8>>),
    Uuids(Vec<types::Uuid>),
    TimestampsUs(Vec<i64>),
    Dates(Vec<i32>),
    TimesUs(Vec<i64>),
    Enumerations(Pieces<String>),
}

/// Texts, bytes or numbers in one piece, and where each of them ends.
pub(super) struct Pieces<T> {
    pub(super) ends: Vec<u32>,
    pub(super) joined: T,
}

impl Scalars {
    pub(super) fn of(item: ItemType, len: usize) -> Self {
        match item {
            ItemType::Boolean => Self::Booleans(Vec::with_capacity(len)),
            ItemType::Int => Self::Ints(Vec::with_capacity(len)),
            ItemType::Float => Self::Floats(Vec::with_capacity(len)),
            ItemType::Decimal(_) => Self::Decimals(Pieces::of(len)),
            ItemType::Text => Self::Texts(Pieces::of(len)),
            ItemType::Bytes => Self::Bytes(Pieces::of(len)),
            ItemType::Uuid => Self::Uuids(Vec::with_capacity(len)),
            ItemType::Timestamp => Self::TimestampsUs(Vec::with_capacity(len)),
            ItemType::Date => Self::Dates(Vec::with_capacity(len)),
            ItemType::Time => Self::TimesUs(Vec::with_capacity(len)),
            ItemType::Enum => Self::Enumerations(Pieces::of(len)),
        }
    }

    pub(super) fn push(&mut self, value: &Value) {
        match (self, value) {
            (Self::Booleans(booleans), Value::Boolean(boolean)) => booleans.push(*boolean),
            (Self::Ints(ints), Value::Int(int)) => ints.push(*int),
            (Self::Floats(floats), Value::Float(float)) => floats.push(*float),
            (Self::Decimals(Pieces { ends, joined }), Value::Decimal(decimal)) => {
                write!(joined, "{decimal}").expect("a text takes every digit");
                ends.push(position(joined.len()));
            }
            (Self::Texts(texts), Value::Text(text)) => texts.push(text),
            (Self::Bytes(blobs), Value::Bytes(bytes)) => blobs.push(bytes),
            (Self::Uuids(uuids), Value::Uuid(uuid)) => uuids.push(uuid_to_wit(*uuid)),
            (Self::TimestampsUs(timestamps), Value::Timestamp(us)) => timestamps.push(*us),
            (Self::Dates(dates), Value::Date(days)) => dates.push(*days),
            (Self::TimesUs(times), Value::Time(us)) => times.push(*us),
            (Self::Enumerations(labels), Value::Enum(label)) => labels.push(label),
            _ => unreachable!("{MISFIT}"),
        }
    }

    pub(super) fn push_nothing(&mut self) {
        match self {
            Self::Booleans(booleans) => booleans.push(false),
            Self::Ints(numbers) | Self::TimestampsUs(numbers) | Self::TimesUs(numbers) => numbers.push(0),
            Self::Floats(floats) => floats.push(0.0),
            Self::Decimals(texts) | Self::Texts(texts) | Self::Enumerations(texts) => texts.push(""),
            Self::Bytes(blobs) => blobs.push(&[]),
            Self::Uuids(uuids) => uuids.push(uuid_to_wit(Uuid::nil())),
            Self::Dates(dates) => dates.push(0),
        }
    }

    pub(super) fn lend(&self) -> types::Scalars<'_> {
        match self {
            Self::Booleans(booleans) => types::Scalars::Booleans(booleans),
            Self::Ints(ints) => types::Scalars::Ints(ints),
            Self::Floats(floats) => types::Scalars::Floats(floats),
            Self::Decimals(digits) => types::Scalars::Decimals(digits.lend()),
            Self::Texts(texts) => types::Scalars::Texts(texts.lend()),
            Self::Bytes(Pieces { ends, joined }) => types::Scalars::Bytes(types::Blobs { ends, joined }),
            Self::Uuids(uuids) => types::Scalars::Uuids(uuids),
            Self::TimestampsUs(timestamps) => types::Scalars::TimestampsUs(timestamps),
            Self::Dates(dates) => types::Scalars::Dates(dates),
            Self::TimesUs(times) => types::Scalars::TimesUs(times),
            Self::Enumerations(labels) => types::Scalars::Enumerations(labels.lend()),
        }
    }
}

impl<T: Default> Pieces<T> {
    pub(super) fn of(len: usize) -> Self {
        Self { ends: Vec::with_capacity(len), joined: T::default() }
    }
}

impl Pieces<String> {
    pub(super) fn push(&mut self, text: &str) {
        self.joined.push_str(text);
        self.ends.push(position(self.joined.len()));
    }

    pub(super) fn lend(&self) -> types::Texts<'_> {
        types::Texts { ends: &self.ends, joined: &self.joined }
    }
}

impl<T: Copy> Pieces<Vec<T>> {
    pub(super) fn push(&mut self, items: &[T]) {
        self.joined.extend_from_slice(items);
        self.ends.push(position(self.joined.len()));
    }
}

fn uuid_to_wit(uuid: Uuid) -> types::Uuid {
    let (high, low) = uuid.as_u64_pair();
    types::Uuid { high, low }
}

/// A count as it crosses; a guest has less memory than what does not fit.
pub(super) fn position(count: usize) -> u32 {
    u32::try_from(count).expect("a call has less than 4 GiB")
}
