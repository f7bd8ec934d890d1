//! Judging the key, the unique sets and the indexes of a model: every position exists, every type can be compared.

use super::field::type_text;
use crate::definition_problem::{Scope, quoted};
use crate::{DefaultDraft, FieldType, IndexCondition, IndexDef, IndexDraft, IndexField, ModelDraft, Role};

pub(super) fn check_key(scope: &mut Scope<'_>, draft: &ModelDraft) -> Option<Vec<usize>> {
    let key = positions(&draft.key);
    if key.is_empty() {
        scope.problem("no key", "name the field or fields by which a record is found");
        return None;
    }
    if is_repeated(&key) {
        scope.problem(format!("key {key:?}"), "name each field once");
        return None;
    }
    let mut is_sound = true;
    for position in &key {
        let Some(field) = draft.fields.get(*position) else {
            let message = format!("key is field number {position} of {}", draft.fields.len());
            scope.problem(message, "name a field that exists; positions count from 0");
            is_sound = false;
            continue;
        };
        let is_key_type = matches!(field.field_type, FieldType::Text | FieldType::Int | FieldType::Uuid);
        if !is_key_type || field.nullable || field.role != Role::Plain {
            let message = format!("key field {} is a {} field", quoted(&field.name, *position), type_text(field));
            scope.problem(message, "a key is a plain text, int or uuid field, not nullable");
            is_sound = false;
        }
    }
    for (at, field) in draft.fields.iter().enumerate() {
        if field.default == DefaultDraft::Sequence && key != [at] {
            let message = format!("a sequence for field {}", quoted(&field.name, at));
            scope.problem(message, "only an int that is the whole key can be numbered by the database");
            is_sound = false;
        }
    }
    is_sound.then_some(key)
}

pub(super) fn check_unique(scope: &mut Scope<'_>, draft: &ModelDraft) -> Vec<Vec<usize>> {
    let mut sets = Vec::new();
    for set in &draft.unique {
        let set = positions(set);
        let can_be = |at: &usize| draft.fields.get(*at).is_some_and(|field| field.field_type.is_comparable());
        if set.is_empty() || is_repeated(&set) || !set.iter().all(can_be) {
            let message = format!("unique set {set:?}");
            scope
                .problem(message, "name 1 to 16 different fields that exist and are neither json, a list nor a vector");
        } else if set != positions(&draft.key) && !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

pub(super) fn check_indexes(scope: &mut Scope<'_>, draft: &ModelDraft) -> Vec<IndexDef> {
    let mut indexes: Vec<IndexDef> = Vec::new();
    for (at, index) in draft.indexes.iter().enumerate() {
        let name = index.name.as_deref().unwrap_or_default();
        let Some(index) = check_index(&mut scope.within(&format!("index {}", quoted(name, at))), draft, index) else {
            continue;
        };
        let is_same = |other: &IndexDef| other.fields == index.fields && other.conditions == index.conditions;
        let has_name = |other: &IndexDef| index.label.is_some() && other.label == index.label;
        if indexes.iter().any(|other| is_same(other) || has_name(other)) {
            scope.problem(format!("index {} twice", quoted(name, at)), "declare it once, each with a name of its own");
        }
        indexes.push(index);
    }
    indexes
}

fn check_index(scope: &mut Scope<'_>, draft: &ModelDraft, index: &IndexDraft) -> Option<IndexDef> {
    let label = match &index.name {
        Some(name) => Some(scope.ident("index name", name)?),
        None => None,
    };
    let fields: Vec<IndexField> = index
        .fields
        .iter()
        .map(|(field, descending)| IndexField { field: *field as usize, descending: *descending })
        .collect();
    let conditions: Vec<(usize, IndexCondition)> =
        index.conditions.iter().map(|(field, condition)| (*field as usize, *condition)).collect();
    let indexed: Vec<usize> = fields.iter().map(|field| field.field).collect();
    let can_be = |at: &usize| draft.fields.get(*at).is_some_and(|field| field.field_type.is_comparable());
    if indexed.is_empty() || is_repeated(&indexed) || !indexed.iter().all(can_be) {
        let hint = "name 1 to 16 different fields that exist and are neither json, a list nor a vector";
        scope.problem(format!("fields {indexed:?}"), hint);
        return None;
    }
    let fits = |(at, condition): &(usize, IndexCondition)| {
        draft.fields.get(*at).is_some_and(|field| match condition {
            IndexCondition::IsNull | IndexCondition::IsNotNull => field.nullable,
            IndexCondition::IsTrue | IndexCondition::IsFalse => field.field_type == FieldType::Boolean,
        })
    };
    let of: Vec<usize> = conditions.iter().map(|(at, _)| *at).collect();
    if is_repeated(&of) || !conditions.iter().all(fits) {
        let hint =
            "is-null and is-not-null are for nullable fields, is-true and is-false for booleans, each field once";
        scope.problem("conditions that no record or every record meets", hint);
        return None;
    }
    if index.unique && conditions.is_empty() {
        scope.problem("a unique index without conditions", "declare it as a unique set");
        return None;
    }
    Some(IndexDef { label, fields, conditions, unique: index.unique })
}

fn positions(positions: &[u32]) -> Vec<usize> {
    positions.iter().map(|at| *at as usize).collect()
}

fn is_repeated(positions: &[usize]) -> bool {
    positions.iter().enumerate().any(|(at, position)| positions[..at].contains(position))
}
