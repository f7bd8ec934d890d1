//! The model that the tests of this crate share: every type, a unique set, every managed field.

use std::sync::Arc;

use model::{
    BelongsToDraft, ConstraintDraft, DecimalType, DefaultDraft, DeleteRule, FieldDraft, FieldType, IndexCondition,
    IndexDraft, ItemType, Manifest, ManifestDraft, ModelDef, ModelDraft, Role,
};
use sql::Moment;

pub(crate) fn manifest() -> Manifest {
    let draft = ManifestDraft {
        name: "crm".to_owned(),
        version: "0.1.0".to_owned(),
        sdk: "test".to_owned(),
        wants: Vec::new(),
        models: vec![ModelDraft {
            name: "customer".to_owned(),
            table: None,
            was: None,
            fields: fields(),
            key: vec![0],
            unique: vec![vec![2]],
            indexes: vec![IndexDraft {
                name: Some("awake".to_owned()),
                fields: vec![(3, false), (7, true)],
                conditions: vec![(7, IndexCondition::IsNotNull), (5, IndexCondition::IsTrue)],
                unique: false,
            }],
            belongs_to: vec![BelongsToDraft {
                name: "referrer".to_owned(),
                model: "customer".to_owned(),
                fields: vec![17],
                on_delete: DeleteRule::SetNull,
            }],
            has_many: Vec::new(),
            hooks: Vec::new(),
            description: String::new(),
        }],
    };
    Manifest::check(&draft).expect("a correct manifest")
}

fn fields() -> Vec<FieldDraft> {
    let field = |name: &str, field_type, nullable, role| FieldDraft {
        name: name.to_owned(),
        field_type,
        labels: if name == "tier" { ["gold", "it's iron"].map(str::to_owned).to_vec() } else { Vec::new() },
        nullable,
        role,
        default: if name == "id" { DefaultDraft::NewUuid } else { DefaultDraft::None },
        constraints: match name {
            "email" => vec![ConstraintDraft::LengthMax(254)],
            _ => Vec::new(),
        },
        column: (name == "seen_at").then(|| "last_seen".to_owned()),
        was: None,
        description: String::new(),
    };
    vec![
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
        field("balance", FieldType::Decimal(DecimalType { precision: 12, scale: 2 }), true, Role::Plain),
        field("wealth", FieldType::Decimal(DecimalType { precision: 38, scale: 0 }), true, Role::Plain),
        field("born", FieldType::Date, true, Role::Plain),
        field("wakes_at", FieldType::Time, true, Role::Plain),
        field("photo", FieldType::Bytes, true, Role::Plain),
        field("tier", FieldType::Enum, true, Role::Plain),
        field("referrer_id", FieldType::Uuid, true, Role::Plain),
        field("tags", FieldType::List(ItemType::Text), true, Role::Plain),
    ]
}

pub(crate) fn customer() -> Arc<ModelDef> {
    Arc::clone(&manifest().models[0])
}

pub(crate) fn moment() -> Moment {
    Moment { now_us: 1_700_000_000_000_000, random: [7; 10] }
}

/// A track on a playlist, numbered by its place: a key of two fields.
pub(crate) fn entry() -> Arc<ModelDef> {
    small("entry", &["playlist_id", "track_id"], DefaultDraft::None, FieldType::Int)
}

/// A ticket, numbered by the database.
pub(crate) fn ticket() -> Arc<ModelDef> {
    small("ticket", &["number"], DefaultDraft::Sequence, FieldType::Int)
}

/// A picture, whose place among the others is a vector.
pub(crate) fn picture() -> Arc<ModelDef> {
    small("picture", &["number"], DefaultDraft::None, FieldType::Vector(3))
}

/// A model with integers for its key, and one more field.
fn small(model: &str, key: &[&str], default: DefaultDraft, place: FieldType) -> Arc<ModelDef> {
    let mut draft = ManifestDraft {
        name: "numbered".to_owned(),
        version: "0.1.0".to_owned(),
        sdk: "test".to_owned(),
        wants: Vec::new(),
        models: vec![ModelDraft {
            name: model.to_owned(),
            table: None,
            was: None,
            fields: Vec::new(),
            key: (0..).zip(key).map(|(at, _)| at).collect(),
            unique: Vec::new(),
            indexes: Vec::new(),
            belongs_to: Vec::new(),
            has_many: Vec::new(),
            hooks: Vec::new(),
            description: String::new(),
        }],
    };
    let field = |name: &str, field_type, nullable, default| FieldDraft {
        name: name.to_owned(),
        field_type,
        labels: Vec::new(),
        nullable,
        role: Role::Plain,
        default,
        constraints: Vec::new(),
        column: None,
        was: None,
        description: String::new(),
    };
    draft.models[0].fields = key.iter().map(|name| field(name, FieldType::Int, false, default.clone())).collect();
    draft.models[0].fields.push(field("place", place, true, DefaultDraft::None));
    Arc::clone(&Manifest::check(&draft).expect("a correct manifest").models[0])
}
