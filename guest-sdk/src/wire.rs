//! The contract's types as they cross between host and plugin.
//!
//! For those who need what the derive does not offer: build a [`Manifest`] by hand, implement the `Guest` trait of
//! [`descriptor`], [`validate`] and [`normalize`], and export them with [`crate::export_component!`]. Holds no logic but
//! the conversions of parameters. Meaning and cost of each item stand in the `.wit` files.

pub use crate::bindings::exports::modelhost::plugin::descriptor::{
    self, BelongsTo, Constraint, DecimalType, DefaultValue, DeleteRule, Field, FieldType, HasMany, Hook, HookKind,
    Index, IndexCondition, IndexField, ItemType, Manifest, Model, Role, View,
};
pub use crate::bindings::exports::modelhost::plugin::normalize::{self, FieldChange};
pub use crate::bindings::exports::modelhost::plugin::validate;
pub use crate::bindings::modelhost::plugin::types::{
    Batch, Blobs, Call, Column, Gap, Lack, Lists, Operation, Scalar, Scalars, Severity, Texts, Uuid, Value, Vectors,
    Violation,
};

impl From<&str> for Scalar {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// Whatever an item of a list can be.
impl<T: crate::ItemValue> From<T> for Scalar {
    fn from(value: T) -> Self {
        value.into_scalar()
    }
}

/// Exports a type that implements the `Guest` traits of [`wire`](crate::wire) as the component.
///
/// [`export_plugin!`](crate::export_plugin) does this for models; this is for those who describe themselves by hand.
/// Outside of wasm nothing is exported, so that the crate links for tests.
#[macro_export]
macro_rules! export_component {
    ($guest:ident) => {
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_bindings!($guest with_types_in $crate::bindings);
        #[cfg(not(target_family = "wasm"))]
        const _: () = {
            const fn exported<T>()
            where
                T: $crate::wire::descriptor::Guest + $crate::wire::validate::Guest + $crate::wire::normalize::Guest,
            {
            }
            exported::<$guest>();
        };
    };
}
