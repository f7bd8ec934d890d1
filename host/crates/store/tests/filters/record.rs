//! The model of the test, and records of it: every type, at its limits and null, texts of every plane, documents of any form.

use model::{
    Decimal, DecimalType, DefaultDraft, FieldDraft, FieldType, ItemType, Manifest, ManifestDraft, ModelDraft, Role,
    Row, Value,
};

use crate::dice::Dice;

pub(crate) const NARROW: DecimalType = DecimalType { precision: 10, scale: 2 };
pub(crate) const WIDE: DecimalType = DecimalType { precision: 38, scale: 9 };
pub(crate) const LABELS: [&str; 4] = ["draft", "Active", "done ", "größer"];

/// The fields, the key first.
pub(crate) const FIELDS: [(&str, FieldType); 15] = [
    ("id", FieldType::Int),
    ("text", FieldType::Text),
    ("other", FieldType::Text),
    ("int", FieldType::Int),
    ("float", FieldType::Float),
    ("boolean", FieldType::Boolean),
    ("narrow", FieldType::Decimal(NARROW)),
    ("wide", FieldType::Decimal(WIDE)),
    ("timestamp", FieldType::Timestamp),
    ("date", FieldType::Date),
    ("time", FieldType::Time),
    ("uuid", FieldType::Uuid),
    ("bytes", FieldType::Bytes),
    ("label", FieldType::Enum),
    ("doc", FieldType::Json),
];

pub(crate) const TEXTS: [&str; 64] = [
    "",
    " ",
    "a",
    "a ",
    " a",
    "A",
    "b",
    "ab",
    "AB",
    "aB",
    "aab",
    "abab",
    "aaaaaaaaaaaaaaab",
    "Ada",
    "ada",
    "ADA",
    "Ada Lovelace",
    "Zoë",
    "ZOË",
    "zoe\u{308}",
    "straße",
    "STRASSE",
    "ẞ",
    "ß",
    "ſ",
    "s",
    "\u{212a}",
    "k",
    "İ",
    "ı",
    "i",
    "I",
    "σ",
    "Σ",
    "ς",
    "ǅ",
    "100%",
    "a_b",
    "a%b",
    "a*b",
    "a?b",
    "[x]",
    "]",
    "^-",
    "a|b",
    "\\",
    "a\\%b",
    "line\nbreak",
    "\n",
    "a\r\n",
    "tab\t",
    "😀",
    "😀a",
    "\u{e000}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{1_0400}\u{1_0428}",
    "$1 ?",
    "'\"",
    "true",
    "1",
    "null",
    "a.b",
    "20€",
];

/// Tokens of documents, as they may be written.
pub(crate) const TOKENS: [&str; 36] = [
    "1",
    "1.0",
    "1e0",
    "0",
    "-0.0",
    "-1",
    "0.1",
    "2.5",
    "1e-7",
    "5e-324",
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "9007199254740993",
    "9007199254740992",
    "9223372036854775807",
    "18446744073709551616",
    "123456789012345678901234567890",
    "4.366508223114724e-137",
    "true",
    "false",
    "null",
    "null",
    "[]",
    "[1]",
    "[{\"a\": 1}]",
    "{}",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "\"a\\/b\\n\"",
    "\"1\"",
    "\"true\"",
    "\"null\"",
    "\"\"",
    "\"a \"",
    "\"Zo\\u00eb\"",
    "\"\\\\\"",
];

pub(crate) const KEYS: [&str; 7] = ["a", "b", "größe", "a b", "n-1", "A", "😀"];

pub(crate) fn manifest() -> Manifest {
    let of = |(name, field_type): (&str, FieldType)| FieldDraft {
        name: name.to_owned(),
        field_type,
        labels: if name == "label" { LABELS.map(str::to_owned).to_vec() } else { Vec::new() },
        nullable: name != "id",
        role: Role::Plain,
        default: DefaultDraft::None,
        constraints: Vec::new(),
        column: None,
        was: None,
        description: String::new(),
    };
    let model = ModelDraft {
        name: "thing".to_owned(),
        table: None,
        was: None,
        fields: FIELDS.into_iter().chain([("items", FieldType::List(ItemType::Int))]).map(of).collect(),
        key: vec![0],
        unique: Vec::new(),
        indexes: Vec::new(),
        belongs_to: Vec::new(),
        has_many: Vec::new(),
        hooks: Vec::new(),
        description: String::new(),
    };
    let text = |text: &str| text.to_owned();
    let draft = ManifestDraft {
        name: text("test"),
        version: text("0.1.0"),
        sdk: text("test"),
        wants: Vec::new(),
        models: vec![model],
    };
    Manifest::check(&draft).expect("a correct manifest")
}

/// A record without anything but its key and one field.
pub(crate) fn with(at: usize, name: &str, value: Value) -> Row {
    let mut row = vec![Value::Null; FIELDS.len() + 1];
    row[0] = Value::Int(at as i64);
    row[FIELDS.iter().position(|(field, _)| *field == name).expect("a field")] = value;
    row
}

pub(crate) fn generate(dice: &mut Dice, at: usize) -> Row {
    let mut row = with(at, "id", Value::Int(at as i64));
    for (place, (_, field_type)) in FIELDS.iter().enumerate().skip(1) {
        if !dice.percent(15) {
            row[place] = value(dice, *field_type);
        }
    }
    if dice.percent(50) {
        row[FIELDS.len()] = Value::List(vec![Value::Int(at as i64)]);
    }
    row
}

const INTS: [i64; 13] = [0, 1, -1, 2, -2, 3, 7, -7, 10, i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1];
const FLOATS: [f64; 12] =
    [0.0, -0.0, 1.0, -1.0, 0.1, 0.3, 1.5, 1e-300, 5e-324, f64::MAX, f64::MIN, 9_007_199_254_740_992.0];
const TIMESTAMPS: [i64; 7] =
    [0, 1, -1, 999_999, 1_795_253_400_000_000, -62_135_596_800_000_000, 253_402_300_799_999_999];
const DATES: [i32; 7] = [0, 1, -1, 20_778, 11_016, -719_162, 2_932_896];
const TIMES: [i64; 5] = [0, 1, 34_200_000_000, 34_200_250_000, 86_399_999_999];
const UUIDS: [u128; 6] = [0, 1, 0x018f_4e9c_3b1a_7cc2_9d55_0b6f_6a3e_1c77, 0x7fff << 112, 0x80 << 120, u128::MAX];
const BYTES: [&[u8]; 8] = [b"", b"\0", b"\0\0", b"a", b"a ", b"a\0", b"\x7f", b"\xff\xfe"];

/// A value; from so few that two of them are often equal.
pub(crate) fn value(dice: &mut Dice, field_type: FieldType) -> Value {
    match field_type {
        FieldType::Text => Value::Text(dice.pick(&TEXTS).to_owned()),
        FieldType::Int => Value::Int(dice.pick(&INTS)),
        FieldType::Float => Value::Float(dice.pick(&FLOATS)),
        FieldType::Boolean => Value::Boolean(dice.percent(50)),
        FieldType::Decimal(digits) => {
            let most = 10_i128.pow(u32::from(digits.precision)) - 1;
            let units = dice.pick(&[0, 1, -1, 50, 99, 100, -100, 12_345, most, -most, most - 1]);
            Value::Decimal(Decimal::new(units, digits.scale))
        }
        FieldType::Timestamp => Value::Timestamp(dice.pick(&TIMESTAMPS)),
        FieldType::Date => Value::Date(dice.pick(&DATES)),
        FieldType::Time => Value::Time(dice.pick(&TIMES)),
        FieldType::Uuid => Value::Uuid(uuid::Uuid::from_u128(dice.pick(&UUIDS))),
        FieldType::Bytes => Value::Bytes(dice.pick(&BYTES).to_vec()),
        FieldType::Enum => Value::Enum(dice.pick(&LABELS).to_owned()),
        FieldType::Json => Value::Json(document(dice)),
        FieldType::List(_) => Value::List(Vec::new()),
        FieldType::Vector(dimensions) => Value::Vector(vec![0.0; dimensions.into()]),
    }
}

/// A document: mostly an object, with spaces where JSON allows them.
fn document(dice: &mut Dice) -> String {
    if dice.percent(8) {
        // A null document is no document.
        let token = dice.pick(&TOKENS);
        return if token == "null" { "[null]".to_owned() } else { token.to_owned() };
    }
    object(dice, 2)
}

fn object(dice: &mut Dice, depth: usize) -> String {
    let mut members = Vec::new();
    for key in KEYS {
        if dice.percent(45) {
            let space = if dice.percent(20) { " " } else { "" };
            let value = if depth > 0 && dice.percent(25) { object(dice, depth - 1) } else { token(dice) };
            members.push(format!("\"{key}\"{space}:{space}{value}"));
        }
    }
    format!("{{{}}}", members.join(","))
}

/// A scalar as JSON writes it, or a list or an object.
pub(crate) fn token(dice: &mut Dice) -> String {
    if dice.percent(50) {
        return dice.pick(&TOKENS).to_owned();
    }
    let mut raw = String::new();
    model::write_json_string(dice.pick::<&str>(&TEXTS), &mut raw);
    raw
}
