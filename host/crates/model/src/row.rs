//! A record's row, read in one pass: each member becomes its field's value while the text is parsed.
//!
//! Takes only what is right at first sight. Whoever gets nothing reads the text member by member, where
//! [`FieldDef::parse_json`] tells what is wrong; a test asserts that the two agree.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::calendar::{parse_date, parse_time};
use crate::timestamp::parse_timestamp;
use crate::{FieldDef, FieldType, ModelDef, Row, Value, WireOptions};

/// What the parser is told when a text is not right at first sight; nobody reads it.
const UNUSUAL: &str = "unusual";

impl ModelDef {
    /// The row of an object that has only fields which callers write, each once and with a value of its type; `absent` where
    /// a field was not sent. None for any other text.
    pub fn read_row(&self, text: &str, wire: WireOptions) -> Option<Row> {
        if wire.big_int {
            return None;
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let row = deserializer.deserialize_map(Members(self)).ok()?;
        deserializer.end().ok()?;
        Some(row)
    }
}

struct Members<'m>(&'m ModelDef);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UNUSUAL)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let fields = &self.0.fields;
        let mut row = Row::with_capacity(fields.len());
        while let Some(at) = map.next_key_seed(Name { def: self.0, next: row.len() })? {
            let field = &fields[at];
            if row.get(at).is_some_and(|value| !value.is_absent()) || !field.is_written_by_callers() {
                return Err(A::Error::custom(UNUSUAL));
            }
            let value = map.next_value_seed(Member(field))?;
            match row.get_mut(at) {
                Some(place) => *place = value,
                None => {
                    row.resize_with(at, || Value::Absent);
                    row.push(value);
                }
            }
        }
        row.resize_with(fields.len(), || Value::Absent);
        Ok(row)
    }
}

/// The name of a member, on its way to the field's position.
struct Name<'m> {
    def: &'m ModelDef,
    /// The field that comes next where a caller follows the model's order.
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UNUSUAL)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        match self.def.fields.get(self.next) {
            Some(field) if field.name.as_str() == name => Ok(self.next),
            _ => self.def.position_of(name).ok_or_else(|| E::custom(UNUSUAL)),
        }
    }
}

/// The value of a member, on its way to a value of the field.
struct Member<'m>(&'m FieldDef);

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.0.field_type {
            FieldType::Text
            | FieldType::Int
            | FieldType::Float
            | FieldType::Boolean
            | FieldType::Timestamp
            | FieldType::Date
            | FieldType::Time
            | FieldType::Uuid
            | FieldType::Enum => deserializer.deserialize_any(self),
            // Read by their own digits, or made of more than one token.
            FieldType::Decimal(_) | FieldType::Bytes | FieldType::Json | FieldType::List(_) | FieldType::Vector(_) => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                self.0.parse_json(raw.get(), WireOptions { big_int: false }).map_err(D::Error::custom)
            }
        }
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UNUSUAL)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Value, E> {
        match self.0.field_type {
            FieldType::Boolean => Ok(Value::Boolean(boolean)),
            _ => Err(E::custom(UNUSUAL)),
        }
    }

    fn visit_i64<E: Error>(self, int: i64) -> Result<Value, E> {
        match self.0.field_type {
            FieldType::Int => Ok(Value::Int(int)),
            FieldType::Float => Ok(Value::Float(int as f64)),
            _ => Err(E::custom(UNUSUAL)),
        }
    }

    fn visit_u64<E: Error>(self, int: u64) -> Result<Value, E> {
        match i64::try_from(int) {
            Ok(int) => self.visit_i64(int),
            Err(_) => self.visit_f64(int as f64),
        }
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Value, E> {
        match self.0.field_type {
            FieldType::Float if float.is_finite() => Ok(Value::Float(float)),
            _ => Err(E::custom(UNUSUAL)),
        }
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value, E> {
        match self.0.field_type {
            // What is lent has no escape in it, and JSON has no other way to write NUL.
            FieldType::Text => Ok(Value::Text(text.to_owned())),
            _ => self.visit_str(text),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        let value = match self.0.field_type {
            FieldType::Text if !text.contains('\0') => Some(Value::Text(text.to_owned())),
            FieldType::Enum if self.0.labels.iter().any(|label| label == text) => Some(Value::Enum(text.to_owned())),
            FieldType::Uuid if text.len() == 36 => Uuid::try_parse(text).ok().map(Value::Uuid),
            FieldType::Timestamp => parse_timestamp(text).ok().map(Value::Timestamp),
            FieldType::Date => parse_date(text).ok().map(Value::Date),
            FieldType::Time => parse_time(text).ok().map(Value::Time),
            _ => None,
        };
        value.ok_or_else(|| E::custom(UNUSUAL))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::{DecimalType, ItemType, Nullable};

    const WIRE: WireOptions = WireOptions { big_int: false };

    const TYPES: [FieldType; 14] = [
        FieldType::Text,
        FieldType::Int,
        FieldType::Float,
        FieldType::Boolean,
        FieldType::Decimal(DecimalType { precision: 5, scale: 2 }),
        FieldType::Timestamp,
        FieldType::Date,
        FieldType::Time,
        FieldType::Uuid,
        FieldType::Bytes,
        FieldType::Json,
        FieldType::Enum,
        FieldType::List(ItemType::Int),
        FieldType::Vector(2),
    ];

    fn model(fields: &[(&'static str, FieldType)]) -> ModelDef {
        let fields: Vec<_> = fields.iter().map(|(name, field_type)| (*name, *field_type, Nullable::Yes)).collect();
        let mut def = ModelDef::of_host("record", &fields);
        def.fields.iter_mut().for_each(|field| field.labels = vec!["new".to_owned(), "big".to_owned()]);
        def
    }

    /// Texts of JSON of every kind, most of them near to what some type takes.
    fn json() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>().prop_map(|text| serde_json::json!(text).to_string()),
            any::<i64>().prop_map(|int| int.to_string()),
            any::<u64>().prop_map(|int| int.to_string()),
            any::<f64>().prop_map(|float| serde_json::json!(float).to_string()),
            "-?[0-9]{1,4}(\\.[0-9]{1,3})?(e[0-9]{1,3})?",
            "\"[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:00:00(Z|[+-]0[0-9]:00)?)?\"",
            "\"[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,7})?\"",
            any::<u128>().prop_map(|id| format!("\"{}\"", Uuid::from_u128(id))),
            "\"[a-zA-Z0-9+/]{4}\"",
            "\\[[0-9]{1,2}(, -?[0-9.]{1,3})?\\]",
            select(vec![
                "null",
                "true",
                "false",
                "\"new\"",
                "\"n\\u0065w\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "{}",
                "-0",
                "01"
            ])
            .prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn takes_what_a_field_takes_by_itself(raw in json(), field_type in select(TYPES.to_vec())) {
            let def = model(&[("it", field_type)]);
            let alone = serde_json::from_str::<&RawValue>(&raw).ok().and_then(|_| def.fields[0].parse_json(&raw, WIRE).ok());
            let read = def.read_row(&format!("{{\"it\": {raw}}}"), WIRE).map(|mut row| row.remove(0));
            // A number that JSON readers make a float of, and an integer all the same: read by its digits.
            match (field_type, raw.as_str()) {
                (FieldType::Int, "-0") => prop_assert_eq!(read, None),
                _ => prop_assert_eq!(read, alone),
            }
        }
    }

    #[test]
    fn takes_members_in_any_order_and_leaves_out_what_is_not_sent() {
        let def = model(&[("id", FieldType::Int), ("name", FieldType::Text), ("born", FieldType::Date)]);
        let row = |text: &str| def.read_row(text, WIRE);
        let whole = vec![Value::Int(1), Value::Text("é\"".to_owned()), Value::Date(0)];
        assert_eq!(row(r#"{"id": 1, "name": "é\"", "born": "1970-01-01"}"#), Some(whole.clone()));
        assert_eq!(row(r#" {"born": "1970-01-01", "n\u0061me": "\u00e9\u0022", "id": 1} "#), Some(whole));
        assert_eq!(row(r#"{"name": null}"#), Some(vec![Value::Absent, Value::Null, Value::Absent]));
        for unusual in [r#"{"id": 1, "id": 1}"#, r#"{"idd": 1}"#, r#"{"id": 1} 2"#, r#"{"id": 1"#, "[1]", "1"] {
            assert_eq!(row(unusual), None, "{unusual}");
        }
    }

    #[test]
    fn leaves_what_the_host_writes_to_whoever_tells_so() {
        let mut def = model(&[("id", FieldType::Int), ("version", FieldType::Int)]);
        def.fields[1].role = crate::Role::Version;
        assert_eq!(def.read_row(r#"{"id": 1, "version": 1}"#, WIRE), None);
        assert_eq!(def.read_row(r#"{"id": 1}"#, WireOptions { big_int: true }), None);
    }
}
