//! Dates and times of day, without a zone: days since 1970-01-01 and microseconds since midnight on the inside, ISO 8601 on
//! the outside.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use crate::ValueError;
use crate::json::found_text;

/// 0001-01-01.
const DAY_MIN: i32 = -719_162;
/// 9999-12-31.
const DAY_MAX: i32 = 2_932_896;
/// Days from 0001-01-01, which counts as 1, to 1970-01-01.
const DAYS_BEFORE_1970: i32 = 719_163;
/// The first microsecond that no day has.
const US_OF_DAY: i64 = 86_400_000_000;

/// Whether ISO 8601 can write the date with a year of four digits.
pub(crate) fn is_date(days: i32) -> bool {
    (DAY_MIN..=DAY_MAX).contains(&days)
}

/// Whether a day has the time.
pub(crate) fn is_time(us: i64) -> bool {
    (0..US_OF_DAY).contains(&us)
}

/// Days since 1970-01-01 of a text such as `2026-11-21`.
pub fn parse_date(text: &str) -> Result<i32, ValueError> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10 && text.is_ascii());
    let days = date.map(|date| date.num_days_from_ce() - DAYS_BEFORE_1970).filter(|days| is_date(*days));
    days.ok_or_else(|| ValueError {
        expected: "date (ISO 8601)".to_owned(),
        found: found_text(text),
        hint: Some("write year, month and day: \"2026-11-21\", from year 0001 to 9999".to_owned()),
    })
}

/// The date as ISO 8601.
pub fn format_date(days: i32) -> String {
    match NaiveDate::from_num_days_from_ce_opt(days.saturating_add(DAYS_BEFORE_1970)) {
        Some(date) => date.format("%Y-%m-%d").to_string(),
        None => format!("{days} days"),
    }
}

/// Microseconds since midnight of a text such as `09:30:00` or `09:30:00.250000`.
pub fn parse_time(text: &str) -> Result<i64, ValueError> {
    let error = |hint: &str| ValueError {
        expected: "time (ISO 8601)".to_owned(),
        found: found_text(text),
        hint: Some(hint.to_owned()),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let time = NaiveTime::parse_from_str(whole, "%H:%M:%S")
        .ok()
        .filter(|time| whole.len() == 8 && whole.is_ascii() && is_fraction && time.nanosecond() == 0);
    let time = time.ok_or_else(|| error("write hours, minutes and seconds: \"09:30:00\", without a zone"))?;
    let (kept, rest) = fraction.split_at(fraction.len().min(6));
    if rest.bytes().any(|digit| digit != b'0') {
        return Err(error("give at most six digits after the second"));
    }
    let us: i64 = format!("{kept:0<6}").parse().expect("six digits");
    Ok(i64::from(time.num_seconds_from_midnight()) * 1_000_000 + us)
}

/// The time as ISO 8601 with six digits: `09:30:00.000000`.
pub fn format_time(us: i64) -> String {
    let (seconds, fraction) = (us.div_euclid(1_000_000), us.rem_euclid(1_000_000));
    format!("{:02}:{:02}:{:02}.{fraction:06}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_come_back_as_they_were_written() {
        for days in [DAY_MIN, -1, 0, 1, 20_778, DAY_MAX] {
            assert_eq!(parse_date(&format_date(days)), Ok(days));
        }
        for us in [0, 1, 34_200_250_000, US_OF_DAY - 1] {
            assert_eq!(parse_time(&format_time(us)), Ok(us));
        }
        assert_eq!(format_date(DAY_MIN), "0001-01-01");
        assert_eq!(format_date(DAY_MAX), "9999-12-31");
        assert_eq!(parse_time("09:30:00.25"), Ok(34_200_250_000));
    }

    #[test]
    fn refuses_every_other_spelling() {
        for text in ["2026-2-1", "2026-02-30", "20260201", "0000-01-01", "10000-01-01", "2026-02-01T00:00:00Z", ""] {
            assert!(parse_date(text).is_err(), "{text}");
        }
        for text in ["9:30:00", "09:30", "24:00:00", "23:59:60", "09:30:00Z", "09:30:00.", "09:30:00.0000001", ""] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
