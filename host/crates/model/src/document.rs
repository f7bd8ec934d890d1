//! JSON documents that every database keeps alike.
//!
//! A document is stored as it was written, but for escapes in its keys; this module only refuses what one database would
//! store and another would not: NUL, half characters, numbers that no 64-bit float holds, keys that stand twice, and what is
//! too deep. It never recurses: a deep document costs heap, not stack.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde::de::IgnoredAny;

use crate::ValueError;
use crate::json::{HALF_CHARACTER_HINT, found, shortened, write_json_string};

/// Bytes of one number, at most: PostgreSQL keeps 16,383 digits behind the point, and nobody measures with a thousand.
const NUMBER_BYTES_MAX: usize = 1_000;
/// Levels of lists and objects, at most: MariaDB takes a deeper document for none.
const DEPTH_MAX: usize = 31;
/// Size of an exponent, at most: beyond it only zero is a float, and PostgreSQL refuses `0e-20000`.
const EXPONENT_MAX: u32 = 400;

/// Checks that a text is one JSON document which every database keeps.
pub(crate) fn check_document(text: &str) -> Result<(), ValueError> {
    escaped_keys(text).map(drop)
}

/// The document with its keys as plain as they can be written: MariaDB compares them byte by byte.
pub fn plain_document(text: &str) -> Result<String, ValueError> {
    let keys = escaped_keys(text)?;
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for (range, key) in keys {
        plain.push_str(&text[at..range.start]);
        write_json_string(&key, &mut plain);
        at = range.end;
    }
    plain.push_str(&text[at..]);
    Ok(plain)
}

/// Where a document has keys with escapes in them, and what they are; or what some database would not keep.
fn escaped_keys(text: &str) -> Result<Vec<(Range<usize>, String)>, ValueError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| ValueError {
        expected: "one JSON document".to_owned(),
        found: format!("text that does not parse: {error}"),
        hint: None,
    })?;
    let (mut open, mut escaped) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        at += match byte {
            b'"' => {
                let raw = string_at(&text[at..]);
                let string = decode(raw)?;
                if let Some(Container::Object { keys, is_key: true }) = open.last_mut() {
                    if let Cow::Owned(key) = &string {
                        escaped.push((at..at + raw.len(), key.clone()));
                    }
                    if !keys.insert(string) {
                        return Err(twice(raw));
                    }
                }
                raw.len()
            }
            b'-' | b'0'..=b'9' => check_number(&text[at..])?,
            byte => {
                turn(&mut open, *byte);
                if open.len() > DEPTH_MAX {
                    return Err(too_deep());
                }
                1
            }
        };
    }
    Ok(escaped)
}

fn too_deep() -> ValueError {
    ValueError {
        expected: format!("json of at most {DEPTH_MAX} levels"),
        found: "a document that is deeper".to_owned(),
        hint: Some("flatten it, or keep the inner part as a string".to_owned()),
    }
}

/// What the walk is inside of.
enum Container<'a> {
    List,
    Object {
        keys: HashSet<Cow<'a, str>>,
        /// Whether the next string is a key.
        is_key: bool,
    },
}

/// Follows a byte outside of strings and numbers. The text is known to parse, so brackets match.
fn turn(open: &mut Vec<Container<'_>>, byte: u8) {
    match (byte, open.last_mut()) {
        (b'[', _) => open.push(Container::List),
        (b'{', _) => open.push(Container::Object { keys: HashSet::new(), is_key: true }),
        (b']' | b'}', _) => drop(open.pop()),
        (b':', Some(Container::Object { is_key, .. })) => *is_key = false,
        (b',', Some(Container::Object { is_key, .. })) => *is_key = true,
        _ => {}
    }
}

/// The string at the start of the text, with its quotes.
fn string_at(text: &str) -> &str {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    });
    &text[..end.map_or(text.len(), |end| end + 2)]
}

fn decode(raw: &str) -> Result<Cow<'_, str>, ValueError> {
    let inner = &raw[1..raw.len() - 1];
    if !inner.contains('\\') {
        return Ok(Cow::Borrowed(inner));
    }
    let string: String = serde_json::from_str(raw).map_err(|_| ValueError {
        expected: "json with whole characters".to_owned(),
        found: found(raw),
        hint: Some(HALF_CHARACTER_HINT.to_owned()),
    })?;
    if string.contains('\0') {
        return Err(ValueError {
            expected: "json without NUL".to_owned(),
            found: format!("a NUL character (U+0000) in {}", found(raw)),
            hint: Some("remove \\u0000: not every database can store it".to_owned()),
        });
    }
    Ok(Cow::Owned(string))
}

/// The length of the number at the start of the text.
fn check_number(text: &str) -> Result<usize, ValueError> {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let raw = &text[..text.bytes().take_while(is_part).count()];
    let (digits, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let is_zero = !digits.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let fits = raw.len() <= NUMBER_BYTES_MAX
        && exponent.parse::<i32>().is_ok_and(|exponent| exponent.unsigned_abs() <= EXPONENT_MAX)
        && raw.parse::<f64>().is_ok_and(|float| float.is_finite() && (float != 0.0 || is_zero));
    if fits {
        return Ok(raw.len());
    }
    let quoted = if raw.len() <= 40 { format!(": \"{raw}\"") } else { String::new() };
    Err(ValueError {
        expected: format!("json with numbers that 64-bit floats hold, of at most {NUMBER_BYTES_MAX} bytes"),
        found: found(raw),
        hint: Some(format!("write it as a string{quoted}")),
    })
}

fn twice(raw: &str) -> ValueError {
    ValueError {
        expected: "json whose objects hold each key once".to_owned(),
        found: format!("key {} twice in one object", shortened(raw)),
        hint: Some("keep one of the two: a database may drop the other".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{FieldType, Value, WireOptions};

    #[test]
    fn refuses_what_some_database_would_lose() {
        let report = |text: &&str| match check_document(text) {
            Ok(()) => format!("{text:28} kept"),
            Err(error) => format!("{text:28} {error}; {}", error.hint.as_deref().unwrap_or_default()),
        };
        let texts = [
            r#""a\u0000b""#,
            r#"{"\u0000": 1}"#,
            r#"["\ud800"]"#,
            r#"{"\udc00x": 1}"#,
            "[1e999999]",
            "-1e309",
            "1e-999999",
            "0e-20000",
            "1e99999999999999999999",
            &format!("1.{}", "0".repeat(1_000)),
            r#"{"a": 1, "a": 2}"#,
            r#"[{"b": {"a": 1, "\u0061": 2}}]"#,
            "{",
            "1 2",
        ];
        insta::assert_snapshot!(texts.iter().map(report).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn keeps_everything_else_as_it_was_written() {
        let texts = [
            r#"{"a": {"a": "a"}, "b": [{"a": 1}, {"a": 2}], "c": "a"}"#,
            r#" { "a" : "\ud83d\ude00 \\u0000 \\\"" , "x" : [ 1.10 , -0.0 , 5e-324 , 1.7976931348623157e308 ] } "#,
            "123456789012345678901234567890",
            "[]",
            "null",
            r#""\\""#,
        ];
        for text in texts {
            assert_eq!(check_document(text), Ok(()), "{text}");
            let value = FieldType::Json.parse_json(text, WireOptions { big_int: false });
            let kept = if text == "null" { Value::Null } else { Value::Json(text.to_owned()) };
            assert_eq!(value, Ok(kept));
        }
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(check_document(&nested(DEPTH_MAX)), Ok(()));
        assert!(check_document(&nested(DEPTH_MAX + 1)).is_err() && check_document(&nested(100_000)).is_err());
    }

    #[test]
    fn judges_values_of_callers_and_of_guests() {
        let text = r#"{"a": 1, "a": 2}"#;
        assert!(FieldType::Json.parse_json(text, WireOptions { big_int: false }).is_err());
        assert!(Value::Json(text.to_owned()).check().is_err());
    }

    #[test]
    fn keys_lose_their_escapes_and_nothing_else_changes() {
        let text = r#" {"gr\u00f6\u00dfe": "\u00f6", "a\"b": [{"\u0061": 1}], "c": {"\n": null}} "#;
        let plain = plain_document(text).expect("a document");
        assert_eq!(plain, r#" {"größe": "\u00f6", "a\"b": [{"a": 1}], "c": {"\n": null}} "#);
        assert_eq!(plain_document(&plain), Ok(plain));
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_kept(text: String, float in any::<f64>().prop_filter("finite", |float| float.is_finite()), int: i64) {
            let text = text.replace('\0', "");
            let document = serde_json::json!({ text.clone(): [float, int, { "a": text }], "b": {} });
            prop_assert_eq!(check_document(&document.to_string()), Ok(()));
            prop_assert_eq!(check_document(&format!("{document:#}")), Ok(()));
        }

        #[test]
        fn any_text_is_judged(text in r#"[\[\]{}",:0-9eE.+\\ u-]{0,40}"#) {
            let _ = check_document(&text);
        }
    }
}
