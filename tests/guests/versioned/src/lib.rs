//! Many versions of one plugin: a test replaces digits in its data, and so the rules, the columns and the tables.
//!
//! `normalize` writes the version into `judged_by`, and `validate` refuses a text that begins with `bad` with a code that
//! holds the version. It refuses a record too whose `judged_by` is another version's (`mixed`): then two generations took
//! part in one request.

use std::hint::black_box;

use modelhost_guest::batch::Record;
use modelhost_guest::{Cell, export_component, wire};

/// Which version it is.
static VERSION: [u8; 16] = *b"<version = 0001>";
/// How many columns `entry` has beside its own: `extra_1 ...`, nullable texts.
static COLUMNS: [u8; 16] = *b"<columns = 0000>";
/// How many tables there are beside `entry`: `table_1 ...`
static TABLES: [u8; 16] = *b"<tables  = 0000>";
/// What else is otherwise: the sum of [`FILLED`], [`INDEXED`], [`RENAMED`] and [`REQUIRED`].
static SHAPE: [u8; 16] = *b"<shape   = 0000>";

/// Columns that are not nullable and have constant defaults, one of each type that can.
const FILLED: u32 = 1;
/// An index.
const INDEXED: u32 = 2;
/// `note` is called `remark`, and says so.
const RENAMED: u32 = 4;
/// A column that is not nullable and has no default.
const REQUIRED: u32 = 8;

/// Position of `text` in `entry`.
const TEXT: usize = 1;
/// Position of `judged_by` in `entry`.
const JUDGED_BY: usize = 2;

/// The component.
pub struct Guest;

/// The digits as a test left them.
fn number(marker: &[u8; 16]) -> u32 {
    black_box(marker)[11..15].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

/// The record's text at a position; nothing where it is null.
fn text<'a>(record: &Record<'a>, at: usize) -> &'a str {
    match record.clone().nth(at) {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}

fn field(name: &str, field_type: wire::FieldType, nullable: bool) -> wire::Field {
    wire::Field {
        name: name.to_owned(),
        field_type,
        nullable,
        role: wire::Role::Plain,
        default_value: wire::DefaultValue::None,
        constraints: Vec::new(),
        column: None,
        was: None,
        description: String::new(),
    }
}

/// Fields of each type whose default rows that are there can get.
fn filled() -> Vec<wire::Field> {
    let digits = wire::DecimalType { precision: 10, scale: 2 };
    let labels = vec!["new".to_owned(), "it's old".to_owned()];
    let uuid = wire::Uuid { high: 0x0123_4567_89ab_cdef, low: 0x8123_4567_89ab_cdef };
    let all = [
        ("a_text", wire::FieldType::Text, wire::Value::Text("it's \u{e9} \"quoted\"".to_owned())),
        ("an_int", wire::FieldType::Int, wire::Value::Int(i64::MIN)),
        ("a_float", wire::FieldType::Float, wire::Value::Float(-1234.0625)),
        ("a_boolean", wire::FieldType::Boolean, wire::Value::Boolean(true)),
        ("a_decimal", wire::FieldType::Decimal(digits), wire::Value::Decimal("-12.50".to_owned())),
        ("a_timestamp", wire::FieldType::Timestamp, wire::Value::TimestampUs(1_700_000_000_123_456)),
        ("a_date", wire::FieldType::Date, wire::Value::Date(-1)),
        ("a_time", wire::FieldType::Time, wire::Value::TimeUs(86_399_999_999)),
        ("a_uuid", wire::FieldType::Uuid, wire::Value::Uuid(uuid)),
        ("an_enum", wire::FieldType::Enumeration(labels), wire::Value::Enumeration("it's old".to_owned())),
    ];
    let with_default = |(name, field_type, value)| wire::Field {
        default_value: wire::DefaultValue::Constant(value),
        ..field(name, field_type, false)
    };
    all.into_iter().map(with_default).collect()
}

fn model(name: &str, fields: Vec<wire::Field>, hooks: Vec<wire::Hook>) -> wire::Model {
    wire::Model {
        name: name.to_owned(),
        table: None,
        was: None,
        fields,
        key: vec![0],
        unique: Vec::new(),
        indexes: Vec::new(),
        belongs_to: Vec::new(),
        has_many: Vec::new(),
        hooks,
        description: String::new(),
    }
}

impl wire::descriptor::Guest for Guest {
    fn describe() -> Result<wire::Manifest, String> {
        let own = || vec![field("number", wire::FieldType::Int, false), field("text", wire::FieldType::Text, false)];
        let mut fields = own();
        fields.push(field("judged_by", wire::FieldType::Text, true));
        let shape = number(&SHAPE);
        fields.push(match shape & RENAMED {
            0 => field("note", wire::FieldType::Text, true),
            _ => wire::Field { was: Some("note".to_owned()), ..field("remark", wire::FieldType::Text, true) },
        });
        if shape & FILLED != 0 {
            fields.extend(filled());
        }
        if shape & REQUIRED != 0 {
            fields.push(field("required", wire::FieldType::Int, false));
        }
        fields.extend((1..=number(&COLUMNS)).map(|at| field(&format!("extra_{at}"), wire::FieldType::Text, true)));
        let hook =
            |kind| wire::Hook { kind, on_create: true, on_update: true, on_delete: false, view: wire::View::Whole };
        let hooks = [wire::HookKind::Normalize, wire::HookKind::Validate].map(hook);
        let mut entry = model("entry", fields, hooks.into());
        if shape & INDEXED != 0 {
            let fields = vec![wire::IndexField { field: 0, descending: true }];
            entry.indexes.push(wire::Index { name: None, fields, conditions: Vec::new(), unique: false });
        }
        let mut models = vec![entry];
        // Not in the order of their names.
        models.extend((1..=number(&TABLES)).rev().map(|at| model(&format!("table_{at}"), own(), Vec::new())));
        Ok(wire::Manifest {
            name: "versioned".to_owned(),
            version: format!("0.{}.0", number(&VERSION)),
            sdk: "by hand".to_owned(),
            wants: Vec::new(),
            models,
        })
    }
}

impl wire::normalize::Guest for Guest {
    fn normalize(_: wire::Call, batch: wire::Batch) -> Vec<wire::FieldChange> {
        let version = number(&VERSION).to_string();
        let change =
            |index| wire::FieldChange { index, field: JUDGED_BY as u32, value: wire::Value::Text(version.clone()) };
        (0..batch.len).map(change).collect()
    }
}

impl wire::validate::Guest for Guest {
    fn validate(_: wire::Call, after: wire::Batch, _: Option<wire::Batch>) -> Vec<wire::Violation> {
        let version = number(&VERSION);
        let violation = |index: u32, code: String| wire::Violation {
            index,
            field: Some(TEXT as u32),
            code,
            message: format!("refused by version {version}"),
            parameters: Vec::new(),
            severity: wire::Severity::Error,
        };
        let judge = |(index, record): (u32, Record<'_>)| {
            let is_mixed = text(&record, JUDGED_BY) != version.to_string();
            let is_bad = text(&record, TEXT).starts_with("bad");
            let mixed = is_mixed.then(|| violation(index, "mixed".to_owned()));
            mixed.into_iter().chain(is_bad.then(|| violation(index, format!("refused.v{version}"))))
        };
        (0..).zip(after.records()).flat_map(judge).collect()
    }
}

export_component!(Guest);
