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
/// Unique sets in one model, at most: each is an index that every write pays for, and each is compared with the others.
const UNIQUE_SETS_MAX: usize = 32;
/// Fields in one unique set, at most: MySQL indexes no more than 16 columns together.
const UNIQUE_FIELDS_MAX: usize = 16;
/// Indexes in one model, at most: every write pays for each.
const INDEXES_MAX: usize = 32;
/// References in one model, at most, in each direction: every write asks the database about each.
const RELATIONS_MAX: usize = 64;
/// Labels of one enum, at most: every write compares with each of them.
const LABELS_MAX: usize = 1_000;
/// Hooks in one model, at most: there are two kinds, and each is declared once.
const HOOKS_MAX: usize = 2;
/// Constraints on one field, at most: every write of the field runs all of them. There are ten kinds.
const CONSTRAINTS_MAX: usize = 16;
/// Values of one `one-of`, at most: every write compares with each of them.
pub(crate) const ONE_OF_MAX: usize = 1_000;
/// Bytes of all values of `one-of` on one field, at most: each refusal of a value names them all.
const ONE_OF_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one pattern as written, at most: parsing takes time and memory before the compiled size is known.
const PATTERN_TEXT_BYTES_MAX: usize = 1_000;
/// Patterns in one plugin, at most: each may compile to 256 KiB, so that all of them stay under 50 MiB.
const PATTERNS_MAX: usize = 200;

pub(crate) fn check_bounds(scope: &mut Scope<'_>, draft: &ManifestDraft) {
    scope.at_most(MODELS_MAX, "models", draft.models.len(), "split the plugin");
    scope.at_most(WANTS_MAX, "capabilities in wants", draft.wants.len(), "ask for those that the plugin uses");
    for (at, model) in draft.models.iter().enumerate().take(MODELS_MAX) {
        check_model(&mut scope.at(format!("model {}", quoted(&model.name, at))), model);
    }
    let fields = draft.models.iter().take(MODELS_MAX).flat_map(|model| model.fields.iter().take(FIELDS_MAX));
    let patterns = fields.flat_map(|field| field.constraints.iter().take(CONSTRAINTS_MAX));
    let patterns = patterns.filter(|constraint| matches!(constraint, ConstraintDraft::Pattern(_))).count();
    scope.at_most(PATTERNS_MAX, "patterns", patterns, "check the rarer ones in validate, or split the plugin");
}

fn check_model(scope: &mut Scope<'_>, draft: &ModelDraft) {
    if draft.fields.is_empty() || draft.fields.len() > FIELDS_MAX {
        let message = format!("{} fields, 1 to {FIELDS_MAX} are allowed", draft.fields.len());
        scope.problem(message, "split the model");
    }
    scope.at_most(UNIQUE_SETS_MAX, "unique sets", draft.unique.len(), "keep those that records are found by");
    for set in draft.unique.iter().take(UNIQUE_SETS_MAX) {
        let hint = "name fewer, or put a hash of them into a field of its own";
        scope.at_most(UNIQUE_FIELDS_MAX, "fields in one unique set", set.len(), hint);
    }
    let hint = "put a hash of them into a field of its own";
    scope.at_most(UNIQUE_FIELDS_MAX, "fields in the key", draft.key.len(), hint);
    scope.at_most(INDEXES_MAX, "indexes", draft.indexes.len(), "keep those that records are found by");
    for index in draft.indexes.iter().take(INDEXES_MAX) {
        scope.at_most(UNIQUE_FIELDS_MAX, "fields in one index", index.fields.len(), "name fewer");
        scope.at_most(UNIQUE_FIELDS_MAX, "conditions of one index", index.conditions.len(), "name fewer");
    }
    scope.at_most(RELATIONS_MAX, "belongs-to", draft.belongs_to.len(), "split the model");
    scope.at_most(RELATIONS_MAX, "has-many", draft.has_many.len(), "keep those that are asked for");
    for relation in draft.belongs_to.iter().take(RELATIONS_MAX) {
        scope.at_most(
            UNIQUE_FIELDS_MAX,
            "fields in one reference",
            relation.fields.len(),
            "name as many as the key has",
        );
    }
    scope.at_most(HOOKS_MAX, "hooks", draft.hooks.len(), "declare each hook once");
    for (at, field) in draft.fields.iter().enumerate().take(FIELDS_MAX) {
        check_field(&mut scope.within(&format!("field {}", quoted(&field.name, at))), field);
    }
}

fn check_field(scope: &mut Scope<'_>, draft: &FieldDraft) {
    scope.at_most(LABELS_MAX, "labels", draft.labels.len(), "use a text and check it in validate");
    scope.at_most(CONSTRAINTS_MAX, "constraints", draft.constraints.len(), "check the rest in validate");
    let mut one_of_bytes = 0;
    for constraint in draft.constraints.iter().take(CONSTRAINTS_MAX) {
        match constraint {
            ConstraintDraft::Pattern(text) => {
                let hint = "write a shorter pattern, or check it in validate";
                scope.at_most(PATTERN_TEXT_BYTES_MAX, "bytes in one pattern", text.len(), hint);
            }
            ConstraintDraft::OneOf(texts) => {
                scope.at_most(ONE_OF_MAX, "values of one-of", texts.len(), "check them in validate");
                one_of_bytes += texts.iter().map(String::len).sum::<usize>();
            }
            _ => {}
        }
    }
    let hint = "give shorter values, or check them in validate";
    scope.at_most(ONE_OF_BYTES_MAX, "bytes in all values of one-of", one_of_bytes, hint);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        BelongsToDraft, DefaultDraft, DeleteRule, FieldType, HasManyDraft, HookDraft, HookKind, IndexDraft, Manifest,
        Role, View,
    };

    fn field(number: usize) -> FieldDraft {
        FieldDraft {
            name: format!("field_{number}"),
            field_type: FieldType::Text,
            labels: Vec::new(),
            nullable: false,
            role: Role::Plain,
            default: DefaultDraft::None,
            constraints: Vec::new(),
            column: None,
            was: None,
            description: String::new(),
        }
    }

    fn model(number: usize) -> ModelDraft {
        ModelDraft {
            name: format!("model_{number}"),
            table: None,
            was: None,
            fields: vec![field(0)],
            key: vec![0],
            unique: Vec::new(),
            indexes: Vec::new(),
            belongs_to: Vec::new(),
            has_many: Vec::new(),
            hooks: Vec::new(),
            description: String::new(),
        }
    }

    fn manifest(models: Vec<ModelDraft>) -> ManifestDraft {
        let text = |text: &str| text.to_owned();
        ManifestDraft { name: text("crm"), version: text("0.1.0"), sdk: text("test"), wants: Vec::new(), models }
    }

    fn report(draft: &ManifestDraft) -> String {
        let problems = Manifest::check(draft).expect_err("too large");
        problems.iter().map(|problem| format!("{problem}\n    {}", problem.hint)).collect::<Vec<_>>().join("\n")
    }

    fn with_constraints(constraints: Vec<ConstraintDraft>) -> ModelDraft {
        ModelDraft { fields: vec![FieldDraft { constraints, ..field(0) }], ..model(0) }
    }

    #[test]
    fn every_count_has_a_bound() {
        let hook = HookDraft {
            kind: HookKind::Validate,
            on_create: true,
            on_update: true,
            on_delete: false,
            view: View::Sent,
        };
        let text = |text: &str| text.to_owned();
        let index = IndexDraft { name: None, fields: vec![(0, false); 20], conditions: Vec::new(), unique: false };
        let on_delete = DeleteRule::Restrict;
        let belongs_to = BelongsToDraft { name: text("a"), model: text("b"), fields: vec![0; 20], on_delete };
        let has_many = HasManyDraft { name: text("a"), model: text("b"), relation: text("c") };
        let many = ModelDraft {
            key: vec![0; 1_000],
            unique: vec![vec![0; 1_000]; 33],
            indexes: vec![index; 100],
            belongs_to: vec![belongs_to; 100],
            has_many: vec![has_many; 100],
            hooks: vec![hook; 100_000],
            ..with_constraints(vec![ConstraintDraft::LengthMin(1); 400_000])
        };
        let texts = vec![
            ConstraintDraft::Pattern("a".repeat(1_001)),
            ConstraintDraft::OneOf(vec!["a".repeat(9_000)]),
            ConstraintDraft::OneOf(vec!["a".repeat(9_000)]),
            ConstraintDraft::OneOf(vec![String::new(); 1_001]),
        ];
        let texts = ModelDraft { name: "texts".to_owned(), ..with_constraints(texts) };
        let wide = ModelDraft { fields: (0..201).map(field).collect(), ..model(2) };
        let draft = ManifestDraft { wants: vec!["data".to_owned(); 33], ..manifest(vec![many, texts, wide]) };
        insta::assert_snapshot!(report(&draft));
    }

    #[test]
    fn patterns_are_counted_over_the_whole_plugin() {
        let pattern = ConstraintDraft::Pattern("^a".to_owned());
        let with_patterns = |number, count| ModelDraft {
            fields: (0..count).map(|at| FieldDraft { constraints: vec![pattern.clone(); 10], ..field(at) }).collect(),
            ..model(number)
        };
        assert!(Manifest::check(&manifest(vec![with_patterns(0, 10), with_patterns(1, 10)])).is_ok());
        insta::assert_snapshot!(report(&manifest(vec![with_patterns(0, 10), with_patterns(1, 11)])), @r"
        manifest: 210 patterns, at most 200 are allowed
            check the rarer ones in validate, or split the plugin
        ");
    }

    #[test]
    fn a_thousand_wrong_fields_are_a_hundred_problems() {
        let wrong =
            |number| ModelDraft { fields: vec![FieldDraft { name: "X".to_owned(), ..field(0) }; 200], ..model(number) };
        let problems = Manifest::check(&manifest((0..5).map(wrong).collect())).expect_err("no name is allowed");
        assert!(problems.len() <= 100, "{}", problems.len());
        let models =
            Manifest::check(&manifest((0..MODELS_MAX).map(model).collect())).expect("within the bounds").models;
        assert_eq!(models.len(), MODELS_MAX);
        let most = manifest((0..=MODELS_MAX).map(model).collect());
        assert_eq!(report(&most), "manifest: 201 models, at most 200 are allowed\n    split the plugin");
    }
}
