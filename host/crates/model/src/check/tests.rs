//! What is said about a manifest that is wrong, and that a good one passes.

use super::*;
use crate::{
    BelongsToDraft, ConstraintDraft, DefaultDraft, DeleteRule, FieldType, HasManyDraft, HookDraft, IndexCondition,
    IndexDraft, Value,
};

fn field(name: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        name: name.to_owned(),
        field_type,
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

fn manifest(fields: Vec<FieldDraft>) -> ManifestDraft {
    ManifestDraft {
        name: "crm".to_owned(),
        version: "0.1.0".to_owned(),
        sdk: "test".to_owned(),
        wants: Vec::new(),
        models: vec![ModelDraft {
            name: "customer".to_owned(),
            table: None,
            was: None,
            fields,
            key: vec![0],
            unique: Vec::new(),
            indexes: Vec::new(),
            belongs_to: Vec::new(),
            has_many: Vec::new(),
            hooks: Vec::new(),
            description: String::new(),
        }],
    }
}

#[test]
fn reports_every_problem_with_its_place() {
    let mut draft = manifest(vec![
        field("id", FieldType::Float),
        field("select", FieldType::Text),
        field("Email", FieldType::Text),
        field("email", FieldType::Text),
        FieldDraft { default: DefaultDraft::Constant(Value::Text("x".into())), ..field("age", FieldType::Int) },
        FieldDraft { role: Role::Version, ..field("revision", FieldType::Text) },
        FieldDraft {
            constraints: vec![ConstraintDraft::Pattern("(".into()), ConstraintDraft::IntMin(3)],
            ..field("code", FieldType::Text)
        },
    ]);
    draft.models[0].unique = vec![vec![9]];
    draft.models[0].hooks = vec![HookDraft {
        kind: HookKind::Normalize,
        on_create: false,
        on_update: false,
        on_delete: true,
        view: View::Whole,
    }];
    let problems = Manifest::check(&draft).expect_err("bad");
    let lines: Vec<_> = problems.iter().map(|problem| format!("{problem}\n    {}", problem.hint)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_plugin_name_is_what_the_contract_says() {
    let named = |name: &str| ManifestDraft { name: name.to_owned(), ..manifest(vec![field("id", FieldType::Uuid)]) };
    for name in ["a", "crm", "a-1-", &"a".repeat(40)] {
        assert!(Manifest::check(&named(name)).is_ok(), "{name}");
    }
    for name in ["", "1a", "-a", "a_b", "A", "\u{e4}", &"a".repeat(41)] {
        assert!(Manifest::check(&named(name)).is_err(), "{name}");
    }
    let problems = Manifest::check(&named("my_crm")).expect_err("an underscore");
    assert_eq!(problems[0].to_string(), "manifest: plugin name `my_crm`");
    assert_eq!(problems[0].hint, "write a-z, 0-9 and `-`, a letter first, at most 40 bytes");
}

#[test]
fn a_good_draft_becomes_a_manifest() {
    let manifest = Manifest::check(&manifest(vec![field("id", FieldType::Uuid)])).expect("good");
    assert_eq!(manifest.model("customer").expect("there").key, [0]);
}

#[test]
fn says_what_a_vector_cannot_be() {
    let length = vec![ConstraintDraft::LengthMin(3)];
    let short = DefaultDraft::Constant(Value::Vector(vec![0.5; 2]));
    let infinite = DefaultDraft::Constant(Value::Vector(vec![f32::INFINITY; 3]));
    let mut draft = manifest(vec![
        field("id", FieldType::Vector(3)),
        field("empty", FieldType::Vector(0)),
        field("large", FieldType::Vector(2_001)),
        FieldDraft { constraints: length, ..field("long", FieldType::Vector(2_000)) },
        FieldDraft { default: short, ..field("short", FieldType::Vector(3)) },
        FieldDraft { default: infinite, ..field("infinite", FieldType::Vector(3)) },
    ]);
    draft.models[0].unique = vec![vec![3]];
    draft.models[0].indexes =
        vec![IndexDraft { name: None, fields: vec![(3, false)], conditions: Vec::new(), unique: false }];
    let problems = Manifest::check(&draft).expect_err("bad");
    let lines: Vec<_> = problems.iter().map(|problem| format!("{problem}; {}", problem.hint)).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    model `customer`, field `empty`: type vector(0); give 1 to 2000 dimensions
    model `customer`, field `large`: type vector(2001); give 1 to 2000 dimensions
    model `customer`, field `long`: constraint length-min on a field of type vector(2000); remove the constraint or change the type
    model `customer`, field `short`: default of another type: vector(2) for a field of type vector(3); give a default of type vector(3), or none
    model `customer`, field `infinite`: default: expected a vector of finite floats, found inf as item 0; give a value that the type can hold
    model `customer`: key field `id` is a vector(3) field; a key is a plain text, int or uuid field, not nullable
    model `customer`: unique set [3]; name 1 to 16 different fields that exist and are neither json, a list nor a vector
    model `customer`, index number 0: fields [3]; name 1 to 16 different fields that exist and are neither json, a list nor a vector
    ");
}

/// A parent with a key of two fields, and a child that refers to it and to itself.
fn family() -> ManifestDraft {
    let text = |text: &str| text.to_owned();
    let nullable = |name: &str, field_type| FieldDraft { nullable: true, ..field(name, field_type) };
    let mut draft = manifest(vec![field("shelf", FieldType::Int), field("place", FieldType::Text)]);
    draft.models[0].key = vec![0, 1];
    draft.models.push(ModelDraft {
        name: text("child"),
        fields: vec![
            field("id", FieldType::Int),
            field("shelf", FieldType::Int),
            field("place", FieldType::Text),
            nullable("parent_id", FieldType::Int),
            FieldDraft { labels: vec![text("new"), text("old")], ..field("state", FieldType::Enum) },
            nullable("removed_at", FieldType::Timestamp),
        ],
        belongs_to: vec![
            BelongsToDraft {
                name: text("customer"),
                model: text("customer"),
                fields: vec![1, 2],
                on_delete: DeleteRule::Cascade,
            },
            BelongsToDraft {
                name: text("parent"),
                model: text("child"),
                fields: vec![3],
                on_delete: DeleteRule::SetNull,
            },
        ],
        indexes: vec![IndexDraft {
            name: Some(text("kept")),
            fields: vec![(4, false), (0, true)],
            conditions: vec![(5, IndexCondition::IsNull)],
            unique: true,
        }],
        ..draft.models[0].clone()
    });
    draft.models[1].key = vec![0];
    draft.models[1].fields[0].default = DefaultDraft::Sequence;
    let many = HasManyDraft { name: text("children"), model: text("child"), relation: text("customer") };
    draft.models[0].has_many.push(many);
    draft
}

#[test]
fn keys_indexes_and_references_become_positions() {
    let manifest = Manifest::check(&family()).expect("sound");
    let [parent, child] = manifest.models.as_slice() else { panic!("two models") };
    assert_eq!((parent.key.as_slice(), child.sequence()), ([0, 1].as_slice(), Some(0)));
    assert_eq!((parent.has_many[0].model, parent.has_many[0].relation), (1, 0));
    assert_eq!(child.belongs_to[1].model, 1);
    assert_eq!(child.indexes[0].fields.len(), 2);
}

#[test]
fn says_what_is_wrong_with_keys_indexes_and_references() {
    let report = |change: fn(&mut ModelDraft)| {
        let mut draft = family();
        change(&mut draft.models[1]);
        let problems = Manifest::check(&draft).expect_err("wrong");
        problems.iter().map(|problem| format!("{problem}\n    {}", problem.hint)).collect::<Vec<_>>().join("\n")
    };
    let cases: [fn(&mut ModelDraft); 17] = [
        |model| model.key.clear(),
        |model| model.key = vec![0, 0],
        |model| model.key = vec![0, 1],
        |model| model.fields[1].default = DefaultDraft::Sequence,
        |model| model.fields[4].labels.clear(),
        |model| model.fields[4].labels = vec!["new".into(), "new".into(), "\n".into()],
        |model| model.fields[4].default = DefaultDraft::Constant(Value::Enum("neu".into())),
        |model| model.indexes[0].conditions.clear(),
        |model| model.indexes[0].conditions = vec![(4, IndexCondition::IsTrue)],
        |model| model.indexes[0].fields.clear(),
        |model| model.indexes = vec![model.indexes[0].clone(); 2],
        |model| model.belongs_to[0].fields = vec![2, 1],
        |model| model.belongs_to[0].model = "custommer".into(),
        |model| model.belongs_to[0].on_delete = DeleteRule::SetNull,
        |model| model.belongs_to[1].name = "state".into(),
        |model| model.belongs_to[0].name = "custoner".into(),
        |model| model.fields[1].field_type = FieldType::Decimal(crate::DecimalType { precision: 3, scale: 4 }),
    ];
    insta::assert_snapshot!(cases.map(report).join("\n"));
}

#[test]
fn a_table_name_is_nobody_elses_prefix() {
    let mut draft = manifest(vec![field("id", FieldType::Int)]);
    draft.models[0].table = Some("acme__customer".to_owned());
    let problems = Manifest::check(&draft).expect_err("it could be a table of the namespace `acme`");
    assert!(problems[0].to_string().contains("two underscores in a row"), "{}", problems[0]);
}
