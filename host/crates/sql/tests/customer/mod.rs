//! The model that the tests of this crate share: every type, a unique set, every managed field.

use std::sync::Arc;

use model::{
    ConstraintDraft, DefaultDraft, FieldDraft, FieldType, Manifest, ManifestDraft, ModelDef, ModelDraft, Role,
};
use sql::Moment;

pub(crate) fn manifest() -> Manifest {
    let field = |name: &str, field_type, nullable, role| FieldDraft {
        name: name.to_owned(),
        field_type,
        nullable,
        role,
        default: if name == "id" { DefaultDraft::NewUuid } else { DefaultDraft::None },
        constraints: match name {
            "email" => vec![ConstraintDraft::LengthMax(254)],
            _ => Vec::new(),
        },
        column: (name == "seen_at").then(|| "last_seen".to_owned()),
        description: String::new(),
    };
    let draft = ManifestDraft {
        name: "crm".to_owned(),
        version: "0.1.0".to_owned(),
        sdk: "test".to_owned(),
        wants: Vec::new(),
        models: vec![ModelDraft {
            name: "customer".to_owned(),
            table: None,
            fields: vec![
                field("id", FieldType::Uuid, false, Role::Plain),
                field("name", FieldType::Text, false, Role::Plain),
                field("email", FieldType::Text, true, Role::Plain),
                field("age", FieldType::Int, true, Role::Plain),
                field("score", FieldType::Float, true, Role::Plain),
                field("active", FieldType::Boolean, true, Role::Plain),
                field("notes", FieldType::Json, true, Role::Plain),
                field("seen_at", FieldType::Timestamp, true, Role::Plain),
                field("created_at", FieldType::Timestamp, false, Role::CreatedAt),
                field("updated_at", FieldType::Timestamp, false, Role::UpdatedAt),
                field("version", FieldType::Int, false, Role::Version),
            ],
            key: 0,
            unique: vec![vec![2]],
            hooks: Vec::new(),
            description: String::new(),
        }],
    };
    Manifest::check(&draft).expect("a correct manifest")
}

pub(crate) fn customer() -> Arc<ModelDef> {
    Arc::clone(&manifest().models[0])
}

pub(crate) fn moment() -> Moment {
    Moment { now_us: 1_700_000_000_000_000, random: [7; 10] }
}
