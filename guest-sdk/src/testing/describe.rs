//! A model in words: what the host will be told, for a snapshot in a plugin's tests.
//!
//! Made from the very description that crosses, so that it can't say something else.

use std::fmt::Write;

use crate::wire::{
    BelongsTo, Constraint, DefaultValue, DeleteRule, Field, FieldType, HasMany, Hook, HookKind, Index, IndexCondition,
    ItemType, Model, Role, Value, View,
};
use crate::{Date, Hooks, Time, Timestamp};

/// The model as text: its key, a line for each set, index and relation, for each field, for each hook.
pub fn describe<M: Hooks>() -> String {
    let model = M::DEFINITION.to_wire(M::DECLARED);
    let mut text = String::new();
    let lines = headline(&model).into_iter().chain(fields(&model)).chain(model.hooks.iter().map(hook));
    for line in lines {
        writeln!(text, "{line}").expect("a text takes every line");
    }
    text
}

fn headline(model: &Model) -> Vec<String> {
    let table = model.table.as_ref().map(|table| format!(" in {table}")).unwrap_or_default();
    let mut lines = vec![format!("{}{table}: key {}", model.name, names(model, &model.key))];
    lines.extend(model.unique.iter().map(|set| format!("  unique {}", names(model, set))));
    lines.extend(model.indexes.iter().map(|it| index(model, it)));
    lines.extend(model.belongs_to.iter().map(|it| belongs_to(model, it)));
    lines.extend(model.has_many.iter().map(has_many));
    lines
}

fn names(model: &Model, positions: &[u32]) -> String {
    let names: Vec<&str> = positions.iter().map(|position| name(model, *position)).collect();
    names.join(" ")
}

fn name(model: &Model, position: u32) -> &str {
    &model.fields[position as usize].name
}

fn index(model: &Model, index: &Index) -> String {
    let kind = if index.unique { "unique index" } else { "index" };
    let called = index.name.as_ref().map(|name| format!(" {name} on")).unwrap_or_default();
    let fields = index.fields.iter().map(|entry| {
        let sign = if entry.descending { "-" } else { "" };
        format!(" {sign}{}", name(model, entry.field))
    });
    let conditions = index.conditions.iter().map(|(position, condition)| {
        let is = match condition {
            IndexCondition::IsNull => "= null",
            IndexCondition::IsNotNull => "!= null",
            IndexCondition::IsTrue => "= true",
            IndexCondition::IsFalse => "= false",
        };
        format!(", when {} {is}", name(model, *position))
    });
    format!("  {kind}{called}{}{}", fields.collect::<String>(), conditions.collect::<String>())
}

fn belongs_to(model: &Model, relation: &BelongsTo) -> String {
    let rule = match relation.on_delete {
        DeleteRule::Restrict => "restrict",
        DeleteRule::Cascade => "cascade",
        DeleteRule::SetNull => "set-null",
    };
    let fields = names(model, &relation.fields);
    format!("  {} belongs to {} by {fields}, on delete {rule}", relation.name, relation.model)
}

fn has_many(relation: &HasMany) -> String {
    format!("  {} has many {}, by its {}", relation.name, relation.model, relation.relation)
}

fn fields(model: &Model) -> Vec<String> {
    let width = model.fields.iter().map(|field| field.name.len()).max().unwrap_or_default();
    model.fields.iter().map(|field| format!("  {:width$} {}", field.name, facts(field).join(", "))).collect()
}

fn facts(field: &Field) -> Vec<String> {
    let null = if field.nullable { " or null" } else { "" };
    let mut facts = vec![format!("{}{null}", type_name(&field.field_type))];
    facts.extend(match field.role {
        Role::Plain => None,
        Role::CreatedAt => Some("created-at".to_owned()),
        Role::UpdatedAt => Some("updated-at".to_owned()),
        Role::Version => Some("version".to_owned()),
    });
    facts.extend(match &field.default_value {
        DefaultValue::None => None,
        DefaultValue::Now => Some("default now".to_owned()),
        DefaultValue::NewUuid => Some("default new-uuid".to_owned()),
        DefaultValue::Sequence => Some("default sequence".to_owned()),
        DefaultValue::Constant(value) => Some(format!("default {}", literal(value))),
    });
    facts.extend(field.constraints.iter().map(|constraint| rule(&field.field_type, constraint)));
    facts.extend(field.column.as_ref().map(|column| format!("column {column}")));
    facts
}

fn type_name(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Text => "text".to_owned(),
        FieldType::Int => "int".to_owned(),
        FieldType::Float => "float".to_owned(),
        FieldType::Boolean => "boolean".to_owned(),
        FieldType::Decimal(digits) => format!("decimal({},{})", digits.precision, digits.scale),
        FieldType::Timestamp => "timestamp".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::Time => "time".to_owned(),
        FieldType::Uuid => "uuid".to_owned(),
        FieldType::Bytes => "bytes".to_owned(),
        FieldType::Json => "json".to_owned(),
        FieldType::Enumeration(texts) => format!("enum {texts:?}"),
        FieldType::Items(item) => format!("list of {}", item_name(item)),
        FieldType::Vector(dimensions) => format!("vector({dimensions})"),
    }
}

fn item_name(item: &ItemType) -> String {
    match item {
        ItemType::Text => "text".to_owned(),
        ItemType::Int => "int".to_owned(),
        ItemType::Float => "float".to_owned(),
        ItemType::Boolean => "boolean".to_owned(),
        ItemType::Decimal(digits) => format!("decimal({},{})", digits.precision, digits.scale),
        ItemType::Timestamp => "timestamp".to_owned(),
        ItemType::Date => "date".to_owned(),
        ItemType::Time => "time".to_owned(),
        ItemType::Uuid => "uuid".to_owned(),
        ItemType::Bytes => "bytes".to_owned(),
        ItemType::Enumeration(texts) => format!("enum {texts:?}"),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Json(text) | Value::Decimal(text) | Value::Enumeration(text) => text.clone(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Date(days) => Date::from_days(*days).to_string(),
        Value::TimeUs(micros) => Time::from_micros(*micros).to_string(),
        Value::TimestampUs(micros) => Timestamp::from_micros(*micros).to_string(),
        Value::Vector(numbers) => format!("{numbers:?}"),
        other => format!("{other:?}"),
    }
}

fn rule(field_type: &FieldType, constraint: &Constraint) -> String {
    match constraint {
        Constraint::LengthMin(min) => format!("length-min {min}"),
        Constraint::LengthMax(max) => format!("length-max {max}"),
        Constraint::IntMin(min) => format!("int-min {}", whole(field_type, *min)),
        Constraint::IntMax(max) => format!("int-max {}", whole(field_type, *max)),
        Constraint::DecimalMin(min) => format!("decimal-min {min}"),
        Constraint::DecimalMax(max) => format!("decimal-max {max}"),
        Constraint::FloatMin(min) => format!("float-min {min}"),
        Constraint::FloatMax(max) => format!("float-max {max}"),
        Constraint::Pattern(pattern) => format!("pattern {pattern}"),
        Constraint::OneOf(texts) => format!("one-of {}", texts.join(" ")),
    }
}

/// A bound as its author wrote it.
fn whole(field_type: &FieldType, bound: i64) -> String {
    match (field_type, i32::try_from(bound)) {
        (FieldType::Date, Ok(days)) => Date::from_days(days).to_string(),
        (FieldType::Time, _) => Time::from_micros(bound).to_string(),
        (FieldType::Timestamp, _) => Timestamp::from_micros(bound).to_string(),
        _ => bound.to_string(),
    }
}

fn hook(hook: &Hook) -> String {
    let kind = match hook.kind {
        HookKind::Validate => "validate",
        HookKind::Normalize => "normalize",
    };
    let moments = [(hook.on_create, " create"), (hook.on_update, " update"), (hook.on_delete, " delete")];
    let moments: String = moments.iter().filter(|(is_on, _)| *is_on).map(|(_, moment)| *moment).collect();
    let view = match hook.view {
        View::Sent => "sent",
        View::Whole => "whole",
        View::Before => "before",
    };
    format!("{kind} on{moments}, sees {view}")
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::prelude::{
        Bytes, Choices, Date, Decimal, Hooks, Json, Model, Time, Timestamp, Uuid, export_plugin, hooks,
    };

    #[derive(Choices)]
    enum Genre {
        Rock,
        #[choice("Alternative & Punk")]
        AlternativeAndPunk,
    }

    #[derive(Model)]
    #[model(has_many(tracks: Track), has_many(hits: Track, relation = "greatest_of"))]
    struct Album {
        #[field(key, default = sequence)]
        id: i64,
        #[field(belongs_to(Album, name = "sequel", on_delete = set_null))]
        sequel_of: Option<i64>,
    }

    #[derive(Model)]
    #[model(has_many(entries: Entry))]
    struct Track {
        #[field(key)]
        id: i64,
        #[field(belongs_to(Album, on_delete = cascade))]
        album_id: i64,
        #[field(belongs_to(Album, name = "greatest_of", on_delete = set_null))]
        hit_of: Option<i64>,
        #[field(precision = 10, scale = 2, min = "0", default = "0.99")]
        price: Decimal,
        #[field(default = Genre::AlternativeAndPunk)]
        genre: Genre,
        #[field(default = "Rock")]
        other: Option<Genre>,
        #[field(min = "1900-01-01", default = "2026-01-01")]
        released: Option<Date>,
        #[field(max = "12:00:00", default = "09:30:00")]
        starts: Time,
        #[field(min = "2026-01-01T00:00:00Z", default = "2026-05-01T12:00:00Z")]
        added: Timestamp,
        #[field(length_max = 3, default = b"ab")]
        cover: Bytes,
        #[field(length_min = 1, default = ["a", "b"])]
        words: Vec<String>,
        genres: Option<Vec<Genre>>,
        #[field(precision = 4, scale = 1, default = [])]
        ratings: Vec<Decimal>,
        meta: Option<Json>,
    }

    #[derive(Model)]
    #[model(
        table = "entries",
        index(track_id),
        index(name = "recent", fields = [-added_at, playlist_id], when(removed_at = null)),
        unique_index(slot, when(active = true, removed_at != null)),
        has_many(notes: Note)
    )]
    struct Entry {
        #[field(key)]
        playlist_id: Uuid,
        #[field(key, belongs_to(Track))]
        track_id: i64,
        added_at: Timestamp,
        removed_at: Option<Timestamp>,
        slot: i64,
        active: bool,
    }

    #[derive(Model)]
    #[model(belongs_to(Entry, fields = [list, track], name = "entry", on_delete = set_null))]
    struct Note {
        #[field(key)]
        id: Uuid,
        track: Option<i64>,
        list: Option<Uuid>,
    }

    #[hooks]
    impl Hooks for Album {}
    #[hooks]
    impl Hooks for Track {}
    #[hooks]
    impl Hooks for Entry {}
    #[hooks]
    impl Hooks for Note {}

    export_plugin!(Album, Track, Entry, Note);

    #[test]
    fn types_defaults_and_bounds() {
        let expected = "\
track: key id
  album belongs to album by album_id, on delete cascade
  greatest_of belongs to album by hit_of, on delete set-null
  entries has many entry, by its track
  id       int
  album_id int
  hit_of   int or null
  price    decimal(10,2), default 0.99, decimal-min 0
  genre    enum [\"Rock\", \"Alternative & Punk\"], default Alternative & Punk
  other    enum [\"Rock\", \"Alternative & Punk\"] or null, default Rock
  released date or null, default 2026-01-01, int-min 1900-01-01
  starts   time, default 09:30:00, int-max 12:00:00
  added    timestamp, default 2026-05-01T12:00:00Z, int-min 2026-01-01T00:00:00Z
  cover    bytes, default Value::Bytes([97, 98]), length-max 3
  words    list of text, default Value::Items([Scalar::Text(\"a\"), Scalar::Text(\"b\")]), length-min 1
  genres   list of enum [\"Rock\", \"Alternative & Punk\"] or null
  ratings  list of decimal(4,1), default Value::Items([])
  meta     json or null
";
        assert_eq!(describe::<Track>(), expected);
    }

    #[test]
    fn keys_indexes_and_relations() {
        let expected = "\
album: key id
  sequel belongs to album by sequel_of, on delete set-null
  tracks has many track, by its album
  hits has many track, by its greatest_of
  id        int, default sequence
  sequel_of int or null
entry in entries: key playlist_id track_id
  index track_id
  index recent on -added_at playlist_id, when removed_at = null
  unique index slot, when active = true, when removed_at != null
  track belongs to track by track_id, on delete restrict
  notes has many note, by its entry
  playlist_id uuid
  track_id    int
  added_at    timestamp
  removed_at  timestamp or null
  slot        int
  active      boolean
note: key id
  entry belongs to entry by list track, on delete set-null
  id    uuid
  track int or null
  list  uuid or null
";
        assert_eq!(describe::<Album>() + &describe::<Entry>() + &describe::<Note>(), expected);
    }
}
