//! What the derive can't see, because it takes two types: judged while the plugin is compiled.
//!
//! The derive calls these from constants; a panic is then a compile error at the place that the author wrote. Invariant: a
//! struct that does not compile itself ([`ModelDef::UNKNOWN`]) passes, so that one mistake is one error.

use super::{FieldType, ModelDef, ScalarType};

/// Panics unless the fields of a reference are of the types of the other model's key.
pub const fn refers(from: &ModelDef, reference: usize, to: &ModelDef) {
    let fields = from.belongs_to[reference].fields;
    if to.fields.is_empty() {
        return;
    }
    assert!(
        fields.len() == to.key.len(),
        "a reference has one field for each field of the key of the model that it refers to: several are listed above the struct, `belongs_to(Model, fields = [...], name = \"...\")`"
    );
    let mut at = 0;
    while at < fields.len() {
        let ours = &from.fields[fields[at] as usize].field_type;
        let theirs = &to.fields[to.key[at] as usize].field_type;
        assert!(
            is_same_type(ours, theirs),
            "a field that refers has the type of the key field that it refers to (it may be an `Option` of it)"
        );
        at += 1;
    }
}

/// Panics unless the other model has a reference of that name to this one.
pub const fn is_referred_to(one: &ModelDef, has_many: usize, many: &ModelDef) {
    if many.fields.is_empty() {
        return;
    }
    let relation = one.has_many[has_many].relation;
    let mut at = 0;
    while at < many.belongs_to.len() {
        if is_same_text(many.belongs_to[at].name, relation) && is_same_text(many.belongs_to[at].model, one.name) {
            return;
        }
        at += 1;
    }
    panic!(
        "the other model has no `belongs_to` to this one that is called as this model is; one that is called otherwise is named: `has_many(name: Model, relation = \"...\")`"
    );
}

/// The text, when it is one of an enum's; a panic otherwise.
pub const fn chosen(texts: &'static [&'static str], text: &'static str) -> &'static str {
    let mut at = 0;
    while at < texts.len() {
        if is_same_text(texts[at], text) {
            return texts[at];
        }
        at += 1;
    }
    panic!("no variant of the enum has this text")
}

/// Whether two texts are the same, also in a constant.
pub(crate) const fn is_same_text(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Of the types that a key can have.
const fn is_same_type(one: &FieldType, other: &FieldType) -> bool {
    use ScalarType::{Int, Text, Uuid};
    matches!(
        (one, other),
        (FieldType::Scalar(Text), FieldType::Scalar(Text))
            | (FieldType::Scalar(Int), FieldType::Scalar(Int))
            | (FieldType::Scalar(Uuid), FieldType::Scalar(Uuid))
    )
}
