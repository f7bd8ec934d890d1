//! How large a manifest may be.
//!
//! Counts and lengths only, before anything is compiled, compared or copied: what a hostile description could make
//! expensive is refused here, and what `check` does afterwards takes milliseconds. It does not judge what anything means.

use crate::definition_problem::{Scope, quoted};
use crate::{ConstraintDraft, FieldDraft, ManifestDraft, ModelDraft};

/// Models in one plugin, at most: inspection, activation and memory stay small.
pub const MODELS_MAX: usize = 200;
/// Fields in one model, at most: PostgreSQL allows 1,600 columns, rows cross full width.
pub const FIELDS_MAX: usize = 200;
/// Capabilities asked for, at most: the operator reads each before granting it.
const WANTS_MAX: usize = 32;
/// Bytes of one capability's name, at most: it is printed beside others.
const WANT_BYTES_MAX: usize = 64;
/// Bytes of one description, at most: each is in memory as long as the generation, and in every inspection.
const DESCRIPTION_BYTES_MAX: usize = 1024;
/// Unique sets in one model, at most: each is an index that every write pays for, and each is compared with the others.
const UNIQUE_SETS_MAX: usize = 32;
/// Fields in one unique set, at most: MySQL indexes no more than 16 columns together.
const UNIQUE_FIELDS_MAX: usize = 16;
/// Hooks in one model, at most: there are two kinds, and each is declared once.
const HOOKS_MAX: usize = 2;
/// Constraints on one field, at most: every write of the field runs all of them. There are eight kinds.
const CONSTRAINTS_MAX: usize = 16;
/// Values of one `one-of`, at most: every write compares with each of them.
const ONE_OF_MAX: usize = 1_000;
/// Bytes of all values of `one-of` on one field, at most: each refusal of a value names them all.
const ONE_OF_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one pattern as written, at most: parsing takes time and memory before the compiled size is known.
const PATTERN_TEXT_BYTES_MAX: usize = 1_000;
/// Patterns in one plugin, at most: each may compile to 256 KiB, so that all of them stay under 50 MiB.
const PATTERNS_MAX: usize = 200;

pub(crate) fn check_bounds(scope: &mut Scope<'_>, draft: &ManifestDraft) {
    scope.at_most(MODELS_MAX, "models", draft.models.len(), "split the plugin");
    scope.at_most(WANTS_MAX, "capabilities in wants", draft.wants.len(), "ask for those that the plugin uses");
    for (at, want) in draft.wants.iter().enumerate().take(WANTS_MAX) {
        if want.is_empty() || want.len() > WANT_BYTES_MAX || want.chars().any(char::is_control) {
            let message = format!("capability {} in wants", quoted(want, at));
            scope.problem(message, format!("write 1 to {WANT_BYTES_MAX} printable bytes"));
        }
    }
    for (at, model) in draft.models.iter().enumerate().take(MODELS_MAX) {
        check_model(&mut scope.at(format!("model {}", quoted(&model.name, at))), model);
    }
    let fields = draft.models.iter().take(MODELS_MAX).flat_map(|model| model.fields.iter().take(FIELDS_MAX));
    let patterns = fields.flat_map(|field| field.constraints.iter().take(CONSTRAINTS_MAX));
    let patterns = patterns.filter(|constraint| matches!(constraint, ConstraintDraft::Pattern(_))).count();
    scope.at_most(PATTERNS_MAX, "patterns", patterns, "check the rarer ones in validate, or split the plugin");
}

fn check_model(scope: &mut Scope<'_>, draft: &ModelDraft) {
    check_description(scope, &draft.description);
    if draft.fields.is_empty() || draft.fields.len() > FIELDS_MAX {
        let message = format!("{} fields, 1 to {FIELDS_MAX} are allowed", draft.fields.len());
        scope.problem(message, "split the model");
    }
    scope.at_most(UNIQUE_SETS_MAX, "unique sets", draft.unique.len(), "keep those that records are found by");
    for set in draft.unique.iter().take(UNIQUE_SETS_MAX) {
        let hint = "name fewer, or put a hash of them into a field of its own";
        scope.at_most(UNIQUE_FIELDS_MAX, "fields in one unique set", set.len(), hint);
    }
    scope.at_most(HOOKS_MAX, "hooks", draft.hooks.len(), "declare each hook once");
    for (at, field) in draft.fields.iter().enumerate().take(FIELDS_MAX) {
        check_field(&mut scope.within(&format!("field {}", quoted(&field.name, at))), field);
    }
}

fn check_field(scope: &mut Scope<'_>, draft: &FieldDraft) {
    check_description(scope, &draft.description);
    scope.at_most(CONSTRAINTS_MAX, "constraints", draft.constraints.len(), "check the rest in validate");
    let mut one_of_bytes = 0;
    for constraint in draft.constraints.iter().take(CONSTRAINTS_MAX) {
        match constraint {
            ConstraintDraft::Pattern(text) => {
                let hint = "write a shorter pattern, or check it in validate";
                scope.at_most(PATTERN_TEXT_BYTES_MAX, "bytes in one pattern", text.len(), hint);
            }
            ConstraintDraft::OneOf(texts) if texts.is_empty() || texts.len() > ONE_OF_MAX => {
                let message = format!("constraint one-of with {} values", texts.len());
                scope.problem(message, format!("give 1 to {ONE_OF_MAX} values"));
            }
            ConstraintDraft::OneOf(texts) => one_of_bytes += texts.iter().map(String::len).sum::<usize>(),
            _ => {}
        }
    }
    let hint = "give shorter values, or check them in validate";
    scope.at_most(ONE_OF_BYTES_MAX, "bytes in all values of one-of", one_of_bytes, hint);
}

fn check_description(scope: &mut Scope<'_>, text: &str) {
    if text.len() > DESCRIPTION_BYTES_MAX || text.chars().any(|c| c.is_control() && c != '\n') {
        let message = format!("description of {} bytes or with control characters", text.len());
        scope.problem(message, format!("write at most {DESCRIPTION_BYTES_MAX} printable bytes"));
    }
}
