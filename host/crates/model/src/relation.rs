//! Indexes and references between models of one plugin, judged: every position exists.
//!
//! Only what they are. That a reference holds is the database's promise; names of constraints and SQL are `sql`'s.

use crate::Ident;

/// An index beside the key and the unique sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDef {
    /// What people call it.
    pub label: Option<Ident>,
    /// In order.
    pub fields: Vec<IndexField>,
    /// Only records that meet all of these stand in it.
    pub conditions: Vec<(usize, IndexCondition)>,
    /// The fields together occur once among the records that stand in it; only with conditions.
    pub unique: bool,
}

/// One field of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexField {
    /// Position of the field.
    pub field: usize,
    /// Largest first.
    pub descending: bool,
}

/// What a field of a record must be for the record to stand in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexCondition {
    /// Null.
    IsNull,
    /// Not null.
    IsNotNull,
    /// True.
    IsTrue,
    /// False.
    IsFalse,
}

/// What becomes of a record when the record that it belongs to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeleteRule {
    /// The delete is refused.
    Restrict,
    /// It is deleted too.
    Cascade,
    /// The fields that refer become null.
    SetNull,
}

/// A reference: the values of some fields are the key of a record of another model, or null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BelongsTo {
    /// The reference's name.
    pub name: Ident,
    /// Position of the other model, which may be the model itself.
    pub model: usize,
    /// Positions of the fields that refer, in the order of the other model's key.
    pub fields: Vec<usize>,
    /// What becomes of the record.
    pub on_delete: DeleteRule,
}

/// The other side of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HasMany {
    /// Its name.
    pub name: Ident,
    /// Position of the model whose records refer.
    pub model: usize,
    /// Position in its references.
    pub relation: usize,
}

impl IndexCondition {
    /// Every condition.
    pub const ALL: [Self; 4] = [Self::IsNull, Self::IsNotNull, Self::IsTrue, Self::IsFalse];

    /// The words for it in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::IsNull => "is-null",
            Self::IsNotNull => "is-not-null",
            Self::IsTrue => "is-true",
            Self::IsFalse => "is-false",
        }
    }
}

impl DeleteRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Restrict, Self::Cascade, Self::SetNull];

    /// The word for it in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Restrict => "restrict",
            Self::Cascade => "cascade",
            Self::SetNull => "set-null",
        }
    }
}
