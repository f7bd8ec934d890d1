//! Values as JSON and JSON as values, without loss.
//!
//! Numbers are judged by their own digits, never through a float they were not sent as; a key that occurs twice is an
//! error, because one of the two values would be lost. What a JSON document may hold is `document`'s.

mod brackets;
mod long_list;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use self::brackets::Brackets;
use crate::calendar::{format_date, format_time, parse_date, parse_time};
use crate::document::plain_document;
use crate::timestamp::{format_timestamp, parse_timestamp};
use crate::vector::{parse_vector, write_vector};
use crate::{DecimalType, FieldType, ItemType, Value, ValueError};

pub use long_list::{ListItems, WithoutList, cut_list};

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
pub type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Reads an object. Nothing is copied but keys with escapes in them.
pub fn members(text: &str) -> Result<Members<'_>, JsonError> {
    let mut members = Members::with_capacity(8);
    visit_members(text, |key, raw| members.push((key, raw)))?;
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(JsonError::DuplicateKey { key: pair[0].to_owned() }),
        None => Ok(members),
    }
}

/// Hands over the members of an object one by one; whoever receives them has to notice a key that stands twice.
pub fn visit_members<'a>(text: &'a str, mut receive: impl FnMut(Cow<'a, str>, &'a RawValue)) -> Result<(), JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = deserializer.deserialize_map(Receiver(&mut receive)).and_then(|()| deserializer.end());
    read.map_err(|error| JsonError::Syntax { reason: error.to_string() })
}

/// The items of a list, each with its own digits.
pub fn items(text: &str) -> Result<Vec<&RawValue>, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError::Syntax { reason: error.to_string() })
}

/// Whether arrays and objects nest at most `depth_max` deep. Looks at bytes only, so that a hostile text costs no stack.
pub fn within_depth(text: &[u8], depth_max: usize) -> bool {
    let mut depth = 0_usize;
    Brackets::of(text).all(|(_, bracket)| {
        match bracket {
            b'{' | b'[' => depth += 1,
            _ => depth = depth.saturating_sub(1),
        }
        depth <= depth_max
    })
}

/// Whether a text is JSON.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
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
            Self::Decimal(digits) => self.decimal(digits, raw),
            Self::Timestamp => self.spelled(raw, |text| parse_timestamp(text).map(Value::Timestamp)),
            Self::Date => self.spelled(raw, |text| parse_date(text).map(Value::Date)),
            Self::Time => self.spelled(raw, |text| parse_time(text).map(Value::Time)),
            Self::Bytes => self.spelled(raw, |text| {
                BASE64.decode(text).map(Value::Bytes).map_err(|_| ValueError {
                    expected: "bytes (base64)".to_owned(),
                    found: found(raw),
                    hint: Some("write the alphabet of RFC 4648 with padding: \"aGVsbG8=\"".to_owned()),
                })
            }),
            Self::Enum => match self.text(raw)? {
                Value::Text(text) => Ok(Value::Enum(text)),
                other => Ok(other),
            },
            Self::List(item) => self.list(item, raw, wire),
            Self::Vector(dimensions) => parse_vector(dimensions, raw).map(Value::Vector),
            Self::Uuid => match string(raw).filter(|text| text.len() == 36).map(|text| Uuid::try_parse(&text)) {
                Some(Ok(uuid)) => Ok(Value::Uuid(uuid)),
                _ => Err(self.mistyped(raw)),
            },
            Self::Json => plain_document(raw).map(Value::Json),
        }
    }

    /// A value that is written as a string of its own spelling.
    fn spelled(self, raw: &str, parse: impl Fn(&str) -> Result<Value, ValueError>) -> Result<Value, ValueError> {
        match string(raw) {
            Some(text) => parse(&text),
            None => Err(self.mistyped(raw)),
        }
    }

    /// A decimal may be a number too: its own digits are read, never a float.
    fn decimal(self, digits: DecimalType, raw: &str) -> Result<Value, ValueError> {
        let text = string(raw);
        match text.as_deref().unwrap_or(raw) {
            text if raw.starts_with(['"', '-']) || raw.starts_with(|c: char| c.is_ascii_digit()) => {
                digits.parse(text).map(Value::Decimal)
            }
            _ => Err(self.mistyped(raw)),
        }
    }

    fn list(self, item: ItemType, raw: &str, wire: WireOptions) -> Result<Value, ValueError> {
        let Ok(items) = items(raw) else {
            return Err(self.mistyped(raw));
        };
        let item_type = FieldType::from(item);
        let parse = |(at, item): (usize, &&RawValue)| {
            let place = |error: ValueError| ValueError { found: format!("{} as item {at}", error.found), ..error };
            let value = item_type.parse_json(item.get(), wire).map_err(place)?;
            check_item(&value).map_err(place)?;
            Ok(value)
        };
        items.iter().enumerate().map(parse).collect::<Result<_, _>>().map(Value::List)
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
            !matches!(self, Self::Text | Self::Json | Self::Enum)
                && self.parse_json(inner, WireOptions { big_int: false }).is_ok()
        });
        let hint = match (self, inner) {
            (_, Some(inner)) => format!("write {inner} without quotes: values are not converted"),
            (Self::Text | Self::Enum, _) if raw.starts_with('"') => HALF_CHARACTER_HINT.to_owned(),
            (Self::Text, _) if !raw.starts_with(['{', '[']) => {
                format!("write \"{raw}\" with quotes: values are not converted")
            }
            _ => format!("write for example {}", self.example()),
        };
        ValueError { expected: self.to_string(), found: found(raw), hint: Some(hint) }
    }
}

/// What holds of an item of a list, whoever made it: it is there, and every database gives it back. JSON documents of
/// PostgreSQL have no negative zero.
pub(crate) fn check_item(value: &Value) -> Result<(), ValueError> {
    let error = |expected: &str, found: &str| {
        Err(ValueError { expected: expected.to_owned(), found: found.to_owned(), hint: None })
    };
    match value {
        Value::Absent | Value::Null => error("an item", "null"),
        Value::Float(float) if *float == 0.0 && float.is_sign_negative() => {
            error("a float without the sign of zero", "-0.0")
        }
        _ => Ok(()),
    }
}

/// The items as every database stores them: the JSON array that a caller reads.
pub fn write_list(items: &[Value]) -> String {
    let mut text = String::new();
    write_items(items, WireOptions { big_int: false }, &mut text);
    text
}

/// The items that a database answered.
pub fn read_list(item: ItemType, text: &str) -> Option<Vec<Value>> {
    match FieldType::List(item).parse_json(text, WireOptions { big_int: false }) {
        Ok(Value::List(items)) => Some(items),
        _ => None,
    }
}

fn write_items(items: &[Value], wire: WireOptions, out: &mut String) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_json(item, wire, out);
    }
    out.push(']');
}

/// Appends the value as JSON. `Absent` has no JSON and writes `null`; callers leave it out before.
pub fn write_json(value: &Value, wire: WireOptions, out: &mut String) {
    match value {
        Value::Absent | Value::Null => out.push_str("null"),
        Value::Boolean(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
        Value::Int(int) if wire.big_int => out.push_str(&format!("\"{int}\"")),
        Value::Int(int) => out.push_str(&int.to_string()),
        Value::Float(float) => out.push_str(&serde_json::to_string(float).unwrap_or_else(|_| "null".to_owned())),
        Value::Text(text) | Value::Enum(text) => write_json_string(text, out),
        Value::Decimal(decimal) => quoted(&decimal.to_string(), out),
        Value::Date(days) => quoted(&format_date(*days), out),
        Value::Time(us) => quoted(&format_time(*us), out),
        Value::Bytes(bytes) => quoted(&BASE64.encode(bytes), out),
        Value::List(items) => write_items(items, wire, out),
        Value::Vector(numbers) => out.push_str(&write_vector(numbers)),
        Value::Uuid(uuid) => {
            out.push('"');
            out.push_str(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
            out.push('"');
        }
        Value::Timestamp(us) => quoted(&format_timestamp(*us), out),
        Value::Json(text) => out.push_str(text),
    }
}

/// Appends a text that needs no escapes.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
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

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Receiver<'r, F>(&'r mut F);

impl<'de, F: FnMut(Cow<'de, str>, &'de RawValue)> Visitor<'de> for Receiver<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((Key(key), raw)) = map.next_entry()? {
            (self.0)(key, raw);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
