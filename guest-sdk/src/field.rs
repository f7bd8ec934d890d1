//! Typed names of fields.
//!
//! `#[derive(Model)]` makes one constant for each field, so that a misspelt field is a compile error and a check of one
//! model can't name a field of another. Knows nothing of values.

use std::fmt;
use std::marker::PhantomData;

/// A field of the model `M`, for example `Note::TEXT`.
pub struct Field<M> {
    position: u32,
    name: &'static str,
    model: PhantomData<fn() -> M>,
}

impl<M> Field<M> {
    /// For the derive.
    #[doc(hidden)]
    pub const fn new(position: u32, name: &'static str) -> Self {
        Self { position, name, model: PhantomData }
    }

    /// Position in the row.
    pub const fn position(self) -> u32 {
        self.position
    }

    /// Name in the model.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<M> Clone for Field<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Field<M> {}

impl<M> fmt::Debug for Field<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Field({})", self.name)
    }
}
