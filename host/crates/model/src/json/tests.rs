//! Spellings of every type, and what is said about wrong ones.

use super::*;
use proptest::prelude::*;

const PLAIN: WireOptions = WireOptions { big_int: false };

fn refusal(field_type: FieldType, raw: &str) -> String {
    let error = field_type.parse_json(raw, PLAIN).expect_err(raw);
    format!("{error}; {}", error.hint.as_deref().unwrap_or_default())
}

#[test]
fn nothing_is_coerced_and_the_hint_shows_how_to_write_it() {
    let cases = [
        (FieldType::Int, "\"20\""),
        (FieldType::Int, "20.0"),
        (FieldType::Int, "9223372036854775808"),
        (FieldType::Int, "true"),
        (FieldType::Text, "20"),
        (FieldType::Text, "{\"a\":1}"),
        (FieldType::Text, "\"a\\u0000b\""),
        (FieldType::Text, "\"\\ud800\""),
        (FieldType::Float, "1e999"),
        (FieldType::Float, "\"1.5\""),
        (FieldType::Boolean, "\"true\""),
        (FieldType::Uuid, "\"17\""),
        (FieldType::Timestamp, "1700000000"),
        (FieldType::Date, "20260101"),
        (FieldType::Time, "\"9:00\""),
        (FieldType::Bytes, "\"a b\""),
        (FieldType::Decimal(DecimalType { precision: 5, scale: 2 }), "true"),
        (FieldType::Decimal(DecimalType { precision: 5, scale: 2 }), "1e2"),
        (FieldType::Decimal(DecimalType { precision: 5, scale: 2 }), "0.001"),
        (FieldType::List(ItemType::Int), "[1, \"2\"]"),
        (FieldType::List(ItemType::Int), "[1, null]"),
        (FieldType::List(ItemType::Float), "[-0.0]"),
        (FieldType::List(ItemType::Text), "\"a\""),
    ];
    let lines: Vec<_> = cases.iter().map(|(t, raw)| format!("{raw:24} {}", refusal(*t, raw))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let error = members(r#"{"a": 1, "b": 2, "a": 3}"#).expect_err("twice");
    assert_eq!(error, JsonError::DuplicateKey { key: "a".to_owned() });
}

#[test]
fn depth_is_counted_outside_of_strings() {
    assert!(within_depth(br#"{"a": "[[[[[[\"[["}"#, 1));
    assert!(within_depth(b"[[1]]", 2) && !within_depth(b"[[[1]]]", 2));
}

proptest! {
    #[test]
    fn values_come_back_as_they_went(int: i64, float in any::<f64>().prop_filter("finite", |f| f.is_finite()), text: String, boolean: bool, id: u128) {
        let text = text.replace('\0', "");
        let whole = [
            (FieldType::Int, Value::Int(int)),
            (FieldType::Float, Value::Float(float)),
            (FieldType::Text, Value::Text(text.clone())),
            (FieldType::Boolean, Value::Boolean(boolean)),
            (FieldType::Uuid, Value::Uuid(Uuid::from_u128(id))),
            (FieldType::Bytes, Value::Bytes(text.clone().into_bytes())),
            (FieldType::Enum, Value::Enum(text.clone())),
            (FieldType::List(ItemType::Text), Value::List(vec![Value::Text(text.clone()); 2])),
            (FieldType::List(ItemType::Int), Value::List(vec![Value::Int(int)])),
        ];
        for wire in [PLAIN, WireOptions { big_int: true }] {
            for (field_type, value) in &whole {
                let mut raw = String::new();
                write_json(value, wire, &mut raw);
                let back = field_type.parse_json(&raw, wire).expect("own output");
                prop_assert_eq!(&back, value);
                if let (Value::Float(a), Value::Float(b)) = (&back, value) {
                    prop_assert_eq!(a.to_bits(), b.to_bits());
                }
            }
        }
    }
}
