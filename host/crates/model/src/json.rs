//! Values as JSON and JSON as values, without loss.
//!
//! Numbers are judged by their own digits, never through a float they were not sent as; a key that occurs twice is an
//! error, because one of the two values would be lost. What a JSON document may hold is `document`'s.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::document::check_document;
use crate::timestamp::{format_timestamp, parse_timestamp};
use crate::{FieldType, Value, ValueError};

/// What to write instead of a half of a character.
pub(crate) const HALF_CHARACTER_HINT: &str =
    "write every \\uD800 to \\uDBFF with its second half behind it, such as \"\\ud83d\\ude00\"";

/// How values are written for a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireOptions {
    /// Integers as strings in both directions, for callers whose numbers are floats.
    pub big_int: bool,
}

/// Why a text is not the JSON object that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text does not parse, or is not an object.
    #[error("{reason}")]
    Syntax {
        /// What the parser found, with line and column.
        reason: String,
    },
    /// A key stands twice in one object.
    #[error("key `{key}` stands twice in one object")]
    DuplicateKey {
        /// The key.
        key: String,
    },
}

/// The members of an object in the order in which they were written, each value with its own digits.
pub fn members(text: &str) -> Result<Vec<(String, Box<RawValue>)>, JsonError> {
    let Members(members) =
        serde_json::from_str(text).map_err(|error| JsonError::Syntax { reason: error.to_string() })?;
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(JsonError::DuplicateKey { key: pair[0].to_owned() }),
        None => Ok(members),
    }
}

/// Whether arrays and objects nest at most `depth_max` deep. Looks at bytes only, so that a hostile text costs no stack.
pub fn within_depth(text: &[u8], depth_max: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > depth_max {
            return false;
        }
    }
    true
}

impl FieldType {
    /// The value that a JSON text stands for. `null` is [`Value::Null`]; whether a field may hold it is not asked here.
    pub fn parse_json(self, raw: &str, wire: WireOptions) -> Result<Value, ValueError> {
        if raw == "null" {
            return Ok(Value::Null);
        }
        match self {
            Self::Text => self.text(raw),
            Self::Int => self.int(raw, wire),
            Self::Float => self.float(raw),
            Self::Boolean => match raw {
                "true" => Ok(Value::Boolean(true)),
                "false" => Ok(Value::Boolean(false)),
                _ => Err(self.mistyped(raw)),
            },
            Self::Timestamp => match string(raw) {
                Some(text) => parse_timestamp(&text).map(Value::Timestamp),
                None => Err(self.mistyped(raw)),
            },
            Self::Uuid => match string(raw).filter(|text| text.len() == 36).map(|text| Uuid::try_parse(&text)) {
                Some(Ok(uuid)) => Ok(Value::Uuid(uuid)),
                _ => Err(self.mistyped(raw)),
            },
            Self::Json => check_document(raw).map(|()| Value::Json(raw.to_owned())),
        }
    }

    fn text(self, raw: &str) -> Result<Value, ValueError> {
        match string(raw) {
            Some(text) if text.contains('\0') => Err(ValueError {
                expected: "text without NUL".to_owned(),
                found: "a NUL character (U+0000)".to_owned(),
                hint: Some("no database here can store NUL in text; remove it".to_owned()),
            }),
            Some(text) => Ok(Value::Text(text)),
            None => Err(self.mistyped(raw)),
        }
    }

    fn int(self, raw: &str, wire: WireOptions) -> Result<Value, ValueError> {
        let digits = if wire.big_int { raw.trim_matches('"') } else { raw };
        if let Ok(int) = digits.parse::<i64>() {
            return Ok(Value::Int(int));
        }
        let is_integer = digits.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty();
        let mut error = self.mistyped(raw);
        if is_integer {
            error.found = format!("{}, which is out of range", shortened(digits));
            error.expected = format!("int ({} to {})", i64::MIN, i64::MAX);
            error.hint = Some("send a number in this range; longer ones belong into a text field".to_owned());
        } else if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            error.hint = Some("write a whole number without point or exponent".to_owned());
        }
        Err(error)
    }

    fn float(self, raw: &str) -> Result<Value, ValueError> {
        if !raw.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
            return Err(self.mistyped(raw));
        }
        match raw.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(Value::Float(float)),
            _ => Err(ValueError {
                expected: "float (finite, 64 bits)".to_owned(),
                found: format!("{}, which is out of range", shortened(raw)),
                hint: Some("send a number between -1.7e308 and 1.7e308".to_owned()),
            }),
        }
    }

    fn mistyped(self, raw: &str) -> ValueError {
        let inner = string(raw).filter(|inner| {
            !matches!(self, Self::Text | Self::Json) && self.parse_json(inner, WireOptions { big_int: false }).is_ok()
        });
        let hint = match (self, inner) {
            (_, Some(inner)) => format!("write {inner} without quotes: values are not converted"),
            (Self::Text, _) if raw.starts_with('"') => HALF_CHARACTER_HINT.to_owned(),
            (Self::Text, _) if !raw.starts_with(['{', '[']) => {
                format!("write \"{raw}\" with quotes: values are not converted")
            }
            _ => format!("write for example {}", self.example()),
        };
        ValueError { expected: self.name().to_owned(), found: found(raw), hint: Some(hint) }
    }
}

/// Appends the value as JSON. `Absent` has no JSON and writes `null`; callers leave it out before.
pub fn write_json(value: &Value, wire: WireOptions, out: &mut String) {
    match value {
        Value::Absent | Value::Null => out.push_str("null"),
        Value::Boolean(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
        Value::Int(int) if wire.big_int => out.push_str(&format!("\"{int}\"")),
        Value::Int(int) => out.push_str(&int.to_string()),
        Value::Float(float) => out.push_str(&serde_json::to_string(float).unwrap_or_else(|_| "null".to_owned())),
        Value::Text(text) => write_json_string(text, out),
        Value::Uuid(uuid) => {
            out.push('"');
            out.push_str(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
            out.push('"');
        }
        Value::Timestamp(us) => {
            out.push('"');
            out.push_str(&format_timestamp(*us));
            out.push('"');
        }
        Value::Json(text) => out.push_str(text),
    }
}

/// Appends a text as a JSON string.
pub fn write_json_string(text: &str, out: &mut String) {
    out.push_str(&serde_json::to_string(text).expect("a str serialises"));
}

fn string(raw: &str) -> Option<String> {
    raw.starts_with('"').then(|| serde_json::from_str(raw).ok()).flatten()
}

/// The kind of a JSON text, with the text where it is short.
pub(crate) fn found(raw: &str) -> String {
    let kind = match raw.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'{') => return "an object".to_owned(),
        Some(b'[') => return "a list".to_owned(),
        Some(b't' | b'f') => "boolean",
        Some(b'n') => return "null".to_owned(),
        _ => "number",
    };
    format!("{kind} {}", shortened(raw))
}

/// A text as [`found`] shows one.
pub(crate) fn found_text(text: &str) -> String {
    let mut raw = String::new();
    write_json_string(text, &mut raw);
    found(&raw)
}

/// The text, cut where it is long.
pub(crate) fn shortened(raw: &str) -> String {
    match raw.char_indices().nth(40) {
        Some((at, _)) => format!("{}... ({} bytes)", &raw[..at], raw.len()),
        None => raw.to_owned(),
    }
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
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
            let values = [Value::Int(int), Value::Float(float), Value::Text(text), Value::Boolean(boolean), Value::Uuid(Uuid::from_u128(id))];
            for wire in [PLAIN, WireOptions { big_int: true }] {
                for value in &values {
                    let mut raw = String::new();
                    write_json(value, wire, &mut raw);
                    let back = value.field_type().expect("typed").parse_json(&raw, wire).expect("own output");
                    prop_assert_eq!(&back, value);
                    if let (Value::Float(a), Value::Float(b)) = (&back, value) {
                        prop_assert_eq!(a.to_bits(), b.to_bits());
                    }
                }
            }
        }
    }
}
