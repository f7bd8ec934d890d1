//! Values of every type: rows at the limits, and a generator of others.

use model::{Decimal, DecimalType, FieldType, ItemType, Row, Value};
use proptest::prelude::*;
use sql::Bind;

/// Fits into SQLite's integers.
pub(crate) const NARROW: DecimalType = DecimalType { precision: 10, scale: 2 };
/// Has all digits there are.
pub(crate) const WIDE: DecimalType = DecimalType { precision: 38, scale: 9 };

/// The columns of the tables that hold every type, named `a` and so on.
pub(crate) const TYPES: [FieldType; 16] = [
    FieldType::Text,
    FieldType::Int,
    FieldType::Float,
    FieldType::Boolean,
    FieldType::Decimal(NARROW),
    FieldType::Decimal(WIDE),
    FieldType::Timestamp,
    FieldType::Date,
    FieldType::Time,
    FieldType::Uuid,
    FieldType::Bytes,
    FieldType::Json,
    FieldType::Enum,
    FieldType::List(ItemType::Text),
    FieldType::List(ItemType::Decimal(WIDE)),
    FieldType::List(ItemType::Timestamp),
];

const TIMESTAMP_MIN: i64 = -62_135_596_800_000_000;
const TIMESTAMP_MAX: i64 = 253_402_300_799_999_999;
const DATE_MIN: i32 = -719_162;
const DATE_MAX: i32 = 2_932_896;
const TIME_MAX: i64 = 86_399_999_999;
const WIDE_MAX: i128 = 10_i128.pow(38) - 1;
const NARROW_MAX: i128 = 10_i128.pow(10) - 1;

/// One character of every plane of Unicode, and those that SQL gives a meaning.
pub(crate) fn every_plane() -> String {
    let planes = (0..=16).filter_map(|plane| char::from_u32(plane * 0x1_0000 + 0xF0F3));
    "Zoë 'quoted' \"twice\" \\ % _ \u{1f980} ".chars().chain(planes).collect()
}

/// Rows of [`TYPES`]: at both limits, in between, null.
pub(crate) fn rows_at_the_limits() -> Vec<Row> {
    vec![highest(), lowest(), between(), vec![Value::Null; TYPES.len()]]
}

/// At the upper limits.
fn highest() -> Row {
    vec![
        Value::Text(every_plane()),
        Value::Int(i64::MAX),
        Value::Float(f64::MAX),
        Value::Boolean(true),
        decimal(NARROW_MAX, NARROW),
        decimal(WIDE_MAX, WIDE),
        Value::Timestamp(TIMESTAMP_MAX),
        Value::Date(DATE_MAX),
        Value::Time(TIME_MAX),
        uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        Value::Bytes((0..=255).collect()),
        Value::Json("{\"a\": [1, null, \"\u{e9}\"]}".to_owned()),
        Value::Enum("blau 'ß' \\".to_owned()),
        Value::List(vec![Value::Text(every_plane()), text("")]),
        Value::List(vec![decimal(WIDE_MAX, WIDE), decimal(-WIDE_MAX, WIDE), decimal(0, WIDE)]),
        Value::List(vec![Value::Timestamp(TIMESTAMP_MIN), Value::Timestamp(TIMESTAMP_MAX)]),
    ]
}

/// At the lower limits, and empty.
fn lowest() -> Row {
    vec![
        text(""),
        Value::Int(i64::MIN),
        Value::Float(-0.0),
        Value::Boolean(false),
        decimal(-NARROW_MAX, NARROW),
        decimal(-WIDE_MAX, WIDE),
        Value::Timestamp(TIMESTAMP_MIN),
        Value::Date(DATE_MIN),
        Value::Time(0),
        uuid("00000000-0000-0000-0000-000000000000"),
        Value::Bytes(Vec::new()),
        Value::Json("null".to_owned()),
        Value::Enum("x".to_owned()),
        Value::List(Vec::new()),
        Value::List(Vec::new()),
        Value::List(Vec::new()),
    ]
}

/// Close to zero, and what looks like something else.
fn between() -> Row {
    vec![
        text("ends in spaces  "),
        Value::Int(0),
        Value::Float(f64::from_bits(1)),
        Value::Boolean(true),
        decimal(1, NARROW),
        decimal(-1, WIDE),
        Value::Timestamp(-1),
        Value::Date(-1),
        Value::Time(1),
        uuid("018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77"),
        Value::Bytes(vec![0; 3]),
        Value::Json("\"text\"".to_owned()),
        Value::Enum("y ".to_owned()),
        Value::List(vec![text("null"), text("[1, 2]")]),
        Value::List(vec![decimal(1, WIDE)]),
        Value::List(vec![Value::Timestamp(1)]),
    ]
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn uuid(text: &str) -> Value {
    Value::Uuid(text.parse().expect("a uuid"))
}

fn decimal(units: i128, of: DecimalType) -> Value {
    Value::Decimal(Decimal::new(units, of.scale))
}

/// Values of the types whose form on a server is not that of the value: timestamp, date, time, decimal, uuid, float.
pub(crate) fn binds_of_six() -> Vec<Bind> {
    let uuid = "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77".parse().expect("a uuid");
    vec![
        Bind::One(FieldType::Timestamp, Value::Timestamp(-1)),
        Bind::One(FieldType::Date, Value::Date(DATE_MIN)),
        Bind::One(FieldType::Time, Value::Time(34_200_250_000)),
        Bind::One(FieldType::Decimal(WIDE), Value::Decimal(Decimal::new(-WIDE_MAX, WIDE.scale))),
        Bind::One(FieldType::Uuid, Value::Uuid(uuid)),
        Bind::One(FieldType::Float, Value::Float(-1.5)),
    ]
}

/// A row of any values of [`TYPES`].
pub(crate) fn any_row() -> impl Strategy<Value = Row> {
    TYPES.map(any_value).to_vec()
}

fn any_value(field_type: FieldType) -> BoxedStrategy<Value> {
    let value = match field_type {
        FieldType::Text => any_text().prop_map(Value::Text).boxed(),
        FieldType::Int => {
            prop_oneof![Just(i64::MIN), Just(i64::MAX), -9_i64..9, any::<i64>()].prop_map(Value::Int).boxed()
        }
        FieldType::Float => {
            use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
            (NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE).prop_map(Value::Float).boxed()
        }
        FieldType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        FieldType::Decimal(digits) => any_decimal(digits),
        FieldType::Timestamp => {
            let whole = (TIMESTAMP_MIN / 1_000_000..=TIMESTAMP_MAX / 1_000_000).prop_map(|seconds| seconds * 1_000_000);
            let days = (i64::from(DATE_MIN)..=i64::from(DATE_MAX)).prop_map(|days| days * 86_400_000_000);
            prop_oneof![TIMESTAMP_MIN..=TIMESTAMP_MAX, whole, days, -9_i64..9].prop_map(Value::Timestamp).boxed()
        }
        FieldType::Date => prop_oneof![DATE_MIN..=DATE_MAX, -9..9].prop_map(Value::Date).boxed(),
        FieldType::Time => {
            let whole = (0..86_400_i64).prop_map(|seconds| seconds * 1_000_000);
            prop_oneof![0..=TIME_MAX, whole, 0_i64..9].prop_map(Value::Time).boxed()
        }
        FieldType::Uuid => any::<[u8; 16]>().prop_map(|bytes| Value::Uuid(uuid::Uuid::from_bytes(bytes))).boxed(),
        FieldType::Bytes => any::<Vec<u8>>().prop_map(Value::Bytes).boxed(),
        FieldType::Json => any_text().prop_map(|text| Value::Json(json_string(&text))).boxed(),
        FieldType::Enum => any_text().prop_map(|text| Value::Enum(text.chars().take(64).collect())).boxed(),
        FieldType::List(item) => {
            let item = any_value(item.into()).prop_filter("a list holds no null", |item| *item != Value::Null);
            prop::collection::vec(item, 0..5).prop_map(Value::List).boxed()
        }
        FieldType::Vector(dimensions) => any_vector(dimensions.into()),
    };
    prop_oneof![1 => Just(Value::Null), 9 => value].boxed()
}

/// Of any finite numbers.
fn any_vector(dimensions: usize) -> BoxedStrategy<Value> {
    use proptest::num::f32::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    let number = NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE;
    prop::collection::vec(number, dimensions).prop_map(Value::Vector).boxed()
}

/// Few digits as often as many.
fn any_decimal(digits: DecimalType) -> BoxedStrategy<Value> {
    let max = 10_i128.pow(u32::from(digits.precision)) - 1;
    let units = (-max..=max, 0..u32::from(digits.precision)).prop_map(|(units, cut)| units / 10_i128.pow(cut));
    prop_oneof![units, Just(max), Just(-max), Just(0)]
        .prop_map(move |units| Value::Decimal(Decimal::new(units, digits.scale)))
        .boxed()
}

/// Of every plane, and no NUL, which no text may hold.
fn any_text() -> impl Strategy<Value = String> {
    let ascii = prop::char::range('\u{1}', '\u{7f}');
    let plane = (0_u32..=16, 0_u32..0x1_0000).prop_filter_map("half a character", |(plane, at)| {
        char::from_u32(plane * 0x1_0000 + at).filter(|c| *c != '\0')
    });
    prop::collection::vec(prop_oneof![ascii, plane], 0..24).prop_map(|chars| chars.into_iter().collect())
}

fn json_string(text: &str) -> String {
    let mut json = String::new();
    model::write_json_string(text, &mut json);
    json
}

/// The binds of a row, nulls typed as their columns are.
pub(crate) fn typed(row: &Row) -> Vec<Bind> {
    TYPES.into_iter().zip(row).map(|(field_type, value)| Bind::One(field_type, value.clone())).collect()
}

/// The same values, floats compared by their bits.
pub(crate) fn same(found: &Row, expected: &Row) -> bool {
    let same = |(found, expected): (&Value, &Value)| match (found, expected) {
        (Value::Float(found), Value::Float(expected)) => found.to_bits() == expected.to_bits(),
        (found, expected) => found == expected,
    };
    found.len() == expected.len() && found.iter().zip(expected).all(same)
}

/// What kind of value it is, for a histogram.
pub(crate) fn class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Int(i64::MIN | i64::MAX) => "int at a limit",
        Value::Float(float) if *float == 0.0 && float.is_sign_negative() => "float -0.0",
        Value::Float(float) if float.is_subnormal() => "float subnormal",
        Value::Decimal(decimal) if decimal.units().unsigned_abs() > 1 << 63 => "decimal beyond 64 bits",
        Value::Decimal(decimal) if decimal.units() < 0 => "decimal negative",
        Value::Text(text) if text.is_empty() => "text empty",
        Value::Text(text) if text.chars().any(|c| c > '\u{ffff}') => "text beyond plane 0",
        Value::Bytes(bytes) if bytes.is_empty() => "bytes empty",
        Value::Timestamp(us) if us % 1_000_000 != 0 => "timestamp with microseconds",
        Value::Timestamp(us) if *us < 0 => "timestamp before 1970",
        Value::Time(us) if us % 1_000_000 != 0 => "time with microseconds",
        Value::List(items) if items.is_empty() => "list empty",
        value => value.kind(),
    }
}
