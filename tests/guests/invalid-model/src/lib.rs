//! Describes two models with everything wrong at once: names, twins, key, unique, defaults, rules, roles.

use modelhost_guest::wire::{Constraint, DefaultValue, Field, FieldType, Manifest, Model, Role, Value};
use modelhost_guest::{export_component, wire};

/// The component.
pub struct Guest;

impl wire::descriptor::Guest for Guest {
    fn describe() -> Result<Manifest, String> {
        let mut typed = field("typed");
        typed.default_value = DefaultValue::Constant(Value::Text("twenty".to_owned()));
        typed.field_type = FieldType::Int;
        typed.constraints = vec![Constraint::LengthMax(3)];
        let mut managed = field("managed");
        managed.role = Role::Version;
        let mut pattern = field("pattern");
        pattern.constraints = vec![Constraint::Pattern("(".to_owned()), Constraint::OneOf(Vec::new())];
        let mut range = field("range");
        range.constraints = vec![Constraint::LengthMin(9), Constraint::LengthMax(3)];
        let long = "long".repeat(16);
        // The `с` of the look-alike is Cyrillic.
        let names = ["select", "code", "Code", "сode", "", "a\"b", long.as_str()];
        let mut fields: Vec<Field> = names.into_iter().map(field).collect();
        fields.extend([typed, managed, pattern, range]);
        let thing = Model { key: vec![99], unique: vec![vec![1, 1], vec![42]], ..model("thing", fields) };
        let twin = model("THING", vec![field("number")]);
        Ok(Manifest { models: vec![thing, twin], ..manifest() })
    }
}

fn manifest() -> Manifest {
    let [name, version, sdk] = ["guest-invalid-model", "0.1.0", "by hand"].map(str::to_owned);
    Manifest { name, version, sdk, wants: Vec::new(), models: Vec::new() }
}

fn model(name: &str, fields: Vec<Field>) -> Model {
    let (name, description) = (name.to_owned(), String::new());
    let (unique, indexes, belongs_to, has_many) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (key, hooks) = (vec![0], Vec::new());
    Model { name, table: None, was: None, fields, key, unique, indexes, belongs_to, has_many, hooks, description }
}

fn field(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        field_type: FieldType::Text,
        nullable: false,
        role: Role::Plain,
        default_value: DefaultValue::None,
        constraints: Vec::new(),
        column: None,
        was: None,
        description: String::new(),
    }
}

impl wire::validate::Guest for Guest {
    fn validate(_: wire::Call, _: wire::Batch, _: Option<wire::Batch>) -> Vec<wire::Violation> {
        Vec::new()
    }
}

impl wire::normalize::Guest for Guest {
    fn normalize(_: wire::Call, _: wire::Batch) -> Vec<wire::FieldChange> {
        Vec::new()
    }
}

export_component!(Guest);
