//! Records in columns: what crosses into the guest.
//!
//! One pass over the records appends each value to the column of its field; the guest is lent the columns, of which
//! wasmtime copies most in one piece. Row by row each text and each row would be a call of the guest's allocator.

use model::{FieldType, ModelDef, Row, Value};

use super::bindings::modelhost::plugin::types;
use super::scalars::{MISFIT, Pieces, Scalars, position};

/// The records of one call.
pub(super) struct Batch {
    len: u32,
    columns: Vec<Column>,
    gaps: Vec<types::Gap>,
}

/// The values of one field, of one length.
enum Column {
    Scalars(Scalars),
    Documents(Pieces<String>),
    Vectors(Pieces<Vec<f32>>),
    Lists { ends: Vec<u32>, items: Scalars },
}

impl Batch {
    pub(super) fn of(model: &ModelDef, rows: &[&Row]) -> Self {
        let columns = model.fields.iter().map(|field| Column::of(field.field_type, rows.len())).collect();
        let mut batch = Self { len: position(rows.len()), columns, gaps: Vec::new() };
        for (index, row) in (0..).zip(rows) {
            assert_eq!(row.len(), batch.columns.len(), "a row is full width: a guest judges no other record's values");
            for ((field, column), value) in (0..).zip(&mut batch.columns).zip(*row) {
                let lack = match value {
                    Value::Absent => types::Lack::Absent,
                    Value::Null => types::Lack::Null,
                    value => {
                        column.push(value);
                        continue;
                    }
                };
                column.push_nothing();
                batch.gaps.push(types::Gap { index, field, lack });
            }
        }
        batch
    }

    pub(super) fn columns(&self) -> Vec<types::Column<'_>> {
        self.columns.iter().map(Column::lend).collect()
    }

    pub(super) fn lend<'a>(&'a self, columns: &'a [types::Column<'a>]) -> types::Batch<'a> {
        types::Batch { len: self.len, columns, gaps: &self.gaps }
    }
}

impl Column {
    fn of(field_type: FieldType, len: usize) -> Self {
        match field_type {
            FieldType::Json => Self::Documents(Pieces::of(len)),
            FieldType::Vector(_) => Self::Vectors(Pieces::of(len)),
            FieldType::List(item) => Self::Lists { ends: Vec::with_capacity(len), items: Scalars::of(item, 0) },
            scalar => Self::Scalars(Scalars::of(scalar.as_item().expect("what is no scalar stands above"), len)),
        }
    }

    fn push(&mut self, value: &Value) {
        match (self, value) {
            (Self::Scalars(scalars), value) => scalars.push(value),
            (Self::Documents(documents), Value::Json(document)) => documents.push(document),
            (Self::Vectors(vectors), Value::Vector(numbers)) => vectors.push(numbers),
            (Self::Lists { ends, items }, Value::List(list)) => {
                list.iter().for_each(|item| items.push(item));
                ends.push(ends.last().copied().unwrap_or(0) + position(list.len()));
            }
            _ => unreachable!("{MISFIT}"),
        }
    }

    fn push_nothing(&mut self) {
        match self {
            Self::Scalars(scalars) => scalars.push_nothing(),
            Self::Documents(documents) => documents.push(""),
            Self::Vectors(vectors) => vectors.push(&[]),
            Self::Lists { ends, .. } => ends.push(ends.last().copied().unwrap_or(0)),
        }
    }

    fn lend(&self) -> types::Column<'_> {
        match self {
            Self::Scalars(scalars) => types::Column::Scalars(scalars.lend()),
            Self::Documents(documents) => types::Column::Documents(documents.lend()),
            Self::Vectors(Pieces { ends, joined: numbers }) => types::Column::Vectors(types::Vectors { ends, numbers }),
            Self::Lists { ends, items } => types::Column::Lists(types::Lists { ends, items: items.lend() }),
        }
    }
}
