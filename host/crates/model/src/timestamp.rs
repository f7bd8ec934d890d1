//! Timestamps: microseconds since 1970-01-01T00:00:00Z on the inside, RFC 3339 with an offset on the outside.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::ValueError;

const EXPECTED: &str = "timestamp (RFC 3339 with an offset)";

/// 0001-01-01T00:00:00Z.
const US_MIN: i64 = -62_135_596_800_000_000;
/// 9999-12-31T23:59:59.999999Z.
const US_MAX: i64 = 253_402_300_799_999_999;

/// Whether RFC 3339 can write the time with a year of four digits.
pub(crate) fn in_range(us: i64) -> bool {
    (US_MIN..=US_MAX).contains(&us)
}

/// Microseconds of an RFC 3339 text. A text without offset, or finer than a microsecond, is refused: either would lose
/// something silently.
pub fn parse_timestamp(text: &str) -> Result<i64, ValueError> {
    let error = |found: String, hint: Option<String>| ValueError { expected: EXPECTED.to_owned(), found, hint };
    let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| {
        let with_zone = format!("{}Z", text.trim().replacen(' ', "T", 1));
        let is_naive = DateTime::parse_from_rfc3339(&with_zone).is_ok();
        let hint = if is_naive {
            format!("say which time zone: \"{with_zone}\" for UTC, or an offset such as +02:00")
        } else {
            "write for example \"2026-11-21T09:30:00Z\"".to_owned()
        };
        let found = if is_naive { "a time without offset".to_owned() } else { crate::json::found_text(text) };
        error(found, Some(hint))
    })?;
    if parsed.timestamp_subsec_nanos() >= 1_000_000_000 {
        return Err(error("a leap second".to_owned(), Some("write second 59 or the next minute".to_owned())));
    }
    if is_finer_than_us(text) {
        let hint = "give at most six digits after the second".to_owned();
        return Err(error("a time finer than a microsecond".to_owned(), Some(hint)));
    }
    let us = parsed.timestamp_micros();
    if !in_range(us) {
        return Err(error("a time outside of the years 1 to 9999".to_owned(), None));
    }
    Ok(us)
}

/// Asks the text: the parser keeps nine digits and drops the rest.
fn is_finer_than_us(text: &str) -> bool {
    let (_, fraction) = text.split_once('.').unwrap_or_default();
    fraction.bytes().take_while(u8::is_ascii_digit).skip(6).any(|digit| digit != b'0')
}

/// The time as RFC 3339 in UTC with six digits: `2026-11-21T09:30:00.000000Z`.
pub fn format_timestamp(us: i64) -> String {
    match DateTime::<Utc>::from_timestamp_micros(us) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Micros, true),
        None => format!("{us} us"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_microseconds_and_converts_offsets() {
        let us = parse_timestamp("2026-11-21T11:30:00.000001+02:00").expect("valid");
        assert_eq!(format_timestamp(us), "2026-11-21T09:30:00.000001Z");
        for us in [US_MIN, -1, 0, 1, US_MAX] {
            assert_eq!(parse_timestamp(&format_timestamp(us)), Ok(us));
        }
    }

    #[test]
    fn digits_behind_the_sixth_are_zeros_or_refused() {
        for fraction in ["0000001", "000000001", "0000000001", "00000000000000000001"] {
            for zone in ["Z", "+02:00"] {
                let text = format!("2026-11-21T09:30:00.{fraction}{zone}");
                assert!(parse_timestamp(&text).is_err(), "{text}");
            }
        }
        let exact = parse_timestamp("2026-11-21T09:30:00.123456Z");
        assert_eq!(parse_timestamp("2026-11-21T09:30:00.12345600000000Z"), exact);
    }

    #[test]
    fn refuses_what_would_lose_something() {
        let report = |text| {
            let error = parse_timestamp(text).expect_err(text);
            format!("{error}; {}", error.hint.as_deref().unwrap_or_default())
        };
        insta::assert_snapshot!(report("2026-11-21T09:30:00"), @r#"expected timestamp (RFC 3339 with an offset), found a time without offset; say which time zone: "2026-11-21T09:30:00Z" for UTC, or an offset such as +02:00"#);
        insta::assert_snapshot!(report("2026-11-21T09:30:00.0000001Z"), @"expected timestamp (RFC 3339 with an offset), found a time finer than a microsecond; give at most six digits after the second");
        insta::assert_snapshot!(report("yesterday"), @r#"expected timestamp (RFC 3339 with an offset), found string "yesterday"; write for example "2026-11-21T09:30:00Z""#);
    }
}
