//! Records become structs and structs become rows.
//!
//! Both are positional and full width; a struct needs every field that is not an `Option`. What a record lacks is an
//! [`Unfit`], never an invented value. Does not look at constraints.

use std::fmt;

use crate::definition::{FieldDef, ModelDef};
use crate::wire::{Scalar, Value};
use crate::{Bytes, Cell, Choices, Date, Decimal, Json, Time, Timestamp, Uuid, Vector};

/// A record value by value, in the order of the model's fields.
pub type Row = Vec<Value>;

/// A struct that stands for a record. Made by `#[derive(Model)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "write `#[derive(Model)]` above `struct {Self}`"
)]
pub trait Model: Sized {
    /// Name of the model, by which others refer to it.
    const MODEL_NAME: &'static str;

    /// What the host is told about the model.
    const DEFINITION: ModelDef;

    /// The struct for the values of a record; the error says which field does not fit.
    fn from_cells<'a>(cells: impl ExactSizeIterator<Item = Cell<'a>>) -> Result<Self, Unfit>;

    /// The row for the struct.
    fn into_row(self) -> Row;
}

/// A Rust type that a field can have.
pub trait FieldValue: Sized {
    /// The type's value; none when the value given is another type's. `absent` and `null` are never a value of a type that
    /// is not an `Option`.
    fn from_cell(cell: Cell<'_>) -> Option<Self>;

    /// The value as it crosses.
    fn into_value(self) -> Value;
}

/// A Rust type that an item of a list can have.
pub trait ItemValue: FieldValue {
    /// The scalar as it crosses.
    fn into_scalar(self) -> Scalar;
}

/// Why values are not a record of the struct.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfit {
    /// The caller did not send a field that it must send, or sent null. The host refuses such a record itself.
    Lacking(&'static str),
    /// The host left out a field that it fills: a default, a key, a managed field, or any field of a stored record.
    NotFilled(&'static str),
    /// A field holds a value that is not of its type; the value's type is named.
    Mistyped(&'static str, &'static str),
    /// There are more or fewer values than the model has fields.
    Width(usize),
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacking(field) => write!(formatter, "the record lacks `{field}`"),
            Self::NotFilled(field) => write!(formatter, "the host did not fill `{field}`"),
            Self::Mistyped(field, found) => {
                write!(formatter, "`{field}` holds {found} that is not of its type")
            }
            Self::Width(width) => write!(formatter, "the record has {width} values"),
        }
    }
}

impl std::error::Error for Unfit {}

/// Reads a record field by field, in the order of the definition.
#[derive(Debug)]
pub struct Reader<I> {
    cells: I,
    fields: std::slice::Iter<'static, FieldDef>,
}

impl<'a, I: ExactSizeIterator<Item = Cell<'a>>> Reader<I> {
    /// Begins with the first field of the model.
    pub fn new<M: Model>(cells: I) -> Result<Self, Unfit> {
        let fields = M::DEFINITION.fields;
        if cells.len() != fields.len() {
            return Err(Unfit::Width(cells.len()));
        }
        Ok(Self { cells, fields: fields.iter() })
    }

    /// The next field.
    #[allow(clippy::should_implement_trait, reason = "fields differ in type: this is no iterator")]
    pub fn next<T: FieldValue>(&mut self) -> Result<T, Unfit> {
        let field = self.fields.next().expect("the derive reads as many fields as it defines");
        let cell = match self.cells.next().expect("the width was compared in `new`") {
            Cell::Absent if field.is_sequence() => NOT_NUMBERED,
            cell => cell,
        };
        T::from_cell(cell).ok_or_else(|| match cell {
            Cell::Null => Unfit::Lacking(field.name),
            Cell::Absent if field.is_sent() => Unfit::Lacking(field.name),
            Cell::Absent => Unfit::NotFilled(field.name),
            other => Unfit::Mistyped(field.name, other.name()),
        })
    }
}

/// What the struct holds while the database has not given the number yet.
pub(crate) const NOT_NUMBERED: Cell<'_> = Cell::Int(0);

impl<T: FieldValue> FieldValue for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Absent | Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: ItemValue> FieldValue for Vec<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Items(items) => items.cells().map(T::from_cell).collect(),
            _ => None,
        }
    }

    fn into_value(self) -> Value {
        Value::Items(self.into_iter().map(T::into_scalar).collect())
    }
}

impl FieldValue for Json {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Json(text) => Some(Self(text.to_owned())),
            _ => None,
        }
    }

    fn into_value(self) -> Value {
        Value::Json(self.0)
    }
}

impl<const N: usize> FieldValue for Vector<N> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Vector(numbers) => numbers.to_vec().try_into().ok(),
            _ => None,
        }
    }

    fn into_value(self) -> Value {
        Value::Vector(self.into())
    }
}

/// A type for each case that is a scalar: the value inside, and the case around it.
macro_rules! scalar_value {
    ($($case:ident($type:ty $(, any $parameter:ident: $bound:ident)?), $from:expr, $into:expr;)*) => {$(
        impl $(<$parameter: $bound>)? FieldValue for $type {
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    Cell::$case(inner) => $from(inner),
                    _ => None,
                }
            }

            fn into_value(self) -> Value {
                Value::$case($into(self))
            }
        }

        impl $(<$parameter: $bound>)? ItemValue for $type {
            fn into_scalar(self) -> Scalar {
                Scalar::$case($into(self))
            }
        }
    )*};
}

scalar_value! {
    Text(String), |text: &str| Some(text.to_owned()), std::convert::identity;
    Int(i64), Some, std::convert::identity;
    Float(f64), Some, std::convert::identity;
    Boolean(bool), Some, std::convert::identity;
    Decimal(Decimal), |digits: &str| digits.parse().ok(), |decimal: Decimal| decimal.to_string();
    TimestampUs(Timestamp), |micros| Some(Timestamp::from_micros(micros)), Timestamp::micros;
    Date(Date), |days| Some(Date::from_days(days)), Date::days;
    TimeUs(Time), |micros| Some(Time::from_micros(micros)), Time::micros;
    Uuid(Uuid), |uuid| Some(Uuid::from(uuid)), Into::into;
    Bytes(Bytes), |bytes: &[u8]| Some(bytes.into()), |bytes: Bytes| bytes.0;
    Enumeration(C, any C: Choices), C::from_text, |choice: C| choice.as_str().to_owned();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::Model;

    #[derive(Choices, Debug, PartialEq)]
    enum Genre {
        Rock,
        Jazz,
    }

    #[derive(Model, Debug, PartialEq)]
    struct Everything {
        #[field(key)]
        number: i64,
        text: String,
        float: f64,
        flag: bool,
        at: Timestamp,
        id: Uuid,
        json: Json,
        note: Option<String>,
        #[field(created_at)]
        made: Timestamp,
        #[field(precision = 4, scale = 2)]
        price: Decimal,
        day: Date,
        hour: Time,
        cover: Bytes,
        genre: Genre,
        words: Vec<String>,
        genres: Option<Vec<Genre>>,
        place: Vector<2>,
    }

    #[derive(Model)]
    struct Numbered {
        #[field(key, default = sequence)]
        number: i64,
    }

    fn row() -> Row {
        vec![
            Value::Int(7),
            Value::Text("a".to_owned()),
            Value::Float(0.5),
            Value::Boolean(true),
            Value::TimestampUs(1),
            Value::Uuid(Uuid::from_u128(2).into()),
            Value::Json("{}".to_owned()),
            Value::Null,
            Value::TimestampUs(3),
            Value::Decimal("12.50".to_owned()),
            Value::Date(-1),
            Value::TimeUs(5),
            Value::Bytes(vec![0, 255]),
            Value::Enumeration("Jazz".to_owned()),
            Value::Items(vec![Scalar::Text("a".to_owned()), Scalar::Text(String::new())]),
            Value::Items(vec![Scalar::Enumeration("Rock".to_owned())]),
            Value::Vector(vec![0.5, -1.0]),
        ]
    }

    #[test]
    fn every_type_survives_the_crossing() {
        let record = Everything::from_cells(row().iter().map(Cell::from)).expect("fits");
        assert_eq!((&record.note, record.genre == Genre::Jazz, record.cover.len()), (&None, true, 2));
        assert_eq!(record.into_row(), row());
    }

    #[test]
    fn says_what_does_not_fit() {
        let with = |position: usize, value: Value| {
            let mut row = row();
            row[position] = value;
            Everything::from_cells(row.iter().map(Cell::from))
        };
        assert_eq!(with(1, Value::Absent), Err(Unfit::Lacking("text")));
        assert_eq!(with(1, Value::Null), Err(Unfit::Lacking("text")));
        assert_eq!(with(8, Value::Absent), Err(Unfit::NotFilled("made")));
        assert_eq!(with(0, Value::Boolean(true)), Err(Unfit::Mistyped("number", "boolean")));
        assert_eq!(with(7, Value::Absent).map(|record| record.note), Ok(None));
        assert_eq!(with(13, Value::Enumeration("Polka".to_owned())), Err(Unfit::Mistyped("genre", "enumeration")));
        assert_eq!(with(14, Value::Items(vec![Scalar::Null])), Err(Unfit::Mistyped("words", "items")));
        assert_eq!(with(16, Value::Vector(vec![0.5; 3])), Err(Unfit::Mistyped("place", "vector")));
        assert_eq!(Everything::from_cells([Cell::Null].into_iter()), Err(Unfit::Width(1)));
    }
    #[test]
    fn the_number_that_the_database_will_give_is_zero_until_then() {
        let number = |cell| Numbered::from_cells([cell].into_iter()).map(|record| record.number);
        assert_eq!(number(Cell::Absent), Ok(0));
        assert_eq!(number(Cell::Int(7)), Ok(7));
        assert_eq!(number(Cell::Null), Err(Unfit::Lacking("number")));
    }
}
